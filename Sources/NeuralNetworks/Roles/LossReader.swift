import Formulas
import LinearAlgebra
import Operations

/// Reads the loss of a model: first by what is written, a call of a loss, and where nothing is, by what it computes.
package struct LossReader {
  private let model: Model
  private let rank: (String) -> Int?
  private let extents: (Expression) -> [Int?]?
  private let definitions: [String: Expression]

  /// - Parameters:
  ///   - extents: how long the axes of a formula's value are, as far as that is known.
  ///   - rank: how many axes a leaf or step has; nil where it has no value yet.
  package init(
    _ model: Model, extents: @escaping (Expression) -> [Int?]? = { _ in nil },
    rank: @escaping (String) -> Int?
  ) {
    self.model = model
    self.extents = extents
    self.rank = rank
    definitions = Dictionary(
      model.equations.map { ($0.name, $0.expression) }, uniquingKeysWith: { _, last in last })
  }

  package var reading: LossReading? {
    written ?? LossRecognition(model, extents: extents, rank: rank).reading
  }

  /// What other losses compare with, where several are added up: each has a target of its own.
  package func targets(beside found: LossReading) -> Set<String> {
    let written = calls.map { reading($0.call, in: $0.equation)?.target }
    let others =
      written.isEmpty
      ? LossRecognition(model, extents: extents, rank: rank).targets(beside: found)
      : written.compactMap { $0 }
    return Set(others.flatMap(\.names))
  }

  /// The loss that is written as a call, in the last equation or in one that it is put together from.
  private var written: LossReading? {
    calls.firstResult { reading($0.call, in: $0.equation) }
  }

  /// Calls of losses that the last equation is put together from, the nearest first.
  private var calls: [(call: Expression, equation: String)] {
    var seen: Set<String> = []
    var result: [(call: Expression, equation: String)] = []
    func visit(_ expression: Expression, in name: String) {
      if case .call(let f, let arguments, _) = expression, Operation.loss(f) != nil, arguments.count == 2 {
        result.append((expression, name))
      } else {
        expression.children.forEach { visit($0, in: name) }
      }
    }
    var waiting = [model.lossName]
    while let name = waiting.popLast() {
      guard seen.insert(name).inserted, let expression = definitions[name] else { continue }
      visit(expression, in: name)
      waiting += expression.names
    }
    return result
  }

  private func rank(of expression: Expression) -> Int {
    if case .name(let name) = expression { rank(name) ?? 2 } else { 2 }
  }

  private func reading(_ call: Expression, in equation: String) -> LossReading? {
    guard case .call(let f, let arguments, let given) = call, let loss = Operation.loss(f),
      let traits = loss.loss
    else { return nil }
    var (target, predictions, options) = (arguments[0], arguments[1], given)
    // mse(P, Y) is mse(Y, P): the target is what is given, and not trained.
    func isGiven(_ value: Expression) -> Bool {
      guard case .name(let name) = value else { return false }
      return definitions[name] == nil && !model.parameters.contains(name)
    }
    if traits.isSymmetric, !isGiven(target), isGiven(predictions) {
      (target, predictions) = (predictions, target)
    }
    // Both turned: the same loss along the other axis.
    if case .transpose(let Y) = target, case .transpose(let P) = predictions, rank(of: P) == 2 {
      (target, predictions) = (Y, P)
      if loss.hasAxis { options.axis = [0, -2].contains(options.axis ?? -1) ? nil : 0 }
    }
    /// -1 for the last axis, however it is written; an output without a value yet is a matrix.
    func last(_ axis: Int?) -> Int {
      axis == nil || axis == rank(of: predictions) - 1 ? -1 : axis ?? -1
    }
    let axis = loss.hasAxis ? last(options.axis) : nil
    var logits: Expression?
    if let fusion = traits.fusion {
      var activation = predictions
      if case .name(let name) = predictions { activation = definitions[name] ?? predictions }
      switch activation {
      case .call(fusion.activation, let inner, let own):
        if axis == nil || last(own.axis) == axis { logits = inner.first }
      case .name: break
      default:
        let found = LossRecognition(model, rank: rank).activation(of: predictions, fusion)
        if let found, axis == nil || found.axis == axis { logits = found.logits }
      }
    }
    return LossReading(
      function: f, target: target, predictions: predictions, logits: logits, classAxis: axis,
      divisor: .init(traits.averaging(options)), factor: 1, equation: equation,
      term: call)
  }
}
