import Formulas
import LinearAlgebra
import Operations

/// A definition with letters: an axis for every letter, entries gathered at their positions, sums along the letters of
/// the sum.
struct ONNXGrid {
  private var order: [String] = []
  private var extents: [String: Int] = [:]
  private let operands: [String: ONNXGraph.Value]
  private var locals: [String: ONNXGraph.Value] = [:]

  static func written(
    _ application: Application, _ operands: [ONNXGraph.Value], in writer: inout ONNXWriter
  ) throws(Diagnostic) -> ONNXGraph.Value {
    let operation = application.operation
    guard let definition = try operation.computedDefinition(application) else {
      throw Diagnostic("\(operation.name) has no counterpart in ONNX")
    }
    var order: [String] = []
    var extents: [String: Int] = [:]
    func fresh(_ letter: String, _ extent: Int) -> String {
      var name = letter
      while extents[name] != nil { name += "'" }
      extents[name] = extent
      order.append(name)
      return name
    }
    let shape = application.shape
    let index = zip(application.resultIndex { "@\($0)" }, shape.dimensions).map { item, extent -> Index in
      item.onlyVariable == nil ? item : .variable(fresh(item.onlyVariable ?? "i", extent))
    }
    let result = order
    guard
      let formula = application.entry(
        definition, at: index,
        fresh: { letter, _, extent in .init(name: fresh(letter, extent), extent: extent) }, local: { $0 })
    else { throw Application.misfit(operation, application.setting) }
    let names = operation.signature.operands.map(\.name)
    var grid = ONNXGrid(
      operands: Dictionary(zip(names, operands).map { ($0, $1) }, uniquingKeysWith: { first, _ in first }))
    (grid.order, grid.extents) = (order, extents)
    let value = try grid.value(formula, in: &writer)
    let full = Shape(order.map { result.contains($0) ? extents[$0] ?? 1 : 1 })
    return writer.reshaped(writer.expanded(value, to: full), shape)
  }

  private init(operands: [String: ONNXGraph.Value]) { self.operands = operands }

  /// A shape in which an axis for every letter that is read has its extent, and the others 1.
  private func shape(_ letters: Set<String>) -> Shape {
    Shape(order.map { letters.contains($0) ? extents[$0] ?? 1 : 1 })
  }

  private func common(_ a: ONNXGraph.Value, _ b: ONNXGraph.Value) -> Shape {
    a.shape.broadcast(with: b.shape) ?? a.shape
  }

  /// Numbers that are known when the extents are: an index, a comparison of two.
  private func table(_ letters: Set<String>, _ number: (IndexNumbers) -> Int?) -> Tensor {
    let shape = shape(letters)
    let elements = (0..<shape.count).map { position -> Double in
      Double(number(IndexNumbers(order, shape.index(at: position))) ?? 0)
    }
    return Tensor(unchecked: shape, elements)
  }

  private mutating func value(
    _ formula: IndexFormula, in writer: inout ONNXWriter
  ) throws(Diagnostic) -> ONNXGraph.Value {
    switch formula {
    case .number(let number): return writer.graph.constant(Tensor(number))
    case .local(let name):
      guard let value = locals[name] else { throw Diagnostic("there is no '\(name)'") }
      return value
    case .entry(.name(let name), let index): return try entry(name, index, in: &writer)
    case .delta(let a, let b):
      return writer.graph.constant(
        table(Set(a.factors.letters).union(b.factors.letters)) { a.value($0) == b.value($0) ? 1 : 0 })
    case .position(let a): return writer.graph.constant(table(Set(a.factors.letters)) { a.value($0) })
    case .count(let variables):
      return writer.graph.constant(Tensor(variables.reduce(1) { $0 * Double($1.extent) }))
    case .negative(let a):
      let inner = try value(a, in: &writer)
      return writer.graph.add("Neg", [inner], inner.shape)
    case .binary(let operation, let a, let b):
      let left = try value(a, in: &writer)
      let right = try value(b, in: &writer)
      return writer.binary(operation, left, right, common(left, right))
    case .call(let f, let a):
      let argument = try value(a, in: &writer)
      return try writer.function(f, argument)
    case .choice(let kind, let parts): return try choice(kind, parts, in: &writer)
    case .terms(let parts):
      var sum = writer.graph.constant(Tensor(0))
      for part in parts {
        let term = try value(part, in: &writer)
        sum = writer.graph.add("Add", [sum, term], common(sum, term))
      }
      return sum
    case .letting(let name, let inner, let body):
      locals[name] = try value(inner, in: &writer)
      return try value(body, in: &writer)
    case .fold(let kind, let variables, let body): return try fold(kind, variables, body, in: &writer)
    case .entry, .partial, .difference:
      throw Diagnostic("\(IndexText().text(formula)) has no counterpart in ONNX")
    }
  }

  /// Gathered at positions; outside of the value it is 0.
  private func entry(
    _ name: String, _ index: [Index], in writer: inout ONNXWriter
  ) throws(Diagnostic) -> ONNXGraph.Value {
    guard let operand = operands[name] else { throw Diagnostic("there is no '\(name)'") }
    guard operand.shape.rank > 0 else { return operand }
    let letters = index.reduce(into: Set<String>()) { $0.formUnion($1.factors.letters) }
    let grid = shape(letters)
    guard grid.checkedCount.map({ $0 <= ONNXWriter.mostConstants }) == true else {
      throw Diagnostic(
        "a formula at these shapes takes more than \(ONNXWriter.mostConstants) constants in ONNX",
        hint: "a smaller batch: batch size=1")
    }
    let positions = (0..<grid.count).map { position -> Int in
      let values = IndexNumbers(order, grid.index(at: position))
      return operand.shape.position(of: index.map { $0.value(values) ?? -1 }) ?? -1
    }
    return writer.gathered(operand, positions, grid)
  }

  private mutating func choice(
    _ kind: IndexFormula.Choice, _ parts: [IndexFormula], in writer: inout ONNXWriter
  ) throws(Diagnostic) -> ONNXGraph.Value {
    var values: [ONNXGraph.Value] = []
    for part in parts { values.append(try value(part, in: &writer)) }
    let shape = values.dropFirst().reduce(values.first?.shape ?? .scalar) {
      $0.broadcast(with: $1.shape) ?? $0
    }
    switch (kind, values.count) {
    case (.max, 2): return writer.extremum("Max", values[0], values[1], shape)
    case (.min, 2): return writer.extremum("Min", values[0], values[1], shape)
    case (.where, 3): return writer.chosen(values[0], values[1], values[2], shape)
    case (.clip, 3):
      return writer.extremum("Min", writer.extremum("Max", values[0], values[1], shape), values[2], shape)
    default: throw Diagnostic("\(kind.rawValue) has no counterpart in ONNX")
    }
  }

  private mutating func fold(
    _ kind: IndexFormula.Fold, _ variables: [IndexFormula.Variable], _ body: IndexFormula,
    in writer: inout ONNXWriter
  ) throws(Diagnostic) -> ONNXGraph.Value {
    let own = variables.map(\.name)
    let free = body.freeVariables
    var inner = try value(body, in: &writer)
    // A term that does not depend on an index is there as often as that index has values.
    if !Set(own).isSubset(of: free) || inner.shape.rank < order.count {
      var full =
        inner.shape.rank < order.count ? [Int](repeating: 1, count: order.count) : inner.shape.dimensions
      for (axis, name) in order.enumerated() where own.contains(name) { full[axis] = extents[name] ?? 1 }
      inner = writer.expanded(inner, to: Shape(full))
    }
    let axes = order.indices.filter { own.contains(order[$0]) }
    let shape = Shape(inner.shape.dimensions.enumerated().map { axes.contains($0.offset) ? 1 : $0.element })
    switch kind {
    case .sum: return writer.reduced("ReduceSum", inner, axes, keeps: true, shape)
    case .max: return writer.reduced("ReduceMax", inner, axes, keeps: true, shape)
    case .min: return writer.reduced("ReduceMin", inner, axes, keeps: true, shape)
    case .argmax:
      // The first place, counted row by row, at which the largest stands.
      let largest = writer.reduced("ReduceMax", inner, axes, keeps: true, shape)
      let isLargest = writer.binary(.equal, inner, largest, inner.shape)
      let places = table(Set(own)) { values in
        variables.reduce(0) { $0 * $1.extent + (values[$1.name] ?? 0) }
      }
      let none = Double(variables.reduce(1) { $0 * $1.extent })
      let chosen = writer.chosen(
        isLargest, writer.graph.constant(places), writer.graph.constant(Tensor(none)), inner.shape)
      return writer.reduced("ReduceMin", chosen, axes, keeps: true, shape)
    }
  }
}
