import LinearAlgebra
import Reports

extension TextRenderer {
  func plotLines(_ plot: Plot) -> [String] {
    if plot.isASCII && !ascii {
      var plain = self
      plain.ascii = true
      return plain.plotLines(plot)
    }
    switch plot.content {
    case .lines(let series): return seriesLines(plot, series, isJoined: true)
    case .scatter(let series): return seriesLines(plot, series, isJoined: false)
    case .regions(let regions): return regionLines(plot, regions)
    case .image(let image):
      return (plot.title.isEmpty ? [] : titleLines(plot.title)) + imageLines(plot, image)
    }
  }

  // MARK: Lines and clouds

  /// How the lines of successive series are broken, so that they differ without colour.
  private static let patterns: [(name: String, pattern: [Bool])] = [
    ("solid", [true]),
    ("dotted", [true, false, false]),
    ("dashed", [true, true, true, true, true, false, false, false]),
    ("dash-dot", [true, true, true, true, false, false, true, false, false]),
  ]

  private func seriesLines(_ plot: Plot, _ series: [Plot.Series], isJoined: Bool) -> [String] {
    let points = series.flatMap(\.points)
    let finite = points.filter { $0.x.isFinite && $0.y.isFinite }
    let x = PlotAxis(finite.map(\.x))
    let y = PlotAxis(finite.map(\.y))
    let legend = self.legend(series, isJoined: isJoined)
    let (width, height, margin) = plotRoom(plot, y, besides: legend.count)
    var canvas = Canvas(width: width, height: height, isASCII: ascii)

    for (number, one) in series.enumerated() {
      let sign = Canvas.signs[number % Canvas.signs.count]
      var previous: (x: Int, y: Int)?
      var phase = 0
      for point in one.points {
        let isFinite = point.x.isFinite && point.y.isFinite
        if !isJoined {
          guard isFinite, let column = x.position(point.x, count: width),
            let row = y.position(point.y, count: height)
          else { continue }
          canvas.put(sign, column: column, row: height - 1 - row, series: number)
          continue
        }
        // A point that is not finite breaks the line.
        guard isFinite, let dotX = x.position(point.x, count: canvas.dotWidth),
          let dotY = y.position(point.y, count: canvas.dotHeight)
        else {
          previous = nil
          continue
        }
        let here = (x: dotX, y: canvas.dotHeight - 1 - dotY)
        let pattern = ascii ? [true] : Self.patterns[number % Self.patterns.count].pattern
        canvas.line(from: previous ?? here, to: here, series: number, phase: &phase, pattern: pattern)
        previous = here
      }
    }
    var lines = framed(canvas.lines(paint), x, y, width: width, margin: margin, plot: plot) + legend
    let missing = points.count - finite.count
    if missing > 0 {
      let what = missing == 1 ? "1 point that is" : "\(missing) points that are"
      lines += DisplayWidth.wrap(what + " not finite left out", width: usableWidth).map { paint($0, .note) }
    }
    return lines
  }

  func legend(_ series: [Plot.Series], isJoined: Bool) -> [String] {
    let isNeeded = series.count > 1 || !isJoined
    return isNeeded
      ? series.enumerated().flatMap { number, one -> [String] in
        guard !one.name.isEmpty else { return [] }
        let sign = String(Canvas.signs[number % Canvas.signs.count])
        let key = isJoined && !ascii ? Self.patterns[number % Self.patterns.count].name : sign
        return DisplayWidth.wrap(
          "  " + key + "  " + safe(one.name), width: usableWidth, indent: 4
        ).map { paint($0, .series(number)) }
      } : []
  }

  // MARK: Decision regions

  /// A cell is the sign of its class: `.` `:` `-` `=` with the samples as digits; with colour the background
  /// says it too.
  private func regionLines(_ plot: Plot, _ regions: Plot.Regions) -> [String] {
    let shades: [Character] = [".", ":", "-", "=", "~", "'"]
    let x = PlotAxis([regions.xRange.lowerBound, regions.xRange.upperBound])
    let y = PlotAxis([regions.yRange.lowerBound, regions.yRange.upperBound])
    let names = regions.samples.enumerated().flatMap { number, series -> [String] in
      let name = series.name.isEmpty ? "class \(number)" : safe(series.name)
      let text = "  \(shades[number % shades.count])  \(name), its samples as \(number % 10)"
      return DisplayWidth.wrap(text, width: usableWidth, indent: 4).map { paint($0, .series(number)) }
    }
    let (width, height, margin) = plotRoom(plot, y, besides: names.count)
    var canvas = Canvas(width: width, height: height, isASCII: ascii)
    let rows = min(regions.rows, 100_000)
    let columns = min(regions.columns, 100_000)
    for row in 0..<height {
      for column in 0..<width where rows > 0 && columns > 0 {
        // Each cell takes the class at its middle.
        let from = (2 * row + 1) * rows / (2 * height)
        let at = (2 * column + 1) * columns / (2 * width)
        let position = from * columns + at
        let index = regions.classes.indices.contains(position) ? max(0, regions.classes[position]) : 0
        canvas.put(shades[index % shades.count], column: column, row: row, series: index)
      }
    }
    for (number, series) in regions.samples.enumerated() {
      for point in series.points {
        guard let column = x.position(point.x, count: width), let row = y.position(point.y, count: height)
        else { continue }
        let digit = Character(String(number % 10))
        canvas.put(digit, column: column, row: height - 1 - row, series: number)
      }
    }
    return framed(canvas.lines(paint), x, y, width: width, margin: margin, plot: plot) + names
  }

  // MARK: Images

  /// Grey values: half blocks (two pixels a cell) where there are enough colours, else shades of ASCII, two
  /// characters a pixel since a cell is twice as high as wide. What is too wide is averaged down.
  private func imageLines(_ plot: Plot, _ image: Plot.Image) -> [String] {
    guard image.width > 0, image.height > 0, image.width <= image.pixels.count,
      image.height <= image.pixels.count / image.width
    else { return ["  (no pixels)"] }
    let usesBlocks = (color == .trueColor || color == .twoFiftySix) && !ascii
    let room = (max(4, min(plot.width ?? usableWidth, usableWidth)) - 2) / (usesBlocks ? 1 : 2)
    let factor = max(1, (image.width + max(1, room) - 1) / max(1, room))
    let width = (image.width + factor - 1) / factor
    let height = (image.height + factor - 1) / factor
    let range = image.range ?? image.pixels.finiteRange ?? 0...1
    let span = range.upperBound - range.lowerBound

    /// Grey from 0 to 1; nil for pixels that are not numbers, and below the image.
    func grey(_ column: Int, _ row: Int) -> Double? {
      guard row < height else { return nil }
      var total = 0.0
      var count = 0.0
      for y in (row * factor)..<min(image.height, (row + 1) * factor) {
        for x in (column * factor)..<min(image.width, (column + 1) * factor) {
          total += image.pixels[y * image.width + x]
          count += 1
        }
      }
      let mean = total / max(1, count)
      guard mean.isFinite else { return nil }
      // An even image is dark if it is zero, else light.
      guard span > 0, span.isFinite else { return mean == 0 ? 0 : 1 }
      return max(0, min(1, (mean - range.lowerBound) / span))
    }

    if usesBlocks {
      return stride(from: 0, to: height, by: 2).map { row in
        var line = "  "
        for column in 0..<width {
          let top = Int(clamping: ((grey(column, row) ?? 0) * 255).rounded())
          let bottom = Int(clamping: ((grey(column, row + 1) ?? 0) * 255).rounded())
          line += "\u{1B}[38;" + paint.rgb(top, top, top) + ";48;" + paint.rgb(bottom, bottom, bottom) + "m▀"
        }
        return line + "\u{1B}[0m"
      }
    }
    let shades = Array(" .:-=+*#%@")
    return (0..<height).map { row in
      var line = "  "
      for column in 0..<width {
        let shade =
          grey(column, row).map { shades[min(shades.count - 1, Int(clamping: $0 * Double(shades.count)))] }
          ?? "?"
        line.append(shade)
        line.append(shade)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
