import Formulas
import LinearAlgebra
import Operations

// What is wrong with an answer: by how much, which mistake, what was meant.

extension Judge {
  mutating func deviation(of given: GivenValue, at positions: [Int]) -> Verdict.Deviation {
    let size = size(of: given, at: positions)
    // Rounding explains a last digit; among a hundred mistakes some number is as near by chance.
    if case .lastDigit? = size {
      return Verdict.Deviation(positions: positions, size: size, diagnosis: Diagnosis())
    }
    let rate = otherRate(given).map { Verdict.Deviation.Size.rate($0, scene.learningRate) }
    // Whoever writes the gradient's name took it over; numbers may be too large by m, and not by the rate.
    if let rate, let step = question.step, let formula = given.formula, formula.contains(name: step),
      !formula.contains(name: .sampleCount)
    {
      return Verdict.Deviation(positions: positions, size: rate, diagnosis: Diagnosis())
    }
    if let formula = given.formula, let targets = improperTargets(formula) {
      return Verdict.Deviation(positions: positions, size: .improperTargets(targets), diagnosis: Diagnosis())
    }
    let diagnosis = diagnosis(of: given)
    let own = diagnosis.findings.isEmpty ? rate ?? otherValue(given) ?? size : size
    return Verdict.Deviation(
      positions: positions, size: own, diagnosis: diagnosis,
      convention: given.formula.flatMap { convention(of: $0) })
  }

  mutating func verdict(ofAnotherShape given: GivenValue) -> Verdict {
    .otherShape(remedy(for: given), diagnosis(of: given))
  }

  // MARK: Size and sign

  private func size(of given: GivenValue, at positions: [Int]) -> Verdict.Deviation.Size? {
    guard given.value.isFinite else { return .notFinite }
    if given.matches(right.map { -$0 }) { return .negated }
    if let numbers = given.numbers {
      let units = positions.map { numbers[$0].units(from: right.elements[$0]) }.max() ?? 0
      let isNear = positions.allSatisfy { i in
        let digits = numbers[i].significant
        return digits > 2 || digits == 2 && numbers[i].units(from: right.elements[i]) <= 1
      }
      if units <= 3, isNear,
        // Nothing is rounded in a whole number.
        !positions.allSatisfy({ right.elements[$0] == right.elements[$0].rounded() })
      {
        // Counted from the right value in as many digits: 0.0319172 is 1 from 0.03191732.
        return Int(exactly: max(1, units.rounded())).map { .lastDigit($0) }
      }
    }
    if let x = given.value.scalarValue, let y = right.scalarValue {
      if x != 0, y != 0, (x < 0) != (y < 0) { return .otherSign }
      return abs(x) < abs(y) ? .tooSmall : .tooLarge
    }
    let pairs = zip(given.value.elements, right.elements)
    guard let largest = pairs.max(by: { abs($0.1) < abs($1.1) }), largest.0 != 0, largest.1 != 0 else {
      return nil
    }
    // Where some entry is right, or digits are too few to tell, it is no multiple.
    let factor = largest.0 / largest.1
    let isEverywhere = positions.count > 1 && positions.count == right.elements.count { $0 != 0 }
    return isEverywhere && factor.isFinite && given.isCertainly(right.map { $0 * factor })
      ? .factor(factor)
      // A formula has no slip in three cells.
      : given.isTyped && right.count > 3 && positions.count * 4 <= right.count ? .slip : nil
  }

  /// The value of the pass that was given in place of the one that was asked for; of a formula at other numbers too.
  private func otherValue(_ given: GivenValue) -> Verdict.Deviation.Size? {
    guard let step = question.step, question.following == nil, given.hasDigits(3) else { return nil }
    let values = scene.model.leaves + scene.model.equations.map(\.name)
    let names = (values + values.map(\.gradientName)).filter { $0 != step }
    for name in names {
      guard let value = scene.value(of: name) else { continue }
      for isTransposed in value.rank == 2 ? [false, true] : [false] {
        let whole: Expression = isTransposed ? .transpose(.name(name)) : .name(name)
        let part = question.subscripts.isEmpty ? whole : .index(whole, question.subscripts)
        guard let there = try? scene.evaluated(part), given.isCertainly(there),
          isEverywhere(given.formula, part)
        else { continue }
        return .another(name, isTransposed: isTransposed)
      }
    }
    return nil
  }

  private func isEverywhere(_ formula: Expression?, _ value: Expression) -> Bool {
    guard let formula else { return true }
    guard let draws = try? draws(3) else { return false }
    return draws.allSatisfy { trial in
      guard let own = try? trial.scene.evaluated(formula), let other = try? trial.scene.evaluated(value)
      else { return false }
      return GivenValue(own, formula: formula).fitted(to: other.shape)?.matches(other) ?? false
    }
  }

  /// Targets that keep a formula from being right: were each one's classes to sum to 1, it would be. Nil for other formulas.
  private func improperTargets(_ formula: Expression) -> [String]? {
    let roles = scene.roles
    guard !scene.mayFuse, roles.loss?.needsDistributions == true, let axis = roles.classAxis else {
      return nil
    }
    var leaves = scene.leaves
    for name in roles.targets {
      let total = Expression.call(Function(Operation.sum.name), [.name(name)], CallOptions(axis: axis))
      guard let proper = try? scene.evaluated(.name(name) / total), proper.isFinite else { return nil }
      leaves[name] = proper
    }
    guard let there = try? scene.with(leaves: leaves), let right = try? there.evaluated(question.right),
      Trial(there, right: right).outcome(formula, question).isRight
    else { return nil }
    return roles.targets
  }

  // MARK: Which mistake

  private mutating func diagnosis(of given: GivenValue) -> Diagnosis {
    guard question.step != nil else { return Diagnosis() }
    guard let formula = given.formula else { return diagnosis(of: given, in: scene, []) }
    do throws(Diagnostic) {
      // Of one entry the terms are those of this pass: which labels it has, which rows were taken.
      if isOfThisPass(formula) {
        return diagnosis(of: given, in: scene, try draws(3, OtherLeaves.Closeness.ofData))
      }
      return diagnosis(of: given, in: scene, try draws(3), elsewhere: { [self] in elsewhere(formula) })
    } catch {
      note("\(question.title) at other numbers", error)
      return diagnosis(of: given, in: scene, [])
    }
  }

  /// - Parameter others: where a formula must be wrong by the same mistake.
  mutating func diagnosis(
    of given: GivenValue, in scene: any AnswerScene, _ others: [Trial],
    elsewhere: @escaping () -> Diagnosis.Elsewhere? = { nil }
  ) -> Diagnosis {
    guard let step = question.step else { return Diagnosis() }
    var confirmations: [Diagnosis.Confirmation] = []
    for trial in others {
      switch given.formula.map({ trial.outcome($0, question) }) {
      case .wrong(let there)?: confirmations.append(.init(leaves: trial.scene.leaves, answer: there))
      // A value that cannot be had there, or is right there, confirms no mistake.
      case .failed(let reason)?: note("your formula at other numbers", reason)
      case .right?, nil: break
      }
    }
    do throws(Diagnostic) {
      let passes = try MistakePass.passes(
        to: step, model: scene.model, leaves: scene.leaves, learningRate: scene.learningRate,
        isFused: scene.isFused, mayFuse: scene.mayFuse)
      let diagnosis = Diagnosis.find(
        given, passes: passes, confirmations: confirmations, triesThrees: true, following: question.following,
        elsewhere: elsewhere, selecting: selection(of: step, in: scene))
      for (what, why) in diagnosis.untried { note(what, why) }
      return diagnosis
    } catch {
      note("the usual mistakes", error)
      return Diagnosis()
    }
  }

  /// Of a step's value what is asked for: an entry, what follows from it.
  private func selection(of step: String, in scene: any AnswerScene) -> Diagnosis.Selection {
    let (question, subscripts) = (question, question.subscripts)
    return { whole, pass, other in
      var whole = whole
      if let following = question.following {
        guard let value = following.value(of: step, whole, in: pass, over: scene, by: other) else {
          return nil
        }
        whole = value
      }
      guard !subscripts.isEmpty else { return whole }
      guard let (shape, positions) = Evaluator.selection(subscripts, in: whole.shape) else { return nil }
      return Tensor(unchecked: shape, positions.map { whole.elements[$0] })
    }
  }

  /// A wrong formula at other sizes; nil where it, or the pass, has no value there.
  private func elsewhere(_ formula: Expression) -> Diagnosis.Elsewhere? {
    let sizes = OtherSizes(scene)
    guard let step = question.step, !sizes.groups.isEmpty,
      let trial = try? Trial(question, in: scene, seed: 11, shapes: sizes.shapes(changing: sizes.groups)),
      case .wrong(let there) = trial.outcome(formula, question)
    else { return nil }
    let others = readings(of: formula, in: trial.scene).compactMap { reading -> GivenValue? in
      if case .wrong(let value) = trial.outcome(reading, question) { value } else { nil }
    }
    let passes = try? MistakePass.passes(
      to: step, model: scene.model, leaves: trial.scene.leaves, learningRate: scene.learningRate,
      isFused: trial.scene.isFused, mayFuse: trial.scene.mayFuse)
    return passes.map {
      Diagnosis.Elsewhere(
        passes: $0, answers: [there] + others, selecting: selection(of: step, in: trial.scene))
    }
  }

  /// A formula with numbers in it that are extents here, or products of two, written as those of another scene.
  private func readings(of formula: Expression, in other: any AnswerScene) -> [Expression] {
    var extents: Set<[Int]> = []
    for (name, value) in other.leaves {
      guard let old = scene.leaves[name]?.shape.dimensions else { continue }
      for (a, b) in zip(old, value.shape.dimensions) where a != b && a > 1 { extents.insert([a, b]) }
    }
    let single = extents.sorted { $0.lexicographicallyPrecedes($1) }
    let products = single.flatMap { x in single.map { y in [x[0] &* y[0], x[1] &* y[1]] } }
    let changes = single + products
    func written(_ change: [Int]) -> (Expression) -> [Expression] {
      { $0 == .number(Double(change[0])) ? [.number(Double(change[1]))] : [] }
    }
    var seen: Set<Expression> = [formula]
    return changes.flatMap { change in
      formula.rewritings(written(change)) + [formula.rewritingAll { written(change)($0).first }]
    }.filter { seen.insert($0).inserted }
  }
}
