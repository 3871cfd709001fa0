import Formulas
import LinearAlgebra
import NeuralNetworks

// What can be said only when everything has been seen: updates, and factors that a later line takes care of.

extension Review {
  // MARK: Updates

  private func parameter(_ value: ProgramTrace.Value) -> String? {
    let alike = leaves.matches.filter { match in
      match.value.count == value.tensor.count && model.parameters.contains(match.leaf)
        && (match.variable == value.variable || VariableName.likeness(value.variable, match.leaf) > 0
          || isOther(value, nameOf: match))
        && !ReviewForm.readings(value.tensor, as: match.value.shape).isEmpty
    }
    guard !alike.isEmpty else { return nil }
    let done = Set(findings.filter(\.isUpdate).compactMap(\.name))
    let found = alike.filter { !done.contains($0.leaf) }
    return (found.first { $0.variable == value.variable } ?? found.first)?.leaf
  }

  /// What a loop over the parameters calls each of them: `for p in (W1, b1): p -= …`.
  private func isOther(_ value: ProgramTrace.Value, nameOf match: ReviewLeaves.Match) -> Bool {
    guard value.change != .new, let record = value.records.last,
      let held = leaves.trace.values[match.position].records.last
    else { return false }
    return replay.ancestors(of: record, through: { _ in true }, depth: 1).contains { read in
      let chain = replay.chain(of: read).map(\.record)
      return chain.contains(held)
        && chain.contains { replay.value($0)?.variable == plainName(value.variable) }
    }
  }

  /// `p` of `p.data`.
  private func plainName(_ variable: String) -> String {
    variable.hasSuffix(".data") ? String(variable.dropLast(5)) : variable
  }

  /// A parameter gets another value after its gradient was computed.
  func isUpdate(_ value: ProgramTrace.Value) -> Bool {
    guard let name = parameter(value), let old = leaves.values[name],
      !VariableName(value.variable).isGradient,
      own.keys.contains(where: { $0.gradientOf != nil })
    else { return false }
    // A step begins at the old value: means of gradients in a table of the same names do not.
    if !value.formula.isEmpty, let record = value.records.last {
      let made = replay.source(of: record)
      let reads = replay.ancestors(of: made, through: { _ in true }, depth: 1).compactMap(replay.value)
      let isStep = reads.contains { read in
        ReviewForm.readings(read.tensor, as: old.shape).contains {
          $0.tensor.agrees(with: old, tolerance: 1e-15)
        }
      }
      guard isStep else { return false }
    }
    // Of a table that cannot be read only the parameter's own is known to take a step: one of gradients has its keys.
    if value.formula.isEmpty, replay.isReadable, value.variable.contains("[\""),
      !leaves.matches.contains(where: { $0.leaf == name && $0.variable == value.variable })
    {
      return false
    }
    if isOtherTable(value, name, old) { return false }
    return !ReviewForm.readings(value.tensor, as: old.shape).contains {
      $0.tensor.agrees(with: old, tolerance: 1e-15)
    }
  }

  /// A mean of gradients begins at 0 as a bias does, and is kept under its name: the parameter's own variable changes
  /// behind it, to something else.
  private func isOtherTable(_ value: ProgramTrace.Value, _ name: String, _ old: Tensor) -> Bool {
    guard let match = leaves.matches.first(where: { $0.leaf == name }), match.variable != value.variable,
      let record = value.records.first
    else { return false }
    return values.contains { other in
      other.variable == match.variable && other.records.first ?? 0 > record && other.turns == value.turns
        && other.tensor.count == old.count && other.tensor.elements != old.elements
        && other.tensor.elements != value.tensor.elements
    }
  }

  /// Whether the gradient was computed in turns of a loop that the step is outside of: for one sample of several.
  private func isOfMoreSamples(_ gradient: Int?, _ value: ProgramTrace.Value) -> Bool {
    guard sampleCount == 1, let turns = gradient.map({ findings[$0].value.turns }) else { return false }
    return turns.contains { turn in
      !value.turns.contains { $0.loop == turn.loop }
        && leaves.trace.values.contains { $0.turns.contains { $0.loop == turn.loop && $0.turn > 0 } }
    }
  }

  mutating func judgeUpdate(_ finding: inout Finding, _ value: ProgramTrace.Value) {
    guard let name = parameter(value), let old = leaves.values[name],
      let right = target(name.gradientName), let (gradient, source) = gradientAtHand(name.gradientName),
      let new = ReviewForm.readings(value.tensor, as: old.shape).first?.tensor
    else { return }
    finding.name = name
    finding.tensor = new
    finding.isUpdate = true
    let own = source.map { findings[$0].factor } ?? 1
    let used = gradient.map { $0 * own }
    func after(_ gradient: Tensor, _ rate: Double) -> Tensor {
      Tensor(unchecked: old.shape, zip(old.elements, gradient.elements).map { $0 - rate * $1 })
    }
    let moved = Tensor(unchecked: old.shape, zip(old.elements, new.elements).map { $0 - $1 })
    // A step is small beside the value that it moves, which is rounded.
    let unit = finding.value.precision == .double ? 4e-16 : finding.value.precision == .single ? 2e-7 : 2e-3
    let allowed = 1e-6 * moved.largestMagnitude + unit * old.largestMagnitude
    func isMoved(_ gradient: Tensor, _ rate: Double) -> Bool {
      let other = after(gradient, rate)
      return zip(new.elements, other.elements).allSatisfy { abs($0 - $1) <= allowed }
    }
    func isAlong(_ gradient: Tensor) -> Bool { rate(moved, gradient, allowed) != nil }
    if optimizer.name == Optimizer.sgd.name, isMoved(right, learningRate) {
      finding.rate = learningRate
      finding.verdict = .right
      return
    }
    if optimizer.name != Optimizer.sgd.name || !isAlong(used),
      judgeOptimizer(&finding, name, old, moved, used, allowed)
    {
      // A step of the same size whatever the gradient's pays for none of its factors.
      if own != 1, finding.verdict == .right, !isAlong(used) { finding.factor = 0 }
      return
    }
    if isMoved(used, learningRate) {
      // As its gradient, which `settle` knows.
      finding.verdict = source.map { .follows(line: findings[$0].value.line) } ?? .right
      return
    }
    if let rate = rate(moved, used, allowed) {
      // Another rate is nobody's mistake where the program does not say which one it takes.
      let sum = rate * own
      finding.rate = sum
      finding.verdict = sum > 0 ? .right : .wrong
      // Which of the two rates the program means, its own numbers tell.
      let isOne = abs(abs(sum) - 1) < 1e-6
      if literals.contains(where: { abs($0 - abs(rate)) < 1e-6 * abs(rate) }),
        isOne || !literals.contains(where: { abs($0 - abs(sum)) < 1e-6 * abs(sum) })
      {
        finding.factor = 0
      }
      if sum < 0 {
        finding.ids = [Mistake.wrongSign.id]
        finding.remark = "the gradient is added: that goes uphill"
      }
      return
    }
    // Downhill in every entry is the way of some optimiser.
    let isDownhill = zip(moved.elements, used.elements).allSatisfy {
      ($0 > 0) == ($1 > 0) && ($0 < 0) == ($1 < 0)
    }
    // Beside plain steps there is no optimiser.
    let isAlone = !findings.contains { $0.isUpdate && $0.verdict == .right && $0.rate != nil }
    let isOfMore = isOfMoreSamples(source, value)
    finding.expected = after(used, learningRate)
    if !isOfMore, blameGradient(&finding, value, name.gradientName, moved) { return }
    guard !(isDownhill && isAlone), !isOfMore else {
      finding.name = nil
      finding.isUpdate = false
      finding.expected = nil
      return
    }
    for rate in rates {
      if let line = blame(for: value, name.gradientName, Diagnosis(), after(gradient, rate)) {
        finding.verdict = .follows(line: line)
        return
      }
    }
    if let line = unnamedGradient(value, name.gradientName, moved, Diagnosis()) {
      finding.verdict = .follows(line: line)
      return
    }
    finding.verdict = .wrong
  }

  /// The gradient that an update uses: the program's own, or what follows from its other values where it stands in the
  /// update's line; with the finding that says how right it is.
  private mutating func gradientAtHand(_ name: String) -> (Tensor, Int?)? {
    if let (tensor, finding) = own[name] { return (tensor, finding) }
    guard let value = ownPasses(to: name).first?.rightValue else { return nil }
    return (value, inputs(of: name).first)
  }

  func rate(_ moved: Tensor, _ gradient: Tensor, _ allowed: Double) -> Double? {
    guard let place = gradient.largestPlace, gradient.elements[place] != 0 else { return nil }
    let rate = moved.elements[place] / gradient.elements[place]
    guard rate.isFinite, rate != 0 else { return nil }
    let fits = zip(moved.elements, gradient.elements).allSatisfy { abs($0 - rate * $1) <= 2 * allowed }
    return fits ? rate : nil
  }

  // MARK: Afterwards

  mutating func settle() {
    for index in findings.indices where findings[index].verdict == .wrong && !findings[index].isUpdate {
      let name = findings[index].name
      let isMended = findings.indices.contains { other in
        other != index && findings[other].name == name && findings[other].verdict == .right
          && findings[other].factor == 1 && !findings[other].isUpdate && !findings[other].isCopy
      }
      if isMended || isSummand(index) { findings[index].isWithdrawn = true }
    }
    // Of whose values not one is the model's, the model or its inputs are others: nothing can be said.
    let computed = Set(model.equations.map(\.name))
    let isThisModel = findings.contains { finding in
      guard let name = finding.name, !finding.isUpdate, finding.tensor.count > 1 || name == model.lossName
      else { return false }
      switch finding.verdict {
      case .right: return computed.contains(name) || name.gradientOf != nil
      case .follows: return true
      case .wrong: return !finding.diagnosis.findings.isEmpty && finding.tensor.count > 1
      case .unknown: return false
      }
    }
    if !isThisModel {
      for index in findings.indices where findings[index].verdict == .wrong {
        findings[index].isWithdrawn = true
      }
    }
    // Behind nothing but right gradients there is nothing wrong on the way to them; those of the inputs are on none.
    let fed = Set(model.leaves.filter { !model.parameters.contains($0) })
    let gradients = model.parameters.compactMap { own[$0.gradientName]?.finding }
    if !gradients.isEmpty, gradients.count == model.parameters.count,
      gradients.allSatisfy({ findings[$0].verdict == .right && findings[$0].factor == 1 })
    {
      for index in findings.indices
      where findings[index].verdict == .wrong && !findings[index].isUpdate && findings[index].tensor.count > 1
        && !(findings[index].name?.gradientOf.map(fed.contains) ?? false)
      {
        findings[index].isWithdrawn = true
      }
    }
    // A difference on the way to a gradient is not yet that gradient, whatever it is times it.
    for index in findings.indices where findings[index].verdict == .right && findings[index].factor != 1 {
      guard let name = findings[index].name, !findings[index].value.isCalledGradient else { continue }
      if findings[(index + 1)...].contains(where: { $0.name == name && !$0.isCopy && !$0.isUpdate }) {
        findings[index].isWithdrawn = true
      }
    }
    for index in findings.indices where findings[index].isWithdrawn {
      findings[index].verdict = .unknown
      findings[index].name = nil
      findings[index].factor = 1
    }
    settle(Mistake.missingMean.id, isPaid: { $0.factor == 1 }) { abs(abs($0) - 1) > 1e-6 }
    settle(Mistake.wrongSign.id, isPaid: { _ in true }) { $0 < 0 }
    for index in findings.indices where findings[index].factor != 1 && !findings[index].isUpdate {
      guard let name = findings[index].name, findings[index].verdict == .right else { continue }
      findings[index].remark = "\(Self.figure(findings[index].factor)) times \(name: name)"
    }
    blameOnceForEveryStep()
    compareRates()
    followUpdates()
    // What followed from a line that was taken back follows from nothing.
    let wrong = Set(findings.filter { $0.verdict == .wrong }.map(\.value.line))
    for index in findings.indices {
      guard case .follows(let line) = findings[index].verdict, !wrong.contains(line) else { continue }
      findings[index].verdict = .unknown
      findings[index].name = nil
    }
    if firstWrong.map({ $0.name?.gradientOf != nil }) ?? true { blameScalars() }
    if firstWrong == nil { judgeMissing() }
    guard firstWrong == nil else { return }
    findCut()
    findAccumulated()
  }

  /// One of the paths of a sum that a later line is to make whole: whatever is wrong then is wrong there.
  private func isSummand(_ index: Int) -> Bool {
    let finding = findings[index]
    guard let name = finding.name, name.gradientOf != nil, finding.tensor.count > 1,
      findings[(index + 1)...].contains(where: {
        $0.name == name && $0.verdict == .wrong && $0.value.line != finding.value.line && !$0.isCopy
      })
    else { return false }
    return isTerm(finding.value, of: name)
  }

  /// Whether a factor was taken care of before the parameters' gradients, or by their updates; else who brought it in is
  /// wrong, and what has it from there follows.
  private mutating func settle(_ id: String, isPaid: (Finding) -> Bool, has: (Double) -> Bool) {
    func isPaidBehind(_ parameter: String) -> Bool {
      findings.contains {
        $0.isUpdate && $0.name == parameter && ($0.verdict == .right || $0.isRightOtherwise) && isPaid($0)
      }
    }
    // What is 0 on paper has no factor.
    let gradients = model.parameters.compactMap { parameter in
      isNothing(parameter.gradientName)
        ? nil : own[parameter.gradientName].map { (parameter: parameter, finding: $0.finding) }
    }
    let owing = gradients.filter { has(findings[$0.finding].factor) && !isPaidBehind($0.parameter) }
    let updated = Set(findings.filter(\.isUpdate).compactMap(\.name))
    let arePaid = updated.contains(where: isPaidBehind)
    guard gradients.isEmpty ? !arePaid : !owing.isEmpty else { return }
    // What reads a gradient without the factor brought it in itself.
    let bringing = findings.indices.first { index in
      guard findings[index].verdict == .right, has(findings[index].factor), !has(findings[index].inherited),
        !findings[index].isUpdate, !findings[index].isCopy, let name = findings[index].name,
        let own = name.gradientOf, !model.parameters.contains(own)
      else { return false }
      let reads = inputs(of: name).filter { findings[$0].name?.gradientOf != nil && $0 < index }
      return !reads.isEmpty && reads.allSatisfy { !has(findings[$0].factor) }
    }
    if !gradients.isEmpty, owing.count < gradients.count, bringing == nil {
      // Elsewhere it was done: it is missing in these lines.
      for (_, at) in owing where findings[at].verdict == .right {
        // Where it was computed, and not where it is met again.
        let made = findings.indices.first {
          findings[$0].name == findings[at].name && findings[$0].factor == findings[at].factor
            && findings[$0].verdict == .right && !findings[$0].isUpdate
        }
        for copy in findings.indices
        where findings[copy].name == findings[at].name && findings[copy].verdict == .right && copy != made
          && !findings[copy].isUpdate
        {
          findings[copy].verdict = .follows(line: findings[made ?? at].value.line)
        }
        findings[made ?? at].verdict = .wrong
        findings[made ?? at].ids.append(id)
      }
      return
    }
    var origin: Int?
    for index in findings.indices
    where has(findings[index].factor) && !findings[index].isUpdate && !findings[index].isCopy {
      if !has(findings[index].inherited) || origin == nil {
        if !findings[index].ids.contains(id) { findings[index].ids.append(id) }
        if findings[index].verdict == .right { findings[index].verdict = .wrong }
        origin = findings[index].value.line
      } else if let origin, findings[index].verdict == .right {
        findings[index].verdict = .follows(line: origin)
      }
    }
  }

  private mutating func followUpdates() {
    for index in findings.indices where findings[index].isUpdate {
      guard case .follows(let from) = findings[index].verdict, let name = findings[index].name,
        let gradient = own[name.gradientName]?.finding
          ?? findings.lastIndex(where: { $0.value.line == from && $0.name != nil && !$0.isUpdate })
      else { continue }
      switch findings[gradient].verdict {
      case .right: findings[index].verdict = .right
      case .wrong: findings[index].verdict = .follows(line: findings[gradient].value.line)
      case .follows(let line): findings[index].verdict = .follows(line: line)
      case .unknown: findings[index].verdict = .unknown
      }
    }
  }
}
