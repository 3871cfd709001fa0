import LinearAlgebra
import Rendering
import Sessions

/// Which equation or entry a cell of the screen is.
extension PassView {
  /// A click on an equation, or on a number of the matrix.
  mutating func press(_ y: Int, _ x: Int, columns: Int, rows: Int) {
    let frame = frame(columns: columns, rows: rows)
    guard frame.steps.indices.contains(y) else { return }
    if x < frame.left {
      if let step = frame.steps[y] { select(step) }
    } else if panel == .value, let place = frame.entries[y], let found = place(x - frame.left - 3) {
      (row, column) = (found.row, found.column)
      move(0, 0)
    }
  }

  /// For lines of the matrix at the top, which entry a cell belongs to; none where rows or columns are left out.
  func entries(_ shown: [String]) -> [Int: (Int) -> (row: Int, column: Int)?] {
    var result: [Int: (Int) -> (row: Int, column: Int)?] = [:]
    var row = 0
    for (index, line) in shown.enumerated() {
      let characters = Array(Self.plain(line))
      guard characters.count > 2, "⎡⎢⎣[".contains(characters[2]) else {
        if row > 0 { break }
        continue
      }
      guard !characters.contains("⋮"), !characters.contains(":") else { break }
      let place = row
      result[index + 1] = { cell in
        guard characters.indices.contains(cell) else { return nil }
        var (count, isInside) = (-1, false)
        for (position, c) in characters.enumerated().dropFirst(3) {
          if c == "…" { return nil }
          let isDigit = c.isNumber || "-.en".contains(c)
          if isDigit, !isInside { count += 1 }
          isInside = isDigit
          if position >= cell { break }
        }
        return count >= 0 ? (place, count) : nil
      }
      row += 1
    }
    return result
  }
}
