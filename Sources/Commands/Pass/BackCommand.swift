import Formulas
import Reports
import Sessions

package enum BackCommand: Command, Repeatable {
  package static let name = "back"
  package static let shortForms: [String] = []
  package static let usage = "back [n]"
  package static let summary = "go one step back (n steps) and show the step before the cursor"
  package static let help = [
    "What lies behind the cursor is not computed any more. An empty line repeats it. Where something was nudged it takes the nudge away.",
    "Right behind a page of a lesson it goes back to the page before; 'lesson back' always does.",
  ]
  package static let group = CommandGroup.pass
  package static let examples = ["step 3; back", "step 5; back 2"]
  package static let related = ["step", "restart", "until"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if line.rest.isEmpty, let nudge = workspace.session.nudges.last, workspace.session.cursor <= nudge.cursor
    {
      return try takeBack(nudge, &workspace)
    }
    let program = try workspace.session.readyProgram()
    let count = try line.count(usage)
    guard workspace.session.cursor > 0 else {
      if workspace.isRepeating { return Report([.text("this is the start", style: .note)]) }
      throw Diagnostic("this is the start: nothing is computed yet")
    }
    let target = max(0, workspace.session.cursor - min(count, workspace.session.cursor))
    workspace.session.rewind(to: target)
    var report = Report()
    if target == 0 {
      report.note("at the start; the next step is \(program.steps[0])")
    } else if let value = workspace.session.computed(program.steps[target - 1].name) {
      StepReport.add(program.steps[target - 1], value, to: &report, in: workspace.session)
    }
    if target > 0 { NextLine.add(to: &report, in: workspace) }
    if let nudge = workspace.session.nudges.last {
      report.note("\(nudge.remark(in: workspace.session))")
    }
    return report
  }

  /// What was nudged as it was.
  private static func takeBack(_ nudge: Nudge, _ workspace: inout Workspace) throws(Diagnostic) -> Report {
    try workspace.session.takeBackNudge()
    let session = workspace.session
    var report = Report([
      .text("the nudge of \(nudge.entry) is taken away; \(session.place)", style: .note)
    ])
    if let next = session.nudges.last { report.note("\(next.remark(in: session))") }
    return report
  }
}

extension Nudge {
  /// How it is taken away from here.
  func remark(in session: Session) -> Prose {
    session.cursor <= cursor
      ? "\(entry) is nudged: 'back' takes it away"
      : "\(entry) is nudged: 'back' takes it away where the pass was then, \(session.cursor - cursor) steps back"
  }
}
