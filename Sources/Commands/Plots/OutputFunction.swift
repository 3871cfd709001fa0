import DataSets
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Sessions

/// What the network makes of inputs of any number: the forward equations up to the output.
struct OutputFunction {
  let session: Session
  /// The output as it is called: its name, or its formula.
  let output: String
  private let predictions: Expression
  private let input: String
  private let isColumns: Bool
  private let equations: [Equation]

  /// Nil for a model without an output that a loss compares with a target.
  init?(_ session: Session) {
    let roles = session.roles
    guard let loss = roles.loss, let input = roles.fed?.input else { return nil }
    self.session = session
    self.input = input
    predictions = loss.predictions
    output = "\(loss.predictions)"
    isColumns = roles.sampleAxes[input] == 1
    // What only the loss reads has the old number of samples.
    var needed = Set(loss.predictions.names)
    for equation in session.model.equations.reversed() where needed.contains(equation.name) {
      needed.formUnion(equation.expression.names)
    }
    equations = session.model.equations.filter { needed.contains($0.name) }
  }

  /// How many numbers one input has; nil for images.
  var inputCount: Int? {
    guard let shape = session.leaves[input]?.shape else { return nil }
    switch shape.rank {
    case 1: return session.roles.sampleAxes[input] == 0 ? 1 : nil
    case 2: return isColumns ? shape.rows : shape.columns
    default: return nil
    }
  }

  /// Rows of inputs → rows of outputs, wherever the model has its samples. A model that needs the number of samples
  /// somewhere else than in its input (a reshape to it) fails with the message of its shapes.
  func callAsFunction(_ inputs: Tensor) throws(Diagnostic) -> Tensor {
    var values = Bindings(session.leaves)
    let isVector = session.leaves[input]?.rank == 1
    values.values[input] =
      isColumns ? inputs.transposed() : isVector ? inputs.reshaped([inputs.count]) : inputs
    values.values[.sampleCount] = Tensor(Double(inputs.shape.rows))
    for equation in equations {
      _ = try ShapeInference(values).shape(of: equation.expression)
      values.values[equation.name] = try Evaluator(values).value(of: equation.expression)
    }
    _ = try ShapeInference(values).shape(of: predictions)
    let result = try Evaluator(values).value(of: predictions)
    switch result.rank {
    case 1 where result.count == inputs.shape.rows: return result.reshaped([result.count, 1]) ?? result
    case 2: return isColumns ? result.transposed() : result
    default: throw Diagnostic("\(name: output) is no matrix of outputs")
    }
  }
}
