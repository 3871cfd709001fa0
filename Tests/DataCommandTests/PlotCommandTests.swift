import Commands
import Formulas
import LinearAlgebra
import Operations
import Rendering
import Reports
import Testing

@Suite struct PlotCommandTests {
  private func lines(_ report: Report) -> [Plot.Series] {
    guard case .lines(let series)? = report.plots.first?.content else { return [] }
    return series
  }

  /// tanh(1) and 1 - tanh(1)² from a table; every activation is drawn with its derivative.
  @Test func aFunctionWithItsDerivative() {
    var typist = Typist()
    let series = lines(typist.type("plot tanh from=-1 to=1"))
    #expect(series.count == 2)
    #expect(series.first?.points.first?.x == -1 && series.first?.points.last?.x == 1)
    #expect(abs((series.first?.points.last?.y ?? 0) - 0.7615941559557649) < 1e-15)
    #expect(abs((series.last?.points.last?.y ?? 0) - 0.41997434161402614) < 1e-15)
    let relu = lines(typist.type("plot relu"))
    #expect(relu.last?.name == "relu'(u) = u > 0")
    #expect(relu.last?.points.allSatisfy { $0.y == ($0.x > 0 ? 1 : 0) } == true)
    for f in Operation.functionsOfOne { #expect(lines(typist.type("plot \(f.name)")).count == 2) }
  }

  @Test func asciiIsDrawnOnDemand() {
    var typist = Typist()
    #expect(!Typist.text(typist.type("plot relu")).allSatisfy { $0.isASCII })
    #expect(Typist.text(typist.type("plot relu ascii")).allSatisfy { $0.isASCII })
    #expect(Typist.text(typist.type("data moons; plot data ascii")).allSatisfy { $0.isASCII })
  }

  @Test func theLossOfEveryEpoch() {
    var typist = Typist()
    #expect(typist.refusal("plot loss").hint?.text().contains("train") == true)
    typist.workspace.session.losses = [2, 1, 0.5]
    let report = typist.type("plot loss")
    #expect(lines(report).first?.points == [.init(1, 2), .init(2, 1), .init(3, 0.5)])
    #expect(report.scalar("loss") == 0.5 && report.scalar("epochs") == 3)
  }

  /// The test rows have a curve of their own, and another model begins anew.
  @Test func theLossOfTheTestRows() {
    var typist = Typist()
    typist.type("data moons n=40 test=0.5; net 2 3:tanh 2:softmax; train epochs=3")
    let series = lines(typist.type("plot loss"))
    #expect(series.map(\.points.count) == [3, 3])
    #expect(series.last?.points.last?.y == typist.type("loss test").scalar("loss"))
    typist.type("net 2 4:tanh 2:softmax")
    #expect(typist.refusal("plot loss").hint?.text().contains("train") == true)
    typist.type("loss history 3 2 test 4 nan")
    #expect(lines(typist.type("plot loss")).map(\.points) == [[.init(1, 3), .init(2, 2)], [.init(1, 4)]])
    #expect(typist.refusal("loss history 3 2 test 4").message.text().contains("as many"))
  }

  /// The line x₀ = 0 of sigmoid(x₀): left of it class 0, right of it class 1, whatever the layout.
  @Test(arguments: ["", " layout=columns"]) func aBoundaryIsWhereTheClassChanges(_ layout: String) {
    var typist = Typist()
    let weights = layout.isEmpty ? "[[1], [0]]" : "[[1, 0]]"
    typist.type("data moons noise=0; net 2 1:sigmoid\(layout); set W1 = \(weights); set b1 = [[0]]")
    let report = typist.type("plot boundary")
    guard case .regions(let regions)? = report.plots.first?.content else {
      Issue.record("no regions")
      return
    }
    let width = (regions.xRange.upperBound - regions.xRange.lowerBound) / Double(regions.columns)
    for (i, found) in regions.classes.enumerated() {
      let x = regions.xRange.lowerBound + (Double(i % regions.columns) + 0.5) * width
      #expect(found == (x > 0 ? 1 : 0))
    }
    #expect(regions.samples.map(\.points.count) == [100, 100])
    #expect(regions.samples.map(\.name) == ["upper", "lower"])
    // The upper half circle spans x from -1 to 1, the lower one 0 to 2.
    #expect(report.scalar("accuracy") ?? 0 > 0.7)
  }

  @Test func softmaxRegionsAreTheLargestOutput() {
    var typist = Typist()
    typist.type("net 2 3:softmax; set W1 = [[1, -1, 0], [0, 0, 1]]; set b1 = [[0, 0, 0]]")
    typist.type("set X = [[1, 0], [-1, 0], [0, 1]]; set Y = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]")
    let report = typist.type("plot boundary")
    #expect(report.scalar("accuracy") == 1 && report.scalar("regions") == 3)
  }

  @Test func theFitIsDrawnOverThePoints() {
    var typist = Typist()
    typist.type("data parabola noise=0; model T = w2 * X**2 + w1 * X + w0; L = mse(Y, T)")
    typist.type("param w2 = 2; param w1 = -1; param w0 = 0.5")
    guard case .scatter(let series)? = typist.type("plot data").plots.first?.content else {
      Issue.record("no cloud")
      return
    }
    #expect(series.count == 2 && series.first?.points.count == 50)
    for point in series.flatMap(\.points) {
      #expect(abs(point.y - (2 * point.x * point.x - point.x + 0.5)) < 1e-12)
    }
  }

  @Test func valuesAreDrawn() {
    var typist = Typist()
    guard case .image(let image)? = typist.type("plot W1").plots.first?.content else {
      Issue.record("no image")
      return
    }
    #expect(image.width == 5 && image.height == 2 && image.range == -0.4...0.5)
    #expect(lines(typist.type("plot b1")).first?.points.count == 5)
    typist.type("net 2x6x6 conv(3,3x3):relu flatten 2:softmax")
    #expect(typist.type("plot W1").plots.map(\.title).prefix(3) == ["W1[0,0]", "W1[0,1]", "W1[1,0]"])
  }

  @Test(arguments: [
    ("plot", "plot what?"), ("plot rleu", "rleu"), ("plot m", "one number"),
    ("plot relu from=3 to=1", "below"),
    ("plot relu from=x", "number"), ("plot relu from=1e300", "number"), ("plot relu wide=3", "wide"),
    ("plot relu tanh", "one thing"), ("plot dW1", "not computed yet"), ("plot softmax", "softmax"),
    ("data digits; plot boundary", "two inputs"), ("data digits; plot data", "64 inputs"),
  ]) func mistakes(_ line: String, _ part: String) {
    var typist = Typist()
    #expect(typist.refusal(line).message.text().contains(part))
  }

  @Test func nearWordsAreSuggested() {
    var typist = Typist()
    #expect(typist.refusal("plot rleu").hint == "did you mean relu?")
    #expect(typist.refusal("plot bundary").hint == "did you mean boundary?")
  }
}
