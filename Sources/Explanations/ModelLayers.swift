import Formulas
import NeuralNetworks
import Operations

/// The layers of a model, as its equations show them: each is a product with a weight, perhaps a bias and an activation.
struct ModelLayers {
  struct Layer {
    /// The equation in which the weight is: the pre-activation.
    let sum: String
    let weight: String?
    let bias: String?
    /// The function of the sum alone, when there is one.
    var output: String?
  }

  private(set) var layers: [Layer] = []
  /// The only leaf that is neither trained nor a target.
  let input: String?

  init(_ model: Model, _ roles: Roles) {
    let trained = Set(model.parameters)
    let free = model.leaves.filter { !trained.contains($0) && !roles.targets.contains($0) }
    input = free.count == 1 ? free.first : nil
    var seen: Set<String> = []
    for equation in model.equations {
      let parameters = equation.expression.names.filter { trained.contains($0) && seen.insert($0).inserted }
      let addends = Set(equation.expression.addends)
      let weights = parameters.filter { !addends.contains($0) }
      if !weights.isEmpty {
        let biases = parameters.filter(addends.contains)
        layers.append(
          Layer(
            sum: equation.name, weight: weights.count == 1 ? weights.first : nil,
            bias: biases.count == 1 ? biases.first : nil))
      } else if case .call(_, let arguments, _) = equation.expression, equation.name != model.lossName,
        arguments.count == 1, case .name(let argument)? = arguments.first,
        let i = layers.lastIndex(where: { $0.sum == argument && $0.output == nil })
      {
        layers[i].output = equation.name
      }
    }
  }
}

extension Expression {
  /// Names that are added to the rest of a formula.
  fileprivate var addends: [String] {
    switch self {
    case .name(let name): [name]
    case .binary(.add, let a, let b), .binary(.subtract, let a, let b): a.addends + b.addends
    case .number, .list, .negative, .binary, .transpose, .call, .derivative, .index: []
    }
  }
}
