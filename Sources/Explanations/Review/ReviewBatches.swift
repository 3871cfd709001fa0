import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

// What a program computes first may be a part of its data: the batch of a loop, or one sample.

extension ReviewLeaves {
  /// These leaves, or those of another batch with which more of the program's forward values are right: what a loop takes
  /// from the data, or a single sample of it.
  var fittest: ReviewLeaves {
    var best = (score: score, leaves: self)
    let wanted = model.equations.count
    guard best.score < wanted else { return self }
    for other in batches + singles {
      let score = other.score
      // Of two that fit as well it is the one with more samples: the first turn of a loop over them has one.
      if score > best.score || (score == best.score && score > 0 && other.most > best.leaves.most) {
        best = (score, other)
      }
      if score >= wanted { break }
    }
    return best.leaves
  }

  private func forward() -> [(name: String, tensor: Tensor)] {
    let known = values
    guard
      let program = try? Program(
        model, leaves: known.mapValues(\.shape), isFused: false, missing: { Diagnostic("no \(name: $0)") })
    else { return [] }
    var computed = known
    if let m = program.sampleCount { computed[.sampleCount] = Tensor(Double(m)) }
    var result: [(String, Tensor)] = []
    for step in program.forward {
      guard let value = try? Evaluator(Bindings(computed)).value(of: step.evaluated) else { break }
      computed[step.name] = value
      result.append((step.name, value))
    }
    return result
  }

  /// How many of the pass's forward values the program has.
  var score: Int {
    let steps = forward()
    let values = ReviewPass.stacked(
      Array(trace.values.prefix(Self.mostLooked)), batched.compactMap(samples).max() ?? 1)
    return steps.count { step in
      values.contains { value in
        guard value.tensor.count == step.tensor.count,
          value.tensor.count > 1 || VariableName.likeness(value.variable, step.name) > 0
            || (step.name == model.lossName && VariableName(value.variable).kind == "loss")
        else { return false }
        return ReviewForm.readings(value.tensor, as: step.tensor.shape).contains {
          $0.tensor.agrees(with: step.tensor, tolerance: value.precision.tolerance)
        }
      }
    }
  }

  /// Values of the trace that are compared.
  private static let mostLooked = 4000
  private static let mostBatches = 40

  private var most: Int { batched.compactMap(samples).max() ?? 0 }

  var batched: [Match] { matches.filter { roles.sampleAxes[$0.leaf] != nil } }

  private func replacing(_ others: [Match]) -> ReviewLeaves {
    var copy = self
    copy.matches = matches.map { own in others.first { $0.leaf == own.leaf } ?? own }
    return copy
  }

  /// Inputs and targets that a loop or a function's call has under other names, equally many samples of each.
  private var batches: [ReviewLeaves] {
    var found: [String: [Match]] = [:]
    for own in batched {
      guard let shape = shapes[own.leaf] else { continue }
      for (position, value) in trace.values.prefix(Self.mostLooked).enumerated() {
        let word = VariableName(value.variable)
        let likeness = VariableName.likeness(value.variable, own.leaf)
        guard !word.isGradient, !isComputed(value), found[own.leaf, default: []].count < 8,
          ["x", "y"].contains(word.kind) || likeness > 0 || value.variable.contains("[*]"),
          let (tensor, remark) = read(
            value.tensor, value.precision, as: own.leaf, shape, called: likeness),
          !found[own.leaf, default: []].contains(where: { $0.value == tensor })
        else { continue }
        found[own.leaf, default: []].append(
          Match(
            leaf: own.leaf, variable: value.variable, line: value.line, remark: remark, value: tensor,
            position: position))
      }
    }
    var result: [[Match]] = [[]]
    for own in batched {
      // As many as are tried, of those that the leaves before it leave: their product has no end.
      let longer = result.flatMap { chosen in
        (found[own.leaf] ?? []).filter { match in
          chosen.allSatisfy { samples($0) == samples(match) }
        }.map { chosen + [$0] }
      }
      result = Array(longer.prefix(Self.mostBatches))
    }
    return result.map(replacing)
  }

  func samples(_ match: Match) -> Int? { samples(match.leaf, match.value) }

  func samples(_ leaf: String, _ value: Tensor) -> Int? {
    roles.sampleAxes[leaf].flatMap {
      value.shape.dimensions.indices.contains($0) ? value.shape.dimensions[$0] : nil
    }
  }

  /// One sample of the data, the one that the program's own values show.
  private var singles: [ReviewLeaves] {
    guard let m = batched.compactMap(samples).min(), m > 1 else { return [] }
    let steps = forward()
    var seen: Set<Int> = []
    for value in trace.values.prefix(Self.mostLooked) where value.tensor.count > 1 {
      for step in steps where step.tensor.count == value.tensor.count * m {
        for axis in step.tensor.shape.dimensions.indices where step.tensor.shape.dimensions[axis] == m {
          for sample in 0..<m where !seen.contains(sample) {
            guard let part = step.tensor.sample(sample, axis: axis), !part.isConstant else { continue }
            let isThere = ReviewForm.readings(value.tensor, as: part.shape).contains {
              $0.tensor.agrees(with: part, tolerance: value.precision.tolerance)
            }
            if isThere { seen.insert(sample) }
          }
        }
      }
      if !seen.isEmpty { break }
    }
    return seen.sorted().map { sample in
      replacing(
        batched.compactMap { own in
          guard let axis = roles.sampleAxes[own.leaf], let part = own.value.sample(sample, axis: axis) else {
            return nil
          }
          return Match(
            leaf: own.leaf, variable: own.variable, line: own.line, remark: "sample \(sample) of it",
            value: part,
            position: own.position)
        })
    }
  }
}
