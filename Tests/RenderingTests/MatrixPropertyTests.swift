import Commands
import LinearAlgebra
import Platform
import Reports
import Testing

@testable import Rendering

@Suite struct MatrixPropertyTests {
  /// Sizes, magnitudes and windows at random; the seed makes a failure repeatable.
  private func cases(_ count: Int, seed: UInt64) -> [(value: Tensor, renderer: TextRenderer)] {
    var generator = RandomGenerator(seed: seed)
    return (0..<count).map { _ in
      let shape = Shape([1 + generator.integer(below: 40), 1 + generator.integer(below: 25)])
      let spread = generator.uniform(0, 12)
      let value = generator.normal(shape: shape).map { element in
        let scaled = element * pow(10, generator.uniform(-spread, spread))
        let dice = generator.integer(below: 30)
        return dice == 0 ? .nan : dice == 1 ? -.infinity : dice == 2 ? 0 : scaled
      }
      let renderer = TextRenderer(
        width: 24 + generator.integer(below: 100), rows: 10 + generator.integer(below: 40),
        precision: generator.integer(below: 9))
      return (value, renderer)
    }
  }

  @Test func noLineIsWiderThanTheWindow() {
    for (value, renderer) in cases(300, seed: 11) {
      for isFull in [false, true] {
        let report = block("W", value, formula: "a + b @ c * d - e / f ** g + h") {
          $0.isFull = isFull
          $0.showsRowSums = value.count % 2 == 0
        }
        for line in lines(renderer.render(report)) { #expect(line.count <= renderer.width, "\(line)") }
      }
    }
  }

  @Test func elidedOnesFitTheHeight() {
    for (value, renderer) in cases(200, seed: 12) {
      #expect(lines(renderer.render(block("W", value))).count <= max(12, renderer.rows))
    }
  }

  /// Every number of a full print, in order of position, reads back within half a unit of its last digit, and
  /// zero is printed for zero only.
  @Test func numbersReadBack() throws {
    for (value, renderer) in cases(60, seed: 13) {
      let text = lines(renderer.render(block("W", value) { $0.isFull = true }))
      var rows = [[Substring]](repeating: [], count: value.shape.rows)
      var row = 0
      for line in text.dropFirst() where !line.hasPrefix("  column") {
        rows[row % rows.count] += line.split { " []⎡⎤⎢⎥⎣⎦".contains($0) }
        row += 1
      }
      let cells = rows.flatMap { $0 }
      try #require(cells.count == value.count)
      for (cell, exact) in zip(cells, value.elements) {
        let read = try #require(Double(cell))
        if exact.isNaN {
          #expect(read.isNaN)
        } else if exact.isInfinite {
          #expect(read == exact)
        } else {
          #expect((read == 0) == (exact == 0), "\(cell) for \(exact)")
          let parts = cell.split(separator: "e")
          let decimals = parts[0].contains(".") ? parts[0].split(separator: ".")[1].count : 0
          let exponent = parts.count > 1 ? try #require(Int(parts[1])) : 0
          let unit = pow(10, Double(exponent - decimals))
          // Reading rounds once more, to the nearest double.
          #expect(abs(read - exact) <= unit / 2 + exact.ulp, "\(cell) for \(exact)")
        }
      }
    }
  }

  @Test func pointsStandInOneColumn() throws {
    var generator = RandomGenerator(seed: 14)
    for _ in 0..<50 {
      let value = generator.normal(shape: [12, 3]).map { $0 * pow(10, generator.uniform(-7, 7)) }
      let text = lines(TextRenderer().render(block("W", value))).dropFirst()
      let places = text.map { line in Array(line).indices.filter { Array(line)[$0] == "." } }
      #expect(places.count == 12)
      #expect(Set(places).count == 1)
      #expect(places.first?.count == 3)
    }
  }

  @Test func aMatrixThatFitsIsNeverElided() {
    var generator = RandomGenerator(seed: 15)
    for rows in 1...20 {
      let text = TextRenderer().render(block("W", generator.uniform(shape: [rows, 8], 0, 1)))
      #expect(!text.contains("⋮") && !text.contains("…"))
      #expect(lines(text).count == rows + 1)
    }
  }

  /// No setting and no hint of a block makes the renderer trap or stop.
  @Test func absurdWindowsAndBlocks() {
    var generator = RandomGenerator(seed: 17)
    for number in [Int.min, -1, 0, 1, 7, Int.max] {
      for shape: Shape in [[], [3], [7, 9], [3, 2, 4], [0, 2]] {
        let report = block("\(String(repeating: "x", count: 90))", generator.normal(shape: shape)) {
          $0.marked = [number]
          $0.activeRow = number
          $0.activeColumn = number
          $0.showsRowSums = true
        }
        for full in [report, block("y", generator.normal(shape: shape)) { $0.isFull = true }] {
          let text = TextRenderer(width: number, rows: number, precision: number).render(full)
          #expect(lines(text).allSatisfy { $0.count <= max(20, number) })
        }
      }
      var plot = Plot("t", .lines([.init("s", [.init(0, 1), .init(2, 3)])]))
      plot.width = number
      plot.height = number
      #expect(!TextRenderer().render(Report([.plot(plot)])).isEmpty)
      plot.content = .image(.init(width: number, height: number, pixels: [1, 2]))
      #expect(!TextRenderer().render(Report([.plot(plot)])).isEmpty)
      plot.content = .regions(
        .init(xRange: 0...0, yRange: -1...(.infinity), rows: number, columns: number, classes: [number]))
      #expect(!TextRenderer().render(Report([.plot(plot)])).isEmpty)
    }
  }

  @Test func anyRankStaysInTheWidth() {
    var generator = RandomGenerator(seed: 16)
    for shape: Shape in [
      [2], [300], [3, 2, 2], [500, 3, 3], [2, 3, 8, 30], [5, 2, 30], [1, 2, 30], [2, 2, 2, 2, 2], [1, 0, 3],
      [0],
    ] {
      let text = TextRenderer(width: 44).render(block("T", generator.normal(shape: shape)))
      for line in lines(text) { #expect(line.count <= 44, "\(line)") }
      #expect(shape.rank > 4 || lines(text).count <= 24, "\(shape)")
    }
  }
}
