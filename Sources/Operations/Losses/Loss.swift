import Formulas
import LinearAlgebra

// Losses of targets Y and predictions P: a sum over all entries, averaged. Each of the sources scales them in its own way;
// `reduction=sum` leaves the division out.

extension Operation {
  /// - Parameters:
  ///   - formula: with its division by the number of samples or entries, `… / |…|`, unless the loss is a sum.
  ///   - entry: the term of one entry, its logarithms clipped.
  static func loss(
    _ signature: String, note: String, is formula: String, computed: String? = nil, dY: String, dP: String,
    traits: LossTraits, entry: @escaping @Sendable (_ y: Double, _ p: Double) -> Double,
    derivations: [Route] = []
  ) -> Operation {
    let summed = Case(
      is: .formula(formula), backward: ["dY = dL * \(dY)", "dP = dL * \(dP)"],
      if: { traits.averaging($0.options) == .none })
    let isSum = traits.averaging == .none
    let averaged = Case(
      is: .formula(isSum ? "L = (\(formula.dropFirst("L = ".count))) / |…|" : formula),
      backward: ["dY = dL * \(dY) / count_rest", "dP = dL * \(dP) / count_rest"],
      if: { traits.averaging($0.options) != .none })
    return Operation(
      signature, note: note, cases: isSum ? [summed, averaged] : [averaged, summed],
      computed: computed,
      kernel: .prepared { setting, _ in
        guard setting.shapes.count == 2, setting.shapes[0] == setting.shapes[1] else { return nil }
        let count = setting.shapes[0].count
        let divisor = divisor(traits, setting).map { Double($0) }
        return { operands, out in
          let total = total(
            UnsafeBufferPointer(start: operands[0], count: count),
            UnsafeBufferPointer(start: operands[1], count: count), entry)
          out[0] = divisor.map { total / $0 } ?? total
        }
      }, loss: traits, derivations: derivations, mismatch: targets)
  }

  private static func total(
    _ Y: some Sequence<Double>, _ P: some Sequence<Double>, _ entry: (Double, Double) -> Double
  ) -> Double {
    var total = 0.0
    for (y, p) in zip(Y, P) { total += entry(y, p) }
    return total
  }

  private static func divisor(_ traits: LossTraits, _ setting: Setting) -> Int? {
    setting.shapes.last.flatMap { traits.divisor($0, setting.options) }
  }

  /// What a loss of predictions of this shape is divided by; nil when it is a sum, or no loss.
  package func divisor(_ shape: Shape, _ options: CallOptions) -> Int? { loss?.divisor(shape, options) }

  /// The sum over all entries before averaging, as it is computed: of the predictions, or of the logits behind them.
  /// Nil for what is no loss, or none of logits.
  package func total(
    _ targets: Expression, predictions: Expression? = nil, logits: Expression? = nil, _ options: CallOptions,
    rank: Int
  ) throws(Diagnostic) -> Expression? {
    guard let text = logits == nil ? loss?.total : loss?.fusion?.total, let operand = logits ?? predictions,
      let call = OperationCall(.call(Function(name), [targets, operand], options))
    else { return nil }
    return try template(text).filled(
      names: ["Y": targets, "P": operand, "Z": operand], lists: [:], call, rank: rank)
  }

  private static let targets: @Sendable (Mismatch) -> Diagnostic? = { mismatch in
    guard mismatch.shapes.count == 2, mismatch.shapes[0] != mismatch.shapes[1] else { return nil }
    return ShapeMessages.targets(mismatch)
  }
}

extension Operation {
  /// Its classes lie along an axis.
  package var hasAxis: Bool { signature.options.contains { $0.name == "axis" } }
}

extension FusionTraits {
  /// The predictions that belong to logits.
  package func predictions(of logits: Expression, axis: Int?) -> Expression {
    let hasAxis = Operation.of(activation)?.hasAxis == true
    return .call(activation, [logits], CallOptions(axis: hasAxis && axis != -1 ? axis : nil))
  }
}

extension LossTraits {
  /// What is divided by, as `reduction=` may change it.
  package func averaging(_ options: CallOptions) -> Averaging {
    switch options.reduction {
    case .sum: .none
    case .mean: averaging == .none ? .entries : averaging
    case nil: averaging
    }
  }

  fileprivate func divisor(_ shape: Shape, _ options: CallOptions) -> Int? {
    switch averaging(options) {
    case .none: return nil
    case .entries: return shape.count
    case .samples:
      guard let axis = shape.axis(options.axis ?? -1) else { return 1 }
      return shape.reducing(axis: axis).count
    }
  }
}
