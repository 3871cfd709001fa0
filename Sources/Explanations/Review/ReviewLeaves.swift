import Formulas
import LinearAlgebra
import NeuralNetworks

/// Which variables of a program are the inputs, targets and parameters of a model.
package struct ReviewLeaves: Sendable {
  package struct Match: Sendable {
    package let leaf: String
    package let variable: String
    package let line: Int
    /// What was done to read it: "transposed", "labels to one-hot rows".
    package let remark: String?
    package let value: Tensor
    let position: Int
  }

  package internal(set) var matches: [Match] = []
  package var values: [String: Tensor] {
    Dictionary(matches.map { ($0.leaf, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  let trace: ProgramTrace
  let model: Model
  let roles: Roles
  let shapes: [String: Shape]
  /// Kinds of names that the program counts from 0.
  private var fromZero: Set<String> = []
  /// Before the first value that is computed from the leaves.
  private var setup: Range<Int> = 0..<0

  /// - Parameters:
  ///   - shapes: of the leaves in the session, in which the samples are open.
  ///   - given: variables by the leaf that they are.
  /// - Throws: when a leaf has no variable, with the shape it must have.
  package init(
    _ trace: ProgramTrace, model: Model, roles: Roles, shapes: [String: Shape], given: [String: String]
  ) throws(Diagnostic) {
    (self.trace, self.model, self.roles, self.shapes) = (trace, model, roles, shapes)
    let first = trace.values.firstIndex { value in
      value.tensor.rank > 0
        && (["z", "s", "logits", "loss"].contains(VariableName(value.variable).kind)
          || VariableName(value.variable).isGradient)
        && !shapes.keys.contains { VariableName.likeness(value.variable, $0) == 3 }
    }
    setup = 0..<(first ?? trace.values.count)
    fromZero = Set(
      trace.values.filter { $0.tensor.rank > 0 }.map { VariableName($0.variable) }
        .filter { $0.number == 0 && !$0.isGradient && ["w", "b"].contains($0.kind) }.map(\.kind))
    for name in given.keys.sorted() where shapes[name] == nil || !model.leaves.contains(name) {
      throw Diagnostic(
        "\(name: name) is no input, target or parameter of this model",
        hint: "they are \(model.leaves.joined(separator: ", "))")
    }
    var used: Set<String> = []
    for name in model.leaves where name != .sampleCount && name != .learningRate {
      guard let shape = shapes[name] else { continue }
      guard let match = find(name, shape, given[name], &used) else {
        if shape.isScalar { continue }
        let wanted = given[name].map { "no variable '\($0)' with such a shape" } ?? "no array of such a shape"
        throw Diagnostic(
          "the program has \(wanted) for \(name: name) (\(open(name, shape)))",
          hint: "say which it is: review FILE \(name)=VARIABLE; or type the program's model first: net …")
      }
      matches.append(match)
    }
  }

  /// The shape with the samples as a letter.
  private func open(_ name: String, _ shape: Shape) -> String {
    shape.dimensions.enumerated().map { roles.sampleAxes[name] == $0 ? "m" : String($1) }.joined(
      separator: "×")
  }

  private func find(_ name: String, _ shape: Shape, _ given: String?, _ used: inout Set<String>) -> Match? {
    var best: (score: Int, match: Match, key: String)?
    for (position, value) in trace.values.enumerated() {
      let key = value.place
      let likeness = VariableName.likeness(value.variable, name, fromZero: fromZero)
      if let given {
        guard value.variable == given else { continue }
      } else {
        guard likeness >= 0, !used.contains(key), !VariableName(value.variable).isGradient else { continue }
      }
      guard let (tensor, remark) = read(value.tensor, value.precision, as: name, shape) else {
        if given == nil, best?.score ?? 0 < 5, let match = slice(value, as: name, shape) {
          best = (5, match(position), "")
        }
        continue
      }
      // The first of several that look alike, but what an initialisation becomes before it is used.
      let isSetup = best?.key == key && setup.contains(position) && value.change != .new
      let score = 4 * max(likeness, 0) + (remark == nil ? 2 : 0) + (value.tensor.rank == shape.rank ? 1 : 0)
      if best == nil || score > (best?.score ?? 0) || isSetup {
        best = (
          score,
          Match(
            leaf: name, variable: value.variable, line: value.line, remark: remark, value: tensor,
            position: position), key
        )
      }
    }
    guard let best else { return nil }
    guard !best.key.isEmpty else { return best.match }
    used.insert(best.key)
    // The same array by another name: `p["W1"]` is `self.params["W1"]`.
    for value in trace.values where value.tensor == trace.values[best.match.position].tensor {
      if value.tensor.count > 1, !value.tensor.isConstant {
        used.insert(value.place)
      }
    }
    return best.match
  }

  /// One step of a sequence that is held in one array: `x2` of `xs`.
  private func slice(_ value: ProgramTrace.Value, as name: String, _ shape: Shape) -> ((Int) -> Match)? {
    let (own, wanted) = (VariableName(value.variable), VariableName(name))
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
      return { position in
        Match(
          leaf: name, variable: value.variable, line: value.line, remark: "step \(number) of it",
          value: tensor,
          position: position)
      }
    }
    return nil
  }

  /// An array as a leaf of the model; nil when it cannot be that.
  func read(
    _ tensor: Tensor, _ precision: ProgramTrace.Precision, as name: String, _ shape: Shape
  ) -> (Tensor, String?)? {
    guard let axis = roles.sampleAxes[name], shape.dimensions.indices.contains(axis) else {
      guard let reading = ReviewForm.readings(tensor, as: shape).first else { return nil }
      return (reading.tensor, reading.form == .transposed ? "transposed" : nil)
    }
    func sized(_ m: Int) -> Shape {
      var dimensions = shape.dimensions
      dimensions[axis] = m
      return Shape(dimensions)
    }
    for (along, m) in tensor.shape.dimensions.enumerated() {
      guard let reading = ReviewForm.readings(tensor, as: sized(m)).first else { continue }
      let isTurned = reading.form == .transposed
      if along == axis || isTurned { return (reading.tensor, isTurned ? "transposed" : nil) }
    }
    // Class numbers, where a row for each class is compared.
    let classes = shape.rank == 2 ? shape.dimensions[1 - axis] : 1
    guard roles.targets.contains(name), classes > 1, precision == .whole,
      tensor.shape.dimensions.filter({ $0 != 1 }).count == 1, tensor.count > 1,
      tensor.elements.allSatisfy({ $0 >= 0 && $0 < Double(classes) && $0 == $0.rounded() })
    else { return nil }
    var oneHot = Tensor(repeating: 0, shape: sized(tensor.count))
    for (sample, label) in tensor.elements.enumerated() {
      guard let label = Int(exactly: label) else { return nil }
      let index = axis == 0 ? [sample, label] : [label, sample]
      if let position = oneHot.position(of: index) { oneHot.replaceElement(at: position, with: 1) }
    }
    return (oneHot, "labels to one-hot rows")
  }

  /// The words of a network of fully connected layers with weights of the shapes that the program has; nil when there
  /// is no such chain.
  package static func proposal(_ trace: ProgramTrace, source: String) -> String? {
    var chain: [Shape] = []
    var seen: Set<String> = []
    for value in trace.values where value.tensor.rank == 2 {
      let name = VariableName(value.variable)
      guard name.kind == "w", !name.isGradient, seen.insert(value.variable + value.holder).inserted,
        !chain.contains(value.tensor.shape) || name.number.map({ $0 > chain.count }) ?? false
      else { continue }
      chain.append(value.tensor.shape)
    }
    guard let first = chain.first else { return nil }
    let isTurned = chain.count > 1 && first.columns != chain[1].rows && first.rows == chain[1].columns
    let widths = [isTurned ? first.columns : first.rows] + chain.map { isTurned ? $0.rows : $0.columns }
    for (shape, pair) in zip(chain, zip(widths, widths.dropFirst())) {
      guard (isTurned ? [shape.columns, shape.rows] : [shape.rows, shape.columns]) == [pair.0, pair.1] else {
        return nil
      }
    }
    let text = source.lowercased()
    func has(_ words: String...) -> Bool { words.contains { text.contains($0) } }
    let hidden =
      has("relu", "maximum(0", "maximum(", "clip(min=0")
      ? "relu" : has("tanh") ? "tanh" : has("sigmoid", "1 / (1", "1/(1") ? "sigmoid" : "linear"
    let output =
      has("softmax", "cross_entropy", "crossentropy") || (has("exp(") && (widths.last ?? 1) > 1 && has("log"))
      ? "softmax" : (widths.last ?? 1) == 1 && has("log(", "sigmoid") ? "sigmoid" : "linear"
    let layers = widths.dropFirst().enumerated().map { index, width in
      "\(width):\(index == widths.count - 2 ? output : hidden)"
    }
    return ([String(widths[0])] + layers).joined(separator: " ")
  }
}

extension Tensor {
  /// What lies at one position along an axis, which stays with extent 1.
  func sample(_ at: Int, axis: Int) -> Tensor? {
    let extents = shape.dimensions
    guard extents.indices.contains(axis), at >= 0, at < extents[axis] else { return nil }
    let inner = extents[(axis + 1)...].reduce(1, *)
    let outer = extents[..<axis].reduce(1, *)
    var entries: [Double] = []
    for block in 0..<outer {
      let start = (block * extents[axis] + at) * inner
      entries += elements[start..<(start + inner)]
    }
    var dimensions = extents
    dimensions[axis] = 1
    return Tensor(shape: Shape(dimensions), elements: entries)
  }
}
