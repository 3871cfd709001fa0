import Formulas
import LinearAlgebra
import Operations

// What a formula that is right here stands for where it is not right everywhere: one entry worked out by hand, a count that is
// printed as a number, a gradient that is 0 whatever it is made of.

extension Judge {
  /// One entry that is worked out with the 0 and 1 of this pass put in, or a value made of single entries; nil for what is
  /// right in no other pass of the same data either. Of a whole matrix the units that are on are no data: there a forgotten
  /// mask is one.
  func reachOfThisPass(_ formula: Expression) -> Verdict.Reach? {
    guard isOfThisPass(formula) else { return nil }
    let isOne = right.count == 1
    for keepsUnits in isOne ? [false, true] : [false] {
      let way = keepsUnits ? OtherLeaves.Closeness.ofPass : OtherLeaves.Closeness.ofData
      let trials = (try? draws(Self.draws, way)) ?? []
      if !trials.isEmpty, trials.allSatisfy({ $0.outcome(formula, question).isRight }) {
        return .sameData(draws: trials.count, units: keepsUnits)
      }
    }
    return isOne && hasFigures(formula) ? .here(because: "it has numbers of this session in it") : nil
  }

  /// Whether single entries are asked for or read, or there are nothing but single numbers.
  func isOfThisPass(_ formula: Expression) -> Bool {
    if question.subscripts.hasPlace { return true }
    let isOfNumbers = scene.leaves.values.allSatisfy { $0.count == 1 }
    return right.count == 1 && (isOfNumbers || formula.contains { $0.hasPlace })
  }

  /// Whether a number in the formula is an entry of this pass, and no small count.
  private func hasFigures(_ formula: Expression) -> Bool {
    let values = (scene.model.leaves + scene.model.equations.map(\.name)).flatMap { [$0, $0.gradientName] }
    return formula.contains { node in
      guard case .number(let figure) = node, figure != figure.rounded() else { return false }
      return values.contains { name in
        scene.value(of: name)?.elements.contains { Agreement.holds(abs($0), figure) } ?? false
      }
    }
  }

  /// Numbers in the formula that stand for counts, where the printed equations have counts as numbers too: no name stands for
  /// these, so nothing else can be written. Nil where the formula is not right at other sizes with the counts of there.
  func counted(_ formula: Expression, _ trial: Trial) -> [Double]? {
    let counts = printedCounts(trial)
    guard !counts.isEmpty else { return nil }
    func other(_ node: Expression) -> Expression? {
      guard case .number(let value) = node else { return nil }
      return counts[value].map { .number($0) }
    }
    var readings = [(formula.rewritingAll(other), counts.keys.filter { formula.contains(.number($0)) })]
    // 2 / 4 was put together to 1 / 2: what is half of a count here is half of it there.
    for (old, new) in changedExtents(trial) {
      for number in formula.numbers where number != 0 && abs(number) != 1 {
        let there = Expression.number(number * Double(new) / Double(old))
        readings += formula.rewritings { $0 == .number(number) ? [there] : [] }.map { ($0, [number]) }
      }
    }
    return readings.first { $0.0 != formula && trial.outcome($0.0, question).isRight }?.1.sorted()
  }

  /// The extents of leaves that are others in a trial, and what they are there.
  func changedExtents(_ trial: Trial) -> [(old: Int, new: Int)] {
    var changes: [Int: Int] = [:]
    for (name, value) in trial.scene.leaves {
      guard let old = scene.leaves[name]?.shape.dimensions else { continue }
      for (a, b) in zip(old, value.shape.dimensions) where a != b && a > 1 { changes[a] = b }
    }
    return changes.sorted { $0.key < $1.key }.map { (old: $0.key, new: $0.value) }
  }

  /// The numbers that the equations of what is asked for, and of what it is made of, have here, and those in their places
  /// at another size.
  private func printedCounts(_ trial: Trial) -> [Double: Double] {
    var result: [Double: Double] = [:]
    func compare(_ a: Expression, _ b: Expression) {
      if case .number(let x) = a, case .number(let y) = b, x != y { result[x] = y }
      guard a.children.count == b.children.count else { return }
      for (x, y) in zip(a.children, b.children) { compare(x, y) }
    }
    var open = question.right.names
    var seen = Set(open)
    while let name = open.popLast() {
      guard let own = scene.equation(of: name) else { continue }
      if let there = trial.scene.equation(of: name) { compare(own.expression, there.expression) }
      open += own.expression.names.filter { seen.insert($0).inserted }
    }
    return result
  }

  /// That what is asked for is 0 up to rounding, whatever the numbers: behind a bias everything may be centred. Nil for other
  /// values, and for what is 0 to the last bit.
  func vanishing(_ formula: Expression, _ draws: [Trial]) -> Verdict.Reach? {
    func isNothing(_ scene: any AnswerScene, _ value: Tensor) -> Bool {
      guard let noise = try? scene.noise(of: question) else { return false }
      return value.elements.allSatisfy { abs($0) <= noise }
    }
    guard isNothing(scene, right), draws.allSatisfy({ isNothing($0.scene, $0.right) }),
      right.elements.contains(where: { $0 != 0 }) || draws.contains(where: { $0.right.largestMagnitude > 0 }),
      draws.allSatisfy({ $0.outcome(formula, question).isRight })
    else { return nil }
    // Of two deviations from one mean the squares are equal, of three they are not.
    let sizes = OtherSizes(scene)
    let elsewhere = try? Trial(question, in: scene, seed: 11, shapes: sizes.shapes(changing: sizes.groups))
    if let elsewhere, !isNothing(elsewhere.scene, elsewhere.right) { return nil }
    return .vanishing(draws: draws.count, isSame: isSameBehind(formula))
  }

  /// Whether a formula is the equation's for any gradients that the equation reads; nil where it reads others.
  private func isSameBehind(_ formula: Expression) -> Bool? {
    guard let step = question.step, question.subscripts.isEmpty, let own = scene.equation(of: step) else {
      return nil
    }
    let gradients = Set(own.expression.names.filter { $0.gradientOf != nil })
    guard !gradients.isEmpty, formula.names.allSatisfy({ $0.gradientOf == nil || gradients.contains($0) })
    else { return nil }
    var generator = RandomGenerator(seed: 31)
    var other: [String: Tensor] = [:]
    for name in gradients.sorted() {
      other[name] = scene.value(of: name).map { generator.normal(shape: $0.shape) }
    }
    let evaluator = Evaluator(Overlay(other, over: scene))
    guard let right = try? evaluator.value(of: own.evaluated), let value = try? evaluator.value(of: formula)
    else { return nil }
    return GivenValue(value, formula: formula).fitted(to: right.shape)?.matches(right)
  }

  /// Whether an answer is right in courses that keep dZ without the 1/m of the loss, and divide in dW and db.
  func convention(of formula: Expression) -> Verdict.Deviation.Convention? {
    guard let step = question.step, let value = step.gradientOf, question.following == nil,
      let m = scene.sampleCount, m > 1, let draws = try? draws(3)
    else { return nil }
    func isRight(_ other: Expression) -> Bool {
      Trial(scene, right: right).outcome(other, question).isRight
        && draws.allSatisfy { $0.outcome(other, question).isRight }
    }
    let isTrained = scene.model.parameters.contains(value)
    if !isTrained { return isRight(formula / .sampleCount) ? .keepsCount : nil }
    let behind = formula.names.filter { name in
      name.gradientOf.map { !scene.model.parameters.contains($0) && $0 != scene.model.lossName } ?? false
    }
    guard !behind.isEmpty else { return nil }
    let kept = behind.map { ($0, .sampleCount * Expression.name($0)) }
    return isRight(formula.substituting(Dictionary(uniqueKeysWithValues: kept))) ? .behind(behind) : nil
  }
}

extension [Subscript] {
  /// Whether an index among them is a number.
  fileprivate var hasPlace: Bool { contains { if case .at = $0 { true } else { false } } }
  fileprivate var isPlace: Bool { allSatisfy { if case .at = $0 { true } else { false } } }
}

extension Expression {
  fileprivate func contains(_ part: Expression) -> Bool { contains { $0 == part } }

  /// The numbers in it, each once.
  fileprivate var numbers: Set<Double> {
    var result: Set<Double> = []
    visit { if case .number(let value) = $0 { result.insert(value) } }
    return result
  }

  fileprivate var hasPlace: Bool {
    if case .index(_, let subscripts) = self { subscripts.hasPlace } else { false }
  }

  /// Whether whatever has several entries is read entry by entry, each by its place.
  func readsSingleEntriesOnly(in scene: any AnswerScene) -> Bool {
    switch self {
    case .name(let name): scene.value(of: name)?.count == 1
    case .index(.name(let name), let subscripts):
      subscripts.isPlace && scene.value(of: name)?.rank == subscripts.count
    default: children.allSatisfy { $0.readsSingleEntriesOnly(in: scene) }
    }
  }
}
