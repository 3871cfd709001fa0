/// A model of the literature with values small enough to read. One file and one line in `all` each.
package struct ReadyModel: Sendable {
  package let name: String
  package let summary: String
  /// Where its equations and names are from.
  package let source: String
  /// What other sources do otherwise.
  package let conventions: [String]
  /// As they are typed between `model` and `end`; `# title` heads a part.
  package let equations: String
  /// What is trained, and formulas for the first values.
  package let parameters: [(key: String, value: String)]
  /// Inputs, targets and constants.
  package let given: [(key: String, value: String)]

  init(
    name: String, summary: String, source: String, conventions: [String], equations: String,
    parameters: KeyValuePairs<String, String>, given: KeyValuePairs<String, String>
  ) {
    self.init(
      name: name, summary: summary, source: source, conventions: conventions, equations: equations,
      parameters: Array(parameters), given: Array(given))
  }

  init(
    name: String, summary: String, source: String, conventions: [String], equations: String,
    parameters: [(String, String)], given: [(String, String)]
  ) {
    self.name = name
    self.summary = summary
    self.source = source
    self.conventions = conventions
    self.equations = equations
    self.parameters = parameters.map { (key: $0, value: $1) }
    self.given = given.map { (key: $0, value: $1) }
  }

  package static let all: [ReadyModel] = [
    .regression, .logistic, .xor, .parabola, .autoencoder, .residual, .dropout, .l2, .batchNorm, .layerNorm,
    .embedding, .attention, .causalAttention, .multihead, .transformer, .gpt, .rnn, .lstm, .gru, .gruAfter,
    .cnn, .siamese, .ganStep, .ganGenerator, .hessian,
  ]

  package static func named(_ name: String) -> ReadyModel? { all.first { $0.name == name } }
}
