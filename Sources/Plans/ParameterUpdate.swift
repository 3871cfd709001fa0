import Formulas
import LinearAlgebra

/// The update of one parameter, as the plan compiles it.
package struct ParameterUpdate: Sendable {
  package let parameter: String
  package let gradientName: String
  package let equations: [Equation]
  /// Values that live from step to step.
  package let memory: [(name: String, shape: Shape)]

  package init(
    parameter: String, gradientName: String, equations: [Equation], memory: [(name: String, shape: Shape)]
  ) {
    self.parameter = parameter
    self.gradientName = gradientName
    self.equations = equations
    self.memory = memory
  }
}
