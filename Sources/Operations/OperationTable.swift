import Formulas

// The one list of operations. Parser, help, completion, evaluation, derivatives, explanations, costs and the training
// plan read it.

extension Operation {
  package static let all: [Operation] =
    operators + elementwise + reductions + choices + structure + makers + windows + losses

  private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  package static func named(_ name: String) -> Operation? { byName[name] }

  package static func of(_ function: Function) -> Operation? { byName[function.name] }

  static let operators: [Operation] = [
    .add, .subtract, .multiply, .divide, .power, .matrixProduct, .negative, .transpose, .less, .lessOrEqual,
    .greater, .greaterOrEqual, .equal, .notEqual, .selection, .list,
  ]
  static let elementwise: [Operation] = [
    .relu, .leakyReLU, .gelu, .sigmoid, .tanh, .softplus, .exp, .log, .sqrt, .abs, .sign, .erf,
  ]
  static let reductions: [Operation] = [
    .sum, .mean, .max, .min, .argmax, .softmax, .softmaxJacobian, .logsumexp, .contract,
  ]
  static let choices: [Operation] = [.maximum, .minimum, .where, .clip]
  static let structure: [Operation] = [.diag, .outer, .reshape, .flatten, .scatter]
  static let makers: [Operation] = [.onehot, .eye, .zeros, .ones, .linspace, .arange, .randn, .rand]
  static let windows: [Operation] = [
    .conv2d, .conv2dInputGradient, .conv2dWeightGradient, .maxpool, .avgpool, .maxpoolGradient,
    .avgpoolGradient,
  ]
  package static let losses: [Operation] = [
    .crossEntropy, .binaryCrossEntropy, .mse, .halfMSE, .sse, .halfSSE,
  ]

  /// What a person calls by name: operators have symbols of their own.
  package static let functions: [Operation] = all.filter { $0.symbol == nil }

  /// Functions of each entry alone.
  package static let functionsOfOne: [Operation] = all.filter { $0.slope != nil }

  package static var activations: [Operation] { all.filter(\.isActivation) }

  /// The operation of a loss, nil for any other name.
  package static func loss(_ function: Function) -> Operation? {
    of(function).flatMap { $0.loss == nil ? nil : $0 }
  }
}

extension Vocabulary {
  package static let operations = Vocabulary(
    signature: { name in
      Operation.named(name).flatMap { $0.symbol == nil ? $0.signature : nil }
    },
    hasPrime: { Operation.named($0)?.slope != nil || Operation.named($0 + "'") != nil },
    names: { Operation.functions.map(\.name) })
}

extension Parser {
  /// Parses a text that is one formula and nothing else.
  package static func parse(_ text: String, naming: Naming = .standard) throws(Diagnostic) -> Parsed {
    try parse(text, vocabulary: .operations, naming: naming)
  }
}
