import Formulas
import LinearAlgebra
import Operations
import Platform
import Testing

@testable import Differentiation

/// Perturbed batches below each other, in several chunks of which the last is shorter, against loops over the same network.
@Suite struct StackedPerturbationTests {
  private static let (m, inputs, hidden, outputs) = (40, 12, 31, 20)

  /// Every value of a pass.
  private static func pass(_ text: [String], _ leaves: [String: Tensor]) throws -> ([Equation], Bindings) {
    var values = Bindings(leaves)
    let equations = try text.map { line in
      let parts = line.split(separator: "=", maxSplits: 1).map { String($0) }
      return Equation(parts[0].trimmingBlanks, try Parser.parse(parts[1]).expression)
    }
    for equation in equations {
      values.values[equation.name] = try Evaluator(values).value(of: equation.expression)
    }
    return (equations, values)
  }

  private static var leaves: [String: Tensor] {
    var random = RandomGenerator(seed: 11)
    return [
      "X": random.normal(shape: [m, inputs]), "W1": random.normal(shape: [inputs, hidden]),
      "b1": random.normal(shape: [1, hidden]), "W2": random.normal(shape: [hidden, outputs]),
      "b2": random.normal(shape: [1, outputs]), "Y": random.uniform(shape: [m, outputs], 0, 1),
    ]
  }

  /// The loss by loops: mean or sum of (P - Y)² with P = sigmoid(tanh(X W1 + b1) W2 + b2), or the cross-entropy of softmax.
  private static func loss(_ v: [String: [Double]], _ kind: String) -> Double {
    guard let X = v["X"], let W1 = v["W1"], let b1 = v["b1"], let W2 = v["W2"], let b2 = v["b2"],
      let Y = v["Y"]
    else { return .nan }
    var total = 0.0
    for i in 0..<m {
      let A = (0..<hidden).map { j in
        tanh((0..<inputs).reduce(b1[j]) { $0 + X[i * inputs + $1] * W1[$1 * hidden + j] })
      }
      let Z = (0..<outputs).map { k in (0..<hidden).reduce(b2[k]) { $0 + A[$1] * W2[$1 * outputs + k] } }
      let sum = Z.reduce(0) { $0 + exp($1) }
      for k in 0..<outputs {
        let y = Y[i * outputs + k]
        let p = 1 / (1 + exp(-Z[k]))
        total += kind == "cross_entropy" ? -y * log(exp(Z[k]) / sum) : (p - y) * (p - y)
      }
    }
    return kind == "mse" ? total / Double(m * outputs) : kind == "cross_entropy" ? total / Double(m) : total
  }

  @Test(
    arguments: [
      ("mse", "sigmoid(Z2)", "mse(Y, S)"), ("sse", "sigmoid(Z2)", "sum((S - Y)**2)"),
      ("cross_entropy", "softmax(Z2)", "cross_entropy(Y, S, axis=1)"),
    ], ["W1", "b1", "W2", "b2"])
  func agreesWithLoops(_ item: (kind: String, output: String, loss: String), _ name: String) throws {
    let (equations, values) = try Self.pass(
      ["Z1 = X @ W1 + b1", "A1 = tanh(Z1)", "Z2 = A1 @ W2 + b2", "S = \(item.output)", "L = \(item.loss)"],
      Self.leaves)
    let check = GradientCheck(forward: equations, loss: "L", environment: values)
    let path = check.affected(by: name)
    let stack = try #require(
      StackedPerturbations(name: name, path: path, loss: "L", environment: values, kinks: []),
      "\(name) is checked in one tall pass")
    let count = try #require(Self.leaves[name]).count
    let positions = Array(stride(from: 0, to: count, by: count > 100 ? 3 : 1))
    let found = try stack.differences(at: positions) { _ in 1e-5 }
    var plain = Self.leaves.mapValues { $0.elements }
    for (position, difference) in zip(positions, found) {
      let x = plain[name]?[position] ?? .nan
      plain[name]?[position] = x + 1e-5
      let up = Self.loss(plain, item.kind)
      plain[name]?[position] = x - 1e-5
      let down = Self.loss(plain, item.kind)
      plain[name]?[position] = x
      let expected = (up - down) / 2e-5
      #expect(abs(difference.numeric - expected) < 1e-8 * max(1, abs(up)), "\(name)[\(position)]")
      #expect(abs(difference.high - up) < 1e-12 * max(1, abs(up)))
    }
  }

  /// Where W1 has a column of zeros the entry of Z1 that stands in it is at 0 for the first sample: that entry is named,
  /// with a product behind it and with none.
  @Test(arguments: [["Z2 = A1 @ W2", "L = sum(Z2**2)"], ["L = sum(A1**2)"]])
  func theKinkOfEachPositionIsNamed(_ rest: [String]) throws {
    var leaves = Self.leaves
    for i in 0..<Self.inputs { leaves["W1"]?.replaceElement(at: i * Self.hidden + 17, with: 0) }
    let (equations, values) = try Self.pass(["Z1 = X @ W1", "A1 = relu(Z1)"] + rest, leaves)
    let path = GradientCheck(forward: equations, loss: "L", environment: values).affected(by: "W1")
    let kinks = path.flatMap { KinkSource.sources(in: $0.evaluated) }
    let stack = try #require(
      StackedPerturbations(name: "W1", path: path, loss: "L", environment: values, kinks: kinks))
    let found = try stack.differences(at: Array(0..<Self.inputs * Self.hidden)) { _ in 1e-9 }
    for (position, difference) in found.enumerated() {
      let isThere = position % Self.hidden == 17
      #expect(difference.kink?.description == (isThere ? "Z1[0,17]" : nil), "\(position)")
    }
  }

  /// What the parameter does not move crosses nothing, however its entries lie in the stack.
  @Test func whatStandsStillHasNoKinks() throws {
    var leaves = Self.leaves
    var random = RandomGenerator(seed: 2)
    leaves["Q"] = random.normal(shape: [Self.hidden, Self.hidden])
    let (equations, values) = try Self.pass(["Z1 = X @ W1", "A1 = Z1 @ relu(Q)", "L = sum(A1**2)"], leaves)
    let result = try GradientCheck(forward: equations, loss: "L", environment: values).check(
      "W1", gradient: Tensor(repeating: 0, shape: [Self.inputs, Self.hidden]), method: .central(step: nil))
    #expect(result.kinks.isEmpty)
    #expect(result.entries.count == Self.inputs * Self.hidden)
  }

  /// One changed column stays one column up to the next product: all others are not computed again.
  @Test func aNarrowHeadIsFound() throws {
    let (equations, values) = try Self.pass(
      ["Z1 = X @ W1", "A1 = tanh(Z1)", "Z2 = A1 @ W2 + b2", "L = sum(Z2**2)"], Self.leaves)
    let head = NarrowHead(
      first: equations[0], rest: Array(equations[1...2]), loss: equations[3], kinks: [], values)
    #expect(head?.chain.map(\.name) == ["A1"])
    #expect(head?.product.name == "Z2")
  }
}

extension String {
  fileprivate var trimmingBlanks: String { filter { $0 != " " } }
}
