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
  package let parameters: KeyValuePairs<String, String>
  /// Inputs, targets and constants.
  package let given: KeyValuePairs<String, String>

  package static let all: [ReadyModel] = [
    .regression, .logistic, .xor, .parabola, .autoencoder, .residual, .dropout, .l2, .batchNorm, .layerNorm,
    .embedding, .attention, .causalAttention, .multihead, .transformer, .gpt, .rnn, .lstm, .gru, .gruAfter,
    .cnn, .siamese, .ganStep, .ganGenerator, .hessian,
  ]

  package static func named(_ name: String) -> ReadyModel? { all.first { $0.name == name } }
}
