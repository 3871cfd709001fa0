import Formulas
import LinearAlgebra

// Axes of extent 1 come and go: what programs write so that values lie beside each other.

extension Operation {
  /// NumPy's `x[:, None]`, PyTorch's `unsqueeze`.
  package static let expandDims: Operation = withUnits(
    "expand_dims(A, #axis)", note: "a new axis of extent 1: expand_dims(x, 1) is x[:, None]"
  ) { (setting) throws(Diagnostic) in
    let source = setting.shapes.first ?? .scalar
    let asked = setting.sizes.dropFirst().first.flatMap { $0 } ?? 0
    let axis = asked < 0 ? asked + source.rank + 1 : asked
    guard (0...source.rank).contains(axis) else {
      throw Diagnostic("a new axis \(asked) of \(source) is none of 0 to \(source.rank)")
    }
    var dimensions = source.dimensions
    dimensions.insert(1, at: axis)
    return Shape(dimensions)
  }

  /// All axes of extent 1 left out, or the one that is named. A batch of one sample loses its axis too, as it does in NumPy.
  package static let squeeze: Operation = withUnits(
    "squeeze(A, axis=None)", note: "without axes of extent 1: squeeze(A), squeeze(A, axis=0)"
  ) { (setting) throws(Diagnostic) in
    let source = setting.shapes.first ?? .scalar
    let axes = setting.options.axes?.map { $0 < 0 ? $0 + source.rank : $0 }
    if let wide = axes?.first(where: { source.dimensions.indices.contains($0) && source.dimensions[$0] != 1 })
    {
      throw Diagnostic(
        "axis \(wide) of \(source) has \(source.dimensions[wide]) entries, and only an axis of one can be left out",
        hint: "sum(A, axis=\(wide), keepdims=False) adds them up")
    }
    return Shape(
      source.dimensions.enumerated().filter { place in
        axes.map { !$0.contains(place.offset) } ?? (place.element != 1)
      }
      .map(\.element))
  }

  private static func withUnits(
    _ signature: String, note: String, _ shape: @escaping @Sendable (Setting) throws(Diagnostic) -> Shape
  ) -> Operation {
    Operation(
      signature, note: note,
      cases: [
        Case(
          is: .move { (setting) throws(Diagnostic) in
            Move(try shape(setting), from: setting.shapes.first ?? .scalar)
          }, backward: ["dA = reshape(dC, sizes_A)"])
      ],
      value: { (operands, setting) throws(Diagnostic) in try operands.first?.reshaped(shape(setting)) },
      kernel: .reshape)
  }
}
