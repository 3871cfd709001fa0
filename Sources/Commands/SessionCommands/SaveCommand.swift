import Formulas
import Reports
import Sessions

package enum SaveCommand: Command {
  package static let name = "save"
  package static let shortForms: [String] = []
  package static let usage = "save FILE"
  package static let summary = "write the session as a script that 'load' reads"
  package static let help = [
    "The script types the equations and every value in full, so that it gives back the same session to the last bit."
  ]
  package static let group = CommandGroup.session
  package static let access = CommandAccess.files
  package static let completes = CompletionKind.files

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard !line.rest.isEmpty else { throw line.usageError("save where?", usage) }
    let path = FileAccess.expand(line.rest.unquoted)
    try FileAccess.write(SessionScript.text(workspace.session), to: path)
    return Report([.text("saved to \(path)", style: .note)])
  }
}
