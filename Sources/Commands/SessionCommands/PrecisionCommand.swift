import Formulas
import Reports
import Sessions

package enum PrecisionCommand: Command, Setting {
  package static let name = "precision"
  package static let shortForms: [String] = []
  package static let usage = "precision [N]"
  package static let summary = "decimals that are printed (4 unless set)"
  package static let help = ["0 to 17. Numbers are computed in full whatever is printed."]
  package static let group = CommandGroup.session
  package static let examples = ["precision 6", "set precision 2"]
  package static let related = ["show", "heat"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if !line.rest.isEmpty {
      guard let digits = Int(line.rest), (0...17).contains(digits) else {
        throw line.usageError("the precision is a whole number from 0 to 17", usage, at: line.restRange)
      }
      workspace.session.settings.precision = digits
    }
    return Report([.text("precision is \(workspace.session.settings.precision)", style: .plain)])
  }
}
