import Commands
import Explanations
import Formulas
import LinearAlgebra
import Operations
import Sessions
import Testing

@Suite struct FunctionDerivationTests {
  /// Every line of every route equals its neighbour, and the last one forward mode.
  @Test(arguments: networks) func everyRouteAgreesWithItsNumbers(_ network: String) throws {
    for seed in [11, 12] {
      let workspace = try randomized(network, seed: seed)
      let session = try workspace.session.completed(forward: false)
      let forward = try session.readyProgram().forward
      for row in DerivationTable.rows {
        for route in row.routes {
          let derivation = try route.make(forward, SessionEnvironment(session))
          let checked = try CheckedDerivation(derivation)
          #expect(checked.isRight, "\(network): \(row.name) \(route.name)")
          #expect(checked.largestDifference < 1e-9, "\(network): \(row.name) \(route.name)")
          #expect((checked.referenceDifference ?? .nan) < 1e-10, "\(network): \(row.name) \(route.name)")
          #expect(checked.chains.contains { $0.evaluated > 0 })
        }
      }
    }
  }

  @Test(arguments: [
    "net 1x6x6 conv(2,3x3):relu flatten 3:softmax seed=2",
    "net 2x7x7 conv(3,3x3,pad=1,stride=2):tanh flatten 2:softmax seed=3",
    "net 1x5x5 conv(2,2x2,pad=1):relu flatten 3:softmax seed=4",
  ])
  func convolutionsOfASession(_ network: String) throws {
    let session = try workspace(network).session.completed(forward: false)
    let row = try #require(DerivationTable.row(named: "conv2d"))
    let derivation = try row.routes[0].make(
      try session.readyProgram().forward, SessionEnvironment(session))
    #expect(!derivation.remarks.contains { $0.contains("no conv2d") })
    let checked = try CheckedDerivation(derivation)
    #expect(checked.isRight)
    #expect((checked.referenceDifference ?? .nan) < 1e-10)
  }

  /// A planted mistake in any line of any route is found: the line doubled and shifted.
  @Test func aWrongLineIsCaught() throws {
    let session = try workspace("net 2 3:tanh 3:softmax seed=2").session.completed(forward: false)
    let forward = try session.readyProgram().forward
    for row in DerivationTable.rows {
      for route in row.routes {
        let right = try route.make(forward, SessionEnvironment(session))
        for (i, chain) in right.chains.enumerated() {
          for (j, line) in chain.lines.enumerated() {
            var wrong = right
            switch line.formula {
            case .index(let formula): wrong.chains[i].lines[j].formula = .index(formula * 2 + 1)
            case .matrix(let formula): wrong.chains[i].lines[j].formula = .matrix(formula * 2 + 1)
            case .slope: Issue.record("a line is never the left side")
            }
            #expect(
              !(try CheckedDerivation(wrong, budget: 300)).isRight, "\(row.name) \(route.name) line \(j)")
          }
        }
      }
    }
  }

  /// The slips of the sources are mistakes that the check finds.
  @Test func slipsOfTheSourcesAreCaught() throws {
    let session = try workspace("forward").session.completed(forward: false)
    let forward = try session.readyProgram().forward
    let softmax = try #require(DerivationTable.row(named: "softmax"))
    var derivation = try softmax.routes[0].make(forward, SessionEnvironment(session))
    let S = { (k: IndexTerm) in IndexExpression.entry("S", ["i", k]) }
    // Simple Neural Network, case j = m: an extra - exp(z)/Σ behind the product.
    derivation.chains[0].lines[3].formula = .index(S("k") * (1 - S("k")) - S("k"))
    #expect(!(try CheckedDerivation(derivation)).isRight)
    // Simple Neural Network, fused: -y - y.
    let fused = try #require(DerivationTable.row(named: "softmax_cross_entropy"))
    var whole = try fused.routes[0].make(forward, SessionEnvironment(session))
    let Y = IndexExpression.entry("Y", ["i", "j"])
    let last = whole.chains[0].lines.count - 1
    whole.chains[0].lines[last].formula = .index((-Y - Y) / .entry("m", []))
    #expect(!(try CheckedDerivation(whole)).isRight)
    // Datta, tanh: the second product read as (u - v)(u + v).
    let tanh = try #require(DerivationTable.row(named: "tanh"))
    var slope = try tanh.routes[0].make(forward, SessionEnvironment(session))
    slope.chains[0].lines[0].formula = .matrix(
      try Parser.parse(
        "((exp(u)+exp(-u))*(exp(u)+exp(-u)) - (exp(u)-exp(-u))*(exp(u)+exp(-u))) / (exp(u)+exp(-u))**2"
      ).expression)
    #expect(!(try CheckedDerivation(slope)).isRight)
  }

  /// NumPy 2.4.6: z = np.array([2, 1, 0.1]); s = np.exp(z)/np.exp(z).sum(); np.diag(s) - np.outer(s, s). The same
  /// to the last digit by Python's decimal with 40 digits.
  @Test func softmaxJacobianOfNumPy() throws {
    let numpy = [
      0.22471863783296514, -0.15976360379791496, -0.06495503403505018, -0.15976360379791496,
      0.18365922542000124, -0.023895621622086274, -0.06495503403505018, -0.023895621622086274,
      0.08885065565713646,
    ]
    let Z = Tensor(unchecked: [1, 3], [2, 1, 0.1])
    let environment = Bindings(["Z": Z, "S": Z.softmax(axis: 1)])
    let equations = [Equation("S", .call("softmax", "Z"))]
    let row = try #require(DerivationTable.row(named: "softmax"))
    for route in row.routes where route.name != "quotient" {
      let checked = try CheckedDerivation(try route.make(equations, environment))
      let values = try #require(checked.chains.last?.values.last)
      #expect(values.count == 9)
      // The free indices of the index route run over a (of S) and c (of Z) alike.
      for (value, expected) in zip(values, numpy) {
        #expect(abs(value - expected) < 1e-15, "\(route.name)")
      }
    }
  }

  /// Logits beyond 709, where exp overflows, are lowered by their maximum first.
  @Test func largeLogits() throws {
    var workspace = try workspace("net 2 3:softmax seed=1", "set W1 = [[900, -20, 3], [1, 800, 2]]")
    for command in ["derive softmax", "derive softmax_cross_entropy log"] {
      let report = try report(command, in: &workspace)
      #expect(text(report).contains("less the maximum"))
      #expect(text(report).contains("checked at"))
    }
  }

  /// Targets that do not sum to 1: the shortcut is not claimed.
  @Test func targetsThatAreNoDistribution() throws {
    var workspace = try workspace("set Y = [[0.5, 0, 0], [0, 0, 2], [0, 1, 1]]")
    for route in ["jacobian", "logsumexp", "index"] {
      let text = text(try report("derive softmax_cross_entropy \(route)", in: &workspace))
        .split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(text.contains("checked at"))
      #expect(text.contains("sum to 1 for every sample, and here they do not"))
      #expect(!text.contains("= (S[j] - Y[j]) / m"))
    }
  }

  @Test func nothingIsDrawnWiderThanTheWindow() throws {
    var workspace = try workspace("forward")
    for row in DerivationTable.rows {
      for route in row.routes {
        for line in text(try report("derive \(row.name) \(route.name)", in: &workspace)).split(
          separator: "\n")
        {
          #expect(line.count <= 80, "\(line)")
          #expect(!line.contains("…") || line.contains("-2") || line.hasSuffix("… 2"), "\(line)")
        }
      }
    }
  }
}
