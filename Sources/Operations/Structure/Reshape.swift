import Formulas
import LinearAlgebra

extension Operation {
  /// The same entries in the same order; one size may be -1 and follows from the others.
  package static let reshape: Operation = Operation(
    "reshape(A, #sizes…)", note: "same entries, new shape",
    cases: [
      Case(
        is: .move { (setting) throws(Diagnostic) in
          let source = setting.shapes.first ?? .scalar
          return Move(try target(setting), from: source)
        }, backward: ["dA = reshape(dC, sizes_A)"])
    ],
    value: { (operands, setting) throws(Diagnostic) in try operands.first?.reshaped(target(setting)) },
    kernel: .reshape)

  /// One row for each sample.
  package static let flatten: Operation = Operation(
    "flatten(A)", note: "one row for each sample",
    cases: [
      Case(
        is: .move { (setting) throws(Diagnostic) in
          let source = setting.shapes.first ?? .scalar
          return Move(rows(source), from: source)
        }, backward: ["dA = reshape(dC, sizes_A)"])
    ],
    value: { operands, _ in operands.first.flatMap { $0.reshaped(rows($0.shape)) } }, kernel: .reshape)

  private static func rows(_ shape: Shape) -> Shape {
    guard shape.rank > 1 else { return [1, shape.count] }
    return [shape.dimensions[0], shape.dimensions.dropFirst().reduce(1, &*)]
  }

  private static func target(_ setting: Setting) throws(Diagnostic) -> Shape {
    let source = setting.shapes.first ?? .scalar
    var dimensions = setting.sizes.dropFirst().map { $0 ?? -2 }
    let open = dimensions.firstIndex(of: -1)
    if let open {
      dimensions[open] = 1
      if let known = Shape(dimensions).checkedCount, known > 0 { dimensions[open] = source.count / known }
    }
    let result = Shape(dimensions)
    guard result.checkedCount == source.count else {
      throw Diagnostic("cannot reshape \(source) (\(source.count) entries) to \(result)")
    }
    return result
  }
}

extension Move {
  /// The index of the same entry under another shape. Axes of extent 1 come and go without any arithmetic; for others a
  /// variable index would have to be divided.
  init(_ shape: Shape, from source: Shape) {
    self.init(shape) { index in
      if shape == source { return (0, index) }
      let fixed = index.compactMap(\.fixed)
      if fixed.count == index.count, let at = shape.position(of: fixed) {
        return (0, source.index(at: at).map { Index($0) })
      }
      var kept = zip(index, shape.dimensions).filter { $0.1 != 1 }.map(\.0)[...]
      guard shape.dimensions.filter({ $0 != 1 }) == source.dimensions.filter({ $0 != 1 }) else { return nil }
      return (0, source.dimensions.map { $0 == 1 ? Index(0) : kept.popFirst() ?? Index(0) })
    }
  }
}
