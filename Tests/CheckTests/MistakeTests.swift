import Commands
import Explanations
import LinearAlgebra
import Testing

struct Network: CustomTestStringConvertible, Sendable {
  let words: String
  let activations: [String]
  let isSoftmax: Bool
  var isColumns = false
  var isFused = true
  var samples = 4

  var testDescription: String { words + (isColumns ? " columns" : "") + (isFused ? "" : " unfused") }

  func conversation() -> Conversation {
    var c = Conversation("net \(words)\(isColumns ? " layout=columns" : "")")
    let inputs = c.workspace.session.leaves["X"].map { isColumns ? $0.shape.rows : $0.shape.columns } ?? 1
    let outputs = c.workspace.session.leaves["Y"].map { isColumns ? $0.shape.rows : $0.shape.columns } ?? 1
    let labels = (0..<samples).map { "\(($0 * 2 + 1) % max(2, outputs))" }.joined(separator: ", ")
    let turn = isColumns ? ".T" : ""
    c.run("set X = randn(\(samples), \(inputs), seed=5)\(turn)")
    if isSoftmax {
      c.run("set Y = onehot([\(labels)], \(outputs))\(turn)")
    } else {
      c.run("set Y = (randn(\(samples), \(outputs), seed=8) > 0)\(turn)")
    }
    for l in 1...(activations.count + 1) {
      let shape = c.workspace.session.leaves["W\(l)"]?.shape ?? .scalar
      c.run("set W\(l) = 0.7 * randn(\(shape.rows), \(shape.columns), seed=\(l + 20))")
    }
    if !isFused { c.run("fused off") }
    return c
  }

  static let all = [
    Network(words: "2 4:relu 3:softmax", activations: ["relu"], isSoftmax: true),
    Network(words: "3 5:tanh 4:softmax", activations: ["tanh"], isSoftmax: true, isColumns: true, samples: 3),
    Network(words: "3 4:sigmoid 3:softmax", activations: ["sigmoid"], isSoftmax: true, isFused: false),
    Network(
      words: "3 4:relu 4:relu 2:softmax", activations: ["relu", "relu"], isSoftmax: true, isColumns: true,
      samples: 5),
    Network(words: "2 4:tanh 4:sigmoid 1:sigmoid", activations: ["tanh", "sigmoid"], isSoftmax: false),
    Network(
      words: "2 3:sigmoid 3:tanh 3:relu 3:softmax", activations: ["sigmoid", "tanh", "relu"], isSoftmax: true,
      isFused: false, samples: 3),
    Network(
      words: "3 3:tanh 3:tanh 1:sigmoid", activations: ["tanh", "tanh"], isSoftmax: false, isColumns: true,
      isFused: false, samples: 3),
  ]
}

@Suite struct MistakeTests {
  /// Where each mistake is looked for: names of the gradients and the hidden layers at which it can be made.
  static func targets(_ id: String, _ network: Network) -> [(name: String, layer: Int)] {
    let hidden = network.activations.count
    let layers = Array(0..<hidden)
    switch id {
    case "missing-mean", "sum-for-mean", "double-mean", "wrong-sign":
      return ["dZ\(hidden + 1)", "dW\(hidden + 1)", "dW1", "db1"].map { ($0, 0) }
    case "softmax-wrong-axis", "diagonal-jacobian", "sigmoid-derivative-on-softmax":
      return network.isSoftmax ? ["dZ\(hidden + 1)", "dW1", "db1"].map { ($0, 0) } : []
    case "transposed": return [("dW1", -1), ("dW\(hidden + 1)", -1)]
    case "bias-not-summed", "bias-averaged": return [("db1", 0), ("db\(hidden + 1)", 0)]
    case "updated-weights": return [("dA\(hidden)", 0), ("dW1", 0), ("db1", 0)]
    case "missing-activation-derivative": return layers.flatMap { [("dZ\($0 + 1)", $0), ("dW1", $0)] }
    case "activation-derivative-at-wrong-argument":
      return layers.filter { network.activations[$0] != "relu" }.flatMap {
        [("dZ\($0 + 1)", $0), ("dW1", $0)]
      }
    case "wrong-layer-mask": return hidden > 1 ? layers.map { ("dZ\($0 + 1)", $0) } + [("dW1", 0)] : []
    case "hadamard-for-product", "swapped-factors":
      // Only square matrices let these through.
      return network.words == "2 3:sigmoid 3:tanh 3:relu 3:softmax" ? layers.map { ("dA\($0 + 1)", $0) } : []
    default: return []
    }
  }

  @Test("every mistake is named", arguments: Network.all) func everyMistakeIsNamed(_ network: Network) {
    var c = network.conversation()
    let plain = c.plain(network.activations, isSoftmax: network.isSoftmax, isColumns: network.isColumns)
    let right = plain.gradients()
    for id in Mistake.all.map(\.id) {
      for (name, layer) in Self.targets(id, network) {
        guard var wrong = plain.gradients(mistake: id, layer: layer)[name], var correct = right[name] else {
          Issue.record("no \(name)")
          continue
        }
        if network.isColumns {
          wrong = PlainNetwork.transpose(wrong)
          correct = PlainNetwork.transpose(correct)
        }
        // A mistake that changes nothing here (a relu that is never off) is none.
        let isSame =
          wrong.count == correct.count
          && zip(wrong.joined(), correct.joined()).allSatisfy { abs($0 - $1) < 1e-12 }
        if isSame && wrong.first?.count == correct.first?.count { continue }
        let report = c.run("check \(name) = \(typed(wrong))")
        #expect(
          report?.diagnosis?.contains(id) == true, "\(id) in \(name), got \(report?.diagnosis ?? ["failed"])")
        #expect(scalar("correct", report) == 0)
      }
    }
  }

  @Test("the right gradients are right", arguments: Network.all) func rightIsRight(_ network: Network) {
    var c = network.conversation()
    let plain = c.plain(network.activations, isSoftmax: network.isSoftmax, isColumns: network.isColumns)
    for (name, value) in plain.gradients() {
      let report = c.run(
        "check \(name) = \(typed(network.isColumns ? PlainNetwork.transpose(value) : value))")
      #expect(scalar("correct", report) == 1, "\(name)")
      #expect(report?.diagnosis == [])
    }
  }

  @Test("random wrong answers are not named", arguments: Network.all) func randomIsUnknown(_ network: Network)
  {
    var c = network.conversation()
    var generator = RandomGenerator(seed: 99)
    for name in ["dW1", "db1"] {
      let shape = c.workspace.session.leaves[String(name.dropFirst())]?.shape ?? .scalar
      let wrong = generator.normal(shape: shape)
      let report = c.run("check \(name) = \(typed(wrong.rows))")
      #expect(report?.diagnosis == [])
      #expect(scalar("correct", report) == 0)
    }
  }

  @Test("two mistakes at once are both named")
  func two() {
    let network = Network.all[3]
    var c = network.conversation()
    let plain = c.plain(network.activations, isSoftmax: true, isColumns: true)
    let wrong = plain.gradients(mistake: "missing-activation-derivative", layer: 0)["dW1"] ?? []
    let m = Double(network.samples)
    let both = PlainNetwork.transpose(PlainNetwork.map(wrong) { -$0 })
    // For relu the derivative at A, with f'(0) = 1, is 1 everywhere: as if it were missing.
    #expect(
      c.diagnosis("check dW1 = \(typed(both))") == [
        "wrong-sign", "missing-activation-derivative", "activation-derivative-at-wrong-argument",
      ])
    let scaled = PlainNetwork.transpose(PlainNetwork.map(wrong) { $0 * m })
    let ids = c.diagnosis("check dW1 = \(typed(scaled))") ?? []
    #expect(ids.contains("missing-mean") && ids.contains("missing-activation-derivative"))
    let averaged = plain.gradients(mistake: "sigmoid-derivative-on-softmax")["dW1"] ?? []
    let turned = PlainNetwork.map(averaged) { -$0 }
    // In columns the gradient is the transpose of the rows': left as it is, it is transposed as well.
    #expect(
      c.diagnosis("check dW1 = \(typed(turned))")?.contains("transposed") != true
        || c.diagnosis("check dW1 = \(typed(turned))")?.count == 3)
  }
}
