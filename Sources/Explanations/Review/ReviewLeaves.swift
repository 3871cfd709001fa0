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
  /// As the program has it: with names for what the program computes between its values.
  var model: Model
  let roles: Roles
  let shapes: [String: Shape]
  /// Kinds of names that the program counts from 0.
  private var fromZero: Set<String> = []
  /// What the variables of the trace are called, taken apart once.
  private let words: [String: VariableName]
  /// What the records of the trace are called.
  private let variables: [Int: String]
  private let formulas: [Int: String]
  /// Records that are computed from weights, on any way.
  private let weighted: Set<Int>
  /// Before the first value that is computed from the leaves.
  private var setup: Range<Int> = 0..<0

  /// Without matches.
  init(of trace: ProgramTrace, _ model: Model, _ roles: Roles, _ shapes: [String: Shape]) {
    (self.trace, self.model, self.roles, self.shapes) = (trace, model, roles, shapes)
    words = Dictionary(
      Set(trace.values.map(\.variable)).map { ($0, VariableName($0)) }, uniquingKeysWith: { $1 })
    variables = Dictionary(
      trace.values.compactMap { value in value.records.first.map { ($0, value.variable) } },
      uniquingKeysWith: { first, _ in first })
    formulas = Dictionary(
      trace.values.compactMap { value in value.records.first.map { ($0, value.formula) } },
      uniquingKeysWith: { first, _ in first })
    var weighted: Set<Int> = []
    for value in trace.values {
      let reads = ReviewReplay.reads(value.formula)
      let isWeight =
        (words[value.variable]?.kind == "w" && reads.isEmpty)
        || model.parameters.contains { VariableName.likeness(value.variable, $0) > 1 }
      if isWeight || reads.contains(where: weighted.contains) { weighted.formUnion(value.records) }
    }
    self.weighted = weighted
  }

  /// - Parameters:
  ///   - shapes: of the leaves in the session, in which the samples are open.
  ///   - given: variables by the leaf that they are.
  /// - Throws: when a leaf has no variable, with the shape it must have.
  package init(
    _ trace: ProgramTrace, model: Model, roles: Roles, shapes: [String: Shape], given: [String: String]
  ) throws(Diagnostic) {
    self.init(of: trace, model, roles, shapes)
    let first = trace.values.firstIndex { value in
      value.tensor.rank > 0
        && (["z", "s", "logits", "loss"].contains(word(of: value).kind) || word(of: value).isGradient)
        && !shapes.keys.contains { VariableName.likeness(value.variable, $0) == 3 }
    }
    let counted = trace.values.filter { $0.tensor.rank > 0 }.map { word(of: $0) }.filter { word in
      word.number == 0 && !word.isGradient && ["w", "b"].contains(word.kind)
    }
    fromZero = Set(counted.map(\.kind))
    let product = trace.values.firstIndex(where: isComputed)
    setup = 0..<min(first ?? trace.values.count, product ?? trace.values.count)
    for name in given.keys.sorted() where shapes[name] == nil || !model.leaves.contains(name) {
      throw Diagnostic(
        "\(name: name) is no input, target or parameter of this model",
        hint: "they are \(model.leaves.joined(separator: ", "))")
    }
    let wanted = model.leaves.filter { $0 != .sampleCount && $0 != .learningRate && shapes[$0] != nil }
    var found: [String: Match] = [:]
    var used: Set<String> = []
    // An array goes to the leaf that it is called after before any other may take it.
    for (least, isStrict) in [(2, false), (1, false), (0, true), (0, false)] {
      if isStrict { takeSteps(wanted, &found, given) }
      for name in wanted where found[name] == nil {
        guard let shape = shapes[name] else { continue }
        let known = isStrict ? found.values.compactMap(samples).max() : nil
        found[name] = find(name, shape, given[name], least, samples: known, &used)
      }
    }
    matches = wanted.compactMap { found[$0] }
    for name in wanted where found[name] == nil {
      guard let shape = shapes[name], !shape.isScalar else { continue }
      let wanted = given[name].map { "no variable '\($0)' with such a shape" } ?? "no array of such a shape"
      throw Diagnostic(
        "the program has \(wanted) for \(name: name) (\(open(name, shape)))",
        hint: "say which it is: review FILE \(name)=VARIABLE; or type the program's model first: net …")
    }
  }

  /// The shape with the samples as a letter.
  private func open(_ name: String, _ shape: Shape) -> String {
    shape.dimensions.enumerated().map { roles.sampleAxes[name] == $0 ? "m" : String($1) }.joined(
      separator: "×")
  }

  func word(of value: ProgramTrace.Value) -> VariableName {
    words[value.variable] ?? VariableName(value.variable)
  }

  private func find(
    _ name: String, _ shape: Shape, _ given: String?, _ least: Int, samples known: Int?,
    _ used: inout Set<String>
  )
    -> Match?
  {
    var best: (score: Int, match: Match, key: String)?
    let wanted = VariableName(name)
    for (position, value) in trace.values.enumerated() {
      let word = word(of: value)
      let likeness = word.likeness(wanted, name, fromZero: fromZero)
      guard given.map({ $0 == value.variable }) ?? (likeness >= least && !word.isGradient),
        let (tensor, remark) = read(value.tensor, value.precision, as: name, shape, called: likeness)
      else { continue }
      if let known, let m = samples(name, tensor), m != known { continue }
      // A list of labels is one for each step of a sequence, where there are several targets.
      if remark == Self.oneHot, steps.contains(name) { continue }
      let key = value.place
      if given == nil, used.contains(key) || (!model.parameters.contains(name) && isComputed(value)) {
        continue
      }
      // A target comes from outside: what the weights lead to is one only where it is called so.
      if given == nil, likeness == 0, roles.targets.contains(name), isWeighted(value) { continue }
      // The first of several that look alike, but what an initialisation becomes before it is used.
      let isFilled = best.map {
        !model.parameters.contains(name) && $0.match.value.isConstant
          && trace.values[$0.match.position].turns == value.turns
      }
      let isSetup =
        best?.key == key && value.change != .new && (setup.contains(position) || isFilled ?? false)
      // Sizes and class numbers are no parameters where something else may be.
      let isWhole = model.parameters.contains(name) && value.precision == .whole
      let score =
        8 * max(likeness, 0) + (remark == nil ? 4 : 0) + (value.tensor.rank == shape.rank ? 2 : 0)
        + (isWhole ? 0 : 1)
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
    used.insert(best.key)
    // The same array by another name: `p["W1"]` is `self.params["W1"]`.
    for value in trace.values where value.tensor == trace.values[best.match.position].tensor {
      if value.tensor.count > 1, !value.tensor.isConstant {
        used.insert(value.place)
      }
    }
    return best.match
  }

  /// Whether a line made it with weights: logits are called ys too. In a loop a product is one with them, whatever they
  /// are called after a step.
  func isComputed(_ value: ProgramTrace.Value) -> Bool {
    var formula = value.formula
    while let record = ReviewReplay.copied(formula), let made = formulas[record] { formula = made }
    guard formula.contains("@") else { return false }
    return !value.turns.isEmpty
      || ReviewReplay.reads(formula).contains { record in
        guard let variable = variables[record] else { return false }
        return VariableName(variable).kind == "w"
          || model.parameters.contains { VariableName.likeness(variable, $0) > 1 }
      }
  }

  private func isWeighted(_ value: ProgramTrace.Value) -> Bool {
    value.records.contains(where: weighted.contains)
  }

  static let oneHot = "labels to one-hot rows"

  /// An array as a leaf of the model; nil when it cannot be that.
  /// - Parameter likeness: of what it is called: a number alone is the class of a sample only where it is called so.
  func read(
    _ tensor: Tensor, _ precision: ProgramTrace.Precision, as name: String, _ shape: Shape,
    called likeness: Int = 0
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
      tensor.shape.dimensions.filter({ $0 != 1 }).count == (tensor.count > 1 ? 1 : 0),
      tensor.count > 1 || likeness > 0,
      tensor.elements.allSatisfy({ $0 >= 0 && $0 < Double(classes) && $0 == $0.rounded() })
    else {
      // A vector alone is one sample.
      guard tensor.rank == 1 else { return nil }
      return ReviewForm.readings(tensor, as: sized(1)).first.map { ($0.tensor, nil) }
    }
    var oneHot = Tensor(repeating: 0, shape: sized(tensor.count))
    for (sample, label) in tensor.elements.enumerated() {
      guard let label = Int(exactly: label) else { return nil }
      let index = axis == 0 ? [sample, label] : [label, sample]
      if let position = oneHot.position(of: index) { oneHot.replaceElement(at: position, with: 1) }
    }
    return (oneHot, Self.oneHot)
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
