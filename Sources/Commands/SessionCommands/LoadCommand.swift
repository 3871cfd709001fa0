import Exports
import Formulas
import Reports
import Sessions

package enum LoadCommand: Command, ChangesValues {
  package static let name = "load"
  package static let shortForms: [String] = []
  package static let usage = "load FILE | LESSON | last"
  package static let summary = "run a script, or start a lesson"
  package static let help = [
    "A name with a '/' or an ending is a file, and one that ends in .md a lesson; any other is a lesson of the lessons folder: 'lessons' lists them, 'help lessons' tells how they go. A script is one command a line; it stops at the first that fails and the session is as before. 'load last' brings back what was not saved when the program was left last."
  ]
  package static let group = CommandGroup.session
  package static let examples = ["load softmax-jacobian", "load session.sg"]
  package static let related = ["save", "lessons"]
  package static let access = CommandAccess.files
  package static let completes = CompletionKind.loadables

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard !line.rest.isEmpty else { throw line.usageError("load what?", usage) }
    let path = FileAccess.expand(line.rest.unquoted)
    for kind in workspace.commands.loadables {
      if let report = try kind.open(path, at: line.restRange, in: &workspace) { return report }
    }
    if let hint = Self.hint(path, line.rest) {
      throw Diagnostic("'\(path)' is no script", at: [line.restRange], hint: hint)
    }
    let text = try FileAccess.read(path)
    let report = try Script.run(text, file: path, in: &workspace)
    workspace.saved = workspace.session
    // Of a session that was saved the lines are of no interest: what it is now is.
    return text.hasPrefix(SessionScript.title) ? InfoCommand.report(workspace.session) : report
  }

  /// What reads a file that is no script, by its ending.
  private static func hint(_ path: String, _ typed: String) -> Prose? {
    switch ExportFormat.ending(of: path) {
    case "csv", "tsv":
      "load(\"\(typed.unquoted)\") is its matrix in a formula; 'data csv \(typed)' takes its rows as samples"
    case "npy", "npz", "safetensors":
      "load(\"\(typed.unquoted)\") has its arrays in formulas; 'weights \(typed)' gives them to the parameters"
    case "py": "'review \(typed)' reads a program line by line"
    case "pt", "pth", "pkl", "onnx", "h5", "ipynb":
      "npz and safetensors are read: numpy.savez(…), or save_file of safetensors"
    default: nil
    }
  }
}
