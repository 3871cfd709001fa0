import LinearAlgebra
import Platform
import Reports

extension TextRenderer {
  /// Title and value of a tensor of any rank.
  func tensorLines(_ block: Report.TensorBlock) -> [String] {
    let shape = block.value.shape
    let format = NumberFormat(block.value, precision: usablePrecision)
    if shape.isScalar {
      let value = format.cell(block.value.elements.first ?? 0).text
      return title(safe(block.title) + " = " + value, block)
    }
    let head = title(safe(block.title) + " (" + shape.description + ")", block)
    if block.value.count == 0 { return head + [matrixIndent + "[ ]  (empty)"] }
    if shape.rank <= 2 {
      let grid = MatrixGrid(block: block, base: 0, format: format)
      return head + matrixLines(grid, budget: usableRows)
    }
    return head + sliceLines(block, format)
  }

  var matrixIndent: String { "  " }

  /// `dW2 (4×3) = A1.T @ dZ2  [remark]`; a long formula goes on below, set in under its beginning.
  private func title(_ head: String, _ block: Report.TensorBlock) -> [String] {
    var text = head
    var indent = DisplayWidth.of(head) + 3
    if let formula = block.formula { text += " = " + safe(formula) }
    if let remark = block.remark { text += "  [" + safe(remark) + "]" }
    if indent > usableWidth / 2 { indent = 4 }
    return DisplayWidth.wrap(text, width: usableWidth, indent: indent).enumerated().map { number, line in
      guard number == 0 else { return paint(line, .formula) }
      guard line.hasPrefix(head) else { return paint(line, .title) }
      return paint(head, .title) + paint(String(line.dropFirst(head.count)), .formula)
    }
  }

  // MARK: Rank 3 and more

  private enum Slices {
    case shown(Int)
    case zero(ClosedRange<Int>)
    case elided(ClosedRange<Int>)
  }

  /// Matrix by matrix under its leading indices. Those that are all zero are named in one line.
  private func sliceLines(_ block: Report.TensorBlock, _ format: NumberFormat) -> [String] {
    let shape = block.value.shape
    let size = shape.rows * shape.columns
    let count = block.value.count / max(1, size)
    let leading = Array(shape.dimensions.dropLast(2))
    // Of thousands of samples only the first few and the last can come on the screen.
    let near = block.isFull ? count : min(count, 40)
    var items: [Slices] = []
    for slice in 0..<near { add(slice, to: &items, block, size) }
    if near < count {
      if count - 1 > near { items.append(.elided(near...count - 2)) }
      add(count - 1, to: &items, block, size)
    }

    var height = shape.rows
    func lines(_ items: [Slices]) -> Int {
      items.reduce(0) { total, item in
        if case .shown = item { total + height + 1 } else { total + 1 }
      }
    }
    var perSlice = usableRows
    if !block.isFull && lines(items) > usableRows {
      // A slice that is itself elided has three rows, the dots, three rows.
      perSlice = max(8, usableRows / 2)
      if height > perSlice { height = 7 }
    }
    if !block.isFull && lines(items) > usableRows, items.count > 2 {
      var kept = items.count - 1
      while kept > 1 && lines(Array(items.prefix(kept))) + height + 2 > usableRows { kept -= 1 }
      let skipped = items[kept..<(items.count - 1)]
      if let from = skipped.first.map(first), let to = skipped.last.map(last), let end = items.last {
        items = Array(items.prefix(kept)) + [.elided(from...to), end]
      }
    }

    if height == shape.rows {
      // Whole slices share the window: one may be folded by columns only in its own share.
      let shown = items.count { if case .shown = $0 { true } else { false } }
      perSlice = max(height + 1, usableRows / max(1, shown) - 1)
    }

    return items.flatMap { item -> [String] in
      switch item {
      case .shown(let slice):
        let grid = MatrixGrid(block: block, base: slice * size, format: format)
        return [matrixIndent + label(slice...slice, leading, block)] + matrixLines(grid, budget: perSlice)
      case .zero(let range):
        let text = label(range, leading, block) + ": all zero (\(shape.rows)×\(shape.columns))"
        return DisplayWidth.wrap(matrixIndent + text, width: usableWidth, indent: 4)
      case .elided(let range):
        return DisplayWidth.wrap(
          matrixIndent + (ascii ? ": " : "⋮ ") + label(range, leading, block) + " not shown",
          width: usableWidth, indent: 4)
      }
    }
  }

  private func add(_ slice: Int, to items: inout [Slices], _ block: Report.TensorBlock, _ size: Int) {
    let isZero = block.value.elements[(slice * size)..<((slice + 1) * size)].allSatisfy { $0 == 0 }
    if !isZero {
      items.append(.shown(slice))
    } else if case .zero(let range)? = items.last, range.upperBound == slice - 1 {
      items[items.count - 1] = .zero(range.lowerBound...slice)
    } else {
      items.append(.zero(slice...slice))
    }
  }

  private func first(_ item: Slices) -> Int {
    switch item {
    case .shown(let slice): slice
    case .zero(let range), .elided(let range): range.lowerBound
    }
  }

  private func last(_ item: Slices) -> Int {
    switch item {
    case .shown(let slice): slice
    case .zero(let range), .elided(let range): range.upperBound
    }
  }

  /// `sample 0`, `samples 1 to 3`; `sample 0, channel 2` for rank 4; `[0, 2, 1]` beyond.
  private func label(_ range: ClosedRange<Int>, _ leading: [Int], _ block: Report.TensorBlock) -> String {
    let name = VisibleText.of(block.sliceLabel)
    if leading.count == 1 {
      return range.count == 1
        ? "\(name) \(range.lowerBound)" : "\(name)s \(range.lowerBound) to \(range.upperBound)"
    }
    func one(_ slice: Int) -> String {
      var rest = slice
      let index = leading.reversed().map { extent -> Int in
        let extent = max(1, extent)
        defer { rest /= extent }
        return rest % extent
      }
      let indices = Array(index.reversed())
      if indices.count == 2 {
        return "\(name) \(indices[0]), \(VisibleText.of(block.innerLabel)) \(indices[1])"
      }
      return "[" + indices.map(String.init).joined(separator: ", ") + "]"
    }
    return range.count == 1 ? one(range.lowerBound) : one(range.lowerBound) + " to " + one(range.upperBound)
  }
}
