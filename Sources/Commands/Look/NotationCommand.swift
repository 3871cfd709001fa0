import Explanations
import Formulas
import Reports
import Sessions

package enum NotationCommand: Command, Setting {
  package static let name = "notation"
  package static let shortForms: [String] = []
  package static let usage = "notation [\(Notation.allCases.map(\.rawValue).joined(separator: "|"))]"
  package static let summary = "show the same session in the symbols of another text"
  package static let help =
    Notation.allCases.map { "\($0.rawValue): \($0.summary)" } + [
      "What is shown can be typed: under netout, show net_1, derive delta_1. Names of the default still work where nothing else is shown by them; saved sessions keep them, and JSON for what was not asked for by another."
    ]
  package static let group = CommandGroup.look
  package static let examples = ["notation index; forward", "notation"]
  package static let related = ["equations", "show"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(Notation.allCases.map(\.rawValue))

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if !line.rest.isEmpty {
      guard let notation = Notation(rawValue: line.rest) else {
        let guess = Suggestions.nearest(to: line.rest, in: Notation.allCases.map(\.rawValue))
        throw Diagnostic(
          "there is no notation '\(line.rest.prefix(30))'", at: [line.restRange],
          hint: guess.map { "did you mean \($0)?" } ?? "usage: \(usage)")
      }
      workspace.session.settings.notation = notation
    }
    let session = workspace.session
    var report = Report([.text("notation is \(session.settings.notation.rawValue)", style: .plain)])
    if case .success(let program) = session.program {
      for equation in program.steps {
        report.say("  \(session.shown(equation))", .formula)
      }
    }
    if session.settings.notation == .column,
      session.roles.fed.map({ session.roles.sampleAxes[$0.input] == 0 }) == true
    {
      report.note("samples are rows here, x @ W0; 'net … layout=columns' writes W0 @ x, as its source does")
    }
    return report
  }
}
