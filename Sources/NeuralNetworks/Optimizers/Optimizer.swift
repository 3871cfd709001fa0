import Formulas
import LinearAlgebra

/// How a gradient becomes a step, as equations: what is shown is what the plan compiles. One file and one line in
/// `all` each.
package struct Optimizer: Sendable {
  package let name: String
  package let summary: String
  /// A learning rate that suits it when none is given.
  package let usualRate: Double
  /// Names of what it remembers for every parameter, shaped like it and 0 at first.
  package let memory: [String]
  /// Equations of the parameter `W`, its gradient `dW`, the learning rate `lr`, the number of the step `t` (from 1),
  /// the momentum `mu`, and the memory. Those that give a new value to `W` or to a memory replace the old one.
  package let equations: [Equation]

  package static let all: [Optimizer] = [.sgd, .momentum, .adam]

  package static func named(_ name: String) -> Optimizer? { all.first { $0.name == name } }

  /// Names of values that are numbers, shared by all parameters.
  static let rate = "%lr"
  static let step = "%t"
  static let momentumFactor = "%mu"

  /// The equations of one parameter.
  package func update(_ parameter: String, shape: Shape) -> ParameterUpdate {
    var names: [String: Expression] = [
      "W": .name(parameter), "dW": .name(parameter.gradientName), "lr": .name(Self.rate),
      "t": .name(Self.step),
      "mu": .name(Self.momentumFactor),
    ]
    for memory in memory { names[memory] = .name("%\(memory)(\(parameter))") }
    let renamed = equations.map { equation in
      var name = equation.name
      if case .name(let other) = names[equation.name] { name = other }
      return Equation(name, equation.expression.substituting(names))
    }
    var shapes: [(String, Shape)] = [
      (Self.rate, .scalar), (Self.step, .scalar), (Self.momentumFactor, .scalar),
    ]
    for memory in memory { shapes.append(("%\(memory)(\(parameter))", shape)) }
    return ParameterUpdate(
      parameter: parameter, gradientName: parameter.gradientName, equations: renamed, memory: shapes)
  }
}

/// The update of one parameter, as the plan compiles it.
package struct ParameterUpdate: Sendable {
  package let parameter: String
  package let gradientName: String
  package let equations: [Equation]
  /// Values that live from step to step.
  package let memory: [(name: String, shape: Shape)]
}
