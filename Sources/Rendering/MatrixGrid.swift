import LinearAlgebra
import Reports

/// How the numbers of one tensor are printed: the same decimals for all, none when all are whole.
struct NumberFormat {
  var precision: Int
  let isInteger: Bool
  /// The largest finite magnitude: the end of the heat scale.
  let largest: Double

  init(_ value: Tensor, precision: Int) {
    self.precision = precision
    var isInteger = true
    var largest = 0.0
    value.elements.withUnsafeBufferPointer { elements in
      Interruption.inStretches(elements.count) { stretch in
        for i in stretch where elements[i].isFinite {
          isInteger = isInteger && elements[i] == elements[i].rounded()
          largest = max(largest, abs(elements[i]))
        }
      }
    }
    self.isInteger = isInteger
    self.largest = largest
  }

  func cell(_ value: Double) -> NumberCell {
    NumberCell(value, precision: precision, isInteger: isInteger)
  }
}

/// A matrix inside a tensor: the rows × columns elements from `base` on. Rank 1 counts as one row.
struct MatrixGrid {
  let rows: Int
  let columns: Int
  let base: Int
  let elements: [Double]
  let marked: Set<Int>
  var showsRowSums: Bool
  /// Columns aligned on the point; flush right only when the window is too narrow for that.
  var isAligned = true
  let isFull: Bool
  let activeRow: Int?
  let activeColumn: Int?
  var format: NumberFormat

  init(block: Report.TensorBlock, base: Int, format: NumberFormat) {
    rows = block.value.shape.rows
    columns = block.value.shape.columns
    self.base = base
    elements = block.value.elements
    let own = base..<(base + rows * columns)
    marked = block.marked.filter(own.contains)
    showsRowSums = block.showsRowSums
    isFull = block.isFull
    activeRow = block.activeRow
    activeColumn = block.activeColumn
    self.format = format
  }

  func value(_ row: Int, _ column: Int) -> Double { elements[base + row * columns + column] }
  func isMarked(_ row: Int, _ column: Int) -> Bool { marked.contains(base + row * columns + column) }

  /// 0 where what is left of it is the rounding of its terms.
  func rowSum(_ row: Int) -> Double {
    let entries = (0..<columns).map { value(row, $0) }
    let sum = entries.reduce(0, +)
    return abs(sum) <= 4 * entries.reduce(0) { $0 + $1.magnitude.ulp } ? 0 : sum
  }

  /// Positions worth keeping when the middle is elided: what is marked or active, as long as it is little.
  var notableRows: [Int] {
    (activeRow.map { [$0] } ?? []) + (marked.count <= 3 ? marked.map { ($0 - base) / max(1, columns) } : [])
  }

  var notableColumns: [Int] {
    (activeColumn.map { [$0] } ?? [])
      + (marked.count <= 3 ? marked.map { ($0 - base) % max(1, columns) } : [])
  }
}

/// One printed column: its cells for the rows shown, aligned on the point.
struct MatrixColumn {
  let cells: [NumberCell]
  let left: Int
  let right: Int
  let width: Int

  init(_ cells: [NumberCell], isAligned: Bool) {
    let cells = isAligned ? cells : cells.map(\.withoutPoint)
    self.cells = cells
    var left = 0
    var right = 0
    var whole = 0
    for cell in cells {
      if cell.isFinite {
        left = max(left, cell.left)
        right = max(right, cell.right)
      } else {
        whole = max(whole, cell.left)
      }
    }
    width = max(left + right, whole, 1)
    self.left = width - right
    self.right = right
  }

  func text(_ position: Int) -> String {
    let cell = cells[position]
    guard cell.isFinite else { return DisplayWidth.spaces(width - cell.left) + cell.text }
    return DisplayWidth.spaces(left - cell.left) + cell.text + DisplayWidth.spaces(right - cell.right)
  }

  /// A sign in the place of the digit before the point.
  func sign(_ sign: String) -> String {
    DisplayWidth.spaces(left - 1) + sign + DisplayWidth.spaces(right)
  }
}
