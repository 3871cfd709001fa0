import DataSets
import Formulas
import LinearAlgebra
import Operations
import Sessions

/// What the network makes of inputs of any number: the forward equations up to the output.
struct OutputFunction {
  let session: Session
  let output: String
  private let equations: [Equation]
  private let isColumns: Bool

  /// Nil for a model without an output that a loss compares with a target.
  init?(_ session: Session) {
    guard let output = session.model.outputName, session.model.leaves.contains("X"),
      let end = session.model.equations.firstIndex(where: { $0.name == output })
    else { return nil }
    self.session = session
    self.output = output
    equations = Array(session.model.equations[...end])
    isColumns = session.model.layout == .columns
  }

  var inputCount: Int? {
    guard let X = session.leaves["X"], X.rank == 2 else { return nil }
    return isColumns ? X.shape.rows : X.shape.columns
  }

  /// Rows of inputs → rows of outputs, whatever the layout. A model that needs the number of samples somewhere
  /// else than in X (a reshape to it) fails with the message of its shapes.
  func callAsFunction(_ inputs: Tensor) throws(Diagnostic) -> Tensor {
    var values = Bindings(session.leaves)
    values.values["X"] = isColumns ? inputs.transposed() : inputs
    values.values["m"] = Tensor(Double(inputs.shape.rows))
    for equation in equations {
      // The target has the old number of samples: an equation that reads it is not part of the way to the output.
      if let target = session.model.targetName, equation.expression.contains(name: target) { continue }
      _ = try ShapeInference(values).shape(of: equation.expression)
      values.values[equation.name] = try Evaluator(values).value(of: equation.expression)
    }
    guard let result = values.values[output], result.rank == 2 else {
      throw Diagnostic("\(output) is no matrix of outputs")
    }
    return isColumns ? result.transposed() : result
  }
}
