import Formulas
import LinearAlgebra
import Operations

/// Every gradient against an independent one: central differences, or forward mode.
package struct GradientCheck {
  package enum Method: Sendable, Equatable {
    /// (L(x + h) − L(x − h)) / 2h. Nil step: ε^(1/3)·max(1, |x|), where truncation and rounding balance.
    case central(step: Double?)
    /// Dual numbers: exact up to rounding.
    case forward
  }

  package struct Entry: Sendable {
    package let position: Int
    package let analytic: Double
    package let numeric: Double
    /// |a − n| / max(|a|, |n|), both tiny counting as equal.
    package let relativeError: Double
    /// The value whose sign changes between x − h and x + h, with its index: the gradient jumps there.
    package let kink: Expression?
    /// The kink is where several entries are largest: what chooses among them.
    package var isTie = false
    /// Both values are as close as the roundings on the way to them allow.
    package var isRounding = false
    /// The two differ at the step that was asked for and agree at the usual one: the difference quotient is at fault.
    package var isOfStep = false
    fileprivate var isDoubtful: Bool { kink == nil && !(relativeError < 1e-6) }
    fileprivate func isWorse(than other: Entry?) -> Bool {
      other.map { $0.relativeError.orInfinity < relativeError.orInfinity } ?? true
    }
  }

  package struct Result: Sendable {
    package let name: String
    package let shape: Shape
    package let entries: [Entry]
    package private(set) var worst: Entry?
    /// The gradient itself has an entry that is nan: no difference confirms or refutes that.
    package private(set) var isUndefined = false
    package private(set) var kinks: [Entry] = []
    /// How many are marked so.
    package private(set) var (roundingCount, ofStepCount) = (0, 0)

    /// All that is told of the entries, in one go: a parameter may have a million of them.
    package init(name: String, shape: Shape, entries: [Entry]) {
      self.name = name
      self.shape = shape
      self.entries = entries
      // What the step that was asked for explains counts where nothing else disagrees.
      var own: Entry?
      var isOwnDoubtful = false
      for entry in entries {
        if entry.analytic.isNaN { isUndefined = true }
        if entry.isRounding { roundingCount += 1 }
        if entry.isOfStep { ofStepCount += 1 }
        if entry.kink != nil { kinks.append(entry) }
        guard entry.kink == nil, !entry.isRounding else { continue }
        if entry.isWorse(than: worst) { worst = entry }
        guard !entry.isOfStep else { continue }
        if entry.isWorse(than: own) { own = entry }
        isOwnDoubtful = isOwnDoubtful || entry.isDoubtful
      }
      if isOwnDoubtful { worst = own }
    }

    package var maximalError: Double { worst?.relativeError.orInfinity ?? 0 }
    /// Nothing but the step that was asked for speaks against the gradient.
    package var isOfStep: Bool { worst?.isOfStep ?? false }
  }

  let forward: [Equation]
  let loss: String
  let environment: any Environment

  /// - Parameter environment: holds the leaves and the values of every forward step.
  package init(forward: [Equation], loss: String, environment: any Environment) {
    self.loss = loss
    (self.forward, self.environment) = forward.holdingDetached(in: environment)
  }

  /// Checks one leaf against its analytic gradient, at the given flat positions (all when nil).
  package func check(
    _ name: String, gradient: Tensor, method: Method, positions: [Int]? = nil
  ) throws(Diagnostic) -> Result {
    guard let base = environment.value(of: name) else { throw environment.missing(name) }
    guard gradient.shape == base.shape else {
      throw Diagnostic(
        "the gradient of \(name: name) is \(gradient.shape) and \(name: name) is \(base.shape), so they cannot be compared",
        hint: "is the batch empty?")
    }
    let path = affected(by: name)
    let kinks = path.flatMap { KinkSource.sources(in: $0.evaluated) }.filter { source in
      source.argument.names.contains { n in n == name || path.contains { $0.name == n } }
    }
    let scale = abs(environment.value(of: loss)?.scalarValue ?? 1)
    // What can be followed by hand is computed as by hand, one pass for each entry.
    let rows = path.first.flatMap { environment.shape(of: $0.name) }?.rows ?? 1
    if case .central(let step) = method, base.count > 256 / max(1, rows),
      let stack = StackedPerturbations(
        name: name, path: path, loss: loss, environment: environment, kinks: kinks)
    {
      let chosen = (positions ?? Array(0..<base.count)).filter { $0 < base.count }
      let differences = try stack.differences(at: chosen) { step ?? Self.usualStep * max(1, abs($0)) }
      let entries = zip(chosen, differences).map { position, difference in
        Entry(
          position: position, analytic: gradient.elements[position], numeric: difference.numeric,
          relativeError: Self.relativeError(
            gradient.elements[position], difference.numeric,
            floor: Self.floor(loss: difference.high, step: difference.step)), kink: difference.kink)
      }
      let refined =
        step == nil ? try refined(entries, name, base, path) : try blamed(entries, name, gradient)
      return Result(name: name, shape: base.shape, entries: try tied(refined, name, base, path, step))
    }
    var entries: [Entry] = []
    for position in positions ?? Array(0..<base.count) where position < base.count {
      let analytic = gradient.elements[position]
      let numeric: Double
      var kink: Expression?
      // Below `floor` a gradient is too small for the method to resolve to its tolerance.
      var floor = 4 * Double.ulpOfOne * max(1, scale) / 1e-12
      switch method {
      case .forward:
        var direction = Tensor(repeating: 0, shape: base.shape)
        direction.replaceElement(at: position, with: 1)
        var dual = ForwardMode([name: DualTensor(base, direction)], over: environment)
        try dual.run(path)
        numeric = try dual.dual(.name(loss)).tangentOrZero.elements.first ?? 0
        for source in kinks where kink == nil {
          kink = source.standing(on: try dual.dual(source.argument))
        }
      case .central(let step):
        let x = base.elements[position]
        let h = step ?? Self.usualStep * max(1, abs(x))
        // What is subtracted is what was added: x + h rounded.
        let (above, below) = (x + h, x - h)
        let high = try values(path, name, base, position, above)
        let low = try values(path, name, base, position, below)
        let up = high.value(of: loss)?.elements.first ?? .nan
        let down = low.value(of: loss)?.elements.first ?? .nan
        numeric = above == below ? .nan : (up - down) / (above - below)
        floor = Self.floor(loss: up, step: h)
        for source in kinks where kink == nil {
          kink = source.crossing(
            try Evaluator(high).value(of: source.argument), try Evaluator(low).value(of: source.argument))
        }
      }
      entries.append(
        Entry(
          position: position, analytic: analytic, numeric: numeric,
          relativeError: Self.relativeError(analytic, numeric, floor: floor), kink: kink))
    }
    if case .central(let step) = method {
      let refined = step == nil ? try refined(entries, name, base, path) : try blamed(entries, name, gradient)
      entries = try tied(refined, name, base, path, step)
    }
    return Result(name: name, shape: base.shape, entries: entries)
  }

  /// Entries that disagree at the usual step because a slope bends there, as that of elu at 0 and of Huber's loss at its
  /// bend: a central difference is then off by an amount that shrinks as its step does, and a wrong gradient stays wrong.
  private func refined(
    _ entries: [Entry], _ name: String, _ base: Tensor, _ path: [Equation]
  ) throws(Diagnostic) -> [Entry] {
    var result = entries
    for (i, entry) in entries.enumerated().filter({ $0.element.isDoubtful }).prefix(Self.mostRefined) {
      let x = base.elements[entry.position]
      let h = Self.usualStep / 64 * max(1, abs(x))
      let (above, below) = (x + h, x - h)
      let up = try values(path, name, base, entry.position, above).value(of: loss)?.elements.first ?? .nan
      let down = try values(path, name, base, entry.position, below).value(of: loss)?.elements.first ?? .nan
      let numeric = (up - down) / (above - below)
      let error = Self.relativeError(entry.analytic, numeric, floor: Self.floor(loss: up, step: h))
      guard error < entry.relativeError / 16 else { continue }
      result[i] = Entry(
        position: entry.position, analytic: entry.analytic, numeric: numeric, relativeError: error, kink: nil)
    }
    return result
  }

  /// Entries that disagree at a step that was asked for, and agree at the usual one. A large step is off by the third
  /// derivative, a small one by the rounding of the loss; neither says anything about the gradient.
  private func blamed(
    _ entries: [Entry], _ name: String, _ gradient: Tensor
  ) throws(Diagnostic) -> [Entry] {
    let doubtful = entries.filter(\.isDoubtful).map(\.position)
    guard !doubtful.isEmpty else { return entries }
    let usual = try check(name, gradient: gradient, method: .central(step: nil), positions: doubtful).entries
    let agreeing = Set(usual.filter { !$0.isDoubtful }.map(\.position))
    return entries.map { entry in
      var entry = entry
      entry.isOfStep = entry.isDoubtful && agreeing.contains(entry.position)
      return entry
    }
  }

  /// A gradient that is wrong in more entries than this needs no second look at the others.
  private static let mostRefined = 256

  /// Entries that disagree because two others are equally large, or nearly: the slopes to both sides differ, and the
  /// gradient lies between them.
  private func tied(
    _ entries: [Entry], _ name: String, _ base: Tensor, _ path: [Equation], _ given: Double?
  ) throws(Diagnostic) -> [Entry] {
    guard entries.contains(where: \.isDoubtful),
      let choice = path.firstResult({ $0.evaluated.firstChoice }),
      let middle = environment.value(of: loss)?.elements.first
    else { return entries }
    var result = entries
    for (i, entry) in entries.enumerated() where entry.isDoubtful {
      let x = base.elements[entry.position]
      let h = given ?? Self.usualStep * max(1, abs(x))
      let up = try values(path, name, base, entry.position, x + h).value(of: loss)?.elements.first ?? .nan
      let down = try values(path, name, base, entry.position, x - h).value(of: loss)?.elements.first ?? .nan
      let (right, left) = ((up - middle) / h, (middle - down) / h)
      let gap = abs(right - left)
      guard gap > 1e-3 * max(abs(right), abs(left)),
        entry.analytic > min(left, right) - 0.01 * gap, entry.analytic < max(left, right) + 0.01 * gap
      else { continue }
      result[i] = Entry(
        position: entry.position, analytic: entry.analytic, numeric: entry.numeric,
        relativeError: entry.relativeError, kink: choice, isTie: true)
    }
    return result
  }

  /// ε^(1/3), where the truncation error h² and the rounding error ε/h are of one size.
  package static let usualStep = 6.0554544523933395e-06

  /// The size below which rounding of the loss leaves a central difference less than eight digits. A step that is smaller
  /// than the usual one leaves fewer of larger ones: that is to be seen.
  private static func floor(loss: Double, step: Double) -> Double {
    8 * Double.ulpOfOne * max(1, abs(loss)) / max(step, usualStep / 64) / 1e-8
  }

  /// |a − n| / max(|a|, |n|). A difference that rounding alone can make is relative to the floor, where that is larger: a
  /// gradient of 1e-6 with the wrong sign has the error 2, and one of 1e-17 that is 0 has none.
  package static func relativeError(_ a: Double, _ n: Double, floor: Double) -> Double {
    guard a != n else { return 0 }
    let (difference, size) = (abs(a - n), max(abs(a), abs(n)))
    return difference / (difference > 1e-6 * floor ? size : max(size, floor))
  }

  /// The equations that a leaf reaches, and through which it reaches the loss: a fused loss is computed from the logits,
  /// and nobody asks for S.
  func affected(by name: String) -> [Equation] {
    var reached: Set<String> = [name]
    return forward.filter { equation in
      guard equation.evaluated.names.contains(where: reached.contains) else { return false }
      reached.insert(equation.name)
      return true
    }.map { equation in
      // The fused form of a loss holds only for targets whose classes sum to 1: not for perturbed ones.
      let perturbsTargets = equation.expression.contains { part in
        guard case .call(let f, let arguments, _) = part, Operation.loss(f) != nil,
          let targets = arguments.first
        else { return false }
        return targets.names.contains(where: reached.contains)
      }
      return perturbsTargets ? Equation(equation.name, equation.expression) : equation
    }.leading(to: loss)
  }

  private func values(
    _ path: [Equation], _ name: String, _ base: Tensor, _ position: Int, _ x: Double
  ) throws(Diagnostic) -> Overlay {
    var moved = base
    moved.replaceElement(at: position, with: x)
    var overlay = Overlay([name: moved], over: environment)
    for equation in path {
      overlay.values[equation.name] = try Evaluator(overlay).value(of: equation.evaluated)
    }
    return overlay
  }
}

extension Double {
  fileprivate var orInfinity: Double { isNaN ? .infinity : self }
}

extension Expression {
  /// The first part that takes the largest or smallest of several entries.
  fileprivate var firstChoice: Expression? {
    for child in children { if let found = child.firstChoice { return found } }
    return OperationCall(self)?.operation.choosesEntries == true ? self : nil
  }
}

/// A place in a formula where a function without a derivative everywhere is applied.
package struct KinkSource {
  package let argument: Expression
  package let points: [Double]

  package static func sources(in expression: Expression) -> [KinkSource] {
    var result = expression.children.flatMap(sources)
    guard case .call(let f, let arguments, _) = expression, let operation = Operation.of(f) else {
      return result
    }
    if let argument = arguments.first, !operation.kinks.isEmpty {
      result.append(KinkSource(argument: argument, points: operation.kinks))
    }
    if operation.hasKinkWhereEqual, let first = arguments.first {
      result += arguments.dropFirst().map { KinkSource(argument: first - $0, points: [0]) }
    }
    return result
  }

  /// Names the first entry of the argument that lies on different sides of a kink in two evaluations, or nil.
  func crossing(_ first: Tensor, _ second: Tensor) -> Expression? {
    for (i, (a, b)) in zip(first.elements, second.elements).enumerated() where a != b {
      for point in points where (a - point) * (b - point) <= 0 { return entry(first, i) }
    }
    return nil
  }

  /// Names the first entry that stands exactly on a kink and would move off it, or nil.
  func standing(on dual: DualTensor) -> Expression? {
    guard let tangent = dual.tangent else { return nil }
    for (i, (a, t)) in zip(dual.value.elements, tangent.elements).enumerated()
    where t != 0 && points.contains(a) {
      return entry(dual.value, i)
    }
    return nil
  }

  private func entry(_ tensor: Tensor, _ position: Int) -> Expression {
    argument.entry(tensor.index(at: position))
  }
}
