import Commands
import LinearAlgebra
import Reports
import Testing

@testable import Rendering

@Suite struct PlotTests {
  @Test func brailleDotsStandWhereUnicodePutsThem() {
    // Dots 1, 8 and a full cell. Source: Unicode chart U+2800.
    var canvas = Canvas(width: 3, height: 1, isASCII: false)
    canvas.set(0, 0, series: 0)
    canvas.set(3, 3, series: 0)
    for x in 4...5 { for y in 0...3 { canvas.set(x, y, series: 0) } }
    canvas.set(99, -1, series: 0)
    #expect(canvas.lines(Paint(depth: .none)) == ["⠁⢀⣿"])
  }

  @Test func aLineInASCII() {
    var plot = Plot("relu", .lines([.init("relu", x: [-2, 0, 2], y: [0, 0, 2])]), xLabel: "z")
    plot.width = 24
    plot.height = 9
    #expect(
      TextRenderer(ascii: true).render(Report([.plot(plot)])) == """
        relu
        2 +                   **
          |                 **
        1 +              ***
          |            **
        0 +************
          ++---------+---------+
           -2        0         2
                     z

        """)
  }

  @Test func pointsThatAreNotFiniteAreLeftOutAndTold() {
    let series = Plot.Series("loss", [.init(0, 1), .init(1, .nan), .init(2, .infinity), .init(3, 0)])
    let text = TextRenderer().render(Report([.plot(Plot("loss", .lines([series])))]))
    #expect(text.contains("2 points that are not finite left out"))
  }

  @Test func seriesDifferWithoutColour() {
    let one = Plot.Series("train", (0..<50).map { Plot.Point(Double($0), 1) })
    let two = Plot.Series("test", (0..<50).map { Plot.Point(Double($0), 2) })
    let text = lines(TextRenderer().render(Report([.plot(Plot("loss", .lines([one, two])))])))
    #expect(text.suffix(2) == ["  solid  train", "  dotted  test"])
    let drawn = text.filter { $0.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) } }
    #expect(drawn.count == 2)
    #expect(Set(drawn.map { $0.drop { $0 != "┤" && $0 != "│" }.dropFirst().first }).count == 2)
  }

  @Test func regionsAndSamples() throws {
    let regions = Plot.Regions(
      xRange: 0...1, yRange: 0...1, rows: 2, columns: 2, classes: [0, 1, 1, 0],
      samples: [.init("", [.init(0, 1)]), .init("ring", [.init(1, 1)])])
    let text = lines(TextRenderer().render(Report([.plot(Plot("", .regions(regions)))])))
    let top = try #require(text.first).drop { $0 != "┤" && $0 != "│" }.dropFirst()
    #expect(top.first == "0" && top.last == "1")
    #expect(top.dropFirst().first == "." && top.dropLast().last == ":")
    #expect(text.suffix(2) == ["  .  class 0, its samples as 0", "  :  ring, its samples as 1"])
  }

  @Test func aDigitInShades() {
    let image = Plot.Image(width: 3, height: 2, pixels: [0, 0.5, 1, 1, .nan, 0])
    #expect(
      TextRenderer().render(Report([.plot(Plot("seven", .image(image)))])) == "seven\n    ++@@\n  @@??\n")
    let blocks = TextRenderer(color: .trueColor).render(Report([.plot(Plot("", .image(image)))]))
    #expect(plain(blocks) == "  ▀▀▀\n")
    #expect(blocks.contains("38;2;0;0;0;48;2;255;255;255m▀"))
    let broken = Plot.Image(width: 3, height: 9, pixels: [1])
    #expect(TextRenderer().render(Report([.plot(Plot("", .image(broken)))])) == "  (no pixels)\n")
  }

  @Test func anyPlotStaysInTheWindow() {
    var generator = RandomGenerator(seed: 21)
    let extremes: [Double] = [0, -0.0, 1e308, -1e308, 5e-300, .nan, .infinity, 1, 1 + 1e-15]
    for round in 0..<200 {
      let width = 20 + generator.integer(below: 80)
      let points = (0..<generator.integer(below: 8)).map { _ in
        Plot.Point(extremes[generator.integer(below: 9)], extremes[generator.integer(below: 9)])
      }
      let series = [Plot.Series("a series with quite a long name", points), Plot.Series("b", points)]
      let content: Plot.Content =
        round % 3 == 0
        ? .lines(series)
        : round % 3 == 1
          ? .scatter(series)
          : .image(.init(width: 1 + round, height: 3, pixels: Array(repeating: 0.5, count: 3 * (1 + round))))
      let renderer = TextRenderer(width: width, rows: 8 + generator.integer(below: 30), ascii: round % 2 == 0)
      for line in lines(renderer.render(Report([.plot(Plot("title", content, xLabel: "x", yLabel: "y"))]))) {
        #expect(line.count <= width, "\(line)")
        if renderer.ascii { #expect(line.utf8.allSatisfy { $0 < 0x80 }) }
      }
    }
  }

  @Test func ticksAreRoundNumbersInsideTheRange() {
    #expect(PlotAxis([0, 59]).ticks(limit: 6) == [0, 10, 20, 30, 40, 50])
    #expect(PlotAxis([-3, 3]).ticks(limit: 3) == [-2, 0, 2])
    #expect(PlotAxis([5, 5]).low == 2.5)
    #expect(PlotAxis([.nan]).high == 1)
  }
}
