import Commands
import Formulas
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
  /// The lines of the block that is open, to be remembered as one.
  private var block = ""

  init(console: Console, arguments: Arguments) {
    self.console = console
    self.arguments = arguments
  }

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
      case .line(let typed): take(typed, editor, &shared.workspace, prompt: text)
      case .cancelled: leaveBlock(editor, &shared.workspace)
      case .endOfFile where shared.workspace.openBlock != nil:
        leaveBlock(editor, &shared.workspace)
        Console.write("(left the block; the key ↑ brings it back)\n", to: STDOUT_FILENO)
      case .endOfFile, .hungUp: shared.workspace.isQuitting = true
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

  /// Runs what was typed: a line, or several that were pasted or brought back, each of them whatever came of the others.
  private mutating func take(
    _ text: String, _ editor: LineEditor, _ workspace: inout Workspace, prompt: String
  ) {
    var text = text
    do throws(Diagnostic) {
      if let meant = try HistoryRecall.line(for: text, commands: workspace.typed, last: editor.entries.last) {
        Console.write(meant + "\n", to: STDOUT_FILENO)
        text = meant
      }
    } catch {
      return console.tell(error, of: text, workspace, prompt: prompt)
    }
    block += block.isEmpty ? text : "\n" + text
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for line in lines where !workspace.isQuitting {
      let wasOpen = workspace.openBlock != nil
      if lines.count > 1, !wasOpen, !line.allSatisfy(\.isWhitespace) {
        Console.write("> \(VisibleText.of(line))\n", to: STDOUT_FILENO)
      }
      let isGood =
        lines.count > 1 && line.allSatisfy(\.isWhitespace) && !wasOpen
        || console.run(line, in: &workspace, prompt: lines.count == 1 ? prompt : nil)
      if !isGood, wasOpen { Console.write("(the key ↑ brings the block back)\n", to: STDOUT_FILENO) }
    }
    if workspace.isViewing {
      workspace.isViewing = false
      FullScreen.run(&workspace, console.renderer(workspace), editor)
    }
    if workspace.openBlock == nil {
      editor.remember(block)
      block = ""
    }
  }

  private mutating func leaveBlock(_ editor: LineEditor, _ workspace: inout Workspace) {
    if workspace.openBlock != nil { editor.remember(block) }
    block = ""
    workspace.openBlock = nil
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
    if let quote = choice.quote {
      files.candidates = files.candidates.map { $0.hasSuffix("/") ? $0 : $0 + String(quote) }
    }
    files.candidates += choice.words
    files.labels = files.labels.map { $0 + choice.words }
    return files
  }
}

/// The workspace that the loop changes and completion reads; both run on the main thread.
private final class SharedWorkspace {
  var workspace: Workspace
  init(_ workspace: Workspace) { self.workspace = workspace }
}
