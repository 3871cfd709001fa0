import Exports
import Formulas
import Reports
import Sessions

package enum GraphCommand: Command {
  package static let name = "graph"
  package static let shortForms: [String] = []
  package static let usage = "graph [FILE.dot | FILE.svg | graph! FILE]"
  package static let summary = "the equations as a graph, here or as a picture"
  package static let help = [
    "Values go down, each beside its gradient; a line leads from every value to what reads it, and a value that several read branches. ● is done, ▶ is next, ○ is to come, □ is given. What is too wide for the window is folded by layer.",
    "graph pass.svg draws it into a file, graph pass.dot writes it for Graphviz. 'graph! FILE' writes over a file of another program.",
  ]
  package static let group = CommandGroup.look
  package static let examples = ["graph", "step 3; graph"]
  package static let related = ["equations", "trace", "view", "export"]
  package static let access = CommandAccess.asTyped { $0.rest.isEmpty ? .values : .files }
  package static let completes = CompletionKind.byPlace { _, word in
    guard let point = word.lastIndex(of: "."), !word[point...].contains("/"), point != word.startIndex else {
      return .files
    }
    return .several([.files, .words([word[..<point] + ".svg", word[..<point] + ".dot"])])
  }

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard !line.rest.isEmpty else { return Report([.graph(try Graph(workspace.session))]) }
    let isForced = line.rest.hasPrefix("!")
    let path = FileAccess.expand((isForced ? String(line.rest.dropFirst()) : line.rest).trimmed.unquoted)
    guard let ending = ExportFormat.ending(of: path), ["dot", "svg"].contains(ending),
      let format = ExportFormat.named(ending)
    else {
      throw line.usageError(
        "a graph is written to a file that ends in .dot or .svg", usage, at: line.restRange)
    }
    let session = workspace.session
    if let withheld = session.withheld, !withheld.hidden.isEmpty {
      throw withheld.refusal(ofCommand: name, at: line.nameRange)
    }
    if !isForced, let there = FileAccess.bytes(of: path, 128), !there.isEmpty, !format.isOwn(there) {
      throw Diagnostic(
        "'\(path)' is there, and stepgrad has not written it", at: [line.restRange],
        hint: "graph! \(path) writes over it")
    }
    let written = try format.write(try FinishedPass(session), "")
    try FileAccess.write(written.bytes, to: path, links: isForced ? .followed : .refused)
    return Report([.text("drawn to \(path)", style: .note)])
  }
}
