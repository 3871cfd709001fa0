import Formulas
import Reports
import Sessions

package enum PromptCommand: Command {
  package static let name = "prompt"
  package static let shortForms: [String] = []
  package static let usage = "prompt [place | plain | TEXT]"
  package static let summary =
    "what stands before the cursor: the place in the pass, the program's name, words"
  package static let help = [
    "'prompt place' tells where one is: [forward 2/13] >, in a lesson and in practice too. 'prompt plain' is stepgrad>; prompt \"my own >\" any words."
  ]
  package static let group = CommandGroup.session
  package static let examples = ["prompt plain", "prompt place"]
  package static let related = ["where"]
  package static let access = CommandAccess.program
  package static let completes = CompletionKind.words(["place", "plain"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    switch line.rest {
    case "": break
    case "place", "on": workspace.prompt = .place
    case "plain", "off": workspace.prompt = .plain
    default: workspace.prompt = .words(String(line.rest.unquoted.prefix(60)))
    }
    return Report([.text("the prompt is '\(workspace.promptText)'", style: .note)])
  }
}
