import Formulas

/// A call of an operation whose backward pass may step through its Jacobian.
package struct JacobianStep: Sendable {
  package let expression: Expression
  package let operation: Operation
  package let traits: JacobianTraits
  package let argument: Expression
  package let options: CallOptions

  /// Nil for every other formula, and for a softmax over several axes, which keeps no samples apart.
  package init?(_ expression: Expression) {
    guard case .call(let f, let arguments, let options) = expression, let argument = arguments.first,
      let operation = Operation.of(f), let traits = operation.jacobian, options.axes?.count ?? 1 == 1
    else { return nil }
    self.expression = expression
    self.operation = operation
    self.traits = traits
    self.argument = argument
    self.options = options
  }

  /// The Jacobian of every sample: `softmax'(Z)`.
  package var jacobian: Expression { .derivative(Function(operation.name), argument, options) }

  /// What the Jacobian goes by: J, or J_S for that of S where something else is called J.
  package func name(of value: String?, isTaken: (String) -> Bool) -> String {
    isTaken(traits.name) ? traits.name + "_" + (value ?? operation.resultName) : traits.name
  }

  /// The Jacobian's diagonal, from the value of the step: `S * (1 - S)`.
  package func diagonal(_ value: Expression) -> Expression? {
    Operation.of(traits.diagonal)?.slope(at: argument, value: value)
  }
}

extension Operation {
  /// Reads the Jacobian of another operation, sample by sample.
  package var isContraction: Bool { streaming != nil }
}

extension Expression {
  package var isContraction: Bool {
    if case .call(let f, _, _) = self { Operation.of(f)?.isContraction == true } else { false }
  }
}
