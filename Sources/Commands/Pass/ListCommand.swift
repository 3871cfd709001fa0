import Formulas
import Reports
import Sessions

package enum ListCommand: Command {
  package static let name = "list"
  package static let shortForms = ["l"]
  package static let usage = "list [NAME | N]"
  package static let summary = "the equations around the cursor, or around a step"
  package static let help = [
    "The arrow marks the step that comes next, • those that stop the pass. list dZ1 shows those around dZ1, list 8 those around step 8; 'trace' lists all."
  ]
  package static let group = CommandGroup.look
  package static let examples = ["list", "list dZ1"]
  package static let related = ["where", "trace", "equations"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.steps

  /// Equations on each side.
  private static let reach = 4

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let session = workspace.session
    let program = try session.readyProgram()
    var middle = min(session.cursor, max(0, program.steps.count - 1))
    if let word = line.words.first {
      guard line.words.count == 1 else {
        throw line.usageError("one step at a time", usage, at: line.words[1].range)
      }
      if let number = Int(word.text) {
        guard number >= 1, number <= program.steps.count else {
          throw Diagnostic("there are steps 1 to \(program.steps.count)", at: [word.range])
        }
        middle = number - 1
      } else {
        let name = try StepName.resolve(word, line, session)
        middle = program.steps.firstIndex { $0.name == name } ?? middle
      }
    }
    let first = max(0, min(middle - reach, program.steps.count - 2 * reach - 1))
    var rows: [[Prose]] = []
    for (index, step) in program.steps.enumerated().dropFirst(first).prefix(2 * reach + 1) {
      let stops = session.stops.items.contains {
        if case .step(step.name, _) = $0.kind { true } else { false }
      }
      let mark = (index == session.cursor ? "→" : " ") + (stops ? "•" : " ")
      let isHidden = session.reasonHidden(step.name) != nil
      rows.append([
        "\(mark)", "\(index + 1)", isHidden ? "\(name: step.name) = ?" : session.shown(step),
      ])
    }
    return Report([.table(.init(header: [], rows: rows, rightAligned: [1]))])
  }
}
