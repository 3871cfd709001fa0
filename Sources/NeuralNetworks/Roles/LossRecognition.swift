import Formulas
import LinearAlgebra
import Operations
import Platform

/// Finds out which loss a model computes by computing it: at random points of small sizes, all different, what is
/// typed is compared with each known loss. No spelling needs to be known for that.
struct LossRecognition {
  let equations: [Equation]
  let definitions: [String: Expression]
  let free: [String]
  private let parts: [(equation: String, term: Expression)]
  let rank: (String) -> Int?
  private let extents: (Expression) -> [Int?]?

  init(
    _ model: Model, extents: @escaping (Expression) -> [Int?]? = { _ in nil },
    rank: @escaping (String) -> Int?
  ) {
    equations = model.equations
    definitions = Dictionary(
      model.equations.map { ($0.name, $0.expression) }, uniquingKeysWith: { _, last in last })
    let trained = Set(model.parameters)
    free = model.leaves.filter { !trained.contains($0) }
    parts = model.lossParts(isScaled: false)
    self.rank = rank
    self.extents = extents
  }

  var reading: LossReading? {
    parts.firstResult { reading(of: $0.term, in: $0.equation) }
  }

  /// What the losses compare with that are added to one of them: `E_o1 + E_o2`. Empty where the whole is one.
  func targets(beside found: LossReading) -> [Expression] {
    guard found.term != parts.first?.term else { return [] }
    return parts.filter { other in
      !other.term.contains { $0 == found.term } && !found.term.contains { $0 == other.term }
    }
    .compactMap { reading(of: $0.term, in: $0.equation)?.target }
  }

  private func reading(of term: Expression, in equation: String) -> LossReading? {
    for target in targets(of: term) {
      // The same for every form, and of most candidates there is none.
      let paths = candidates(in: term).compactMap { C -> (Expression, LossPath)? in
        guard C != target.read, target.rank == nil || target.rank == rank(of: C) else { return nil }
        return LossPath(from: [target.read, C], to: term, in: equations, definitions).map { (C, $0) }
      }
      for isOfLogits in [true, false] {
        for (C, path) in paths {
          let found = LossForm.all.filter { $0.isOfLogits == isOfLogits }.compactMap {
            match(term, in: equation, target, C, path, $0)
          }
          if let best = found.min(by: { $0.distance < $1.distance }) { return best }
        }
      }
    }
    return nil
  }

  /// The logits that predictions are the activation of, the farthest back that are.
  func activation(of predictions: Expression, _ fusion: FusionTraits) -> (logits: Expression, axis: Int)? {
    for C in candidates(in: predictions) where C != predictions {
      guard let path = LossPath(from: [C], to: predictions, in: equations, definitions) else { continue }
      for axis in axes(C, Operation.of(fusion.activation)) where isActivation(path, C, fusion, axis) {
        return (C, axis)
      }
    }
    return nil
  }

  // MARK: Comparing

  /// A part without a name is a matrix unless its names are known not to be.
  private func rank(of expression: Expression) -> Int {
    if case .name(let name) = expression { return rank(name) ?? 2 }
    return expression.names.compactMap { rank($0) }.max() ?? 2
  }

  /// Axes along which classes may lie: the last, and of matrices the other.
  private func axes(_ C: Expression, _ operation: Operation?) -> [Int] {
    guard operation?.hasAxis == true else { return [-1] }
    let rank = rank(of: C)
    return rank == 0 ? [] : rank == 1 ? [-1] : [-1, rank - 2]
  }

  private func match(
    _ term: Expression, in equation: String, _ target: LossTarget, _ C: Expression, _ path: LossPath,
    _ form: LossForm
  ) -> LossReading? {
    let rank = rank(of: C)
    for axis in form.isOfLogits ? axes(C, form.loss) : [-1] {
      if let own = target.labelAxis {
        guard form.loss.hasAxis, !form.isOfLogits || axis.resolved(rank) == own else { continue }
      }
      for (first, second) in LossSizes.all(rank: rank, labels: target) {
        guard let a = ratio(path, form, target, axis, first), let b = ratio(path, form, target, axis, second),
          let (divisor, factor) = scale(a, b, first, second), isFarOut(path, form, target, axis, first, a)
        else { continue }
        return reading(term, in: equation, target, C, form, axis, divisor, factor)
      }
    }
    return nil
  }

  /// The typed loss over the sum that it would be; nil when that is not the same at two points.
  private func ratio(
    _ path: LossPath, _ form: LossForm, _ compared: LossTarget, _ axis: Int, _ sizes: LossSizes
  ) -> Double? {
    var found: Double?
    for seed in [11, 12] {
      var generator = RandomGenerator(seed: UInt64(seed))
      var (target, C) = form.point(sizes.shape, axis: axis, &generator)
      let read = compared.drawn(&target, &generator)
      // What is 0 wherever it is drawn is every loss, times 0.
      guard let value = path.value([read, C], m: sizes.m)?.scalarValue, value.isFinite, value != 0 else {
        return nil
      }
      guard let sum = form.sum(target, C, axis: axis) else { return nil }
      let ratio = value / sum
      if let found, abs(ratio - found) > 1e-9 * abs(found) { return nil }
      found = ratio
    }
    return found
  }

  /// Whether it is the same loss far out as well, where an activation underflows and log(S + 1e-12) is another number
  /// than log(S). Where what is typed loses its numbers there, the loss of the logits is what it would be.
  private func isFarOut(
    _ path: LossPath, _ form: LossForm, _ compared: LossTarget, _ axis: Int, _ sizes: LossSizes,
    _ ratio: Double
  ) -> Bool {
    guard form.isOfLogits else { return true }
    return Self.farOut.allSatisfy { distance in
      var generator = RandomGenerator(seed: 14)
      var (target, C) = form.point(sizes.shape, axis: axis, &generator)
      let read = compared.drawn(&target, &generator)
      let Z = Self.moved(C, by: distance, &generator)
      guard let value = path.value([read, Z], m: sizes.m)?.scalarValue,
        let sum = form.sum(target, Z, axis: axis)
      else { return false }
      return !value.isFinite || abs(value - ratio * sum) <= 1e-9 * abs(value)
    }
  }

  /// exp of it is a number still, and 1 more or less than it is not.
  private static let farOut = [690.0, -690]

  private static func moved(_ logits: Tensor, by distance: Double, _ generator: inout RandomGenerator)
    -> Tensor
  {
    let place = generator.uniform(shape: logits.shape, 0, 1)
    return logits.combined(with: place) { $1 < 0.5 ? $0 + distance : $0 } ?? logits
  }

  /// What the sum is divided by, and the number that is left: factor / divisor is `a` at the first sizes and `b` at
  /// the second.
  private func scale(
    _ a: Double, _ b: Double, _ first: LossSizes, _ second: LossSizes
  ) -> (LossReading.Divisor, factor: Double)? {
    var units: [(LossReading.Divisor, Int, Int)] = [
      (.nothing, 1, 1), (.samples, first.m, second.m), (.entries, first.shape.count, second.shape.count),
    ]
    for axis in first.shape.dimensions.indices {
      units.append((.axis(axis), first.shape.dimensions[axis], second.shape.dimensions[axis]))
    }
    for (divisor, p, q) in units {
      let (x, y) = (a * Double(p), b * Double(q))
      if abs(x - y) <= 1e-9 * abs(x) { return (divisor, Self.rounded(x)) }
    }
    return nil
  }

  /// 0.25000000000000006 is a quarter.
  static func rounded(_ x: Double) -> Double {
    for divisor in [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 100] {
      let whole = (x * divisor).rounded()
      if abs(x * divisor - whole) < 1e-9 { return whole / divisor }
    }
    let inverse = (1 / x).rounded()
    return abs(1 / x - inverse) < 1e-9 * abs(inverse) ? 1 / inverse : x
  }

  private func reading(
    _ term: Expression, in equation: String, _ target: LossTarget, _ C: Expression, _ form: LossForm,
    _ axis: Int,
    _ divisor: LossReading.Divisor, _ factor: Double
  ) -> LossReading {
    var classAxis: Int? = form.loss.hasAxis && form.isOfLogits ? axis : nil
    if let own = target.labelAxis { classAxis = own == rank(of: C) - 1 ? -1 : own }
    var divisor = divisor
    if form.loss.hasAxis, rank(of: C) == 2, case .axis(let own) = divisor {
      // A mean along one axis of a matrix: that one counts samples, and the other classes.
      if classAxis == nil || classAxis == (own == 0 ? -1 : 0) {
        classAxis = own == 0 ? -1 : 0
        divisor = .samples
      }
    }
    var predictions = C
    var logits: Expression?
    if form.isOfLogits, let fusion = form.traits.fusion {
      logits = C
      predictions = fusion.predictions(of: C, axis: axis)
      let named = equations.first { step in
        guard let path = LossPath(from: [C], to: .name(step.name), in: equations, definitions) else {
          return false
        }
        return isActivation(path, C, fusion, axis)
      }
      if let named { predictions = .name(named.name) }
    }
    return LossReading(
      function: Function(form.loss.name),
      target: target.formula(classes: target.labelAxis.flatMap { extents(C)?[$0] }), predictions: predictions,
      logits: logits, classAxis: classAxis,
      divisor: divisor, factor: factor, equation: equation, term: term)
  }

  private func isActivation(_ path: LossPath, _ C: Expression, _ fusion: FusionTraits, _ axis: Int) -> Bool {
    guard let sizes = LossSizes.all(rank: rank(of: C)).first?.0 else { return false }
    let activation = LossPath(steps: [], formula: fusion.predictions(of: "%0", axis: axis))
    var generator = RandomGenerator(seed: 13)
    for _ in 0..<2 {
      let Z = generator.normal(shape: sizes.shape)
      guard let expected = activation.value([Z], m: sizes.m), let P = path.value([Z], m: sizes.m),
        P.shape == expected.shape,
        zip(P.elements, expected.elements).allSatisfy({ abs($0 - $1) < 1e-9 })
      else { return false }
    }
    return Self.farOut.allSatisfy { distance in
      let Z = Self.moved(generator.normal(shape: sizes.shape), by: distance, &generator)
      guard let expected = activation.value([Z], m: sizes.m), let P = path.value([Z], m: sizes.m) else {
        return false
      }
      return zip(P.elements, expected.elements).allSatisfy {
        !$0.isFinite || $0 == 0 || abs($0 - $1) <= 5e-13 * abs($1)
      }
    }
  }
}

extension LossReading {
  /// Of several losses that differ by a number: how far what was typed is from being the loss itself. First the loss
  /// divided as it usually is, then a sum, then whatever needs no other factor.
  fileprivate var distance: Int {
    guard let averaging = Operation.loss(function)?.loss?.averaging else { return 4 }
    if factor == 1, divisor == Divisor(averaging) { return 0 }
    if averaging == .none { return factor == 1 ? 1 : 3 }
    return factor == 1 ? 2 : 4
  }
}

extension Int {
  /// An axis counted from the front.
  fileprivate func resolved(_ rank: Int) -> Int { self < 0 ? self + rank : self }
}
