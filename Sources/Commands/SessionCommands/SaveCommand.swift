import Exports
import Formulas
import Reports
import Sessions

package enum SaveCommand: Command, ChangesValues {
  package static let name = "save"
  package static let shortForms: [String] = []
  package static let usage = "save FILE | save! FILE"
  package static let summary = "write the session as a script that 'load' reads"
  package static let help = [
    "The script types the equations and every value in full, so that it gives back the same session to the last bit; the history of undo and an open lesson or practice are no part of it.",
    "A name that ends like another format is refused: the pass and its values are written by 'export'.",
    "A file that 'save' has not written, and a symbolic link, are only written over by save! FILE.",
  ]
  package static let group = CommandGroup.session
  package static let examples = ["save session.sg", "save! session.sg"]
  package static let related = ["load", "history"]
  package static let access = CommandAccess.files
  package static let completes = CompletionKind.files

  /// Endings of what is no script.
  private static let others = Set(ExportFormat.all.map(\.ending)).union([
    "npy", "csv", "tsv", "json", "pdf", "png", "svg", "dot", "pt", "pth", "pkl", "h5", "ipynb",
  ])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let isForced = line.rest.hasPrefix("!")
    let typed = isForced ? String(line.rest.dropFirst()).trimmed : line.rest
    guard !typed.isEmpty else { throw line.usageError("save where?", usage) }
    let path = FileAccess.expand(typed.unquoted)
    if !isForced, let ending = ExportFormat.ending(of: path), others.contains(ending) {
      let format = ExportFormat.named(ending) == nil ? "npz" : ending
      throw Diagnostic(
        "'save' writes the session as a script, and .\(ending) is another format", at: [line.restRange],
        hint:
          "export \(typed.dropLast(ending.count))\(format) writes the pass with its values; save \(typed.dropLast(ending.count))sg the session"
      )
    }
    if !isForced, let beginning = FileAccess.beginning(of: path, SessionScript.title.utf8.count),
      !beginning.isEmpty, beginning != SessionScript.title
    {
      throw Diagnostic(
        "'\(path)' is there, and 'save' has not written it", at: [line.restRange],
        hint: "save! \(typed) writes over it")
    }
    do {
      try FileAccess.write(
        SessionScript.text(workspace.session), to: path, links: isForced ? .followed : .refused)
    } catch {
      var diagnostic = error
      diagnostic.marks = [line.restRange]
      throw diagnostic
    }
    workspace.saved = workspace.session
    LastSession.forget(in: &workspace)
    return Report([.text("saved to \(path)", style: .note)])
  }
}
