import LineEditing
import Platform
import Rendering
import Sessions

/// The loop of `view`: the terminal's other screen, given back whatever happens.
enum FullScreen {
  /// The other screen, no cursor, clicks and the wheel reported. Source: xterm, "Control Sequences".
  private static let enter = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?1000h\u{1B}[?1006h"
  private static let leave = "\u{1B}[?1006l\u{1B}[?1000l\u{1B}[?25h\u{1B}[?1049l"

  static func run(_ workspace: inout Workspace, _ renderer: TextRenderer, _ editor: LineEditor) {
    guard let terminal = editor.rawTerminal(enter: enter, leave: leave) else { return }
    var view = PassView(workspace, renderer)
    func draw() {
      let lines = view.frame(columns: editor.columns, rows: editor.rows).lines
      let text = lines.map { VisibleText.gate($0) + "\u{1B}[K" }.joined(separator: "\r\n")
      terminal.draw("\u{1B}[H" + text + "\u{1B}[J")
    }
    draw()
    loop: while true {
      switch terminal.next() {
      case .key(let key):
        guard view.handle(key, columns: editor.columns, rows: editor.rows) else { break loop }
        draw()
      case .resized, .continued: draw()
      case .interrupted, .ended: break loop
      case .terminated(let signal):
        terminal.end()
        TerminalSignals.die(by: signal)
      }
    }
    terminal.end()
    workspace = view.workspace
  }
}
