import Commands
import LineEditing
import LinearAlgebra
import Platform
import Rendering
import Reports
import Sessions

/// The conversation at a terminal.
struct Repl {
  var console: Console
  let arguments: Arguments

  static let greeting = Report([
    .paragraph(
      "stepgrad: a debugger for backpropagation. 'forward' runs the network that is there, 'step' goes one equation at a time, 'learn' shows around in two minutes, 'lessons' and 'practice' teach, 'help' lists the commands, Ctrl-D leaves.",
      indent: 0)
  ])

  mutating func run(_ workspace: inout Workspace) {
    let shared = SharedWorkspace(workspace)
    guard
      let editor = LineEditor(
        historyPath: HistoryFile.defaultPath,
        complete: { line, cursor in Repl.complete(line, cursor, shared.workspace) })
    else { return }
    console.paged = PagedOutput(editor)
    let isColored = console.renderer(workspace).color != .none
    if asksForGround(workspace) {
      editor.askForGround { shared.workspace.screen.answeredGround = $0 ? .light : .dark }
    }
    if !arguments.isQuiet {
      Console.write(console.renderer(workspace).render(greeting(workspace)), to: STDOUT_FILENO)
    }
    while !shared.workspace.isQuitting {
      shared.workspace.outside.width = console.width
      let text = shared.workspace.openBlock == nil ? shared.workspace.promptText : "     ...> "
      let name = text.dropLast()
      let prompt = isColored ? "\u{1B}[1m\(name)\u{1B}[0m " : text
      switch editor.readLine(prompt: prompt) {
      case .line(let line): _ = console.run(line, in: &shared.workspace, prompt: text)
      case .cancelled:
        shared.workspace.openBlock = nil
      case .endOfFile: shared.workspace.isQuitting = true
      case .terminated(let signal): TerminalSignals.die(by: signal)
      }
    }
    workspace = shared.workspace
    if let words = LastSession.keep(workspace) {
      Console.write(
        console.renderer(workspace).render(Report([.text("\(words)", style: .note)])), to: STDOUT_FILENO)
    }
  }

  private func greeting(_ workspace: Workspace) -> Report {
    var report = Self.greeting
    if LastSession.isKept(workspace) {
      report.note("'load last' brings back the session that was not saved last time")
    }
    return report
  }

  /// Terminals of many colours, for which there are themes, know the question; others might print it.
  private func asksForGround(_ workspace: Workspace) -> Bool {
    let color = console.renderer(workspace).color
    return workspace.screen.ground == nil && (color == .trueColor || color == .twoFiftySix)
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
