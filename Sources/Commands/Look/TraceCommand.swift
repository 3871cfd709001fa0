import Explanations
import Formulas
import Reports
import Sessions

package enum TraceCommand: Command {
  package static let name = "trace"
  package static let shortForms: [String] = []
  package static let usage = "trace"
  package static let summary = "every step with its shape and rule: done, next, to come"
  package static let help = ["The arrow marks the step that 'step' computes next."]
  package static let group = CommandGroup.look
  package static let examples = ["trace", "step 4; trace"]
  package static let related = ["shapes", "info", "equations"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    let session = workspace.session
    let program = try session.readyProgram()
    var rows: [[Prose]] = []
    for (index, step) in program.steps.enumerated() {
      let state: Prose = index < session.cursor ? "done" : index == session.cursor ? "→ next" : "to come"
      if let reason = session.reasonHidden(step.name) {
        rows.append([state, "?", "\(name: step.name) = ?", "\(reason)"])
        continue
      }
      let shape: Prose = program.shapes[step.name].map { "\($0)" } ?? ""
      // A sum is what an addition hands back to a row that was copied.
      let isSummed = step.expression.contains { if case .call("sum", _, _) = $0 { true } else { false } }
      let rules = (isSummed ? step.rules : step.telling).joined(separator: ", ")
      let rule: Prose = step.origins.isEmpty ? "" : "\(rules) on \(names: step.origins)"
      rows.append([state, shape, "\(step)", rule])
    }
    return Report([.table(.init(header: ["", "shape", "equation", "rule"], rows: rows))])
  }
}
