import Formulas
import Reports
import Sessions

package enum UndisplayCommand: Command {
  package static let name = "undisplay"
  package static let shortForms: [String] = []
  package static let usage = "undisplay [N | NAME…]"
  package static let summary = "show it no more after every step"
  package static let help = ["By number, by name, or alone all of it. 'display' alone lists what is shown."]
  package static let group = CommandGroup.pass
  package static let examples = ["undisplay", "display L; undisplay 1"]
  package static let related = ["display"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.held { $0.stops.displays.map { "\($0.number)" } }

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let before = workspace.session.stops.displays
    if line.words.isEmpty { workspace.session.stops.undisplay { _ in true } }
    for word in line.words {
      let name = Expression.name(line.name(word))
      func matches(_ display: Stops.Display) -> Bool {
        display.number == Int(word.text) || display.formula == name
      }
      guard before.contains(where: matches) else {
        throw Diagnostic(
          "'\(word.text.prefix(30))' is not displayed", at: [word.range], hint: "'display' lists what is")
      }
      workspace.session.stops.undisplay(where: matches)
    }
    let count = before.count - workspace.session.stops.displays.count
    return Report([.text(count == 0 ? "nothing was displayed" : "\(count) taken away", style: .note)])
  }
}
