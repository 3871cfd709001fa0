import Formulas

// The one list of operations. Parser, help, completion, evaluation, derivatives, explanations, costs and the training
// plan read it.

extension Operation {
  private typealias Row = (name: String, operation: @Sendable () -> Operation)

  /// Made when first asked for: a pass of a small network meets few of them.
  private static let rows: [Row] = [
    ("add", { .add }),
    ("subtract", { .subtract }),
    ("product", { .multiply }),
    ("quotient", { .divide }),
    ("power", { .power }),
    ("matmul", { .matrixProduct }),
    ("negative", { .negative }),
    ("transposed", { .transpose }),
    ("less", { .less }),
    ("less_equal", { .lessOrEqual }),
    ("greater", { .greater }),
    ("greater_equal", { .greaterOrEqual }),
    ("equal", { .equal }),
    ("not_equal", { .notEqual }),
    ("selection", { .selection }),
    ("gather", { .gather }),
    ("list", { .list }),
    ("relu", { .relu }),
    ("leaky_relu", { .leakyReLU }),
    ("gelu", { .gelu }),
    ("gelu_tanh", { .geluTanh }),
    ("silu", { .silu }),
    ("elu", { .elu }),
    ("sigmoid", { .sigmoid }),
    ("tanh", { .tanh }),
    ("softplus", { .softplus }),
    ("exp", { .exp }),
    ("log", { .log }),
    ("sqrt", { .sqrt }),
    ("abs", { .abs }),
    ("sign", { .sign }),
    ("erf", { .erf }),
    ("sin", { .sin }),
    ("cos", { .cos }),
    ("sum", { .sum }),
    ("mean", { .mean }),
    ("var", { .variance }),
    ("std", { .standardDeviation }),
    ("max", { .max }),
    ("min", { .min }),
    ("argmax", { .argmax }),
    ("argmin", { .argmin }),
    ("first", { .first }),
    ("softmax", { .softmax }),
    ("softmax'", { .softmaxJacobian }),
    ("logsumexp", { .logsumexp }),
    ("contract", { .contract }),
    ("maximum", { .maximum }),
    ("minimum", { .minimum }),
    ("where", { .where }),
    ("clip", { .clip }),
    ("diag", { .diag }),
    ("outer", { .outer }),
    ("size", { .size }),
    ("reshape", { .reshape }),
    ("flatten", { .flatten }),
    ("expand_dims", { .expandDims }),
    ("squeeze", { .squeeze }),
    ("swapaxes", { .swapaxes }),
    ("transpose", { .permutation }),
    ("detach", { .detach }),
    ("concat", { .concat }),
    ("stack", { .stack }),
    ("einsum", { .einsum }),
    ("cumsum", { .cumsum }),
    ("tril", { .tril }),
    ("triu", { .triu }),
    ("scatter", { .scatter }),
    ("layer_norm", { .layerNorm }),
    ("batch_norm", { .batchNorm }),
    ("dropout", { .dropout }),
    ("dropout_mask", { .dropoutMask }),
    ("onehot", { .onehot }),
    ("eye", { .eye }),
    ("zeros", { .zeros }),
    ("ones", { .ones }),
    ("linspace", { .linspace }),
    ("arange", { .arange }),
    ("randn", { .randn }),
    ("rand", { .rand }),
    ("conv2d", { .conv2d }),
    ("conv2d_input_gradient", { .conv2dInputGradient }),
    ("conv2d_weight_gradient", { .conv2dWeightGradient }),
    ("maxpool", { .maxpool }),
    ("avgpool", { .avgpool }),
    ("maxpool_gradient", { .maxpoolGradient }),
    ("maxpool_entries", { .maxpoolEntries }),
    ("avgpool_gradient", { .avgpoolGradient }),
  ]

  private static let lossRows: [Row] = [
    ("cross_entropy", { .crossEntropy }),
    ("binary_cross_entropy", { .binaryCrossEntropy }),
    ("mse", { .mse }),
    ("half_mse", { .halfMSE }),
    ("sse", { .sse }),
    ("half_sse", { .halfSSE }),
  ]

  package static let all: [Operation] = (rows + lossRows).map { $0.operation() }

  private static let byName = Dictionary(
    (rows + lossRows).map { ($0.name, $0.operation) }, uniquingKeysWith: { first, _ in first })

  package static func named(_ name: String) -> Operation? { byName[name]?() }

  package static func of(_ function: Function) -> Operation? { named(function.name) }

  package static let losses: [Operation] = lossRows.map { $0.operation() }

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
    names: { Operation.functions.map(\.name) },
    faultInText: { Operation.named($0)?.faultInText?($1, $2) })
}

extension Parser {
  /// Parses a text that is one formula and nothing else.
  package static func parse(_ text: String, naming: Naming = .standard) throws(Diagnostic) -> Parsed {
    try parse(text, vocabulary: .operations, naming: naming)
  }
}
