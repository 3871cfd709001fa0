import Formulas
import LinearAlgebra
import Platform
import Reports

/// Text as a screen reader should find it: no signs that it passes over.
enum SpokenText {
  static func of(_ text: String, _ naming: Naming = .standard) -> String {
    let signs = text.filter { $0 != " " }
    let names = signs.compactMap { alone[$0] }
    if !names.isEmpty, names.count == signs.count { return names.joined(separator: " and ") }
    // An arrow before all else points at it, and leads from nothing to it.
    let lead = text.prefix { $0 == " " }
    if signs.first == "→" {
      return lead + of(String(text.dropFirst(lead.count + 1).drop { $0 == " " }), naming)
    }
    let characters = Array(PartialText.of(text, naming))
    var result = ""
    for (i, c) in characters.enumerated() {
      let before = i > 0 ? characters[i - 1] : " "
      let after = i + 1 < characters.count ? characters[i + 1] : " "
      switch c {
      case "×" where before.isNumber || after.isNumber || before.isLetter: result += " by "
      // A sign, and not a difference: nothing to subtract from stands before it.
      case "-", "−":
        result += after.isNumber && " ([{,=*·@/".contains(before) ? "minus " : "-"
      case "→": result += "to"
      default: result += ASCIIText.of(String(c))
      }
    }
    return result
  }

  /// Signs that stand alone: as the head of a column of counts, as the mark of a step.
  private static let alone: [Character: String] = [
    "×": "times", "÷": "divided by", "+": "plus", "−": "minus", "→": "next", "•": "stops",
  ]
}

extension TextRenderer {
  /// A block in sentences. Every number that would be drawn is in them.
  func spokenLines(of block: Report.Block) -> [String] {
    switch block {
    case .tensor(let block): return block.isDrawn ? spoken(block).flatMap(spokenWrap) : []
    case .table(let table): return spoken(table).flatMap(spokenWrap)
    case .blackboard(let lines):
      return lines.flatMap { line in
        spokenWrap([safe(line.formula), safe(line.reason)].filter { !$0.isEmpty }.joined(separator: ". "))
      }
    case .plot(let plot): return spoken(plot).flatMap(spokenWrap)
    case .graph(let graph): return spoken(graph).flatMap(spokenWrap)
    case .preformatted(let lines):
      return lines.flatMap { DisplayWidth.safeLines(printed($0)) }.flatMap(spokenWrap)
    case .text, .paragraph, .blank, .naming, .failure: return lines(of: block)
    }
  }

  private func spokenWrap(_ text: String) -> [String] { DisplayWidth.wrap(text, width: usableWidth) }

  /// Where the mistake lies, for the ear: the carets' place in words.
  func spokenMark(_ source: String, _ mark: Range<Int>) -> [String] {
    let characters = Array(source)
    let from = max(0, min(mark.lowerBound, characters.count))
    let to = max(from, min(mark.upperBound, characters.count))
    let part = VisibleText.of(String(characters[from..<to]))
    return spokenWrap("at column \(from + 1)" + (part.isEmpty ? ", the end of the line" : ": \(part)"))
  }

  // MARK: Values

  private func spoken(_ block: Report.TensorBlock) -> [String] {
    let shape = block.value.shape
    let format = NumberFormat(block.value, precision: usablePrecision)
    let formula = block.formula.map { "Equals \(safe($0))." }
    let remark = block.remark.map { "\(safe($0))." }
    let tail = [formula, remark].compactMap { $0 }
    func number(_ value: Double) -> String { SpokenText.of(format.cell(value).text) }
    if shape.isScalar {
      return ["\(safe(block.title)) is \(number(block.value.elements.first ?? 0))."] + tail
    }
    let extents = shape.dimensions.map(String.init).joined(separator: " by ")
    let head = "\(safe(block.title)), \(extents)."
    if block.value.count == 0 { return [head + " Empty."] + tail }
    let rows = max(1, shape.rows)
    let columns = max(1, shape.columns)
    let matrices = block.value.count / (rows * columns)
    var lines = [head]
    var following = 0
    for matrix in spokenIndices(matrices, most: block.isFull ? .max : 40) where !Interruption.isRequested {
      if matrix > following {
        lines.append("\(matrix - following) of \(matrices) matrices are left out here.")
      }
      following = matrix + 1
      let base = matrix * rows * columns
      let place = matrices == 1 ? "" : spokenLabel(matrix, Array(shape.dimensions.dropLast(2)), block) + ", "
      if matrices > 1, block.value.elements[base..<base + rows * columns].allSatisfy({ $0 == 0 }) {
        lines.append("\(place)all zero.")
        continue
      }
      let grid = MatrixGrid(block: block, base: base, format: format)
      let shown = spokenIndices(rows, most: block.isFull ? .max : usableRows)
      var next = 0
      for row in Set(shown + grid.notableRows).filter({ $0 < rows }).sorted() where !Interruption.isRequested
      {
        if row > next { lines.append(leftOut("row", next, row - 1)) }
        next = row + 1
        let shown = spokenIndices(columns, most: block.isFull ? .max : usableWidth / 2)
        var text = "\(place)row \(row)" + (row == grid.activeRow ? ", the one that is read" : "") + ": "
        text += shown.map { column in
          number(grid.value(row, column)) + (grid.isMarked(row, column) ? " marked" : "")
        }.joined(separator: ", ")
        if shown.count < columns { text += "; \(columns - shown.count) of \(columns) left out" }
        if grid.showsRowSums { text += "; sum \(number(grid.rowSum(row)))" }
        lines.append(text.prefix(1).uppercased() + text.dropFirst() + ".")
      }
      if let column = grid.activeColumn { lines.append("Column \(column) is the one that is read.") }
    }
    return lines + tail
  }

  /// All, or the first and the last.
  private func spokenIndices(_ count: Int, most: Int) -> [Int] {
    count <= most ? Array(0..<count) : Array(0..<max(1, most - 3)) + Array((count - 3)..<count)
  }

  private func leftOut(_ what: String, _ first: Int, _ last: Int) -> String {
    let what = what.prefix(1).uppercased() + what.dropFirst()
    return first == last ? "\(what) \(first) is left out." : "\(what)s \(first) to \(last) are left out."
  }

  private func spokenLabel(_ index: Int, _ leading: [Int], _ block: Report.TensorBlock) -> String {
    guard leading.count > 1 else { return "\(block.sliceLabel) \(index)" }
    var rest = index
    let places = leading.reversed().map { extent -> Int in
      defer { rest /= max(1, extent) }
      return rest % max(1, extent)
    }
    let all = Array(places.reversed())
    return all.count == 2
      ? "\(block.sliceLabel) \(all[0]), \(block.innerLabel) \(all[1])"
      : "index " + all.map(String.init).joined(separator: " ")
  }

  // MARK: Tables

  private func spoken(_ table: Report.Table) -> [String] {
    let header = table.header.map(safe)
    return table.rows.map { row in
      var parts: [String] = []
      for (column, cell) in row.map(safe).enumerated() {
        let text = cell.split(separator: " ").joined(separator: " ")
        let name = column < header.count ? header[column] : ""
        if !text.isEmpty { parts.append(name.isEmpty ? text : "\(name): \(text)") }
      }
      return parts.isEmpty ? "" : parts.joined(separator: ", ") + "."
    }
  }

  // MARK: Plots

  private func spoken(_ plot: Plot) -> [String] {
    let labels = [("across", plot.xLabel), ("up", plot.yLabel)].filter { !$0.1.isEmpty }
    var lines = ["\(safe(plot.title))."]
    if !labels.isEmpty { lines.append(labels.map { "\($0.0): \(safe($0.1))" }.joined(separator: ", ") + ".") }
    switch plot.content {
    case .lines(let series), .scatter(let series):
      let finite = series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
      let isJoined = if case .lines = plot.content { true } else { false }
      lines += spokenAxes(plot, finite, besides: legend(series, isJoined: isJoined).count)
      for one in series { lines += spoken(one, isJoined: isJoined) }
    case .regions(let regions):
      let corners = [
        Plot.Point(regions.xRange.lowerBound, regions.yRange.lowerBound),
        Plot.Point(regions.xRange.upperBound, regions.yRange.upperBound),
      ]
      lines += spokenAxes(plot, corners, besides: regions.samples.count)
      let counts = Dictionary(grouping: regions.classes) { $0 }.mapValues(\.count)
      for (number, count) in counts.sorted(by: { $0.key < $1.key }) {
        lines.append(
          "class \(number) takes \(Figures.percent(Double(count) / Double(regions.classes.count))).")
      }
      for one in regions.samples { lines += spoken(one) }
    case .image(let image):
      guard image.width > 0, image.height > 0, image.width * image.height <= image.pixels.count else { break }
      for row in 0..<image.height {
        let pixels = image.pixels[row * image.width..<(row + 1) * image.width]
        lines.append("Row \(row): " + pixels.map { spokenNumber($0) }.joined(separator: ", ") + ".")
      }
    }
    return lines
  }

  private func spokenNumber(_ value: Double) -> String { SpokenText.of(NumberCell.short(value)) }

  private func spokenAxes(_ plot: Plot, _ points: [Plot.Point], besides lines: Int) -> [String] {
    let (x, y) = (PlotAxis(points.map(\.x)), PlotAxis(points.map(\.y)))
    let room = plotRoom(plot, y, besides: lines)
    let ticks = [
      ("across", x, xTicks(x, width: room.width).map(spokenNumber)),
      ("up", y, yTicks(y, height: room.height).sorted { $0.key > $1.key }.map { SpokenText.of($0.value) }),
    ]
    return ticks.map { name, axis, marks in
      "\(name) from \(spokenNumber(axis.low)) to \(spokenNumber(axis.high)), marked at \(marks.joined(separator: ", "))."
    }
  }

  /// - Parameter isJoined: by lines; of points on one straight line the ends are said.
  private func spoken(_ series: Plot.Series, isJoined: Bool = false) -> [String] {
    let bends = isJoined ? series.bends : series.points
    // More lines than this nobody hears to the end.
    let shown = spokenIndices(bends.count, most: 2000)
    func text(_ range: ArraySlice<Int>) -> String {
      range.map { "\(spokenNumber(bends[$0].x)): \(spokenNumber(bends[$0].y))" }.joined(separator: "; ")
    }
    let count = series.points.count
    let name = series.name.isEmpty ? "points" : safe(series.name)
    let head =
      "\(name), \(count) of them" + (bends.count < count ? ", on straight lines between these: " : ": ")
    guard shown.count < bends.count else { return [head + text(shown[...]) + "."] }
    return [
      head + text(shown.dropLast(3)) + ".", leftOut("point", shown.count - 3, bends.count - 4),
      text(shown.suffix(3)) + ".",
    ]
  }
}

extension Plot.Series {
  /// The points at which a line through them bends, its ends, and those beside a gap.
  var bends: [Plot.Point] {
    let heights = points.map(\.y).filter(\.isFinite)
    let slack = 1e-12 * ((heights.max() ?? 0) - (heights.min() ?? 0))
    return points.indices.filter { i in
      guard i > 0, i + 1 < points.count else { return true }
      let (a, b, c) = (points[i - 1], points[i], points[i + 1])
      let chord = a.y + (c.y - a.y) * (b.x - a.x) / (c.x - a.x)
      // What is not a number is on no line.
      return !(abs(b.y - chord) <= slack)
    }.map { points[$0] }
  }
}
