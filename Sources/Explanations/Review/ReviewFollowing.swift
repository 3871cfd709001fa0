import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

// Values that are as their equation gives them from the program's own, wrong ones.

extension Review {
  /// What has no pass is no value that a mistake leads to.
  func passes(to name: String) -> [MistakePass] {
    (try? MistakePass.passes(
      to: name, model: model, leaves: leaves.values, learningRate: learningRate, isFused: true,
      mayFuse: mayFuse)) ?? []
  }

  /// The steps of the pass towards a name, behind the program's own values.
  mutating func ownPasses(to name: String) -> [MistakePass] {
    if passes[name] == nil {
      let known = wholePasses.compactMap { $0.towards(name) }
      passes[name] = known.count == wholePasses.count && !known.isEmpty ? known : passes(to: name)
    }
    var values = own.mapValues(\.tensor).filter { $0.key != name }
    // Lines that are tried with right values are judged beside right values.
    for (other, (_, at)) in own where other != name {
      guard isOnOwnInputs else {
        values[other] = target(other)
        continue
      }
      guard findings.indices.contains(at), let shape = truth[other]?.shape,
        let actual = ReviewForm.readings(findings[at].value.tensor, as: shape).first?.tensor
      else { continue }
      values[other] = actual.map { $0 / findings[at].factor }
    }
    return (passes[name] ?? []).compactMap { try? $0.pinned(to: values) }
  }

  mutating func followed(
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

  /// Whether it has not its right value, nor would have it behind right lines.
  func isWrong(_ finding: Int) -> Bool {
    switch findings[finding].verdict {
    case .right: false
    case .follows: !replay.isReadable
    case .wrong, .unknown: true
    }
  }

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
}
