import Formulas
import LinearAlgebra

extension Operation {
  /// Two axes exchanged; the others stay.
  package static let swapaxes: Operation = reordering(
    "swapaxes(A, #a, #b)", title: "exchange of axes", note: "two axes exchanged: swapaxes(A, -1, -2)",
    backward: "dA = swapaxes(dC, a, b)"
  ) { (setting) throws(Diagnostic) in
    let rank = setting.ranks.first ?? 0
    var order = Array(0..<rank)
    let axes = try setting.axesAmongSizes(rank)
    guard axes.count == 2 else { throw Application.misfit(.swapaxes, setting) }
    order.swapAt(axes[0], axes[1])
    return order
  }

  /// The axes in another order, as NumPy's `transpose(A, axes)`; two axes of several are exchanged, as in PyTorch.
  package static let permutation: Operation = reordering(
    "transpose(A, #axes…)", title: "order of axes", note: "axes in another order: transpose(A, 0, 2, 1)",
    backward: "dA = transpose(dC, inverse_axes)"
  ) { (setting) throws(Diagnostic) in
    let rank = setting.ranks.first ?? 0
    let axes = try setting.axesAmongSizes(rank)
    // PyTorch's K.transpose(-2, -1); in NumPy nobody writes that of a matrix, which stays as it is there.
    let isCountedFromTheEnd = setting.sizes.compactMap { $0 }.allSatisfy { $0 < 0 }
    if axes.count == 2, rank > 2 || (rank == 2 && isCountedFromTheEnd) {
      var order = Array(0..<rank)
      order.swapAt(axes[0], axes[1])
      return order
    }
    guard axes.sorted() == Array(0..<rank) else {
      throw Diagnostic(
        "transpose needs every axis of \(setting.shapes.first ?? .scalar) once",
        hint: "its axes are 0 to \(rank - 1); swapaxes(A, 0, 1) exchanges two")
    }
    guard rank != 2 || axes == [1, 0] else {
      throw Diagnostic(
        "transpose(A, 0, 1) of a matrix is A in NumPy and its transpose in PyTorch",
        hint: "A.T is the transpose; swapaxes(A, 0, 1) too")
    }
    return axes
  }

  private static func reordering(
    _ signature: String, title: String, note: String, backward: String,
    _ order: @escaping @Sendable (Setting) throws(Diagnostic) -> [Int]
  ) -> Operation {
    Operation(
      signature, title: title, note: note,
      cases: [
        Case(
          is: .move { (setting) throws(Diagnostic) in
            let axes = try order(setting)
            let source = setting.shapes.first ?? .scalar
            return Move(Shape(axes.map { source.dimensions[$0] })) { index in
              var result = [Index](repeating: Index(0), count: axes.count)
              for (item, axis) in zip(index, axes) { result[axis] = item }
              return (0, result)
            }
          }, backward: [backward],
          rules: { (setting) throws(Diagnostic) in
            let axes = try order(setting)
            let inverse = axes.indices.map { axes.firstIndex(of: $0) ?? 0 }
            return [
              backward.replacing("inverse_axes", by: inverse.map(String.init).joined(separator: ", "))
            ]
          })
      ],
      kernel: .prepared { setting, _ in
        guard let axes = try? order(setting), let source = setting.shapes.first else { return nil }
        let positions = source.positions(ofAxes: axes)
        return { operands, out in
          for (i, position) in positions.enumerated() { out[i] = operands[0][position] }
        }
      })
  }
}

extension Operation.Setting {
  /// The sizes behind the first operand as axes.
  fileprivate func axesAmongSizes(_ rank: Int) throws(Diagnostic) -> [Int] {
    var result: [Int] = []
    for size in sizes.dropFirst() {
      guard let axis = size, let resolved = shapes.first?.axis(axis) else {
        throw Diagnostic(
          "\(shapes.first ?? .scalar) has no axis \(size ?? 0)",
          hint: rank == 0 ? "a scalar has no axes" : "its axes are 0 to \(rank - 1)")
      }
      result.append(resolved)
    }
    return result
  }
}

extension String {
  /// Without Foundation.
  func replacing(_ part: String, by other: String) -> String {
    var result = ""
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(part) {
        result += other
        rest = rest.dropFirst(part.count)
      } else {
        result.append(rest.removeFirst())
      }
    }
    return result
  }
}
