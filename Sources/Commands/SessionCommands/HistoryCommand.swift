import Formulas
import Reports
import Sessions

package enum HistoryCommand: Command {
  package static let name = "history"
  package static let shortForms: [String] = []
  package static let usage = "history [N]"
  package static let summary = "the commands of this session"
  package static let help = [
    "history 10 shows the last ten. !3 runs line 3 again, !! the last, !net the last that begins with net. 'save FILE' writes a script of what made this session."
  ]
  package static let group = CommandGroup.session
  package static let examples = ["history", "history 5"]
  package static let related = ["undo", "save"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let count = line.rest.isEmpty ? workspace.typed.count : try line.count(usage)
    let first = max(0, workspace.typed.count - count)
    var report = Report()
    let rows = workspace.typed.enumerated().dropFirst(first).map {
      ["\($0 + 1)", "\(Workspace.oneLine($1))"] as [Prose]
    }
    report.add(.table(.init(header: [], rows: rows, rightAligned: [0])))
    return report
  }
}
