import Formulas
import LinearAlgebra

/// Numbers of index formulas over an environment; what is no name is computed once.
package final class IndexValues {
  private let environment: any Environment
  private var tensors: [Expression: Tensor] = [:]

  package init(_ environment: any Environment) { self.environment = environment }

  package func tensor(_ expression: Expression) throws(Diagnostic) -> Tensor {
    if let known = tensors[expression] { return known }
    let value = try Evaluator(environment).value(of: expression)
    tensors[expression] = value
    return value
  }

  package func value(
    _ formula: IndexFormula, _ indices: IndexNumbers = [:], locals: [String: Double] = [:]
  ) throws(Diagnostic) -> Double {
    let evaluator = IndexEvaluator<Double>(entry: { (expression, index) throws(Diagnostic) in
      let tensor = try self.tensor(expression)
      return tensor.position(of: index).map { tensor.elements[$0] }
    })
    return try evaluator.value(formula, indices, locals: locals)
  }
}
