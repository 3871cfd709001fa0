import Formulas
import Reports
import Sessions

package enum AproposCommand: Command {
  package static let name = "apropos"
  package static let shortForms: [String] = []
  package static let usage = "apropos WORD…"
  package static let summary = "search the help: commands, functions and topics about a word"
  package static let help = ["Every word has to be there: apropos learning rate."]
  package static let group = CommandGroup.session
  package static let examples = ["apropos gradient", "apropos learning rate"]
  package static let related = ["help", "learn"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard !line.rest.isEmpty else { throw line.usageError("apropos what?", usage) }
    let found = HelpSearch.report(line.rest, workspace.commands)
    guard !found.blocks.isEmpty else {
      throw Diagnostic(
        "nothing in the help speaks of '\(line.rest.prefix(40))'", at: [line.restRange],
        hint: "'help' lists commands and topics")
    }
    return found
  }
}
