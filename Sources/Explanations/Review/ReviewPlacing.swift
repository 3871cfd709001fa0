import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Platform

// One value of a program, placed among those of the pass.

extension Review {
  mutating func place(_ position: Int) {
    let own = values[position]
    let key = own.place
    let before = latest[key]
    var finding = Finding(own)
    // The value with which the line is judged: what it gives from right ones.
    var value = own
    var origin: Int?
    outcome = replay.outcome(of: own)
    switch outcome {
    case .untouched: break
    case .replayed(let tensor, let line):
      value = own.with(tensor)
      origin = line
    case .unreadable(let line): origin = line
    }
    finding.tensor = value.tensor
    place(value, position, before, &finding)
    if let origin, finding.verdict == .right, value.tensor != own.tensor || finding.name == nil {
      finding.verdict = .follows(line: origin)
      finding.isRightOtherwise = true
    }
    for record in own.records { placed[record] = findings.count }
    if finding.verdict == .wrong { mend(finding) }
    findings.append(finding)
    latest[key] = findings.count - 1
  }

  /// What the lines behind a wrong one are tried with.
  mutating func mend(_ finding: Finding) {
    guard let right = finding.expected ?? finding.name.flatMap(target) else { return }
    let form = ReviewForm.allCases.first { $0.turned(finding.value.tensor, to: right.shape) != nil }
    let scaled = finding.factor == 1 ? right : right.map { $0 * finding.factor }
    replay.mend(finding.value, with: form == .transposed ? scaled.transposed() : scaled)
  }

  private mutating func place(
    _ value: ProgramTrace.Value, _ position: Int, _ before: Int?, _ finding: inout Finding
  ) {
    if isUpdate(value) {
      // An update that goes entry by entry, or on a way that is not known.
      if isPartial(position) || (replay.isReadable && isOnOwnInputs) { return }
      return judgeUpdate(&finding, value)
    }
    let candidates = names(for: value)
    // Zeros may be what a loop left of a gradient.
    let isMeant = candidates.first?.likeness ?? 0 >= 3 && !isPartial(position)
    let isMade = !value.formula.isEmpty && value.tensor.elements[0] != 0 && value.tensor.elements[0] != 1
    // Set back to 0 for the next turn it is not what a loop left of it.
    let isSetBack =
      before.map { findings[$0].name != nil } ?? false && !value.tensor.elements.contains { $0 != 0 }
    let isLeft = isMeant && (value.change == .inPlace || isMade) && !isSetBack
    // Nor is a 0 that is to be added to.
    if value.change == .new, value.tensor.count == 1, value.tensor.elements[0] == 0 { return }
    guard !value.tensor.isConstant || value.tensor.count == 1 || isLeft,
      value.tensor.count > 1 || value.precision != .whole
    else { return }
    if let (name, form, tensor) = rightName(for: value, candidates) {
      let isTaken = own[name].map { !isWrong($0.finding) } ?? (leaves.values[name] != nil)
      if isTaken, !isStart(position), !(value.change == .inPlace && isPartial(position)),
        let meant = meant(value, name, candidates),
        judge(&finding, value, [meant], before)
      {
        return
      }
      finding.name = name
      finding.verdict = .right
      finding.tensor = tensor
      finding.isCopy = isTaken
      if form == .transposed { finding.remark = "transposed" }
      return take(name, tensor)
    }
    let isPartial = isPartial(position)
    if isPartial, value.change == .inPlace { return }
    if value.tensor.count > 1, value.change == .new, value.tensor == finding.value.tensor,
      let at = findings.lastIndex(where: { $0.name != nil && $0.value.tensor == value.tensor })
    {
      if !isStart(position), let name = findings[at].name, let meant = meant(value, name, candidates),
        judge(&finding, value, [meant], before)
      {
        return
      }
      finding.name = findings[at].name
      finding.verdict = findings[at].verdict
      finding.factor = findings[at].factor
      finding.isCopy = true
      return
    }
    if let found = scaled(value, candidates) {
      finding.name = found.name
      finding.verdict = .right
      finding.tensor = found.tensor
      setFactor(found.factor, of: &finding)
      if let before, value.change != .new, findings[before].name == found.name,
        findings[before].factor == found.factor
      {
        findings[before].isWithdrawn = true
      }
      return take(found.name, found.tensor)
    }
    if isOnOwnInputs, let found = followed(value, candidates) {
      finding.name = found.name
      finding.verdict = .follows(line: found.line)
      finding.tensor = found.tensor
      finding.isCopy = own[found.name].map { findings[$0.finding].value.tensor == value.tensor } ?? false
      setFactor(found.factor, of: &finding)
      return take(found.name, found.tensor)
    }
    if isGradientBetween(value), candidates.first?.likeness ?? 0 < 3 { return }
    if !isPartial, candidates.first?.likeness ?? 0 > 1 || !isKnownPart(value) {
      _ = judge(&finding, value, candidates, before)
    }
  }

  /// A line is judged beside the program's own values where it cannot be tried with right ones.
  var isOnOwnInputs: Bool {
    if case .unreadable = outcome { return true }
    return !replay.isReadable
  }

  mutating func take(_ name: String, _ tensor: Tensor) { own[name] = (tensor, findings.count) }

  /// A line that adds to it comes again: it is not yet what it will be.
  private func isPartial(_ position: Int) -> Bool {
    let value = values[position]
    guard let later = following[position].map({ values[$0] }) else { return false }
    // A gradient that is added up, and not one that is set to 0 for the next turn.
    let isAdded =
      (value.variable.hasSuffix(".grad") && !later.tensor.isConstant)
      || (value.change == .inPlace && later.turns == value.turns && value.records.count == 1
        && replay.isAddedTo(value.records[0], by: value.variable))
    return later.change == .inPlace && (later.line == value.line || value.tensor.isConstant || isAdded)
  }

  /// A copy that a later line changes in place: `dscores = probs.copy()`, and then `dscores[range(m), y] -= 1`.
  private func isStart(_ position: Int) -> Bool {
    let value = values[position]
    let later = values[(position + 1)...].first {
      $0.variable == value.variable && $0.holder == value.holder && $0.function == value.function
        && $0.turns == value.turns
    }
    return later?.change == .inPlace
  }

  /// What a line makes of a value that is there already, when by the variable's name it should be something else.
  private func meant(
    _ value: ProgramTrace.Value, _ name: String, _ candidates: [(name: String, likeness: Int)]
  ) -> (name: String, likeness: Int)? {
    let likeness = candidates.first { $0.name == name }?.likeness ?? 0
    // What a function calls its argument is the same for every layer.
    var least = 2
    if case .argument = value.origin { least = 3 }
    if let other = candidates.first(where: {
      $0.likeness >= least && $0.likeness > likeness && own[$0.name] == nil && leaves.values[$0.name] == nil
        && (VariableName(value.variable).number != nil
          || truth[$0.name].map { !ReviewForm.readings(value.tensor, as: $0.shape).isEmpty } ?? false)
    }) {
      return other
    }
    guard value.isRepeated, value.change != .new, let at = order.firstIndex(of: name) else { return nil }
    return order[(at + 1)...].first { own[$0] == nil && truth[$0]?.shape == truth[name]?.shape }.map {
      ($0, 1)
    }
  }

  // MARK: Right

  private func rightName(
    for value: ProgramTrace.Value, _ candidates: [(name: String, likeness: Int)]
  ) -> (String, ReviewForm, Tensor)? {
    for (name, likeness) in candidates {
      // A number alone is too easily met.
      if value.tensor.count == 1, likeness < 1 { continue }
      guard let right = target(name) else { continue }
      for reading in ReviewForm.readings(value.tensor, as: right.shape)
      where reading.tensor.agrees(with: right, tolerance: value.precision.tolerance)
        || (likeness > 0 && isNothing(reading.tensor, name, right, value.precision.tolerance))
      {
        return (name, reading.form, reading.tensor)
      }
    }
    return nil
  }

  /// What is 0 on paper comes out as rounding left it: a bias in front of a batch norm has such a gradient.
  private func isNothing(_ tensor: Tensor, _ name: String, _ right: Tensor, _ tolerance: Double) -> Bool {
    right.largestMagnitude < 1e-10 * largestInput(of: name)
      && tensor.largestMagnitude < tolerance * largestInput(of: name) && tensor.isFinite
  }

  /// The same of the right value.
  func isNothing(_ name: String) -> Bool {
    target(name).map { $0.largestMagnitude < 1e-10 * largestInput(of: name) } ?? false
  }

  private func largestInput(of name: String) -> Double {
    let equation = equations.first { $0.name == name }
    return equation?.expression.names.compactMap { truth[$0]?.largestMagnitude }.max() ?? 0
  }

  /// Factors that a convention may leave to a later line.
  var factors: [Double] { counts + [-1] + counts.map { -$0 } }

  /// A gradient but for a factor that may be taken care of later.
  private mutating func scaled(
    _ value: ProgramTrace.Value, _ candidates: [(name: String, likeness: Int)]
  ) -> (name: String, tensor: Tensor, factor: Double)? {
    for (name, likeness) in candidates
    where name.gradientOf != nil && likeness >= (value.tensor.count > 1 ? 0 : 1) {
      guard let right = target(name), !right.isConstant || right.count == 1 else { continue }
      for reading in ReviewForm.readings(value.tensor, as: right.shape) {
        guard let factor = reading.tensor.factor(of: right, tolerance: value.precision.tolerance),
          let known = factors.first(where: { abs($0 - factor) <= 1e-4 * abs(factor) }),
          right.count > 1 || isInherited(known, name)
        else { continue }
        return (name, reading.tensor.map { $0 / known }, known)
      }
    }
    return nil
  }

  mutating func setFactor(_ factor: Double, of finding: inout Finding) {
    finding.factor = factor
    guard factor != 1, let name = finding.name else { return }
    finding.inherited = inheritedFactor(name)
  }

  /// Of a number alone: it has what it is computed from, or that without the count.
  private mutating func isInherited(_ factor: Double, _ name: String) -> Bool {
    let inherited = inheritedFactor(name)
    return factor == inherited || (abs(factor) == 1 && factor * inherited > 0 && inherited != 1)
  }

  /// Of the gradients that a gradient is computed from.
  mutating func inheritedFactor(_ name: String) -> Double {
    _ = ownPasses(to: name)
    return inputs(of: name).map { findings[$0].factor }.first { $0 != 1 } ?? 1
  }

  /// The program's own values from which a name follows, latest first.
  func inputs(of name: String) -> [Int] {
    guard let pass = passes[name]?.last else { return [] }
    var needed: Set<String> = [name]
    var result: [Int] = []
    for step in pass.steps[...pass.target].reversed() where needed.contains(step.name) {
      if step.name != name, let (_, finding) = own[step.name] {
        result.append(finding)
      } else {
        needed.formUnion(step.expression.names)
      }
    }
    return result.sorted(by: >)
  }
}
