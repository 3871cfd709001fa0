import Formulas
import LinearAlgebra

// A right formula at other numbers and other sizes.

extension Judge {
  /// Enough that a neuron which is on in all of them is no chance.
  static let draws = 8

  /// The same question in sessions of the same shapes with random numbers.
  func draws(
    _ count: Int, _ closenesses: [OtherLeaves.Closeness] = OtherLeaves.Closeness.general
  ) throws(Diagnostic) -> [Trial] {
    var result: [Trial] = []
    for seed in 0..<count { result.append(try Trial(question, in: scene, seed: seed, closenesses)) }
    return result
  }

  /// How far a formula holds that is right here.
  mutating func reach(of formula: Expression) -> Verdict {
    let asked = Set(question.right.names)
    let own = formula.names.first { scene.ownNames.contains($0) && !asked.contains($0) }
    if let own { return .right(.here(because: "\(name: own) keeps its value")) }
    let draws: [Trial]
    do throws(Diagnostic) { draws = try self.draws(Self.draws) } catch {
      note("\(question.title) at other numbers", error)
      return .right(.here(because: "there are no other numbers to try"))
    }
    if let reach = vanishing(formula, draws) { return .right(reach) }
    for (index, trial) in draws.enumerated() {
      let outcome = trial.outcome(formula, question)
      guard !outcome.isRight else { continue }
      guard !formula.names.isEmpty else { return .right(.here(because: "these are numbers")) }
      guard !formula.contains({ if case .list = $0 { true } else { false } }) else {
        return .right(.here(because: "it has numbers of this session in it"))
      }
      if let (name, value) = writtenLeaf(formula, draws) {
        return .rightHereOnly(
          Verdict.Limit(kind: .leaf(name, value), diagnosis: Diagnosis(), failure: nil))
      }
      if let reach = reachOfThisPass(formula) { return .right(reach) }
      let others = draws.indices.filter { $0 != index }.map { draws[$0] }
      return .rightHereOnly(limit(.theseNumbers, outcome, trial, confirmedBy: others))
    }
    return reachInSize(of: formula, draws)
  }

  private mutating func reachInSize(of formula: Expression, _ draws: [Trial]) -> Verdict {
    let sizes = OtherSizes(scene)
    let groups = sizes.groups
    var others = groups
    var samples: Int?
    var counts: [Double] = []
    // The terms of a sum that are written one by one are those of this batch.
    let here = Verdict.right(.everywhere(draws: draws.count, samples: nil, sizes: false))
    let isWorkedOut = isOfThisPass(formula) && formula.readsSingleEntriesOnly(in: scene)
    if let group = groups.first, group.isSamples, let m = scene.sampleCount,
      let trial = trial(sizes, [group], "another number of samples"), let other = trial.scene.sampleCount,
      other != m
    {
      others.removeFirst()
      let outcome = trial.outcome(formula, question)
      let read = outcome.isRight ? [] : counted(formula, trial)
      counts += read ?? []
      guard read != nil else {
        if isWorkedOut { return here }
        var limit = limit(.samples(m, other: other), outcome, trial, confirmedBy: [])
        limit.literal = writesSamples(formula, as: m, draws + [trial]) ? m : nil
        let counted = formula.rewritingAll { $0 == .sampleCount ? .number(Double(m)) : nil }
        limit.isOtherCount = counted != formula && trial.outcome(counted, question).isRight
        if limit.isOtherCount || limit.literal != nil { limit.diagnosis = Diagnosis() }
        return .rightHereOnly(limit)
      }
      samples = other
    }
    guard !others.isEmpty, let all = trial(sizes, groups, "other sizes") else {
      return .right(.everywhere(draws: draws.count, samples: samples, sizes: false, counts: counts))
    }
    if let read = all.outcome(formula, question).isRight ? [] : counted(formula, all) {
      counts += read.filter { !counts.contains($0) }
      return .right(.everywhere(draws: draws.count, samples: samples, sizes: true, counts: counts))
    }
    if isWorkedOut { return here }
    // Which size it is that the formula takes for granted.
    for changed in others.map({ [$0] }) + [groups] {
      guard let trial = trial(sizes, changed, "other sizes") else { continue }
      let outcome = trial.outcome(formula, question)
      guard !outcome.isRight else { continue }
      let shapes = changed.flatMap(\.names).compactMap { name in
        trial.scene.leaves[name].map { (name: name, shape: $0.shape) }
      }
      var limit = limit(.sizes(shapes), outcome, trial, confirmedBy: [])
      limit.literal = writtenExtent(formula, trial)
      // What the number would be mistaken for there is no mistake that was made.
      if limit.literal != nil { limit.diagnosis = Diagnosis() }
      return .rightHereOnly(limit)
    }
    return .right(.everywhere(draws: draws.count, samples: samples, sizes: false))
  }

  private mutating func trial(_ sizes: OtherSizes, _ groups: [OtherSizes.Group], _ what: Prose) -> Trial? {
    do throws(Diagnostic) {
      return try Trial(question, in: scene, seed: 11, shapes: sizes.shapes(changing: groups))
    } catch {
      note(what, error)
      return nil
    }
  }

  private mutating func limit(
    _ kind: Verdict.Limit.Kind, _ outcome: Trial.Outcome, _ trial: Trial, confirmedBy others: [Trial]
  ) -> Verdict.Limit {
    switch outcome {
    case .right: Verdict.Limit(kind: kind, diagnosis: Diagnosis(), failure: nil)
    case .failed(let reason): Verdict.Limit(kind: kind, diagnosis: Diagnosis(), failure: reason)
    case .wrong(let given):
      Verdict.Limit(kind: kind, diagnosis: diagnosis(of: given, in: trial.scene, others), failure: nil)
    }
  }

  /// The extent that stands as a number in the formula: the other one in its place makes it right.
  private func writtenExtent(_ formula: Expression, _ trial: Trial) -> Int? {
    changedExtents(trial).first { old, new in
      let count = Expression.number(Double(old))
      // Another 2 beside it may be a factor of a square.
      let meant =
        formula.rewritings { $0 == count ? [.number(Double(new))] : [] } + [
          formula.rewritingAll { $0 == count ? .number(Double(new)) : nil }
        ]
      return meant.contains { $0 != formula && trial.outcome($0, question).isRight }
    }?.old
  }

  /// The leaf, a single number, whose value stands as a number in the formula: written by its name it is right everywhere.
  private func writtenLeaf(_ formula: Expression, _ trials: [Trial]) -> (name: String, value: Double)? {
    for (name, leaf) in scene.leaves.sorted(by: { $0.key < $1.key }) {
      guard leaf.count == 1, name != .sampleCount, let value = leaf.elements.first else { continue }
      func written(_ node: Expression) -> Expression? {
        switch node {
        case .number(value): .name(name)
        case .number(-value): -.name(name)
        default: nil
        }
      }
      let meant = formula.rewritings { written($0).map { [$0] } ?? [] } + [formula.rewritingAll(written)]
      let isLeaf = meant.contains { other in
        other != formula && trials.allSatisfy { $0.outcome(other, question).isRight }
      }
      if isLeaf { return (name, value) }
    }
    return nil
  }

  /// Whether a number in the formula stands for m: written as m it is right everywhere.
  private func writesSamples(_ formula: Expression, as count: Int, _ trials: [Trial]) -> Bool {
    func isCount(_ node: Expression) -> Bool { node == .number(Double(count)) }
    let meant =
      formula.rewritings { isCount($0) ? [.sampleCount] : [] } + [
        formula.rewritingAll { isCount($0) ? .sampleCount : nil }
      ]
    return meant.contains { other in
      other != formula && trials.allSatisfy { $0.outcome(other, question).isRight }
    }
  }
}
