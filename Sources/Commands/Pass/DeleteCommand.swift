import Formulas
import Reports
import Sessions

package enum DeleteCommand: Command {
  package static let name = "delete"
  package static let shortForms = ["d", "del"]
  package static let usage = "delete [N | NAME…]"
  package static let summary = "take away breaks, watches, names of your own"
  package static let help = [
    "By number or by name; alone it takes all breaks and watches away, and no name. 'break' alone lists them with their numbers."
  ]
  package static let group = CommandGroup.pass
  package static let examples = ["break dZ1; delete 1", "delete"]
  package static let related = ["break", "watch", "undisplay"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.held { session in
    let stops = session.stops.items.flatMap { ["\($0.number)"] + ($0.name.map { [$0] } ?? []) }
    return stops + session.scratch.keys
  }

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let before = workspace.session.stops.items
    if line.words.isEmpty { workspace.session.stops.delete { _ in true } }
    var forgotten = 0
    for word in line.words {
      if workspace.session.scratch[line.name(word)] != nil {
        workspace.session.forget(line.name(word))
        forgotten += 1
        continue
      }
      let name = workspace.session.model.resolve(line.name(word))
      func matches(_ item: Stops.Item) -> Bool {
        switch item.kind {
        case .step(let own, _): item.number == Int(word.text) || own == name
        case .change(let formula, _): item.number == Int(word.text) || formula == .name(name)
        }
      }
      guard before.contains(where: matches) else {
        throw Diagnostic(
          "nothing stops at '\(word.text.prefix(30))'", at: [word.range],
          hint: "'break' alone lists what does")
      }
      workspace.session.stops.delete(where: matches)
    }
    let count = before.count - workspace.session.stops.items.count + forgotten
    return Report([
      .text(count == 0 ? "there was nothing to take away" : "\(count) taken away", style: .note)
    ])
  }
}
