import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

// A value that has no name in the pass may still be the one that is wrong: helpers return masks, sums and derivatives.

extension Review {
  /// Whether a right value of the pass is computed from this one, so that nothing is wrong with it, whatever it is.
  func leadsToRight(_ value: ProgramTrace.Value, _ name: String, exactly: Bool = false) -> Bool {
    leadsInFirstPass(value) { there in
      there.tensor != value.tensor
        && rightName(there, after: name, exactly: exactly).map { isCalled(there, $0) } ?? false
    }
  }

  /// Whether the right loss is computed from this value: a difference that is squared in it.
  func leadsToLoss(_ value: ProgramTrace.Value) -> Bool {
    guard let right = target(model.lossName)?.scalarValue else { return false }
    return leadsInFirstPass(value) { there in
      VariableName(there.variable).kind == "loss"
        && there.tensor.scalarValue.map { abs($0 - right) <= there.precision.tolerance * abs(right) } ?? false
    }
  }

  private func leadsInFirstPass(
    _ value: ProgramTrace.Value, to isWanted: (ProgramTrace.Value) -> Bool
  ) -> Bool {
    replay.leads(from: value.records) { reader, there in
      !inFirstPass.contains(reader) ? .closed : isWanted(there) ? .found : .on
    }
  }

  /// How many of the values that are computed from this one would be right, were it what it should be.
  func rightBehind(_ value: ProgramTrace.Value, _ name: String, _ expected: Tensor) -> Int {
    guard replay.isReadable, value.records.count == 1, let record = value.records.last,
      let form = ReviewForm.allCases.first(where: { $0.turned(value.tensor, to: expected.shape) != nil })
    else { return 0 }
    var other = replay.trying(form == .transposed ? expected.transposed() : expected, at: record)
    var result = 0
    _ = replay.leads(from: [record], atMost: ReviewReplay.mostTriedBehind) { _, there in
      guard case .replayed(let tensor, _) = other.outcome(of: there) else { return .closed }
      if rightName(there.with(tensor), after: name) != nil { result += 1 }
      return .on
    }
    return result
  }

  /// A value of the pass but another than this, up to what a convention may leave to a later line.
  private func rightName(_ value: ProgramTrace.Value, after name: String, exactly: Bool = false) -> String? {
    let parameter =
      value.tensor.count == 1
      ? leaves.matches.first { VariableName.isGradient(value.variable, of: $0.variable) }?.leaf : nil
    guard value.tensor.count > 1 ? !value.tensor.isConstant : parameter != nil else { return nil }
    return order.first { other in
      // A number alone is only known by its name.
      if let parameter, other != parameter.gradientName { return false }
      guard let right = target(other), !right.isConstant || parameter != nil else { return false }
      return ReviewForm.readings(value.tensor, as: right.shape).contains { reading in
        if reading.tensor.agrees(with: right, tolerance: value.precision.tolerance) { return true }
        guard !exactly, other != name, other.gradientOf != nil,
          let factor = reading.tensor.factor(of: right, tolerance: value.precision.tolerance)
        else { return false }
        return factors.contains { abs($0 - factor) <= 1e-4 * abs(factor) }
      }
    }
  }

  /// Whether a right value would be wrong were it so.
  /// - Parameter wanted: what is looked at: what a later line takes care of may be otherwise before.
  func spoils(
    _ trial: inout ReviewReplay, _ suspect: Int, _ name: String, among wanted: Set<String>? = nil
  ) -> Bool {
    replay.leads(from: [suspect], atMost: ReviewReplay.mostTriedBehind) { reader, there in
      guard inFirstPass.contains(reader), there.tensor.count > 1,
        let right = order.first(where: {
          $0 != name && (wanted?.contains($0) ?? true) && isExactly(there, $0) && isCalled(there, $0)
        }),
        case .replayed(let tensor, _) = trial.outcome(of: there)
      else { return .on }
      return isExactly(there.with(tensor), right) ? .on : .found
    }
  }

  private func isExactly(_ value: ProgramTrace.Value, _ name: String) -> Bool {
    guard let right = target(name), !right.isConstant else { return false }
    return ReviewForm.readings(value.tensor, as: right.shape).contains {
      $0.tensor.agrees(with: right, tolerance: value.precision.tolerance)
    }
  }

  /// Whether it is not called after another value of the pass: a bias's gradient may meet any sum by chance.
  private func isCalled(_ value: ProgramTrace.Value, _ name: String) -> Bool {
    let own = VariableName.likeness(value.variable, name)
    return own >= 2 || !order.contains { VariableName.likeness(value.variable, $0) > max(1, own) }
  }

  /// Whether a value's line reads what the equation of a name reads.
  func readsInputs(of name: String, _ value: ProgramTrace.Value) -> Bool {
    guard let equation = equations.first(where: { $0.name == name }), let record = value.records.last else {
      return false
    }
    let read = Set(
      replay.ancestors(of: record, through: { _ in true }, depth: 1).compactMap { at in
        placed[at].flatMap { findings.indices.contains($0) ? findings[$0].name : nil }
      })
    let wanted = equation.expression.names.filter { leaves.values[$0] == nil && $0 != .sampleCount }
    return !wanted.isEmpty && wanted.allSatisfy(read.contains)
  }

  /// Lines that are tried with other values, in all: each trial goes through the program again.
  private static let mostBlamed = 3000

  /// The line of a value without a name, of which one that the pass knows would make everything right; it is judged wrong
  /// then.
  mutating func blame(
    for value: ProgramTrace.Value, _ name: String, _ diagnosis: Diagnosis, _ expected: Tensor
  ) -> Int? {
    guard replay.isReadable, value.records.count == 1, let record = value.records.last else { return nil }
    let parts = knownParts()
    let copies = Set(replay.chain(of: record).map(\.record))
    let reached = replay.ancestors(of: record) { other in
      guard other.tensor.count > 1, let record = other.records.first, let at = placed[record],
        findings.indices.contains(at)
      else { return false }
      guard !isTakenUnchanged(at) else { return true }
      return findings[at].name == nil && isComputed(other)
        && (!isPart(other, parts)
          || (!isUsedRightly(record, parts) && !leadsToLoss(other)))
    }
    // What should have changed something and did not comes first.
    let suspects = reached.filter { !copies.contains($0) || isIdle($0) }
    let idle = suspects.filter(isIdle)
    for suspect in idle + suspects.map({ isTakenUnchanged(placed[$0]) ? $0 : replay.source(of: $0) }) {
      guard let there = replay.value(suspect), let at = placed[suspect], findings.indices.contains(at),
        findings[at].name == nil || isTakenUnchanged(at)
      else { continue }
      // With the other sign it is a part of the formula: which sign it needs is a matter of the line that uses it.
      if !there.isCalledGradient, isPart(there.with(there.tensor.map { -$0 }), parts),
        !isProportional(value, to: suspect)
      {
        continue
      }
      for part in parts where !(part.name.map(isThere) ?? false) {
        let inherited = part.name.map { $0.gradientOf == nil ? 1 : inheritedFactor($0) } ?? 1
        let tensors = ReviewForm.readings(part.tensor, as: there.tensor.shape).flatMap { reading in
          inherited == 1 ? [reading.tensor] : [reading.tensor, reading.tensor.map { $0 * inherited }]
        }
        for tried in tensors {
          blamed += 1
          guard blamed <= Self.mostBlamed, !Interruption.isRequested else { return nil }
          var other = replay.trying(tried, at: suspect)
          guard case .replayed(let tensor, _) = other.outcome(of: value),
            ReviewForm.readings(tensor, as: expected.shape).contains(where: {
              $0.tensor.agrees(with: expected, tolerance: value.precision.tolerance)
            }), !spoils(&other, suspect, name)
          else { continue }
          accuse(at, part.name ?? name, diagnosis, nil)
          findings[at].remark = part.name == nil ? "it should be \(part.formula)" : nil
          replay = other
          return findings[at].value.line
        }
      }
    }
    return nil
  }

  /// The program has the right value of a name.
  private func isThere(_ name: String) -> Bool {
    own[name].map { findings[$0.finding].verdict == .right && findings[$0.finding].factor == 1 } ?? false
  }

  private func isIdle(_ record: Int) -> Bool { replay.chain(of: record).first?.isIdle ?? false }

  /// A right value that a line gives another name, as it is: `dag = dg`.
  private func isTakenUnchanged(_ at: Int?) -> Bool {
    guard let at, findings.indices.contains(at), findings[at].value.origin == .assigned,
      let record = findings[at].value.records.last
    else { return false }
    let chain = replay.chain(of: record)
    guard chain.count > 1, let before = replay.value(chain[1].record) else { return false }
    if chain[0].isIdle { return true }
    // Called after what it is, it is no other; nor is what is put into a list or a table.
    guard findings[at].isCopy, findings[at].verdict == .right, let name = findings[at].name,
      !findings[at].value.variable.contains(where: { $0 == "." || $0 == "[" }),
      VariableName.likeness(findings[at].value.variable, name) <= 0
    else { return false }
    return VariableName(before.variable).plain != VariableName(findings[at].value.variable).plain
  }

  /// A line made it, which may not be readable: `dx[n, c, r] = dout[n, c, i]`.
  private func isComputed(_ value: ProgramTrace.Value) -> Bool {
    if case .argument = value.origin { return true }
    return !value.formula.isEmpty || value.change == .inPlace || value.isReturned
  }

  /// A line behind it has what is right, or a part of it.
  func isUsedRightly(_ record: Int, _ parts: [KnownPart]) -> Bool {
    replay.leads(from: [record]) { reader, there in
      replay.chain(of: reader).count > 1 ? .on : isPart(there, parts) ? .found : .closed
    }
  }

  /// Whether it is a part of a right formula, and is not called a gradient: `diff = out - target`.
  mutating func isKnownPart(_ value: ProgramTrace.Value) -> Bool {
    guard replay.isReadable, !VariableName(value.variable).isGradient else { return false }
    return knownParts().contains { part in
      part.name == nil
        && ReviewForm.readings(value.tensor, as: part.tensor.shape).contains {
          $0.tensor.agrees(with: part.tensor, tolerance: value.precision.tolerance)
        }
    }
  }

  /// Values of the pass and of the parts of its formulas, and what activations and their derivatives are made of.
  mutating func knownParts() -> [KnownPart] {
    let forward = formulaParts()
    // Behind the forward pass there are the gradients of what the program computes between its values.
    guard own.keys.contains(where: { $0.gradientOf != nil }) else { return forward }
    if intermediates == nil { intermediates = gradientsOfIntermediates() }
    return forward + (intermediates ?? [])
  }

  private mutating func formulaParts() -> [KnownPart] {
    if let parts { return parts }
    var formulas = order.map { Expression.name($0) }
    for equation in equations {
      equation.expression.visit { if !$0.children.isEmpty { formulas.append($0) } }
      guard case .call(let f, let arguments, let options) = equation.expression,
        let operation = Operation.of(f), let z = arguments.first
      else { continue }
      let value = Expression.name(equation.name)
      for slope in [operation.slope(at: z, value: value), operation.slope(at: z, value: equation.expression)]
      {
        slope?.visit { formulas.append($0) }
      }
      var kept = options
      kept.axis = options.axis ?? -1
      let exponents: [Expression] = [
        .call(Function("exp"), [z], .none), .call(Function("exp"), [.negative(z)], .none),
        .call(Function("exp"), [z - .call(Function("max"), [z], kept)], .none),
      ]
      formulas += exponents + exponents.map { .call(Function("sum"), [$0], kept) } + [1 + exponents[1]]
    }
    if case .call(_, let arguments, _)? = equations.last(where: { $0.name == model.lossName })?.expression,
      arguments.count == 2
    {
      formulas += [arguments[1] - arguments[0], arguments[0] - arguments[1]]
    }
    let bindings = Bindings(truth)
    var result: [KnownPart] = []
    for formula in formulas {
      guard let tensor = try? Evaluator(bindings).value(of: formula), tensor.count > 1, tensor.isFinite,
        !result.contains(where: { $0.tensor == tensor })
      else { continue }
      var name: String?
      if case .name(let own) = formula { name = own }
      result.append(KnownPart(name: name, formula: formula, tensor: tensor))
    }
    parts = result
    return result
  }

  struct KnownPart: Sendable {
    let name: String?
    let formula: Expression
    let tensor: Tensor
  }
}

// What is told of a finding.
extension Review {
  package var sampleCount: Int? { truth[.sampleCount]?.scalarValue.flatMap { Int(exactly: $0) } }

  /// Whether the program may well compute this model: a value of the forward pass that is wrong without a reason says that it
  /// is another one. Asked where the model was guessed.
  package var isLikelyModel: Bool {
    let forward = Set(model.equations.map(\.name))
    return !findings.contains { finding in
      finding.verdict == .wrong && finding.name.map(forward.contains) ?? false && finding.ids.isEmpty
        && finding.diagnosis.findings.isEmpty && finding.name != model.lossName
    }
  }

  /// The line in which the program has its loss, and has it right.
  package var lossLine: Int? {
    findings.first { $0.name == model.lossName && $0.verdict == .right }?.value.line
  }

  /// Parameters' gradients of which the program has neither the right value nor one that is judged, where it has others.
  package var notFound: [String] {
    let known = findings.filter { $0.verdict != .unknown }
    guard known.contains(where: { $0.name.map { truth[$0] != nil && leaves.values[$0] == nil } ?? false })
    else {
      return model.equations.map(\.name)
    }
    return model.parameters.filter { parameter in
      !known.contains { $0.name == parameter.gradientName || ($0.isUpdate && $0.name == parameter) }
    }.map(\.gradientName)
  }

  /// What the program calls the number of samples.
  package func name(ofCount m: Int) -> String? {
    values.first { $0.tensor.shape.isScalar && $0.precision == .whole && $0.tensor.scalarValue == Double(m) }?
      .variable
  }

  /// What a wrong value is times the right one, if it is that.
  package func timesRight(_ finding: Finding) -> Double? {
    // What it has from its inputs is no mistake of its own.
    if finding.factor != 1, finding.factor != 0, finding.factor != finding.inherited { return finding.factor }
    guard let expected = finding.expected,
      let own = ReviewForm.readings(finding.value.tensor, as: expected.shape).first?.tensor,
      own.count > 1
    else { return nil }
    let inherited = finding.factor == finding.inherited && finding.factor != 0 ? finding.factor : 1
    return own.factor(of: expected, tolerance: finding.value.precision.tolerance).flatMap { found in
      found == inherited ? nil : (found / inherited * 1e6).rounded() / 1e6
    }
  }

  /// The wrong variable of a line that another one reads itself.
  package func variable(of finding: Finding, madeIn line: Int) -> String? {
    guard let record = finding.value.records.last else { return nil }
    return replay.ancestors(of: record, through: { _ in true }, depth: 1).compactMap(replay.value).first {
      $0.line == line && !$0.isReturned
    }?.variable
  }
}
