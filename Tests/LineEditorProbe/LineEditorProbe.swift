import LineEditing
import LinearAlgebra
import Platform

/// Echoes lines: all that the tests of the line editor need.
@main struct LineEditorProbe {
  static let words = ["backward", "forward", "gradcheck", "jacobian", "load", "quit", "∂L/∂W1", "∂L/∂Z1"]

  static func main() {
    guard let editor = LineEditor(historyPath: HistoryFile.defaultPath, complete: complete) else {
      let reader = PlainReader()
      while let line = reader.readLine(), line != "quit" { print("=> " + line) }
      return
    }
    while true {
      let event = editor.readLine(prompt: "\u{1B}[1mstepgrad>\u{1B}[0m ")
      if case .line(let line) = event { editor.remember(line) }
      switch event {
      case .line("quit"), .endOfFile, .hungUp: return
      case .line("size"): print("=> \(editor.columns)x\(editor.rows)")
      case .line("history"): print("=> \(editor.entries)")
      case .line("spin"):
        print("=> spinning")
        while !Interruption.isRequested { usleep(10_000) }
        print("=> interrupted")
      case .line(let line): print("=> " + line)
      case .cancelled: continue
      case .terminated(let signal): TerminalSignals.die(by: signal)
      }
    }
  }

  static func complete(line: String, cursor: Int) -> Completion {
    let before = line.prefix(cursor)
    let word = before.suffix(while: { $0 != " " })
    if before.hasPrefix("load ") { return FilePaths.completion(of: String(word), at: cursor - word.count) }
    return Completion(
      replaceFrom: cursor - word.count, candidates: words.filter { $0.hasPrefix(word) })
  }
}

extension BidirectionalCollection {
  /// The longest end of the collection whose elements all satisfy `condition`.
  fileprivate func suffix(while condition: (Element) -> Bool) -> SubSequence {
    guard let last = lastIndex(where: { !condition($0) }) else { return self[...] }
    return self[index(after: last)...]
  }
}
