import LinearAlgebra
import NeuralNetworks

// Inputs and targets that are the steps of a sequence: x1, x2, …

extension ReviewLeaves {
  /// What is held in one array with other steps of a sequence, with as many samples as what is known already.
  func takeSteps(_ names: [String], _ found: inout [String: Match], _ given: [String: String]) {
    let m = found.values.compactMap(samples).max()
    // A list of weights of one kind is called as they are.
    for isAlike in [true, false] {
      takeSteps(names, &found, given, m, isAlike)
    }
  }

  private func takeSteps(
    _ names: [String], _ found: inout [String: Match], _ given: [String: String], _ m: Int?, _ isAlike: Bool
  ) {
    let kinds = Set(names.map { VariableName($0).kind })
    for name in names where found[name] == nil {
      guard let shape = shapes[name] else { continue }
      for (position, value) in trace.values.enumerated() {
        if let given = given[name], value.variable != given { continue }
        let kind = word(of: value).kind
        let isOther = kind != VariableName(name).kind
        if given[name] == nil, isOther, isAlike || kinds.contains(kind) { continue }
        guard !word(of: value).isGradient, !isComputed(value),
          let match = label(value, position, as: name, shape)
            ?? slice(value, position, as: name, shape, samples: m)
        else { continue }
        found[name] = match
        break
      }
    }
  }

  /// The class of one step of a sequence, where a list has the numbers of all.
  private func label(
    _ value: ProgramTrace.Value, _ position: Int, as name: String, _ shape: Shape
  ) -> Match? {
    guard !model.parameters.contains(name), value.precision == .whole, value.tensor.rank == 1,
      shape.count > 1,
      shape.dimensions.filter({ $0 != 1 }).count == 1, let number = VariableName(name).number,
      VariableName(value.variable).kind == VariableName(name).kind,
      value.tensor.elements.indices.contains(number - 1),
      value.tensor.elements.allSatisfy({ $0 >= 0 && $0 < Double(shape.count) }),
      let place = Int(exactly: value.tensor.elements[number - 1])
    else { return nil }
    var oneHot = Tensor(repeating: 0, shape: shape)
    oneHot.replaceElement(at: place, with: 1)
    return Match(
      leaf: name, variable: value.variable, line: value.line, remark: "label \(number) of it", value: oneHot,
      position: position)
  }

  /// One step of a sequence that is held in one array: `x2` of `xs`.
  private func slice(
    _ value: ProgramTrace.Value, _ position: Int, as name: String, _ shape: Shape, samples m: Int?
  ) -> Match? {
    let (own, wanted) = (word(of: value), VariableName(name))
    guard value.tensor.rank == shape.rank + 1, let number = wanted.number, number > 0,
      own.kind == wanted.kind || !VariableName.isKnown(own.kind)
    else { return nil }
    for axis in [0, 1] {
      guard let part = value.tensor.sample(number - 1, axis: axis) else { continue }
      var dimensions = part.shape.dimensions
      dimensions.remove(at: axis)
      guard let flat = part.reshaped(Shape(dimensions)),
        let (tensor, _) = read(flat, value.precision, as: name, shape)
      else { continue }
      let match = Match(
        leaf: name, variable: value.variable, line: value.line, remark: "step \(number) of it", value: tensor,
        position: position)
      if let m, let own = samples(match), own != m { continue }
      return match
    }
    return nil
  }

  /// Leaves that are told apart by numbers: x1, x2, …
  var steps: Set<String> {
    let words = model.leaves.filter { !model.parameters.contains($0) }.map { ($0, VariableName($0)) }
    return Set(
      words.filter { own in
        own.1.number != nil && words.contains { $0.1.kind == own.1.kind && $0.1.number != own.1.number }
      }.map(\.0))
  }
}
