import LinearAlgebra
import Reports

extension TextRenderer {
  /// A matrix in brackets within the window: whole if it fits, else folded by columns if that fits, else
  /// with its middle elided. Full ones are folded and never elided.
  func matrixLines(_ grid: MatrixGrid, budget: Int) -> [String] {
    let rows = visible(
      grid.rows, keeping: grid.notableRows, head: budget >= 12 ? 6 : 3,
      limit: grid.isFull ? Int.max : budget - (grid.activeColumn == nil ? 0 : 1))
    let sums =
      grid.showsRowSums
      ? MatrixColumn(rows.map { grid.format.cell(grid.rowSum($0)) }, isAligned: grid.isAligned) : nil
    // Indent, brackets with a space inside each, and the sums after ` Σ `.
    let margin = sums.map { $0.width + 2 + sumSign.count + 1 } ?? 0
    let room = usableWidth - 6 - (grid.marked.isEmpty ? 0 : 1) - margin
    var made: [Int: MatrixColumn] = [:]
    func column(_ index: Int) -> MatrixColumn {
      if let column = made[index] { return column }
      // Letting go of a million columns takes longer than Ctrl-C may: of very many some are made twice.
      if made.count > 4096 { made.removeAll() }
      let column = MatrixColumn(
        rows.map { grid.format.cell(grid.value($0, index)) }, isAligned: grid.isAligned)
      made[index] = column
      return column
    }

    // The sums of rows give way to a column: who sees all of them can add them up.
    if sums != nil, !grid.isFull, grid.columns <= (room + margin + 2) / 3 {
      let width = (0..<grid.columns).reduce(-2) { $0 + column($1).width + 2 }
      if width > room, width <= room + margin {
        var grid = grid
        grid.showsRowSums = false
        return matrixLines(grid, budget: budget)
      }
    }

    // Every column takes three cells at least, which saves formatting what cannot fit.
    let perChunk = max(1, (room + 2) / 3)
    let leastChunks = (grid.columns + perChunk - 1) / perChunk
    if grid.isFull || leastChunks == 1 || leastChunks * (rows.count + 1) <= budget {
      var chunks: [[Int]] = []
      var used = 0
      var isTooWide = false
      for index in 0..<grid.columns where !Interruption.isRequested {
        let width = column(index).width
        if width > room { isTooWide = true }
        if !chunks.isEmpty && used + 2 + width <= room {
          chunks[chunks.count - 1].append(index)
          used += 2 + width
        } else {
          chunks.append([index])
          used = width
        }
      }
      let lines = chunks.count * (rows.count + 1)
      if isTooWide, let smaller = smaller(grid) { return matrixLines(smaller, budget: budget) }
      let hasAll = rows.count == grid.rows
      if chunks.count == 1 || grid.isFull || (hasAll && lines <= budget) {
        return chunks.enumerated().flatMap { number, chunk -> [String] in
          if Interruption.isRequested { return [] }
          let isLast = number == chunks.count - 1
          let body = draw(
            MatrixView(
              grid: grid, rows: rows, columns: chunk.map { ($0, column($0)) }, sums: isLast ? sums : nil,
              isElided: false))
          guard chunks.count > 1, let first = chunk.first, let last = chunk.last else { return body }
          let label = first == last ? "column \(first)" : "columns \(first) to \(last)"
          return [matrixIndent + paint(label, .note)] + body
        }
      }
    }

    // First, last, second, last but one, third, last but two, then on from the front.
    var kept: Set<Int> = []
    var used = 0
    func keep(_ index: Int) -> Bool {
      if kept.contains(index) { return true }
      let width = column(index).width + 2
      // Every gap wants its own ellipsis; three cells stand for one.
      var candidate = kept
      candidate.insert(index)
      if used + width - 2 + 3 * gaps(candidate, grid.columns) > room { return false }
      kept = candidate
      used += width
      return true
    }
    var fits = true
    for index in grid.notableColumns.filter((0..<grid.columns).contains).prefix(3) {
      fits = keep(index) && fits
    }
    for step in 0..<3 where fits {
      fits = keep(min(step, grid.columns - 1))
      if fits { fits = keep(max(0, grid.columns - 1 - step)) }
    }
    var next = 3
    while fits && next < grid.columns {
      fits = keep(next)
      next += 1
    }
    if kept.isEmpty {
      if let smaller = smaller(grid) { return matrixLines(smaller, budget: budget) }
      kept = [0]
    }
    return draw(
      MatrixView(
        grid: grid, rows: rows, columns: kept.sorted().map { ($0, column($0)) }, sums: sums, isElided: true))
  }

  /// What gives way, one after another, in a window that has no room for a single column: decimals, the row
  /// sums, more decimals, the alignment. Nil when nothing is left to give.
  private func smaller(_ grid: MatrixGrid) -> MatrixGrid? {
    var grid = grid
    if grid.format.precision > 2 {
      grid.format.precision -= 1
    } else if grid.showsRowSums {
      grid.showsRowSums = false
    } else if grid.format.precision > 0 {
      grid.format.precision -= 1
    } else if grid.isAligned {
      grid.isAligned = false
    } else {
      return nil
    }
    return grid
  }

  /// Runs of indices that are left out.
  private func gaps(_ kept: Set<Int>, _ count: Int) -> Int {
    let sorted = kept.sorted()
    var result = 0
    var expected = 0
    for index in sorted {
      if index != expected { result += 1 }
      expected = index + 1
    }
    return result + (expected < count ? 1 : 0)
  }

  /// The rows to show: all, or the first few, the last three and those asked for.
  private func visible(_ count: Int, keeping: [Int], head: Int, limit: Int) -> [Int] {
    if count <= limit { return Array(0..<count) }
    var kept = Set(0..<min(head, count))
    kept.formUnion(max(0, count - 3)..<count)
    kept.formUnion(keeping.filter { (0..<count).contains($0) }.sorted().prefix(3))
    return kept.sorted()
  }
}
