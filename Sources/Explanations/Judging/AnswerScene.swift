import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

/// The values among which an answer is judged: a pass that was run as far as it counts, and the same at other numbers.
package protocol AnswerScene: Environment, Sendable {
  var model: Model { get }
  /// Inputs, targets and parameters.
  var leaves: [String: Tensor] { get }
  /// Names whose values do not follow from the leaves: the student's own.
  var ownNames: Set<String> { get }
  var learningRate: Double { get }
  /// Whether softmax and cross-entropy step as one, and whether the targets let them.
  var isFused: Bool { get }
  var mayFuse: Bool { get }
  /// The equation of a step, or of a value that follows from steps: J, dS.
  func equation(of name: String) -> Equation?
  /// The same pass from other leaves.
  func with(leaves: [String: Tensor]) throws(Diagnostic) -> any AnswerScene
}

extension AnswerScene {
  /// Which leaves are targets, and where the samples lie.
  var roles: Roles { Roles(model, shapes: leaves.mapValues(\.shape)) }

  /// The value of `m`.
  var sampleCount: Int? { value(of: .sampleCount)?.scalarValue.flatMap { Int(exactly: $0) } }

  /// Shapes first, then the value.
  func evaluated(_ expression: Expression) throws(Diagnostic) -> Tensor {
    _ = try ShapeInference(self).shape(of: expression)
    return try Evaluator(self).value(of: expression)
  }
}
