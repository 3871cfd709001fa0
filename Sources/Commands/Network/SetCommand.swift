import Formulas
import NeuralNetworks
import Reports
import Sessions

package enum SetCommand: Command, SettingVerb, ChangesValues, TakesValue {
  package static let name = "set"
  package static let shortForms: [String] = []
  package static let usage = "set NAME = EXPRESSION | set NAME[i, j] = NUMBER"
  package static let summary = "give a value to an input, target or parameter"
  package static let help = [
    "set W1[0,1] = 0.3 changes one entry; set X = [[1, 2], [3, 4]] the whole batch. The pass begins again. lr is set in the same way: set lr = 0.5.",
    "Rows of numbers may stand in the lines behind 'set X =', as pandas, MATLAB, Julia, R and spreadsheets print them; a blank line ends them, and what is left out (an index, names of columns) is said.",
    "A list [1, 2, 3] given to a row (1×3) becomes that row.",
    "In a typed model without another input, a name that only looks like a parameter's is the input once it is set; 'param' trains it.",
  ]
  package static let group = CommandGroup.network
  package static let examples = ["set W1[0,1] = 0.3", "set lr = 0.5"]
  package static let related = ["let", "param", "net"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.byPlace { before, _ in
    guard let first = before.first else {
      return .several([
        .held { $0.settable }, .listed { $0.commands.filter { $0 is any Setting.Type }.map { $0.name } },
      ])
    }
    return before.count > 1 || first.contains("=") ? .names : .settings(first, otherwise: .names)
  }

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    var assignment = try Assignment(line, usage: usage)
    assignment.draw(from: &workspace.session)
    return try LeafAssignment.run(assignment, line, &workspace)
  }
}
