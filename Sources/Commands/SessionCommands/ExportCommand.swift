import Exports
import Formulas
import Reports
import Sessions

package enum ExportCommand: Command, ChangesValues {
  package static let name = "export"
  package static let shortForms: [String] = []
  package static let usage = "export FILE [\(words.joined(separator: "|"))] | export! FILE …"
  package static let summary =
    "the pass as a file of another tool, by its ending: \(endings.joined(separator: ", "))"
  package static let help =
    [
      "Writes the forward and backward pass with every value; the cursor stays where it is. By the ending of the file:"
    ]
    + ExportFormat.all.map {
      "  .\($0.ending)\($0.variants.isEmpty ? "" : " [\($0.variants.joined(separator: "|"))]"): \($0.summary)"
    } + [
      "A file that 'export' has not written, and a symbolic link, are only written over by export! FILE. What cannot be written leaves the file that was there."
    ]
  package static let group = CommandGroup.session
  package static let examples = ["export pass.py", "export pass.md"]
  package static let related = ["save", "weights"]
  package static let access = CommandAccess.files
  package static let completes = CompletionKind.byPlace { before, word in
    guard before.isEmpty else {
      return .words(before.last.flatMap(ExportFormat.ending).flatMap(ExportFormat.named)?.variants ?? [])
    }
    // Behind the point of a name the endings that there are.
    guard let point = word.lastIndex(of: "."), !word[point...].contains("/"), point != word.startIndex else {
      return .files
    }
    return .several([.files, .words(endings.map { word[..<point] + $0 })])
  }

  private static let endings = ExportFormat.all.map { ".\($0.ending)" }
  private static let words = ExportFormat.all.flatMap(\.variants)

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let session = workspace.session
    if let withheld = session.withheld, !withheld.hidden.isEmpty {
      throw withheld.refusal(ofCommand: name, at: line.nameRange)
    }
    let isForced = line.rest.hasPrefix("!")
    let (typed, word) = split(isForced ? String(line.rest.dropFirst()).trimmed : line.rest)
    guard !typed.isEmpty else { throw line.usageError("export to which file?", usage) }
    let path = FileAccess.expand(typed.unquoted)
    guard let ending = ExportFormat.ending(of: path), let format = ExportFormat.named(ending) else {
      throw Diagnostic(
        "the ending of '\(path)' says which format is meant, and this is none of \(endings.joined(separator: ", "))",
        at: [line.restRange], hint: "export \(stem(path)).py; the session itself is written by 'save'")
    }
    guard word.isEmpty || format.variants.contains(word) else {
      throw Diagnostic(
        "'\(word)' is not one of the kinds of .\(ending)", at: [line.restRange],
        hint: format.variants.isEmpty
          ? "export \(typed)" : "one of \(format.variants.joined(separator: ", "))")
    }
    if !isForced, let there = FileAccess.bytes(of: path, 128), !there.isEmpty, !format.isOwn(there) {
      throw Diagnostic(
        "'\(path)' is there, and 'export' has not written it", at: [line.restRange],
        hint: "export! \(typed) writes over it")
    }
    let pass = try FinishedPass(session)
    let written = try format.write(pass, word.isEmpty ? format.variants.first ?? "" : word)
    do throws(Diagnostic) {
      try FileAccess.write(written.bytes, to: path, links: isForced ? .followed : .refused)
    } catch {
      var diagnostic = error
      diagnostic.marks = [line.restRange]
      throw diagnostic
    }
    var report = Report()
    report.note(
      "exported to \(path): \(pass.forward.count) forward and \(pass.backward.count) backward steps")
    if pass.cursor < pass.steps.count {
      report.note("the pass was run to its end for it; the cursor stays where it was, \(session.place)")
    }
    for note in written.notes { report.note(note) }
    if let note = session.exactly { report.note(note) }
    return report
  }

  /// The file, which may hold blanks between quotation marks, and the word behind it.
  private static func split(_ text: String) -> (file: String, word: String) {
    guard let last = text.split(separator: " ").last, last.count < text.count,
      !"\"'".contains(last.last ?? " "), words.contains(String(last)) || !text.hasPrefix("\"")
    else { return (text, "") }
    return (String(text.dropLast(last.count)).trimmed, String(last))
  }

  private static func stem(_ path: String) -> String {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return path }
    return String(path[..<dot])
  }
}
