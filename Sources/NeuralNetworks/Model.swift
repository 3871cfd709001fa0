import Formulas
import LinearAlgebra
import Operations

/// A network as what it is: an ordered list of equations, the last one the loss, and the names that are trained.
package struct Model: Sendable, Hashable {
  package enum Layout: String, Sendable, CaseIterable {
    /// A sample is a row: Z = X @ W + b.
    case rows
    /// A sample is a column: Z = W @ X + b.
    case columns
  }

  package var equations: [Equation]
  package var parameters: [String]
  package var layout: Layout = .rows
  /// Other names for values: A0 for X, Yhat for the output.
  package var aliases: [String: String] = [:]
  /// The words behind `net` that wrote the equations, nil when they were typed.
  package var specification: String?

  package init(equations: [Equation], parameters: [String]) {
    self.equations = equations
    self.parameters = parameters
  }

  package var lossName: String { equations.last?.name ?? "L" }

  /// Names that the equations use and do not define: inputs, targets, parameters.
  package var leaves: [String] {
    var defined: Set<String> = []
    var seen: Set<String> = []
    var result: [String] = []
    for equation in equations {
      for name in equation.expression.names where !defined.contains(name) && name != "m" {
        if seen.insert(name).inserted { result.append(name) }
      }
      defined.insert(equation.name)
    }
    return result
  }

  /// The name that a name stands for; gradients follow their value (dA2 is dS).
  package func resolve(_ name: String) -> String {
    if let target = aliases[name] { return target }
    if let value = name.gradientOf, let target = aliases[value] { return target.gradientName }
    return name
  }

  /// The network's output: the value that the loss compares with the target, or nil.
  package var outputName: String? {
    if case .name(let name)? = lossCall?.operands.last { name } else { nil }
  }

  /// The target that the loss compares with, or nil.
  package var targetName: String? {
    if case .name(let name)? = lossCall?.operands.first { name } else { nil }
  }

  /// The loss function that the last equation applies, with what it compares.
  package var lossCall: OperationCall? {
    equations.last.flatMap { $0.expression.lossCall }
  }
}

extension Expression {
  /// The first loss function in it.
  package var lossCall: OperationCall? {
    if case .call(let f, _, _) = self, Operation.loss(f) != nil { return OperationCall(self) }
    return children.lazy.compactMap(\.lossCall).first
  }
}
