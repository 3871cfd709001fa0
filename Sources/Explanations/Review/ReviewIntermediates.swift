import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

// Between two values of the pass a program may go in smaller steps, as a batch norm does: their gradients follow from the
// program's own formulas.

extension Review {
  /// Gradients of what right values are computed from and the pass has no name for: the program's lines up to those values,
  /// differentiated.
  mutating func gradientsOfIntermediates() -> [KnownPart] {
    var held: [Int: String] = [:]
    let forward = Set(model.equations.map(\.name))
    for finding in findings where finding.verdict == .right && finding.value.records.count == 1 {
      guard let name = finding.name, forward.contains(name), let record = finding.value.records.last,
        finding.value.tensor.count > 1, truth[name.gradientName] != nil
      else { continue }
      let made = replay.source(of: record)
      if held[made] == nil { held[made] = name }
    }
    var equations: [Equation] = []
    var leaves: [String: Tensor] = [:]
    var between: Set<Int> = []
    var waiting = held.keys.sorted()
    var seen = Set(waiting)
    while let next = waiting.popLast(), seen.count < Self.mostIntermediates {
      for read in ReviewReplay.reads(replay.value(next)?.formula ?? "") where read < next {
        let made = replay.source(of: read)
        guard held[made] == nil, let there = replay.value(made), !there.formula.isEmpty,
          seen.insert(made).inserted
        else { continue }
        between.insert(made)
        waiting.append(made)
      }
    }
    guard !between.isEmpty else { return [] }
    for record in seen.sorted() {
      guard let value = replay.value(record), let formula = try? Parser.parse(value.formula).expression else {
        continue
      }
      var read: [String: Expression] = [:]
      for other in ReviewReplay.reads(value.formula) where other < record {
        let made = replay.source(of: other)
        read["v\(other)"] = .name("v\(made)")
        if !between.contains(made), let tensor = replay.value(made)?.tensor { leaves["v\(made)"] = tensor }
      }
      let name = held[record] == nil ? "v\(record)" : "u\(record)"
      equations.append(Equation(name, formula.substituting(read)))
    }
    // Each value is weighed with what the loss changes by with it.
    var terms: [Expression] = []
    for (record, name) in held.sorted(by: { $0.key < $1.key }) {
      guard let own = replay.value(record)?.tensor, let gradient = target(name.gradientName),
        let right = ReviewForm.readings(gradient, as: own.shape).first?.tensor
      else { continue }
      leaves["g\(record)"] = right
      terms.append(.call(Function("sum"), [.name("g\(record)") * .name("u\(record)")], .none))
    }
    guard let first = terms.first else { return [] }
    equations.append(Equation("loss", terms.dropFirst().reduce(first) { $0 + $1 }))
    let targets = between.sorted().map { "v\($0)" }
    let model = Model(equations: equations, parameters: leaves.keys.filter { $0.hasPrefix("v") }.sorted())
    guard
      let program = try? Program(
        model, leaves: leaves.mapValues(\.shape), isFused: false, missing: { Diagnostic("no \(name: $0)") })
    else { return [] }
    var values = leaves
    for step in program.steps {
      guard let value = try? Evaluator(Bindings(values)).value(of: step.evaluated) else { break }
      values[step.name] = value
    }
    return zip(targets, between.sorted()).compactMap { name, record in
      guard let own = replay.value(record), let gradient = values[name.gradientName], gradient.count > 1,
        gradient.isFinite
      else { return nil }
      return KnownPart(
        name: nil, formula: .name(own.variable.gradientName),
        tensor: gradient.reshaped(own.tensor.shape) ?? gradient)
    }
  }

  /// Whether it is the right gradient of such a value.
  mutating func isGradientBetween(_ value: ProgramTrace.Value) -> Bool {
    guard replay.isReadable, value.tensor.count > 1, own.keys.contains(where: { $0.gradientOf != nil }) else {
      return false
    }
    _ = knownParts()
    return isPart(value, intermediates ?? [])
  }

  private static let mostIntermediates = 120
}
