import Formulas
import Reports

/// The range of a plot's axis and the numbers written at it.
struct PlotAxis {
  let low: Double
  let high: Double

  /// The range of the finite values, widened when it is a single point; 0...1 when there is none. Values so
  /// large that their distance overflows are cut.
  init(_ values: some Sequence<Double>) {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    if low > high { (low, high) = (0, 1) }
    low = max(low, -1e300)
    high = min(high, 1e300)
    // A difference that no axis number could show counts as none.
    if high - low <= 1e-12 * max(abs(low), abs(high)) {
      let margin = low == 0 ? 0.5 : abs(low) / 2
      low -= margin
      high += margin
    }
    self.low = low
    self.high = high
  }

  /// The position of a value among `count` dots from low to high, or nil outside or for nan.
  func position(_ value: Double, count: Int) -> Int? {
    let share = (value - low) / (high - low)
    guard share >= -1e-9, share <= 1 + 1e-9 else { return nil }
    return max(0, min(count - 1, Int(clamping: (share * Double(count - 1)).rounded())))
  }

  /// Multiples of 1, 2 or 5 times a power of ten inside the range, at most `limit`.
  func ticks(limit: Int) -> [Double] {
    let raw = (high - low) / Double(max(1, limit))
    guard raw.isFinite, raw > 0 else { return [] }
    var power = 1.0
    while power > raw && power > 1e-300 { power /= 10 }
    while power * 10 <= raw && power < 1e299 { power *= 10 }
    let step = [1, 2, 5, 10].map { power * $0 }.first { $0 >= raw } ?? power * 10
    let first = (low / step).rounded(.up)
    return (0...max(1, limit)).map { (first + Double($0)) * step }.filter { $0 >= low && $0 <= high }
  }
}

extension TextRenderer {
  /// Size of a plot in cells: what was asked for, within the window.
  func plotSize(_ plot: Plot, width: Int, height: Int) -> (width: Int, height: Int) {
    (
      max(20, min(plot.width ?? width, usableWidth)),
      max(6, min(plot.height ?? height, 1_000))
    )
  }

  /// The cells of the drawing alone, and of the numbers at its left, in a plot with so many lines besides.
  func plotRoom(_ plot: Plot, _ y: PlotAxis, besides lines: Int) -> (width: Int, height: Int, margin: Int) {
    let isRegions = if case .regions = plot.content { true } else { false }
    let size = plotSize(
      plot, width: min(usableWidth, isRegions ? 64 : 76), height: min(usableRows, isRegions ? 22 : 20))
    let fixed = 2 + [plot.title, plot.xLabel, plot.yLabel].filter { !$0.isEmpty }.count + lines
    let height = max(4, size.height - fixed)
    let margin = yMargin(y, height: height)
    return (max(4, size.width - margin - 2), height, margin)
  }

  /// The numbers at the horizontal axis.
  func xTicks(_ x: PlotAxis, width: Int) -> [Double] { x.ticks(limit: max(2, width / 10)) }

  /// The drawing with numbers at its left and lower edges. `size` is that of the drawing alone.
  func framed(
    _ lines: [String], _ x: PlotAxis, _ y: PlotAxis, width: Int, margin: Int, plot: Plot
  ) -> [String] {
    var result: [String] = []
    if !plot.title.isEmpty { result += titleLines(plot.title) }
    if !plot.yLabel.isEmpty {
      result += DisplayWidth.wrap(safe(plot.yLabel), width: usableWidth)
    }
    let ticks = yTicks(y, height: lines.count)
    for (row, line) in lines.enumerated() {
      let label = ticks[row] ?? ""
      let edge = label.isEmpty ? (ascii ? "|" : "│") : (ascii ? "+" : "┤")
      result.append(DisplayWidth.padded(label, to: margin, right: true) + " " + edge + line)
    }

    var rule = Array(repeating: ascii ? "-" : "─", count: width)
    var labels = ""
    for tick in xTicks(x, width: width) {
      guard let column = x.position(tick, count: width) else { continue }
      let text = NumberCell.short(tick)
      // Centred under its tick, at least two spaces from the number before.
      let start = max(0, min(width - text.count, column - text.count / 2))
      guard labels.isEmpty || start >= labels.count + 2 else { continue }
      rule[column] = ascii ? "+" : "┬"
      labels += DisplayWidth.spaces(start - labels.count) + text
    }
    let indent = DisplayWidth.spaces(margin + 2)
    result.append(DisplayWidth.spaces(margin + 1) + (ascii ? "+" : "└") + rule.joined())
    result.append(indent + labels)
    if !plot.xLabel.isEmpty {
      let label = DisplayWidth.cut(safe(plot.xLabel), to: width, sign: ascii ? "." : "…")
      result.append(indent + DisplayWidth.spaces((width - DisplayWidth.of(label)) / 2) + label)
    }
    return result
  }

  func titleLines(_ title: Prose) -> [String] {
    DisplayWidth.wrap(safe(title), width: usableWidth, indent: 2).map { paint($0, .title) }
  }

  /// Numbers of the vertical axis by row of the drawing.
  func yTicks(_ y: PlotAxis, height: Int) -> [Int: String] {
    var result: [Int: String] = [:]
    for tick in y.ticks(limit: max(2, height / 3)) {
      guard let row = y.position(tick, count: height) else { continue }
      result[height - 1 - row] = NumberCell.short(tick)
    }
    return result
  }

  func yMargin(_ y: PlotAxis, height: Int) -> Int {
    yTicks(y, height: height).values.map(\.count).max() ?? 0
  }
}
