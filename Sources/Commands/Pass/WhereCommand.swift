import Formulas
import Reports
import Sessions

package enum WhereCommand: Command {
  package static let name = "where"
  package static let shortForms = ["bt", "backtrace"]
  package static let usage = "where"
  package static let summary = "where the cursor is, and what comes next"
  package static let help = ["'list' shows the equations around it, 'trace' all of them."]
  package static let group = CommandGroup.look
  package static let examples = ["where", "until dZ2; where"]
  package static let related = ["list", "trace", "info"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    let session = workspace.session
    var report = Report()
    for place in [workspace.activity?.place, session.withheld?.place].compactMap({ $0 }) {
      report.say("\(place)")
    }
    report.say("\(session.shortPlace): \(session.place)")
    if case .success(let program) = session.program, session.cursor > 0 {
      let last = program.steps[session.cursor - 1]
      if session.reasonHidden(last.name) == nil { report.say("last: \(session.shown(last))") }
    }
    report.say(NextLine.text(session))
    if !session.stops.isEmpty { report.append(StopList.report(session)) }
    if let nudge = session.nudges.last { report.note("\(nudge.remark(in: session))") }
    return report
  }
}
