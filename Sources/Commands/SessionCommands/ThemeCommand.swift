import Formulas
import Reports
import Sessions

package enum ThemeCommand: Command, Setting {
  package static let name = "theme"
  package static let shortForms: [String] = []
  package static let usage = "theme [light|dark|auto]"
  package static let summary = "colours that can be read on a light or a dark ground"
  package static let help = [
    "Every colour keeps a contrast of 4.5 to 1 to its ground. 'auto' asks the terminal; one that does not answer keeps its own sixteen colours."
  ]
  package static let group = CommandGroup.session
  package static let examples = ["theme light", "theme auto"]
  package static let related = ["heat", "ascii"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(["light", "dark", "auto"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if line.rest == "auto" {
      workspace.screen.chosenGround = nil
    } else if !line.rest.isEmpty {
      guard let ground = Screen.Ground(rawValue: line.rest) else {
        throw line.usageError(
          "'\(line.rest.prefix(20))' is no theme", usage, at: line.restRange)
      }
      workspace.screen.chosenGround = ground
    }
    let chosen = workspace.screen.chosenGround.map { "theme \($0.rawValue)" }
    let answered = workspace.screen.answeredGround.map { "the terminal says \($0.rawValue)" }
    return Report([
      .text(
        "\(chosen ?? "theme auto: \(answered ?? "the terminal has not said what its ground is")")",
        style: .plain)
    ])
  }
}
