import LineEditing
import Platform
import Rendering
import Sessions

/// The conversation at a terminal.
struct Repl {
  let console: Console
  let arguments: Arguments

  static let greeting = """
    stepgrad: a debugger for backpropagation. 'forward' runs the network that is
    there, 'step' goes one equation at a time, 'help' lists the commands, Ctrl-D
    leaves.

    """

  func run(_ workspace: inout Workspace) {
    let shared = SharedWorkspace(workspace)
    guard
      let editor = LineEditor(
        historyPath: HistoryFile.defaultPath,
        complete: { line, cursor in Repl.complete(line, cursor, shared.workspace) })
    else { return }
    if !arguments.isQuiet { Console.write(Self.greeting, to: STDOUT_FILENO) }
    let isColored = console.renderer(workspace).color != .none
    while !shared.workspace.isQuitting {
      let name = shared.workspace.openBlock == nil ? "stepgrad>" : "     ...>"
      let prompt = (isColored ? "\u{1B}[1m\(name)\u{1B}[0m" : name) + " "
      switch editor.readLine(prompt: prompt) {
      case .line(let line): _ = console.run(line, in: &shared.workspace, prompt: name + " ")
      case .cancelled:
        shared.workspace.openBlock = nil
      case .endOfFile:
        workspace = shared.workspace
        return
      case .terminated(let signal): TerminalSignals.die(by: signal)
      }
    }
    workspace = shared.workspace
  }

  private static func complete(_ line: String, _ cursor: Int, _ workspace: Workspace) -> Completion {
    let choice = CommandCompletion.complete(line, cursor: cursor, in: workspace)
    guard let path = choice.path else {
      return Completion(replaceFrom: choice.from, candidates: choice.words)
    }
    var files = FilePaths.completion(of: path, at: choice.from)
    files.candidates += choice.words
    return files
  }
}

/// The workspace that the loop changes and completion reads; both run on the main thread.
private final class SharedWorkspace {
  var workspace: Workspace
  init(_ workspace: Workspace) { self.workspace = workspace }
}
