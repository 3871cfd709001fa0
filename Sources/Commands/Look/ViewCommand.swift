import Formulas
import Reports
import Sessions

package enum ViewCommand: Command {
  package static let name = "view"
  package static let shortForms: [String] = []
  package static let usage = "view"
  package static let summary = "the pass on the full screen: equations, matrices, graph"
  package static let help = [
    "n and p step forwards and back, PgUp and PgDn (or a click) choose an equation, the arrows (or a click) an entry, < and > the matrix of a stack. Enter shows why the entry is what it is, there a number goes into a term and u back; g the graph, h the heat, ? the keys; q leaves. From 60 columns and 20 lines."
  ]
  package static let group = CommandGroup.look
  package static let examples = ["view", "step 3; view"]
  package static let related = ["graph", "step", "why"]
  package static let access = CommandAccess.program
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    guard workspace.outside.isInteractive else {
      throw Diagnostic("view needs a terminal", hint: "'graph', 'trace' and 'show' print what it shows")
    }
    if workspace.screen.isSpoken {
      throw Diagnostic(
        "view draws on the screen, and speech is on", hint: "'step', 'show' and 'why' say the same")
    }
    _ = try workspace.session.readyProgram()
    workspace.isViewing = true
    return Report()
  }
}
