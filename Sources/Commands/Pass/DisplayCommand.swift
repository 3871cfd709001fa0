import Formulas
import Reports
import Sessions

package enum DisplayCommand: Command {
  package static let name = "display"
  package static let shortForms = ["disp"]
  package static let usage = "display [NAME | EXPRESSION]"
  package static let summary = "show a value after every command that steps"
  package static let help = [
    "'display' alone lists them; 'undisplay N' or 'undisplay' ends it.",
    "display 3: W9 ? is number 3 and waits for a model that has W9: so 'save' writes what belongs to another model.",
  ]
  package static let group = CommandGroup.pass
  package static let examples = ["display L", "display max(abs(dZ1))"]
  package static let related = ["undisplay", "watch", "show"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.names

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard !line.rest.isEmpty else { return StopList.displays(workspace.session) }
    // display Z1 W1 asks for both; anything else is one formula.
    let words = line.words
    let isList = words.count > 1 && words.allSatisfy { Lexer.isNamed($0.text, line.naming) }
    var report = Report()
    for part in isList ? words : [.init(text: line.rest, range: line.restRange)] {
      let own = CommandLine(
        text: line.text, name: line.name, nameRange: line.nameRange, rest: part.text,
        offset: part.range.lowerBound, naming: line.naming)
      let typed = try StopLine(own, taken: workspace.session.stops.displays.map(\.number))
      let formula = try WatchedFormula.parse(typed, workspace.session)
      let number = workspace.session.stops.add(display: formula, number: typed.number)
      report.say("display \(number): \(formula), behind every step")
    }
    return report
  }
}
