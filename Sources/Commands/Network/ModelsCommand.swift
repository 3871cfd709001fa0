import Formulas
import NeuralNetworks
import Reports
import Sessions

package enum ModelsCommand: Command {
  package static let name = "models"
  package static let shortForms: [String] = []
  package static let usage = "models"
  package static let summary = "the ready models that 'model NAME' gives"
  package static let help = [
    "Each comes with values small enough to read, in the names of its source, and says what other sources do otherwise."
  ]
  package static let examples = ["models", "model attention"]
  package static let group = CommandGroup.network
  package static let related = ["model", "equations", "net"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    let rows = ReadyModel.all.map { ["\($0.name)" as Prose, "\($0.summary)"] }
    var report = Report([.table(.init(header: ["model", "what it is"], rows: rows))])
    report.note("'model NAME' takes one; 'equations' prints it, to be edited and given back to 'model'")
    return report
  }
}
