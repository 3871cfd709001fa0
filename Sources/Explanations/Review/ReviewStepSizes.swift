import Formulas
import LinearAlgebra
import NeuralNetworks

// What the steps of all parameters say together, and what the step of one says of its gradient.

extension Review {
  /// The gradient of a step that the program does not hold under a name: judged by how far the parameter went.
  mutating func blameGradient(
    _ finding: inout Finding, _ value: ProgramTrace.Value, _ name: String, _ moved: Tensor
  ) -> Bool {
    let passes = ownPasses(to: name)
    let trials = passes.map(Diagnosis.Trials.init)
    for rate in rates where !Interruption.isRequested {
      var gradient = moved.map { $0 / rate }
      // One number that was broadcast.
      if gradient.isConstant { gradient = Tensor(shape: [1], elements: [gradient.elements[0]]) ?? gradient }
      let found = diagnosis(value.with(gradient), over: 1, moved.shape, passes, trials, pairs: false)
      guard !found.findings.isEmpty else { continue }
      finding.diagnosis = found
      if let line = culprit(found, of: name) ?? unnamedGradient(value, name, moved, found) {
        finding.verdict = .follows(line: line)
        finding.diagnosis = Diagnosis()
      } else {
        finding.verdict = .wrong
      }
      return true
    }
    return false
  }

  /// The line that made the gradient which a step goes along, under a name that does not say so; it is judged wrong then.
  mutating func unnamedGradient(
    _ value: ProgramTrace.Value, _ name: String, _ moved: Tensor, _ diagnosis: Diagnosis
  ) -> Int? {
    guard let record = value.records.last, moved.count > 1 else { return nil }
    let made = replay.ancestors(of: replay.source(of: record), through: { _ in true }, depth: 2)
      .map(replay.source).last { read in
        guard let there = replay.value(read), there.line != value.line, !there.tensor.isConstant,
          let at = placed[read], findings.indices.contains(at), findings[at].name == nil
        else { return false }
        return ReviewForm.readings(there.tensor, as: moved.shape).contains {
          $0.tensor.factor(of: moved, tolerance: 1e-6) != nil
        }
      }
    guard let made, let at = placed[made] else { return nil }
    accuse(at, name, diagnosis, target(name))
    return findings[at].value.line
  }

  /// Learning rates that a step may have, the likeliest first.
  var rates: [Double] {
    let others = findings.compactMap { $0.verdict == .right ? $0.rate : nil }
    return
      (others.prefix(1) + [learningRate, 1] + literals.filter { $0 > 0 && $0 <= 10 }.sorted().prefix(12))
      .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// Steps that all go uphill, in several lines, have one cause: the first gradient has the other sign.
  mutating func blameOnceForEveryStep() {
    let steps = findings.indices.filter { findings[$0].isUpdate }
    guard Set(steps.map { findings[$0].value.line }).count > 1,
      steps.allSatisfy({ findings[$0].verdict == .wrong && findings[$0].ids == [Mistake.wrongSign.id] }),
      let first = findings.firstIndex(where: {
        $0.verdict == .right && $0.name?.gradientOf != nil && !$0.isCopy && $0.value.tensor.count > 1
      }), !findings[..<first].contains(where: { $0.verdict == .wrong })
    else { return }
    let line = findings[first].value.line
    findings[first].verdict = .wrong
    findings[first].ids = [Mistake.wrongSign.id]
    findings[first].factor = -1
    findings[first].remark =
      "every step adds its gradient, which goes uphill: one of the signs is to be turned round"
    for index in findings.indices.dropFirst(first + 1) {
      if findings[index].isUpdate {
        findings[index].ids = []
        findings[index].remark = nil
        findings[index].verdict = .follows(line: line)
        findings[index].isRightOtherwise = true
      } else if findings[index].verdict == .right, findings[index].name?.gradientOf != nil {
        findings[index].verdict = .follows(line: line)
      }
    }
  }

  /// A step that is m times as large or as small as the steps of all other parameters.
  mutating func compareRates() {
    guard let m = sampleCount.map(Double.init), m > 1 else { return }
    let steps = findings.indices.filter {
      findings[$0].isUpdate && findings[$0].verdict == .right && findings[$0].rate != nil
    }
    guard steps.count > 2 else { return }
    for index in steps {
      let others = steps.filter { $0 != index }.compactMap { findings[$0].rate }
      guard let own = findings[index].rate, let usual = others.first,
        others.allSatisfy({ abs($0 - usual) <= 1e-6 * abs(usual) }), let name = findings[index].name
      else { continue }
      let isSmall = abs(own * m - usual) <= 1e-6 * abs(usual)
      guard isSmall || abs(own - m * usual) <= 1e-6 * abs(own) else { continue }
      let isBias = leaves.values[name].map { $0.shape.dimensions.filter { $0 != 1 }.count < 2 } ?? false
      findings[index].verdict = .wrong
      findings[index].ids = [
        !isSmall ? Mistake.missingMean.id : isBias ? Mistake.biasAveraged.id : Mistake.doubleMean.id
      ]
    }
  }
}
