import Formulas
import Platform

extension TextRenderer {
  /// The typed line with carets under what is wrong, then `error:` and `hint:`.
  /// - Parameters:
  ///   - prompt: What stood before the line: `stepgrad> `. A line of a script is printed after its file and
  ///     number instead.
  ///   - isEchoed: The line editor left prompt and line on the screen, so that only the carets are printed,
  ///     set in by the prompt.
  package func render(_ diagnostic: Diagnostic, prompt: String?, isEchoed: Bool = false) -> String {
    var renderer = self
    renderer.naming = diagnostic.naming
    let place = self.place(diagnostic)
    var lines: [String] = []
    func finished() -> String { lines.map { (ascii ? ASCIIText.of($0) : $0) + "\n" }.joined() }
    if isSpoken, let source = diagnostic.source, let mark = diagnostic.marks.first, place.isEmpty {
      lines += renderer.spokenMark(source, mark)
      lines += labelled("error: ", renderer.printed(diagnostic.message), .failure)
      if let hint = diagnostic.hint { lines += labelled("hint: ", renderer.printed(hint), .hint) }
      return finished()
    }
    var isPlaced = place.isEmpty
    if let source = diagnostic.source, !diagnostic.marks.isEmpty || !place.isEmpty {
      let prefix = place.isEmpty ? VisibleText.of(prompt ?? "") : place
      let indent = DisplayWidth.of(prefix)
      if indent > usableWidth / 2 {
        // No room beside a long file name.
        lines += DisplayWidth.wrap(prefix, width: usableWidth)
        lines += sourceLines(source, diagnostic.marks, prefix: "  ", isEchoed: false)
      } else {
        lines += sourceLines(source, diagnostic.marks, prefix: prefix, isEchoed: isEchoed && place.isEmpty)
      }
      isPlaced = true
    }
    let head = (isPlaced ? "" : place) + "error: "
    lines += labelled(head, renderer.printed(diagnostic.message), .failure)
    if let hint = diagnostic.hint { lines += labelled("hint:  ", renderer.printed(hint), .hint) }
    if !diagnostic.notRun.isEmpty {
      lines += labelled("not run: ", diagnostic.notRun.joined(separator: "; "), .hint)
    }
    return finished()
  }

  private func place(_ diagnostic: Diagnostic) -> String {
    var place = diagnostic.file.map { VisibleText.of($0) + ":" } ?? ""
    if let line = diagnostic.line { place += place.isEmpty ? "line \(line):" : "\(line):" }
    return place.isEmpty ? "" : place + " "
  }

  /// The label coloured, the text behind it wrapped and set in.
  private func labelled(_ label: String, _ text: String, _ role: Paint.Role) -> [String] {
    var indent = DisplayWidth.of(label)
    if indent > usableWidth / 2 { indent = 4 }
    return DisplayWidth.safeLines(text).enumerated().flatMap { number, part -> [String] in
      let line = (number == 0 ? label : DisplayWidth.spaces(indent)) + part
      return DisplayWidth.wrap(line, width: usableWidth, indent: indent).enumerated().map { row, line in
        guard number == 0, row == 0, line.hasPrefix(label) else { return line }
        return paint(label, role) + line.dropFirst(label.count)
      }
    }
  }

  /// Source and carets. A line that is too long is shown around its marks.
  private func sourceLines(
    _ source: String, _ marks: [Range<Int>], prefix: String, isEchoed: Bool
  ) -> [String] {
    let all = Array(source)
    let start = max(0, min(marks.first?.lowerBound ?? 0, all.count))
    // Of several lines, the one with the first mark.
    var from = start
    while from > 0 && !all[from - 1].isNewline { from -= 1 }
    var to = start
    while to < all.count && !all[to].isNewline { to += 1 }

    // Characters as printed and whether each is marked; one more for a mark behind the end.
    var cells = all[from..<to].map { character -> (text: String, width: Int, isMarked: Bool) in
      let visible = VisibleText.of(String(character))
      let text = ascii && !isEchoed ? ASCIIText.of(visible) : visible
      return (text, DisplayWidth.of(text), false)
    }
    cells.append(("", 1, false))
    for mark in marks {
      let low = max(0, max(0, min(mark.lowerBound, all.count)) - from)
      let high = min(cells.count, max(max(0, min(mark.upperBound, all.count)) - from, low + 1))
      // A mark may reach the place behind the end, but what begins before it ends with the text.
      let limit = low < cells.count - 1 ? min(high, cells.count - 1) : high
      if low < limit { for index in low..<limit { cells[index].isMarked = true } }
    }

    let indent = DisplayWidth.of(prefix)
    let room = usableWidth - indent
    let total = cells.dropLast().reduce(0) { $0 + $1.width }
    if total < room || (total == room && !(cells.last?.isMarked ?? false)) {
      let carets = caretLine(cells[...], indent: indent)
      if isEchoed { return carets }
      return [prefix + cells.map(\.text).joined()] + carets
    }

    // A window of the line with the first mark a third from its left edge, or all marks if they fit.
    let ellipsis = ascii ? "..." : "…"
    let side = DisplayWidth.of(ellipsis)
    let inner = max(1, room - 2 * side)
    let first = cells.firstIndex { $0.isMarked } ?? 0
    let last = cells.lastIndex { $0.isMarked } ?? first
    let span = cells[first...last].reduce(0) { $0 + $1.width }
    var low = first
    var spare = span < inner ? (inner - span) / 2 : min(4, inner / 4)
    while low > 0 && cells[low - 1].width <= spare {
      low -= 1
      spare -= cells[low].width
    }
    var high = low
    var used = 0
    while high < cells.count && used + cells[high].width <= inner {
      used += cells[high].width
      high += 1
    }
    // At the end of the line what is left over goes to its beginning.
    while high == cells.count && low > 0 && used + cells[low - 1].width <= inner {
      low -= 1
      used += cells[low].width
    }
    let left = low > 0 ? ellipsis : ""
    let right = high < cells.count - 1 ? ellipsis : ""
    let line = prefix + left + cells[low..<high].map(\.text).joined() + right
    return [line] + caretLine(cells[low..<high], indent: indent + DisplayWidth.of(left))
  }

  private func caretLine(_ cells: ArraySlice<(text: String, width: Int, isMarked: Bool)>, indent: Int)
    -> [String]
  {
    guard let last = cells.lastIndex(where: { $0.isMarked }) else { return [] }
    var line = ""
    for cell in cells[...last] {
      line += cell.isMarked ? String(repeating: "^", count: cell.width) : DisplayWidth.spaces(cell.width)
    }
    return [DisplayWidth.spaces(indent) + paint(line, .caret)]
  }
}
