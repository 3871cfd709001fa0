import LineEditing
import LinearAlgebra
import Platform
import Rendering

/// What one line brings to the screen, a window at a time.
final class PagedOutput {
  private let editor: LineEditor
  private var used = 0
  /// After `q`.
  private var isOver = false

  init(_ editor: LineEditor) { self.editor = editor }

  func begin() {
    used = 0
    isOver = false
  }

  /// - Parameters:
  ///   - isOn: whether it stops at all.
  ///   - rows: the window's height, asked anew for each page.
  func show(_ pieces: [Piece], isOn: Bool, rows: () -> Int) {
    var rest = pieces
    while !rest.isEmpty, !isOver {
      // The last line of the window is for the question, or for the prompt.
      let height = max(1, rows() - 1)
      guard isOn else {
        write(rest.flatMap(\.lines))
        return
      }
      if used >= height { ask() }
      guard !isOver else { return }
      let (page, left) = Pages.next(rest, room: height - used, height: height)
      write(page)
      used += page.count
      rest = left
      if !rest.isEmpty { ask() }
    }
  }

  private func ask() {
    isOver = Pager.stop(editor) == .quit
    used = 0
  }

  private func write(_ lines: [String]) {
    Interruption.inStretches(lines.count) { stretch in
      Console.write(lines[stretch].map { $0 + "\n" }.joined(), to: STDOUT_FILENO)
    }
  }
}
