import Formulas
import LinearAlgebra
import NeuralNetworks

// A model that was typed as equations alone has no sizes: they are those of the program's arrays of the same names.

extension ReviewLeaves {
  /// Shapes of all leaves of a model that go together with the equations, by what the program's arrays are called; nil when
  /// there are none.
  /// - Parameter given: variables by the leaf that they are.
  package static func sizes(
    _ trace: ProgramTrace, _ model: Model, given: [String: String] = [:]
  ) -> [String: Shape]? {
    let open = OpenShapes(model, shapes: [:])
    let leaves = model.leaves.filter { $0 != .sampleCount && $0 != .learningRate }
    var found: [(name: String, extents: [OpenShapes.Extent], shapes: [Shape])] = []
    for name in leaves {
      guard let extents = open.extents[name], !isOpen(name, extents, model) else { continue }
      // What is only added may have a 1 on either axis: its shape is the program's.
      if open.isAdded(name), model.parameters.contains(name) { continue }
      let isParameter = model.parameters.contains(name)
      found.append((name, extents, shapes(of: name, given[name], trace, isMade: isParameter ? false : nil)))
    }
    // A parameter that is called otherwise has one of the shapes that the program's first matrices have.
    let first = trace.values.filter {
      $0.tensor.rank == 2 && $0.precision != .whole && $0.turns.isEmpty
        && !VariableName($0.variable).isGradient
    }.prefix(40).reduce(into: [Shape]()) { if !$0.contains($1.tensor.shape) { $0.append($1.tensor.shape) } }
    for at in found.indices where found[at].shapes.isEmpty && model.parameters.contains(found[at].name) {
      found[at].shapes = Array(first.prefix(12))
    }
    // What is known for sure first, so that it rules the others.
    found.sort { a, b in
      (a.shapes.isEmpty ? .max : a.shapes.count) < (b.shapes.isEmpty ? .max : b.shapes.count)
    }
    var tries = mostTries
    guard let letters = search(found[...], [:], &tries) else { return nil }
    var result: [String: Shape] = [:]
    for name in leaves {
      let isAdded = open.isAdded(name) && model.parameters.contains(name)
      let own =
        isAdded || open.extents[name] == nil || isOpen(name, open.extents[name] ?? [], model)
        ? shapes(of: name, given[name], trace).first ?? (hasNumber(name, given[name], trace) ? .scalar : nil)
        : nil
      guard let shape = own ?? open.shape(name, letters: letters) else { return nil }
      // A vector is a row.
      result[name] = isAdded && shape.rank == 1 ? Shape([1] + shape.dimensions) : shape
    }
    // Class numbers have no axis for the classes: of what is compared with them it is known.
    let compared = Set(model.equations.last?.expression.names ?? [])
    let others = result.filter { !compared.contains($0.key) }
    if let loss = Roles(model, shapes: others).loss, loss.needsDistributions,
      case .name(let target) = loss.target,
      result[target]?.rank == 1, let predictions = loss.output,
      let shape = OpenShapes(model, shapes: others).shape(predictions, letters: [:]),
      shape.rank == 2
    {
      result[target] = shape
    }
    return result
  }

  /// An input of which only numbers are asked: it may be a vector of them.
  private static func isOpen(_ name: String, _ extents: [OpenShapes.Extent], _ model: Model) -> Bool {
    extents.isEmpty && !model.parameters.contains(name)
  }

  /// Whether the program has a number of that name.
  private static func hasNumber(_ name: String, _ given: String?, _ trace: ProgramTrace) -> Bool {
    trace.values.contains { value in
      value.tensor.count == 1
        && (given.map { $0 == value.variable } ?? (VariableName.likeness(value.variable, name) == 3))
    }
  }

  private static let mostTries = 5_000

  /// Of the program's arrays that are called after a leaf, the likeliest first.
  /// - Parameter isMade: false: of those alone that are not computed from others.
  private static func shapes(
    of name: String, _ given: String?, _ trace: ProgramTrace, isMade: Bool? = nil
  ) -> [Shape] {
    var result: [(likeness: Int, shape: Shape)] = []
    var known: [String: Int] = [:]
    for value in trace.values where value.tensor.count > 1 {
      if isMade == false, given == nil, !ReviewReplay.reads(value.formula).isEmpty { continue }
      let likeness = known[value.variable] ?? VariableName.likeness(value.variable, name)
      known[value.variable] = likeness
      guard given.map({ $0 == value.variable }) ?? (likeness > 0 && !VariableName(value.variable).isGradient)
      else { continue }
      for shape in [value.tensor.shape, value.tensor.shape.transposed]
      where !result.contains(where: { $0.shape == shape }) && value.tensor.rank < 3
        || shape == value.tensor.shape
      {
        result.append((likeness, shape))
      }
      if result.count >= 12 { break }
    }
    return result.enumerated().sorted { ($1.element.likeness, $0.offset) < ($0.element.likeness, $1.offset) }
      .map(\.element.shape)
  }

  /// Numbers for the letters with which as many leaves as can be have a shape of the program's.
  private static func search(
    _ leaves: ArraySlice<(name: String, extents: [OpenShapes.Extent], shapes: [Shape])>,
    _ letters: [String: Int], _ tries: inout Int
  ) -> [String: Int]? {
    guard let leaf = leaves.first else { return letters }
    for shape in leaf.shapes {
      tries -= 1
      guard tries > 0 else { return nil }
      guard let more = unified(leaf.extents, shape, letters) else { continue }
      if let all = search(leaves.dropFirst(), more, &tries) { return all }
    }
    // Without an array of that name its size is that of others.
    return search(leaves.dropFirst(), letters, &tries)
  }

  /// The letters' numbers where an array has a shape; axes of extent 1 may be left out in either.
  private static func unified(
    _ extents: [OpenShapes.Extent], _ shape: Shape, _ letters: [String: Int]
  ) -> [String: Int]? {
    let long = extents.filter { $0 != .size(1) }
    let sizes =
      shape.rank == extents.count ? shape.dimensions : shape.dimensions.filter { $0 != 1 }
    let wanted = shape.rank == extents.count ? extents : long
    return OpenShapes.letters(in: wanted, as: sizes, letters)
  }
}
