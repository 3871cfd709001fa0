import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Platform

// What is wrong with a value that is none of the pass, and in which line it became so.

extension Review {
  /// Whether it is a value of the pass gone wrong; then the finding says which, and how.
  mutating func judge(
    _ finding: inout Finding, _ value: ProgramTrace.Value, _ candidates: [(name: String, likeness: Int)],
    _ before: Int?
  ) -> Bool {
    guard let (name, diagnosis, expected, owed) = mistaken(value, candidates, before),
      !leadsToRight(value, name), !isLeftToLater(value, name), name != model.lossName || !hasRightLoss
    else { return false }
    let factor = diagnosis.findings.isEmpty ? handedOnFactor(value, name, expected) : owed
    if replay.isReadable, isOnOwnInputs { return false }
    finding.name = name
    let blamed =
      handedOn(value, name, diagnosis, expected, factor) ?? culprit(diagnosis, of: name)
      ?? appliedBefore(value, diagnosis)
      ?? origin(of: value, name, diagnosis, expected, factor)
    if let line = blamed {
      finding.verdict = .follows(line: line)
      finding.tensor = expected
      setFactor(factor, of: &finding)
      take(name, expected)
      return true
    }
    finding.verdict = .wrong
    // An argument is what its call hands over.
    if case .argument(let call) = value.origin, call > 0 {
      finding.value = finding.value.at(line: call)
    } else if let call = callToBlame(value, name) {
      finding.value = finding.value.at(line: call)
    }
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
    let after = replay.isReadable ? expected : finding.tensor
    if let before, value.change != .new, findings[before].name == name { findings[before].isWithdrawn = true }
    if fitting != nil {
      setFactor(factor, of: &finding)
      take(name, after)
    }
    return true
  }

  /// A loss is added up from parts, in a line or in several.
  private var hasRightLoss: Bool {
    guard let right = target(model.lossName)?.scalarValue else { return false }
    return values.contains { value in
      guard let number = value.tensor.scalarValue, value.precision != .whole,
        VariableName(value.variable).kind == "loss"
      else { return false }
      return abs(number - right) <= value.precision.tolerance * abs(right)
    }
  }

  /// What no mistake explains has the factor of what it is computed from: the lines behind it take care of it as they would
  /// behind a right one. A multiple of the right value has its own.
  private mutating func handedOnFactor(
    _ value: ProgramTrace.Value, _ name: String, _ expected: Tensor
  ) -> Double {
    guard name.gradientOf != nil,
      let own = ReviewForm.readings(value.tensor, as: expected.shape).first?.tensor,
      own.factor(of: expected, tolerance: value.precision.tolerance) == nil
    else { return 1 }
    return inheritedFactor(name)
  }

  /// The line of a value on the way that has the mistake, which its variable's name did not show; nil when it was made in
  /// the line at hand.
  mutating func culprit(_ diagnosis: Diagnosis, of name: String) -> Int? {
    guard let finding = diagnosis.findings.first, let wrong = finding.equations.first?.wrong,
      wrong.name != name
    else { return nil }
    // Fused it has no gradients of the values between.
    let way = ownPasses(to: name).firstResult { pass in
      (try? Evaluator(Bindings(pass.values)).value(of: wrong.expression)).map { (pass, $0) }
    }
    guard let (pass, tensor) = way else { return nil }
    let inherited = wrong.name.gradientOf == nil ? 1 : inheritedFactor(wrong.name)
    for (index, other) in findings.enumerated().reversed() where !other.isUpdate {
      // What is right as another value was not meant to be this one, unless nothing says so: neither what it is called nor a
      // line that uses it as that.
      if other.verdict == .right, let own = other.name, own != wrong.name {
        let meant = VariableName.likeness(other.value.variable, wrong.name)
        let found = VariableName.likeness(other.value.variable, own)
        if other.isCopy {
          if found > max(1, meant) { continue }
        } else if meant < found || (meant == found && (found > 0 || leadsToRight(other.value, wrong.name))) {
          continue
        }
      }
      // Nor is what is called after another value, and adds up to it, this one.
      if other.verdict == .unknown, other.value.change == .inPlace,
        likenesses(other.value).contains(where: { $0.likeness == 3 && $0.name != wrong.name })
      {
        continue
      }
      // Nor was what another line makes something right of.
      if other.verdict == .unknown, leadsToRight(other.value, wrong.name, exactly: true) { continue }
      let readings = ReviewForm.readings(other.value.tensor, as: tensor.shape)
      guard
        readings.contains(where: { reading in
          [1, other.factor, inherited].contains { factor in
            reading.tensor.map { $0 / factor }.agrees(
              with: tensor, tolerance: other.value.precision.tolerance)
          }
        })
      else { continue }
      var at = index
      if let record = other.value.records.last, let link = link(record, wrong.name, diagnosis),
        let known = placed[link], findings.indices.contains(known)
      {
        at = known
      }
      if let expected = pass.values[wrong.name], findings[at].name != wrong.name,
        let line = origin(of: findings[at].value, wrong.name, diagnosis, expected, inherited)
      {
        return line
      }
      accuse(at, wrong.name, diagnosis, pass.values[wrong.name])
      own[wrong.name] = (replay.isReadable ? pass.values[wrong.name] ?? tensor : tensor, at)
      mend(findings[at])
      return findings[at].value.line
    }
    return nil
  }

  private mutating func mistaken(
    _ value: ProgramTrace.Value, _ candidates: [(name: String, likeness: Int)], _ before: Int?
  ) -> (String, Diagnosis, Tensor, factor: Double)? {
    var unnamed: (String, Diagnosis, Tensor, Double)?
    var named: (found: (String, Diagnosis, Tensor, factor: Double), likeness: Int, right: Int)?
    for (name, likeness) in candidates where leaves.values[name] == nil && likeness >= 0 {
      if value.tensor.count == 1, likeness < 2 { continue }
      if let named, named.likeness > likeness || named.right == .max { break }
      // Of a name that has its right value nothing is wrong any more, unless this line changed that value.
      let isRight = own[name].map { !isWrong($0.finding) && findings[$0.finding].factor == 1 } ?? false
      if isRight, value.change == .new || before != own[name]?.finding { continue }
      let passes = ownPasses(to: name)
      guard let expected = passes.first?.rightValue, expected.isFinite else { continue }
      let fits = !ReviewForm.readings(value.tensor, as: expected.shape).isEmpty
      // Every layer has a dx.
      guard fits || (likeness >= 2 && VariableName(value.variable).kind != "x") else { continue }
      let mayOwe = fits && name.gradientOf != nil && (likeness > 0 || VariableName(value.variable).isGradient)
      let trials = trials(name, passes)
      for factor in [1] + (mayOwe ? factors : []) {
        let diagnosis = diagnosis(value, over: factor, expected.shape, passes, trials, pairs: false)
        guard !diagnosis.findings.isEmpty else { continue }
        // Of several values that it may be gone wrong, the one is meant with which the lines behind it are right.
        let right =
          likeness > 1
          ? .max : rightBehind(value, name, factor == 1 ? expected : expected.map { $0 * factor })
        if named.map({ right > $0.right }) ?? true {
          named = ((name, diagnosis, expected, factor), likeness, right)
        }
        break
      }
      if likeness >= 2, named == nil {
        var diagnosis = diagnosis(value, over: 1, expected.shape, passes, trials, pairs: true)
        // Behind right values a mistake may still leave some of them out: statistics that are held constant.
        if diagnosis.findings.isEmpty,
          inputs(of: name).allSatisfy({ findings.indices.contains($0) && findings[$0].verdict == .right }),
          let free = self.passes[name]
        {
          diagnosis = self.diagnosis(
            value, over: 1, expected.shape, free, free.map(Diagnosis.Trials.init), pairs: false)
        }
        if !diagnosis.findings.isEmpty { return (name, diagnosis, expected, 1) }
      }
      // What was right and is made something else has another meaning now: logits less their maximum.
      let isMeant = likeness >= 2 || (likeness == 1 && readsInputs(of: name, value))
      // Nor is a number alone met by what it is called: a p may be any parameter.
      let isSaid = value.tensor.count > 1 || likeness == 3 || VariableName(value.variable).kind == "loss"
      // Nor are counts and indices, of another shape, a value gone wrong.
      if unnamed == nil, !isRight, isSaid, fits ? isMeant : likeness == 3 && value.precision != .whole {
        unnamed = (name, Diagnosis(), expected, 1)
      }
    }
    return named?.found ?? unnamed
  }

  /// What mistakes make of a name's value; kept while no other value has been placed.
  private mutating func trials(_ name: String, _ passes: [MistakePass]) -> [Diagnosis.Trials] {
    guard !isOnOwnInputs else { return passes.map(Diagnosis.Trials.init) }
    let placed = Set(own.keys)
    if let known = trialsOf[name], known.placed == placed { return known.trials }
    let trials = passes.map(Diagnosis.Trials.init)
    trialsOf[name] = (placed, trials)
    return trials
  }

  func diagnosis(
    _ value: ProgramTrace.Value, over factor: Double, _ shape: Shape, _ passes: [MistakePass],
    _ trials: [Diagnosis.Trials],
    pairs: Bool
  ) -> Diagnosis {
    let count = value.tensor.count
    // A sum may have kept its axis or not.
    let others =
      value.tensor.rank == 2
      ? [value.tensor.transposed()]
      : value.tensor.rank == 1
        ? [Shape([count, 1]), [1, count]].compactMap { value.tensor.reshaped($0) } : []
    let alone = count == 1 ? [.scalar, [1, 1]].compactMap { value.tensor.reshaped($0) } : []
    for tensor in [value.tensor] + others + alone {
      var shaped = ReviewForm.readings(tensor, as: shape).first?.tensor ?? tensor
      if factor != 1 { shaped = shaped.map { $0 / factor } }
      var given = GivenValue(
        shaped, numbers: shaped.elements.map { TypedNumber($0, digits: value.precision.digits) })
      given.noise = value.precision.tolerance * shaped.largestMagnitude
      let diagnosis = Diagnosis.find(given, passes: passes, trials: trials, triesPairs: pairs)
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
  package static func figure(_ factor: Double) -> String {
    guard factor != 0, factor.isFinite else { return Printer.number(factor) }
    let unit = pow(10, floor(log10(abs(factor))) - 5)
    let rounded = (factor / unit).rounded() * unit
    return Printer.number((rounded * 1e9).rounded() / 1e9)
  }
}
