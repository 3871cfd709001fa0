import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

// Steps that are more than the gradient times the rate, in their first turn: with nothing remembered yet.

extension Review {
  /// Whether a step is that of the session's optimiser or of another, right or by a known mistake.
  mutating func judgeOptimizer(
    _ finding: inout Finding, _ name: String, _ old: Tensor, _ moved: Tensor, _ gradient: Tensor,
    _ allowed: Double
  ) -> Bool {
    let others = Optimizer.all.map { ChosenOptimizer($0) }.filter { $0.name != optimizer.name }
    let usual = [optimizer] + others
    let pass = ownPasses(to: name.gradientName).first
    // Options that the program names come behind the usual ones; and a factor of a whole step shows only beside a rate that
    // it names.
    for all in [usual, usual.flatMap(variants)] {
      for needsKnown in [true, false] {
        for chosen in all where !Interruption.isRequested {
          guard let equations = try? chosen.shown(for: name, step: 1) else { continue }
          func rate(_ equations: [Equation]) -> Double? {
            guard let direction = step(equations, chosen, name, old, gradient),
              let rate = self.rate(moved, direction, allowed), !needsKnown || isKnown(abs(rate))
            else { return nil }
            return rate
          }
          if let rate = rate(equations) {
            finding.verdict = rate > 0 ? .right : .wrong
            if rate < 0 { finding.ids = [Mistake.wrongSign.id] }
            if chosen.name != optimizer.name { finding.remark = "as '\(chosen.text)' does it" }
            return true
          }
          guard let mistake = mistake(equations, pass, { rate($0) ?? 0 > 0 }) else { continue }
          // Where ε stands is a convention, unless somebody says which optimiser it is to be.
          if mistake.id == Mistake.epsilonPlacement.id, chosen.name != optimizer.name {
            finding.verdict = .right
            finding.remark = "as '\(chosen.text)' does it, but for the place of ε"
            return true
          }
          finding.verdict = .wrong
          finding.ids = [mistake.id]
          finding.expected = step(equations, chosen, name, old, gradient).map { direction in
            Tensor(unchecked: old.shape, zip(old.elements, direction.elements).map { $0 - learningRate * $1 })
          }
          return true
        }
      }
    }
    return false
  }

  /// An optimiser with numbers that the program names for its options.
  private func variants(of chosen: ChosenOptimizer) -> [ChosenOptimizer] {
    var result = [chosen]
    for option in chosen.optimizer.numbers {
      // A share that stays is near 1; what is added is small.
      let fitting = literals.filter {
        $0 != chosen.number(option.name) && option.range.contains($0)
          && (option.usual > 0.5 ? $0 > 0.5 && $0 < 1 : $0 > 0 && $0 <= 0.1)
      }.sorted()
      result += result.flatMap { one in
        fitting.compactMap { value in
          var other = one
          return (try? other.set(option.name, to: "\(value)", at: 0..<0)).map { other }
        }
      }
    }
    return Array(result.dropFirst().prefix(Self.mostVariants))
  }

  private static let mostVariants = 60

  /// The mistake with which a step's equations give what the program has.
  private func mistake(
    _ equations: [Equation], _ pass: MistakePass?, _ isStep: ([Equation]) -> Bool
  ) -> Mistake? {
    guard let pass else { return nil }
    return Mistake.all.first { mistake in
      mistake.updating(pass, equations).contains { $0 != equations && isStep($0) }
    }
  }

  /// A learning rate that the program names.
  private func isKnown(_ rate: Double) -> Bool {
    literals.union([learningRate]).contains { abs($0 - rate) <= 1e-4 * rate }
  }

  /// What a rate of 1 takes off a parameter.
  private func step(
    _ equations: [Equation], _ chosen: ChosenOptimizer, _ name: String, _ old: Tensor, _ gradient: Tensor
  ) -> Tensor? {
    var values = truth.merging([name: old, name.gradientName: gradient, .learningRate: Tensor(1)]) { $1 }
    for memory in chosen.memoryNames(of: name) { values[memory] = Tensor(repeating: 0, shape: old.shape) }
    for equation in equations {
      guard let value = try? Evaluator(Bindings(values)).value(of: equation.expression) else { return nil }
      if equation.name == name {
        guard value.shape == old.shape else { return nil }
        return Tensor(unchecked: old.shape, zip(old.elements, value.elements).map { $0 - $1 })
      }
      values[equation.name] = value
    }
    return nil
  }
}
