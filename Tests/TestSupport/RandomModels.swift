import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

/// Random networks as a student could type them: depth, widths, activations, skip connections, shared weights,
/// samples in rows or columns, several losses.
package struct RandomModel {
  package let model: Model
  /// Samples are columns of X.
  package let isColumns: Bool
  package let leaves: [String: Tensor]

  package var text: String { model.equations.map(\.text).joined(separator: "; ") }

  package init(seed: UInt64) {
    var random = RandomGenerator(seed: seed)
    func pick<T>(_ items: [T]) -> T { items[random.integer(below: items.count)] }
    let isColumns = random.uniform() < 0.4
    let m = 1 + random.integer(below: 4)
    var width = 1 + random.integer(below: 4)
    func shape(_ samples: Int, _ features: Int) -> Shape {
      isColumns ? [features, samples] : [samples, features]
    }
    var leaves: [String: Tensor] = ["X": random.normal(shape: shape(m, width))]
    var lines: [String] = []
    var trained: [String] = []
    var current = "X"
    var widths = ["X": width]
    var square: (name: String, width: Int)?
    for layer in 1...(1 + random.integer(below: 3)) {
      let next = random.uniform() < 0.4 ? width : 1 + random.integer(below: 4)
      let Z = "Z\(layer)"
      let A = "A\(layer)"
      var W = "W\(layer)"
      if let shared = square, shared.width == width, next == width {
        W = shared.name  // the same weights again
      } else {
        leaves[W] = random.normal(shape: isColumns ? [next, width] : [width, next])
        trained.append(W)
        if next == width { square = (W, width) }
      }
      var line = isColumns ? "\(W) @ \(current)" : "\(current) @ \(W)"
      if random.uniform() < 0.7 {
        leaves["b\(layer)"] = random.normal(shape: isColumns ? [next, 1] : [1, next])
        trained.append("b\(layer)")
        line += " + b\(layer)"
      }
      lines.append("\(Z) = \(line)")
      var activation = "\(pick(["relu", "tanh", "sigmoid", "softplus", "leaky_relu"]))(\(Z))"
      // A skip connection from any earlier value of the same width.
      if let earlier = widths.filter({ $0.value == next && $0.key != "X" }).keys.sorted().first,
        random.uniform() < 0.6
      {
        activation += " + \(earlier)"
      }
      lines.append("\(A) = \(activation)")
      widths[A] = next
      (current, width) = (A, next)
    }
    let target = shape(m, width)
    switch random.integer(below: 5) {
    case 0 where width > 1:
      lines.append("S = softmax(\(current)\(isColumns ? ", axis=0" : ""))")
      leaves["Y"] = random.uniform(shape: target, 0.1, 1).softmax(axis: isColumns ? 0 : -1)
      lines.append("L = cross_entropy(Y, S\(isColumns ? ", axis=0" : ""))")
    case 1:
      lines.append("P = sigmoid(\(current))")
      leaves["Y"] = random.uniform(shape: target, 0, 1)
      lines.append("L = binary_cross_entropy(Y, P)")
    case 2:
      leaves["Y"] = random.normal(shape: target)
      lines.append("L = half_mse(Y, \(current)) + 0.01 * sum(\(trained[0])**2)")
    case 3:
      leaves["G"] = random.normal(shape: target)
      lines.append("L = sum(G * \(current))")
    default:
      leaves["Y"] = random.normal(shape: target)
      lines.append("L = mean((\(current) - Y)**2)")
    }
    let equations = lines.compactMap { line -> Equation? in
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let parsed = try? Parser.parse(String(parts[1])) else { return nil }
      return Equation(parts[0].filter { !$0.isWhitespace }, parsed.expression)
    }
    model = Model(equations: equations, parameters: trained)
    self.leaves = leaves
    self.isColumns = isColumns
  }
}

/// Runs a program's steps on values.
package func run(_ program: Program, _ leaves: [String: Tensor]) throws -> Bindings {
  var bindings = Bindings(leaves)
  if let m = program.sampleCount { bindings.values["m"] = Tensor(Double(m)) }
  for step in program.steps { bindings.values[step.name] = try Evaluator(bindings).value(of: step.evaluated) }
  return bindings
}

package func program(_ random: RandomModel, isFused: Bool = true) throws -> Program {
  try Program(random.model, leaves: random.leaves.mapValues(\.shape), isFused: isFused) {
    Diagnostic("no value for \($0)")
  }
}
