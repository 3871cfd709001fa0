import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

// The line in which a value became wrong, where the line that it was met in only hands it on, or reads what has no name.

extension Review {
  /// The line that is to blame for a wrong value which its own line has from elsewhere: an argument, what a function gave
  /// back, a copy. It is judged wrong then.
  mutating func handedOn(
    _ value: ProgramTrace.Value, _ name: String, _ diagnosis: Diagnosis, _ expected: Tensor, _ factor: Double
  ) -> Int? {
    guard let record = value.records.last, let link = link(record, name, diagnosis),
      link != record, let at = placed[link], findings.indices.contains(at)
    else { return nil }
    if let made = replay.value(link), let line = origin(of: made, name, diagnosis, expected, factor) {
      return line
    }
    accuse(at, name, diagnosis, expected)
    findings[at].factor = factor
    mend(findings[at])
    return findings[at].value.line
  }

  /// The line before its own in which a value became wrong: by what it was taken for, by a factor, or by a value without a
  /// name.
  mutating func origin(
    of value: ProgramTrace.Value, _ name: String, _ diagnosis: Diagnosis, _ expected: Tensor, _ factor: Double
  ) -> Int? {
    if let line = takenForAnother(value, name, expected) ?? summand(value, name, expected)
      ?? multiplied(value, name, expected, factor)
    {
      return line
    }
    if factor != 1, let line = blame(for: value, name, diagnosis, expected.map { $0 * factor }) {
      return line
    }
    return blame(for: value, name, diagnosis, expected)
  }

  /// Of a value that several lines add up, the one whose share is a multiple of what it should be.
  private mutating func summand(_ value: ProgramTrace.Value, _ name: String, _ expected: Tensor) -> Int? {
    guard value.change == .inPlace, value.records.count == 1, var at = value.records.last,
      let right = ReviewForm.readings(expected, as: value.tensor.shape).first?.tensor
    else { return nil }
    var shares: [(record: Int, share: Tensor)] = []
    while let own = replay.value(at), own.change == .inPlace, own.formula.contains(" + "),
      let before = ReviewReplay.reads(own.formula).last(where: { read in
        read < at && replay.value(read)?.variable == own.variable
          && replay.value(read)?.tensor.shape == own.tensor.shape
      }), let there = replay.value(before), shares.count < 8
    {
      let share = zip(own.tensor.elements, there.tensor.elements).map { $0 - $1 }
      shares.append((at, Tensor(unchecked: own.tensor.shape, share)))
      at = before
    }
    guard shares.count > 1 else { return nil }
    for (record, share) in shares.reversed() {
      for factor in usualMultiples {
        let mended = zip(value.tensor.elements, share.elements).map { $0 + (1 / factor - 1) * $1 }
        guard
          Tensor(unchecked: right.shape, mended).agrees(with: right, tolerance: value.precision.tolerance),
          let place = placed[record], findings.indices.contains(place)
        else { continue }
        accuse(place, name, Diagnosis(), nil)
        findings[place].remark = "what this line adds is \(Self.figure(factor)) times what it should be"
        if let id = Self.mistake(ofFactor: factor, counts) { findings[place].ids = [id] }
        return findings[place].value.line
      }
    }
    return nil
  }

  /// The line in which a right value got the name of another that should be computed from it: `h = z`, or an activation
  /// that was left out, `h = X @ W1 + b1`.
  mutating func takenForAnother(_ value: ProgramTrace.Value, _ name: String, _ expected: Tensor) -> Int? {
    guard replay.isReadable, value.records.count == 1, let record = value.records.last,
      let equation = equations.first(where: { $0.name == name })
    else { return nil }
    let wanted = unnamed(equation.expression)
    for read in replay.ancestors(of: record, through: { _ in true }, depth: 3).reversed() {
      guard let there = replay.value(read), let at = placed[read], findings.indices.contains(at),
        findings[at].verdict == .right, let taken = findings[at].name, there.tensor.count > 1
      else { continue }
      for meant in wanted where isTaken(there, read, for: meant, andIs: taken) {
        guard let right = truth[meant], right.shape == there.tensor.shape else { continue }
        var other = replay.trying(right, at: read)
        guard case .replayed(let tensor, _) = other.outcome(of: value),
          ReviewForm.readings(tensor, as: expected.shape).contains(where: {
            $0.tensor.agrees(with: target(name) ?? expected, tolerance: value.precision.tolerance)
          })
        else { continue }
        let chain = replay.chain(of: read).map(\.record).filter { isAssigned($0) }
        let named = chain.last {
          replay.value($0).map {
            VariableName.likeness($0.variable, meant) > max(0, VariableName.likeness($0.variable, taken))
          } ?? false
        }
        let turn = turningPoint(replay.chain(of: read), meant, taken)
        guard let place = placed[named ?? turn ?? read], findings.indices.contains(place) else {
          continue
        }
        let passes = ownPasses(to: meant)
        let diagnosis = diagnosis(
          there, over: 1, right.shape, passes, passes.map(Diagnosis.Trials.init), pairs: false)
        accuse(place, meant, diagnosis, right)
        mend(findings[place])
        return findings[place].value.line
      }
    }
    return nil
  }

  /// Called after the one rather than after the other; or after neither, and handed over as that.
  private func isTaken(
    _ value: ProgramTrace.Value, _ record: Int, for meant: String, andIs taken: String
  ) -> Bool {
    let likeness = VariableName.likeness(value.variable, meant)
    let other = VariableName.likeness(value.variable, taken)
    if likeness > max(0, other) { return true }
    guard likeness >= other, likeness <= 0 else { return false }
    // Several lines that use it as the other, and none that has something right of it.
    let lines = Set(replay.readers(of: record).compactMap { replay.value($0)?.line })
    return handed(record) != nil || (lines.count > 1 && !leadsToRight(value, meant))
  }

  /// The argument as which a function got a value that it reads.
  private func handed(_ record: Int) -> Int? {
    replay.chain(of: record).map(\.record).first(where: isArgument)
  }

  /// Values that a formula is made of and the program has none of, through each other.
  private func unnamed(_ formula: Expression) -> [String] {
    var result: [String] = []
    var waiting = formula.names
    while let next = waiting.popLast() {
      guard own[next] == nil, leaves.values[next] == nil, !result.contains(next) else { continue }
      result.append(next)
      waiting += equations.first { $0.name == next }?.expression.names ?? []
    }
    return result
  }

  /// The line of the softmax that is one too many, where the loss itself comes out of a library: there is nothing to be
  /// left out of it.
  mutating func appliedBefore(_ value: ProgramTrace.Value, _ diagnosis: Diagnosis) -> Int? {
    guard value.formula.isEmpty, value.origin == .assigned,
      diagnosis.findings.contains(where: { $0.ids.contains(Mistake.softmaxTwice.id) }),
      let output = output.value,
      let at = findings.lastIndex(where: { $0.name == output && $0.verdict == .right && !$0.isCopy })
    else { return nil }
    let expected = self.output.logits.flatMap(target)
    accuse(at, output, diagnosis, nil)
    if let expected { replay.mend(findings[at].value, with: expected) }
    return findings[at].value.line
  }

  /// Says of a value that was placed before that it is wrong.
  mutating func accuse(_ at: Int, _ name: String, _ diagnosis: Diagnosis, _ expected: Tensor?) {
    // An argument is what its call hands over.
    if case .argument(let call) = findings[at].value.origin, call > 0 {
      findings[at].value = findings[at].value.at(line: call)
    } else if let call = callToBlame(findings[at].value, name) {
      findings[at].value = findings[at].value.at(line: call)
    }
    findings[at].name = name
    findings[at].verdict = .wrong
    findings[at].isCopy = false
    findings[at].diagnosis = diagnosis
    findings[at].expected = expected
  }

  /// Of the records that hold the bits of one, that in whose line they became wrong as a value of this name.
  mutating func link(_ record: Int, _ name: String, _ diagnosis: Diagnosis) -> Int? {
    let chain = replay.chain(of: record)
    guard chain.count > 1, let made = chain.last?.record else { return record }
    // What leads to a right value as well is wrong only where it is taken for this.
    let isRightElsewhere = replay.value(made).map { leadsToRight($0, name) } ?? false
    if let other = otherMeaning(
      of: made, than: name, mayBePart: diagnosis.findings.isEmpty && chain.count > 2)
      ?? (isRightElsewhere ? "" : nil)
    {
      // Of two values with the same entries, as one sample has them, it is that of the mistake's own equation.
      return turningPoint(chain, diagnosis.findings.first?.equations.first?.wrong.name ?? name, other)
    }
    if isExcused(made, name) { return chain.first { $0.isIdle || isAssigned($0.record) }?.record ?? made }
    guard let at = placed[made], findings.indices.contains(at) else { return nil }
    let found = findings[at]
    let isFree =
      found.name == nil || found.isCopy || found.name == name
      || (found.value.isReturned
        && (found.verdict != .right || !(replay.value(record)?.isReturned ?? false)))
    return isFree ? made : nil
  }

  /// As what else a value is right, or what it is a part of: nothing is wrong with it before it is taken for this.
  private mutating func otherMeaning(of record: Int, than name: String, mayBePart: Bool) -> String? {
    if let at = placed[record], findings.indices.contains(at), findings[at].verdict == .right,
      let other = findings[at].name, other != name
    {
      return other
    }
    guard mayBePart, let made = replay.value(record) else { return nil }
    return knownParts().first { part in
      part.name != name
        && ReviewForm.readings(made.tensor, as: part.tensor.shape).contains {
          $0.tensor.agrees(with: part.tensor, tolerance: made.precision.tolerance)
        }
    }.map { $0.name ?? "" }
  }

  /// Where a right value is taken for another: in the line that should have changed it and did not, or the first whose
  /// variable is called after the other, or the last that assigns it.
  private func turningPoint(
    _ chain: [(record: Int, isIdle: Bool)], _ name: String, _ other: String
  ) -> Int? {
    if let idle = chain.first(where: \.isIdle) { return idle.record }
    let links = chain.dropLast().map(\.record)
    func likeness(_ record: Int, _ name: String) -> Int {
      replay.value(record).map { VariableName.likeness($0.variable, name) } ?? 0
    }
    // It was made as what it is taken for.
    if let made = chain.last?.record, likeness(made, name) > max(0, likeness(made, other)) { return made }
    let assigned = links.filter(isAssigned)
    return assigned.last { likeness($0, name) > max(0, likeness($0, other)) } ?? assigned.first
      ?? links.first(where: isArgument)
  }

  private func isAssigned(_ record: Int) -> Bool { replay.value(record)?.origin == .assigned }

  private func isArgument(_ record: Int) -> Bool {
    if case .argument = replay.value(record)?.origin { true } else { false }
  }

  /// A line that in another call or turn gives what is right: it is not the one that is wrong.
  private func isExcused(_ record: Int, _ name: String) -> Bool { !rightOnes(like: record, name).isEmpty }

  /// What its line gives in other calls or turns, where that is right.
  private func rightOnes(like record: Int, _ name: String) -> [ProgramTrace.Value] {
    guard let made = replay.value(record), !made.formula.isEmpty else { return [] }
    return replay.others(like: record).compactMap { other in
      guard inFirstPass.contains(other), let there = replay.value(other), there.tensor.count > 1,
        there.tensor != made.tensor, leadsToRight(there, name)
      else { return nil }
      return there
    }
  }

  /// The call that is to blame for what a function computes, which in other calls is right: the innermost that none of
  /// those came through.
  func callToBlame(_ value: ProgramTrace.Value, _ name: String) -> Int? {
    guard value.records.count == 1, let record = value.records.last, !value.calls.isEmpty else { return nil }
    let right = rightOnes(like: record, name)
    guard !right.isEmpty else { return nil }
    return value.calls.first { call in !right.contains { $0.calls.contains(call) } }
  }

  /// A line that is right in another call, and a later one that gives its value to the variable that is judged.
  func isLeftToLater(_ value: ProgramTrace.Value, _ name: String) -> Bool {
    guard value.records.count == 1, let record = value.records.last else { return false }
    if isTerm(value, of: name), replay.isAddedTo(record) || isOtherTerm(value, name) { return true }
    // What is wrong with a part of a sum shows where it is whole.
    let terms = equations.first { $0.name == name }?.expression.terms.count ?? 1
    if terms > 1, replay.isAddedTo(record, by: value.variable) { return true }
    return isExcused(replay.chain(of: record).last?.record ?? record, name) && replay.isPassedOn(record, name)
      && (callToBlame(value, name) == nil || isTerm(value, of: name))
  }

  /// A term of a sum, where another line that is rather called so has another term of it: that line leaves this one out.
  private func isOtherTerm(_ value: ProgramTrace.Value, _ name: String) -> Bool {
    let likeness = VariableName.likeness(value.variable, name)
    return values.contains { other in
      other.tensor.count == value.tensor.count && other.tensor != value.tensor
        && VariableName.likeness(other.variable, name) > max(0, likeness) && isTerm(other, of: name)
    }
  }

  /// One of the terms of a name's sum.
  func isTerm(_ value: ProgramTrace.Value, of name: String) -> Bool {
    equations.contains { equation in
      let terms = equation.name == name ? equation.expression.terms : []
      return terms.count > 1
        && terms.contains { term in
          guard let part = try? Evaluator(Bindings(truth)).value(of: term) else { return false }
          return ReviewForm.readings(value.tensor, as: part.shape).contains {
            $0.tensor.agrees(with: part, tolerance: value.precision.tolerance)
          }
        }
    }
  }

  /// The earliest line on the way of which a multiple would make everything right: one whose value has no name, or is owed
  /// a factor. It is judged wrong then.
  mutating func multiplied(
    _ value: ProgramTrace.Value, _ name: String, _ expected: Tensor, _ owed: Double
  ) -> Int? {
    guard name.gradientOf != nil, replay.isReadable, value.records.count == 1,
      let record = value.records.last
    else { return nil }
    let parts = knownParts()
    let suspects = replay.ancestors(of: record) { other in
      guard !other.formula.isEmpty, other.tensor.count > 1,
        let at = other.records.first.flatMap({ placed[$0] }), findings.indices.contains(at)
      else { return false }
      return findings[at].name == nil || findings[at].verdict == .right
    }
    let right = owed == 1 ? expected : expected.map { $0 * owed }
    let gradients = Set(model.parameters.map(\.gradientName))
    for suspect in suspects.map(replay.source) {
      guard let there = replay.value(suspect), let at = placed[suspect], findings.indices.contains(at) else {
        continue
      }
      let multiples = multiples(at)
      let isPart = isPart(there, parts)
      for factor in multiples where !Interruption.isRequested {
        let divided = there.tensor.map { $0 / factor }
        // What is right as a part is only wrong where another part was meant.
        if isPart, findings[at].name == nil,
          (abs(factor) != 1 && leadsToLoss(there))
            || !self.isPart(there.with(divided), parts)
        {
          continue
        }
        var other = replay.trying(divided, at: suspect)
        guard case .replayed(let tensor, _) = other.outcome(of: value),
          ReviewForm.readings(tensor, as: expected.shape).contains(where: {
            $0.tensor.agrees(with: right, tolerance: value.precision.tolerance)
          }), factor != -1 || isProportional(value, to: suspect),
          !spoils(&other, suspect, name, among: findings[at].name == nil ? nil : gradients)
        else { continue }
        accuseMultiple(at, there, divided, factor, parts, name)
        replay = other
        return there.line
      }
    }
    return nil
  }

  /// Twice the one makes twice the other: a sign in an exponent is one of the line that has the exponent.
  func isProportional(_ value: ProgramTrace.Value, to record: Int) -> Bool {
    guard let there = replay.value(record) else { return false }
    var doubled = replay.trying(there.tensor.map { $0 * 2 }, at: record)
    guard case .replayed(let tensor, _) = doubled.outcome(of: value) else { return false }
    return tensor.agrees(with: value.tensor.map { $0 * 2 }, tolerance: value.precision.tolerance)
  }

  /// What a value on the way to a wrong one may be times what it should be.
  private mutating func multiples(_ at: Int) -> [Double] {
    guard let name = findings[at].name else { return usualMultiples }
    guard findings[at].verdict == .right else { return [] }
    if findings[at].factor != 1 {
      // A later line took care of it already.
      let isPaid = own[name].map { $0.finding > at && findings[$0.finding].factor == 1 } ?? false
      return isPaid ? [] : [findings[at].factor]
    }
    // What a later line takes care of was taken care of here already.
    guard let own = name.gradientOf, !model.parameters.contains(own) else { return [] }
    let inherited = inheritedFactor(name)
    return abs(inherited) == 1 || inherited == 0 ? [] : [1 / inherited]
  }

  /// Says of a value that it is a multiple of what it should be; by a mistake of the table where it has a name then.
  private mutating func accuseMultiple(
    _ at: Int, _ value: ProgramTrace.Value, _ right: Tensor, _ factor: Double, _ parts: [KnownPart],
    _ name: String
  ) {
    let meant =
      findings[at].name
      ?? parts.first { part in
        part.name != nil
          && ReviewForm.readings(right, as: part.tensor.shape).contains {
            $0.tensor.agrees(with: part.tensor, tolerance: value.precision.tolerance)
          }
      }?.name
    let isEarly = findings[at].verdict == .right && findings[at].factor == 1 && findings[at].name != nil
    findings[at].verdict = .wrong
    findings[at].isCopy = false
    findings[at].factor = 1
    findings[at].name = meant ?? name
    findings[at].remark =
      isEarly
      ? "it is divided by \(Self.figure(1 / factor)) here, and again in the lines behind it"
      : meant == nil
        ? "\(value.variable) is \(Self.figure(factor)) times what it should be"
        : "\(Self.figure(factor)) times \(name: meant ?? name)"
    if let meant, let shape = truth[meant]?.shape {
      let passes = ownPasses(to: meant)
      findings[at].diagnosis = diagnosis(
        value, over: 1, shape, passes, passes.map(Diagnosis.Trials.init), pairs: false)
    }
    if findings[at].diagnosis.findings.isEmpty, let id = Self.mistake(ofFactor: factor, counts) {
      findings[at].ids = [id]
    }
  }

  private static func mistake(ofFactor factor: Double, _ counts: [Double]) -> String? {
    let isCount = { (number: Double) in counts.contains { abs($0 - number) < 1e-6 * $0 } }
    if factor == -1 { return Mistake.wrongSign.id }
    if isCount(factor) { return Mistake.missingMean.id }
    if isCount(1 / factor) { return Mistake.doubleMean.id }
    return factor == 0.5 ? Mistake.missingFactor.id : nil
  }

  private var usualMultiples: [Double] {
    [-1, 2, 0.5] + counts.flatMap { [$0, 1 / $0, -$0, -1 / $0] }
  }

  func isPart(_ value: ProgramTrace.Value, _ parts: [KnownPart]) -> Bool {
    parts.contains { part in
      ReviewForm.readings(value.tensor, as: part.tensor.shape).contains {
        $0.tensor.agrees(with: part.tensor, tolerance: value.precision.tolerance)
      }
    }
  }
}
