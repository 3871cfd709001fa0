import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Platform

// One value of a program, placed among those of the pass.

extension Review {
  mutating func place(_ position: Int) {
    let value = values[position]
    let key = value.function + "\t" + value.variable + "\t" + value.holder
    let before = latest[key]
    var finding = Finding(value)
    defer {
      findings.append(finding)
      latest[key] = findings.count - 1
    }
    if isUpdate(value) { return judgeUpdate(&finding) }
    let candidates = names(for: value)
    guard !value.tensor.isConstant || value.tensor.count == 1,
      value.tensor.count > 1 || value.precision != .whole
    else { return }
    if let (name, form, tensor) = rightName(for: value, candidates) {
      let isTaken = own[name].map { findings[$0.finding].verdict == .right } ?? (leaves.values[name] != nil)
      if isTaken, let meant = meant(value, name, candidates), judge(&finding, value, [meant], before) {
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
    if value.tensor.count > 1, value.change == .new,
      let at = findings.lastIndex(where: { $0.name != nil && $0.value.tensor == value.tensor })
    {
      if let name = findings[at].name, let meant = meant(value, name, candidates),
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
    if let found = followed(value, candidates) {
      finding.name = found.name
      finding.verdict = .follows(line: found.line)
      finding.tensor = found.tensor
      finding.isCopy = own[found.name].map { findings[$0.finding].value.tensor == value.tensor } ?? false
      setFactor(found.factor, of: &finding)
      return take(found.name, found.tensor)
    }
    if !isPartial { _ = judge(&finding, value, candidates, before) }
  }

  private mutating func take(_ name: String, _ tensor: Tensor) { own[name] = (tensor, findings.count) }

  /// A line that adds to it comes again: it is not yet what it will be.
  private func isPartial(_ position: Int) -> Bool {
    let value = values[position]
    let later = values[(position + 1)...].first {
      $0.variable == value.variable && $0.holder == value.holder && $0.function == value.function
    }
    guard let later else { return false }
    return later.change == .inPlace && (later.line == value.line || value.tensor.isConstant)
  }

  /// What a line makes of a value that is there already, when by the variable's name it should be something else.
  private func meant(
    _ value: ProgramTrace.Value, _ name: String, _ candidates: [(name: String, likeness: Int)]
  ) -> (name: String, likeness: Int)? {
    let likeness = candidates.first { $0.name == name }?.likeness ?? 0
    if let other = candidates.first(where: {
      $0.likeness >= 2 && $0.likeness > likeness && own[$0.name] == nil && leaves.values[$0.name] == nil
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
      where reading.tensor.agrees(with: right, tolerance: value.precision.tolerance) {
        return (name, reading.form, reading.tensor)
      }
    }
    return nil
  }

  /// Factors that a convention may leave to a later line.
  private var factors: [Double] { counts + [-1] + counts.map { -$0 } }

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
          right.count > 1 || known == inheritedFactor(name)
        else { continue }
        return (name, reading.tensor.map { $0 / known }, known)
      }
    }
    return nil
  }

  private mutating func setFactor(_ factor: Double, of finding: inout Finding) {
    finding.factor = factor
    guard factor != 1, let name = finding.name else { return }
    finding.inherited = inheritedFactor(name)
  }

  /// Of the gradients that a gradient is computed from.
  private mutating func inheritedFactor(_ name: String) -> Double {
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

  // MARK: Following from a wrong one

  /// The steps of the pass towards a name, behind the program's own values.
  mutating func ownPasses(to name: String) -> [MistakePass] {
    if passes[name] == nil {
      // What has no pass is no value that a mistake leads to.
      passes[name] =
        (try? MistakePass.passes(
          to: name, model: model, leaves: leaves.values, learningRate: learningRate, isFused: true,
          mayFuse: mayFuse)) ?? []
    }
    let values = own.mapValues(\.tensor).filter { $0.key != name }
    return (passes[name] ?? []).compactMap { try? $0.pinned(to: values) }
  }

  private mutating func followed(
    _ value: ProgramTrace.Value, _ candidates: [(name: String, likeness: Int)]
  ) -> (name: String, tensor: Tensor, line: Int, factor: Double)? {
    guard own.values.contains(where: { isWrong($0.finding) }) else { return nil }
    for (name, likeness) in candidates where leaves.values[name] == nil && likeness >= 0 {
      if value.tensor.count == 1, likeness < 1 { continue }
      guard let shape = truth[name]?.shape else { continue }
      let readings = ReviewForm.readings(value.tensor, as: shape)
      guard !readings.isEmpty else { continue }
      for pass in ownPasses(to: name) {
        let expected = pass.rightValue
        for reading in readings {
          let isEqual = reading.tensor.agrees(with: expected, tolerance: value.precision.tolerance)
          let factor =
            isEqual
            ? 1
            : name.gradientOf == nil
              ? nil
              : reading.tensor.factor(of: expected, tolerance: value.precision.tolerance).flatMap { found in
                factors.first { abs($0 - found) <= 1e-4 * abs(found) }
              }
          guard let factor, let line = wrongLine(before: name) else { continue }
          return (name, reading.tensor.map { $0 / factor }, line, factor)
        }
      }
    }
    return nil
  }

  private func isWrong(_ finding: Int) -> Bool { findings[finding].verdict != .right }

  private func wrongLine(before name: String) -> Int? {
    for at in inputs(of: name) {
      switch findings[at].verdict {
      case .wrong: return findings[at].value.line
      case .follows(let line): return line
      case .right, .unknown: continue
      }
    }
    return nil
  }

  // MARK: Wrong

  /// Whether it is a value of the pass gone wrong; then the finding says which, and how.
  private mutating func judge(
    _ finding: inout Finding, _ value: ProgramTrace.Value, _ candidates: [(name: String, likeness: Int)],
    _ before: Int?
  ) -> Bool {
    guard let (name, diagnosis, expected, factor) = mistaken(value, candidates, before) else { return false }
    finding.name = name
    if let line = culprit(diagnosis, of: name) ?? unplaced(before: value, name, diagnosis) {
      finding.verdict = .follows(line: line)
      let tensor = ReviewForm.readings(value.tensor, as: expected.shape).first?.tensor
      finding.tensor = tensor.map { $0.map { $0 / factor } } ?? value.tensor
      if tensor != nil { take(name, finding.tensor) }
      return true
    }
    finding.verdict = .wrong
    finding.diagnosis = diagnosis
    finding.expected = expected
    let fitting = ReviewForm.readings(value.tensor, as: expected.shape).first?.tensor
    if diagnosis.findings.isEmpty, let fitting {
      if let factor = fitting.factor(of: expected, tolerance: value.precision.tolerance) {
        finding.remark = "\(Self.figure(factor)) times \(name: name)"
        if counts.contains(where: { abs($0 * factor - 1) < 1e-4 }) { finding.ids = [Mistake.doubleMean.id] }
      } else {
        finding.remark = otherActivation(fitting, name, value)
      }
    }
    finding.tensor = fitting.map { $0.map { $0 / factor } } ?? value.tensor
    if let before, value.change != .new, findings[before].name == name { findings[before].isWithdrawn = true }
    if fitting != nil {
      setFactor(factor, of: &finding)
      take(name, finding.tensor)
    }
    return true
  }

  /// The line of a value on the way that has the mistake, which its variable's name did not show; nil when it was made in
  /// the line at hand.
  private mutating func culprit(_ diagnosis: Diagnosis, of name: String) -> Int? {
    guard let finding = diagnosis.findings.first, let wrong = finding.equations.first?.wrong,
      wrong.name != name, let pass = ownPasses(to: name).first
    else { return nil }
    guard let tensor = try? Evaluator(Bindings(pass.values)).value(of: wrong.expression) else { return nil }
    for (index, other) in findings.enumerated().reversed() where !other.isUpdate {
      let readings = ReviewForm.readings(other.value.tensor, as: tensor.shape)
      guard
        readings.contains(where: { reading in
          [1, other.factor].contains { factor in
            reading.tensor.map { $0 / factor }.agrees(
              with: tensor, tolerance: other.value.precision.tolerance)
          }
        })
      else { continue }
      findings[index].name = wrong.name
      findings[index].verdict = .wrong
      findings[index].diagnosis = diagnosis
      findings[index].isCopy = false
      findings[index].expected = pass.values[wrong.name]
      own[wrong.name] = (tensor, index)
      return other.value.line
    }
    return nil
  }

  /// The line of a value that nobody could place, and from which this one follows if it is a gradient on the way.
  private mutating func unplaced(before value: ProgramTrace.Value, _ name: String, _ diagnosis: Diagnosis)
    -> Int?
  {
    if let last = findings.last, last.name == nil || last.isCopy, last.value.variable == "return",
      last.value.tensor == value.tensor
    {
      let expected = ownPasses(to: name).first?.rightValue
      findings[findings.count - 1].name = name
      findings[findings.count - 1].verdict = .wrong
      findings[findings.count - 1].isCopy = false
      findings[findings.count - 1].diagnosis = diagnosis
      findings[findings.count - 1].expected = expected
      return last.value.line
    }
    guard let pass = passes[name]?.first, name.gradientOf != nil else { return nil }
    let recent = findings.indices.suffix(12).reversed().filter { findings[$0].name == nil }
    for index in recent
    where findings[index].value.tensor.count > 1 && !findings[index].value.tensor.isConstant {
      for step in pass.steps[pass.forwardCount..<max(pass.forwardCount, pass.target)].reversed()
      where own[step.name] == nil {
        guard let shape = truth[step.name]?.shape else { continue }
        for reading in ReviewForm.readings(findings[index].value.tensor, as: shape) {
          let known = own
          own[step.name] = (reading.tensor, index)
          let there = ownPasses(to: name)
          let follows = there.contains { pass in
            ReviewForm.readings(value.tensor, as: pass.rightValue.shape).contains {
              $0.tensor.agrees(with: pass.rightValue, tolerance: value.precision.tolerance)
            }
          }
          // That it has another value with it says that it is read at all.
          if follows {
            findings[index].name = step.name
            findings[index].verdict = .wrong
            return findings[index].value.line
          }
          own = known
        }
      }
    }
    return nil
  }

  private mutating func mistaken(
    _ value: ProgramTrace.Value, _ candidates: [(name: String, likeness: Int)], _ before: Int?
  ) -> (String, Diagnosis, Tensor, factor: Double)? {
    var unnamed: (String, Diagnosis, Tensor, Double)?
    for (name, likeness) in candidates where leaves.values[name] == nil && likeness >= 0 {
      if value.tensor.count == 1, likeness < 2 { continue }
      // Of a name that has its right value nothing is wrong any more, unless this line changed that value.
      let isRight = own[name].map { !isWrong($0.finding) && findings[$0.finding].factor == 1 } ?? false
      if isRight, value.change == .new || before != own[name]?.finding { continue }
      let passes = ownPasses(to: name)
      guard let expected = passes.first?.rightValue, expected.isFinite else { continue }
      let fits = !ReviewForm.readings(value.tensor, as: expected.shape).isEmpty
      guard fits || likeness >= 2 else { continue }
      for factor in [1] + (name.gradientOf == nil || !fits ? [] : factors) {
        let diagnosis = diagnosis(value, over: factor, expected.shape, passes, pairs: false)
        if !diagnosis.findings.isEmpty { return (name, diagnosis, expected, factor) }
      }
      if likeness >= 2 {
        let diagnosis = diagnosis(value, over: 1, expected.shape, passes, pairs: true)
        if !diagnosis.findings.isEmpty { return (name, diagnosis, expected, 1) }
      }
      // What was right and is made something else has another meaning now: logits less their maximum.
      if unnamed == nil, !isRight, fits ? likeness >= 2 : likeness == 3 {
        unnamed = (name, Diagnosis(), expected, 1)
      }
    }
    return unnamed
  }

  private func diagnosis(
    _ value: ProgramTrace.Value, over factor: Double, _ shape: Shape, _ passes: [MistakePass], pairs: Bool
  ) -> Diagnosis {
    let count = value.tensor.count
    // A sum may have kept its axis or not.
    let others =
      value.tensor.rank == 2
      ? [value.tensor.transposed()]
      : value.tensor.rank == 1
        ? [Shape([count, 1]), [1, count]].compactMap { value.tensor.reshaped($0) } : []
    for tensor in [value.tensor] + others {
      var shaped = ReviewForm.readings(tensor, as: shape).first?.tensor ?? tensor
      if factor != 1 { shaped = shaped.map { $0 / factor } }
      var given = GivenValue(
        shaped, numbers: shaped.elements.map { TypedNumber($0, digits: value.precision.digits) })
      given.noise = value.precision.tolerance * shaped.largestMagnitude
      let diagnosis = Diagnosis.find(given, passes: passes, triesPairs: pairs)
      if !diagnosis.findings.isEmpty { return diagnosis }
    }
    return Diagnosis()
  }

  /// The activation whose value it is, where the model has another.
  private func otherActivation(_ tensor: Tensor, _ name: String, _ value: ProgramTrace.Value) -> Prose? {
    guard let equation = model.equations.first(where: { $0.name == name }),
      case .call(let function, let arguments, let options) = equation.expression,
      Operation.of(function)?.isActivation ?? false, let argument = arguments.first
    else { return nil }
    let values = Bindings(truth.merging(own.mapValues(\.tensor)) { _, own in own })
    for other in Operation.activations where other.name != function.name {
      let formula = Expression.call(Function(other.name), [argument], options)
      guard let there = try? Evaluator(values).value(of: formula) else { continue }
      if there.agrees(with: tensor, tolerance: value.precision.tolerance) {
        return "this is \(formula), and the model has \(equation.expression)"
      }
    }
    return nil
  }

  /// Six digits, so that 3.0000000001 is 3.
  static func figure(_ factor: Double) -> String {
    guard factor != 0, factor.isFinite else { return Printer.number(factor) }
    let unit = pow(10, floor(log10(abs(factor))) - 5)
    let rounded = (factor / unit).rounded() * unit
    return Printer.number((rounded * 1e9).rounded() / 1e9)
  }
}
