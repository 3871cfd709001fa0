import Commands
import Explanations
import Formulas
import LinearAlgebra
import Operations
import Sessions
import TestSupport
import Testing

@Suite struct FunctionDerivationTests {
  private func search(_ workspace: Workspace) throws -> SubjectSearch {
    let session = try workspace.session.completed(forward: false)
    let program = try session.readyProgram()
    return SubjectSearch(program.forward, SessionEnvironment(session), program.counting)
  }

  /// Every line of every route equals its neighbour, and the last one forward mode.
  @Test(arguments: networks) func everyRouteAgreesWithItsNumbers(_ network: String) throws {
    for seed in [11, 12] {
      let search = try search(randomized(network, seed: seed))
      for row in DerivationTable.rows {
        for route in row.routes {
          let checked = try CheckedDerivation(row.derivation(route, search))
          #expect(checked.isRight, "\(network): \(row.name) \(route)")
          #expect(checked.largestDifference < 1e-9, "\(network): \(row.name) \(route)")
          #expect(checked.referenceDifference ?? 0 < 1e-10, "\(network): \(row.name) \(route)")
          #expect(checked.chains.contains { $0.evaluated > 0 })
        }
      }
    }
  }

  /// Every route of every operation of the table: rows, columns, vectors and broadcasts, and a batch of one.
  @Test(arguments: OperationCase.all, [9, 1]) func everyRouteAtEveryShape(
    _ item: OperationCase, _ samples: Int
  ) throws {
    let expression = try Parser.parse(item.text).expression
    guard let call = OperationCall(expression) else { return }
    // One sample has no spread, and a root no slope at 0.
    if samples == 1, item.text.hasPrefix("std(A, axis=0") { return }
    // Shapes in which the samples have an extent that nothing else has.
    var shapes = ShapeEnvironment(shapes: item.values(3, samples: 13).mapValues(\.shape)) {
      Diagnostic("\($0)")
    }
    shapes.shapes["m"] = .scalar
    shapes.sampleCount = 13
    var known = Bindings(item.values(3, samples: samples))
    guard let value = try? Evaluator(known).value(of: expression) else {
      // One sample has no second row.
      #expect(samples == 1 && item.text.contains("["))
      return
    }
    known.values["R"] = value
    let search = SubjectSearch(
      [Equation("R", expression)], known, SampleCounting(shapes: shapes, extent: 13))
    for row in DerivationTable.rows where row.name == call.operation.name {
      for route in row.routes {
        let derivation = try row.derivation(route, search)
        let remarks = derivation.remarks.map { $0.text() }
        // A gradient of windows cannot be cut, and entry by entry some of these take too long.
        let isTooLong =
          row.name.hasSuffix("_gradient")
          && remarks.contains { $0.contains("too many to be evaluated entry by entry") }
        #expect(
          isTooLong || !remarks.contains { $0.contains("on an example") }, "\(row.name) \(route) \(remarks)")
        let checked = try CheckedDerivation(derivation)
        #expect(checked.isRight, "\(item): \(row.name) \(route)")
        #expect(checked.referenceDifference ?? 0 < 1e-10, "\(item): \(row.name) \(route)")
        for chain in derivation.chains {
          #expect(!chain.lines.isEmpty, "\(item): \(route)")
          #expect(chain.lines.allSatisfy { !$0.reason.isEmpty }, "\(item): \(route)")
        }
      }
    }
  }

  /// All that has a gradient can be derived, but for what is cut, and for several steps, which are derived one by one.
  @Test func everyOperationHasADerivation() {
    let without = Operation.all.filter { operation in
      operation.rule != nil && DerivationTable.row(named: operation.name) == nil
    }
    #expect(
      without.map(\.name) == [
        "detach", "layer_norm", "batch_norm", "dropout", "dropout_mask",
        "onehot", "eye", "zeros",
        "ones",
        "arange", "randn", "rand",
      ])
    for loss in Operation.losses { #expect(DerivationTable.row(named: loss.name) != nil) }
  }

  /// A reason cannot stand on a line that it does not explain: a step that is left out or comes too early fails, or
  /// what it leaves is a derivation of the same, shorter or in another order, of which every line is right.
  @Test func stepsThatAreLeftOutOrSwapped() throws {
    let search = SubjectSearch([], Bindings([:]), nil)
    var (failed, all) = (0, 0)
    for row in DerivationTable.rows where row.name != "layer" {
      for script in row.derivations {
        let right = try row.derivation(script.name, search)
        for (i, chain) in script.chains.enumerated() {
          var variants: [[[Route.Step]]] = []
          for (j, line) in chain.lines.enumerated() {
            for k in line.indices {
              var lines = chain.lines
              lines[j].remove(at: k)
              variants.append(lines.filter { !$0.isEmpty })
            }
            guard j + 1 < chain.lines.count else { continue }
            var lines = chain.lines
            lines.swapAt(j, j + 1)
            variants.append(lines)
          }
          for lines in variants {
            all += 1
            var chains = script.chains
            chains[i] = .init(chain.left, if: chain.conditions, oneHot: chain.isForOneHot, lines)
            var changed = row
            changed.derivations = [
              Route(
                script.name, script.title, source: script.source, parts: script.parts,
                hidesRest: script.hidesRest, conclusion: script.conclusion, chains: chains)
            ]
            guard let other = try? changed.derivation(script.name, search) else {
              failed += 1
              continue
            }
            #expect(try CheckedDerivation(other).isRight, "\(row.name) \(script.name) \(lines)")
            for chain in other.chains {
              #expect(chain.lines.allSatisfy { !$0.reason.isEmpty }, "\(row.name) \(script.name) \(lines)")
            }
            // Where it ends is what the operation states.
            if let end = right.chains.last?.lines.last, chain.conditions.isEmpty, chain.left.hasPrefix("∂L") {
              #expect(other.chains.last?.lines.last?.formula == end.formula, "\(row.name) \(script.name)")
            }
          }
        }
      }
    }
    #expect(failed * 20 > all * 16, "\(failed) of \(all)")
  }

  @Test(arguments: [
    "net 1x6x6 conv(2,3x3):relu flatten 3:softmax seed=2",
    "net 2x7x7 conv(3,3x3,pad=1,stride=2):tanh flatten 2:softmax seed=3",
    "net 1x5x5 conv(2,2x2,pad=1):relu flatten 3:softmax seed=4",
    "net 1x6x6 conv(2,3x3):relu maxpool(2) flatten 3:softmax seed=5",
  ])
  func convolutionsOfASession(_ network: String) throws {
    let search = try search(workspace(network))
    for name in ["conv2d", "flatten"] + (network.contains("maxpool") ? ["maxpool"] : []) {
      let row = try #require(DerivationTable.row(named: name))
      let derivation = try row.derivation(row.routes[0], search)
      #expect(!derivation.remarks.contains { $0.text().contains("on an example") })
      let checked = try CheckedDerivation(derivation)
      #expect(checked.isRight)
      #expect((checked.referenceDifference ?? .nan) < 1e-10)
    }
  }

  /// A planted mistake in any line of any route is found: the line doubled and shifted.
  @Test func aWrongLineIsCaught() throws {
    let search = try search(workspace("net 2 3:tanh 3:softmax seed=2"))
    for row in DerivationTable.rows {
      for route in row.routes {
        let right = try row.derivation(route, search)
        for (i, chain) in right.chains.enumerated() {
          for (j, line) in chain.lines.enumerated() {
            var wrong = right
            wrong.chains[i].lines[j].formula = line.formula * 2 + 1
            let isSame = try CheckedDerivation(wrong, budget: 300).isRight
            #expect(!isSame, "\(row.name) \(route) line \(j)")
          }
        }
      }
    }
  }

  /// The slips of the sources are mistakes that the check finds.
  @Test func slipsOfTheSourcesAreCaught() throws {
    let search = try search(workspace("forward"))
    func read(_ text: String) throws -> IndexFormula {
      try IndexFormulaParser.formula(text, values: ["S", "Y", "m", "u"])
    }
    // Simple Neural Network, case j = m: an extra - exp(z)/Σ behind the product.
    let softmax = try #require(DerivationTable.row(named: "softmax"))
    var derivation = try softmax.derivation("quotient", search)
    derivation.chains[0].lines[4].formula = try read("S[i,k]·(1 - S[i,k]) - S[i,k]")
    #expect(!(try CheckedDerivation(derivation)).isRight)
    // Simple Neural Network, fused: -y - y.
    let fused = try #require(DerivationTable.row(named: "softmax_cross_entropy"))
    var whole = try fused.derivation("jacobian", search)
    let last = whole.chains[0].lines.count - 1
    whole.chains[0].lines[last].formula = try read("(-Y[i,j] - Y[i,j]) / m")
    #expect(!(try CheckedDerivation(whole)).isRight)
    // Datta, tanh: the second product read as (u - v)(u + v).
    let tanh = try #require(DerivationTable.row(named: "tanh"))
    var slope = try tanh.derivation("definition", search)
    slope.chains[0].lines[1].formula = try read(
      "((exp(u[i,j]) + exp(-u[i,j]))² - (exp(u[i,j]) - exp(-u[i,j]))·(exp(u[i,j]) + exp(-u[i,j]))) / (exp(u[i,j]) + exp(-u[i,j]))²"
    )
    #expect(!(try CheckedDerivation(slope)).isRight)
  }

  /// NumPy 2.4.6: z = np.array([2, 1, 0.1]); s = np.exp(z)/np.exp(z).sum(); np.diag(s) - np.outer(s, s). The same
  /// to the last digit by Python's decimal with 40 digits.
  @Test(arguments: [[1, 3], [3]]) func softmaxJacobianOfNumPy(_ shape: [Int]) throws {
    let numpy = [
      0.22471863783296514, -0.15976360379791496, -0.06495503403505018, -0.15976360379791496,
      0.18365922542000124, -0.023895621622086274, -0.06495503403505018, -0.023895621622086274,
      0.08885065565713646,
    ]
    let Z = Tensor(unchecked: Shape(shape), [2, 1, 0.1])
    let environment = Bindings(["Z": Z, "S": Z.softmax(axis: -1)])
    let search = SubjectSearch([Equation("S", .call("softmax", "Z"))], environment, nil)
    let row = try #require(DerivationTable.row(named: "softmax"))
    for route in ["quotient", "logarithmic", "kronecker", "index"] {
      let chain = try #require(try CheckedDerivation(row.derivation(route, search)).chains.last)
      let values = try #require(chain.values.last)
      #expect(values.count == 9)
      // The free indices run over those of S and then those of Z.
      for (value, expected) in zip(values, numpy) {
        #expect(abs(value - expected) < 1e-15, "\(route)")
      }
    }
  }

  /// Letters and names of parts give way to names in use.
  @Test func namesInUseAreNoLetters() throws {
    var workspace = try workspace(
      "model T = k @ c + j; n = softmax(T); L = cross_entropy(i, n)",
      "set k = [[1, 2], [0.5, -1], [3, 1]]", "param c = [[0.3, -0.2, 0.1], [0.7, 0.1, 0.4]]",
      "param j = [[0.1, -0.1, 0.2]]", "set i = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]")
    for name in ["softmax", "cross_entropy", "softmax_cross_entropy", "matmul", "add"] {
      for route in try #require(DerivationTable.row(named: name)).routes {
        let text = text(try report("derive \(name) \(route)", in: &workspace))
        #expect(text.contains("checked at"), "\(text)")
        #expect(!text.contains("on an example"))
      }
    }
  }

  /// What is added to every sample is summed over them.
  @Test func aBiasSumsTheRows() throws {
    var workspace = try workspace("forward")
    let text = text(try report("derive add", in: &workspace))
    #expect(text.contains("= (sum(dZ1, axis=0))[0,p]") || text.contains("= sum(dZ1, axis=0)[0,p]"), "\(text)")
    #expect(text.contains("the deltas leave") || text.contains("δ leaves"))
    #expect(!text.contains("do not agree"))
  }

  /// The recursion from the gradient of one layer's pre-activations to those of the layer below, in both layouts.
  @Test(arguments: ["net 2 4:relu 3:softmax", "net 3 4:tanh 3:softmax layout=columns"])
  func fromDeltaToDelta(_ network: String) throws {
    var workspace = try workspace(network)
    let session = try workspace.session.completed(forward: false)
    let equation = try #require(try session.readyProgram().backward.first { $0.name == "dA1" }).expression
    let text = text(try report("derive layer", in: &workspace))
    #expect(text.contains("(\(equation) * "), "\(text)")
    #expect(text.contains("checked at "))
  }

  /// Logits beyond 709, where exp overflows, are divided first.
  @Test func largeLogits() throws {
    var workspace = try workspace("net 2 3:softmax seed=1", "set W1 = [[900, -20, 3], [1, 800, 2]]")
    for command in ["derive softmax", "derive softmax_cross_entropy log"] {
      let report = try report(command, in: &workspace)
      #expect(text(report).contains("evaluated on Z1 / 256"))
      #expect(text(report).contains("checked at"))
    }
  }

  /// Targets that do not sum to 1: the shortcut is not claimed.
  @Test func targetsThatAreNoDistribution() throws {
    var workspace = try workspace("set Y = [[0.5, 0, 0], [0, 0, 2], [0, 1, 1], [1, 0, 0]]")
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
        for line in text(try report("derive \(row.name) \(route)", in: &workspace)).split(
          separator: "\n")
        {
          #expect(line.count <= 80, "\(line)")
          #expect(!line.contains("…") || line.contains("-2") || line.hasSuffix("… 2"), "\(line)")
        }
      }
    }
  }
}
