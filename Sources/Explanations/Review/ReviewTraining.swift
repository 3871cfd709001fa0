import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

// What shows in no value of the first pass: a gradient that never comes, and one that is still there in the next turn.

extension Review {
  /// Where the gradient of a parameter is not among the values, what is called after it is wrong, whatever it is.
  mutating func judgeMissing() {
    for name in notFound {
      let found = findings.indices.last { index in
        let value = findings[index].value
        return findings[index].verdict == .unknown && findings[index].name == nil && value.precision != .whole
          && value.tensor.elements.contains { $0 != 0 } && truth[name]?.count == value.tensor.count
          && likenesses(value).contains { $0.name == name && $0.likeness == 3 }
      }
      guard let found else { continue }
      var finding = findings[found]
      if judge(&finding, finding.value, [(name, 3)], nil) { findings[found] = finding }
    }
  }

  /// The line in which PyTorch loses the way back, where gradients behind it are missing: `detach()`, a number taken out.
  mutating func findCut() {
    let missing = model.parameters.filter { own[$0.gradientName] == nil }
    guard !missing.isEmpty,
      missing.count < model.parameters.count || !own.keys.contains(where: { $0.gradientOf != nil })
    else { return }
    let forward = Set(model.equations.map(\.name))
    for index in findings.indices
    where findings[index].verdict == .right && !findings[index].value.isFollowed
      && findings[index].name.map(forward.contains) ?? false && findings[index].value.records.count == 1
    {
      guard let record = findings[index].value.records.last else { continue }
      let reads = replay.ancestors(of: replay.source(of: record), through: { _ in true }, depth: 1)
      guard reads.contains(where: { replay.value($0)?.isFollowed ?? false }) else { continue }
      findings[index].verdict = .wrong
      findings[index].remark =
        "nothing is passed back behind it: it is cut off from what it was computed from, and \(missing[0].gradientName) has no value"
      return
    }
  }

  /// A gradient that has that of the turn before in it, which was never set back to 0.
  mutating func findAccumulated() {
    let steps = findings.filter { $0.isUpdate && $0.verdict == .right }
    var leaves = self.leaves.values
    for step in steps { if let name = step.name { leaves[name] = step.tensor } }
    guard Set(steps.compactMap(\.name)).isSuperset(of: model.parameters),
      let program = try? Program(
        model, leaves: leaves.mapValues(\.shape), isFused: mayFuse, missing: { Diagnostic("no \(name: $0)") })
    else { return }
    var second = leaves
    if let m = program.sampleCount { second[.sampleCount] = Tensor(Double(m)) }
    for step in program.steps where second[step.name] == nil {
      guard let value = try? Evaluator(Bindings(second)).value(of: step.evaluated) else { return }
      second[step.name] = value
    }
    for parameter in model.parameters {
      let name = parameter.gradientName
      guard let at = findings.firstIndex(where: { $0.name == name && !$0.isCopy && !$0.isUpdate }),
        findings[at].verdict == .right, let first = target(name), first.count > 1,
        let next = second[name].map({ right in right.map { $0 * scale } }),
        let record = findings[at].value.records.last,
        let later = self.leaves.trace.values.first(where: {
          $0.place == findings[at].value.place && $0.records.first ?? 0 > record
            && $0.turns != findings[at].value.turns
            && !$0.tensor.isConstant
        })
      else { continue }
      let factor = findings[at].factor == 0 ? 1 : findings[at].factor
      let both = Tensor(unchecked: first.shape, zip(first.elements, next.elements).map { ($0 + $1) * factor })
      let tolerance = later.precision.tolerance
      guard
        ReviewForm.readings(later.tensor, as: first.shape).contains(where: {
          $0.tensor.agrees(with: both, tolerance: tolerance)
            && !$0.tensor.agrees(with: next.map { $0 * factor }, tolerance: tolerance)
        })
      else { continue }
      var finding = Finding(later)
      finding.name = name
      finding.verdict = .wrong
      finding.expected = next
      finding.ids = [Mistake.staleValue.id]
      finding.remark =
        "in the next turn it is \(name: name) and that of the turn before: it is never set back to 0"
      findings.append(finding)
      return
    }
  }
}
