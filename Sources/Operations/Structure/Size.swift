import Formulas
import LinearAlgebra

extension Operation {
  /// `X.shape[0]` and `len(X)`: of the shape alone, so that no gradient flows and the same formula holds for another batch.
  package static let size: Operation = Operation(
    "size(A, axis=None)", title: "count",
    note: "how many entries, or along an axis: X.shape[0] is size(X, axis=0)",
    is: "n = |k|", backward: [],
    ranges: { (setting) throws(Diagnostic) in
      ["k": Shape(sizes(setting.shapes.first ?? .scalar, setting.options)).count]
    })

  /// The extents that it counts along.
  static func sizes(_ shape: Shape, _ options: CallOptions) -> [Int] {
    let axes = options.axes?.map { $0 < 0 ? $0 + shape.rank : $0 }
    return axes.map { $0.filter(shape.dimensions.indices.contains).map { shape.dimensions[$0] } }
      ?? shape.dimensions
  }
}

extension Expression {
  /// `X` and 0 of `size(X, axis=0)`; nil for what is no count along one axis of a name.
  package var countedAxis: (name: String, axis: Int)? {
    guard isSize, case .call(_, let arguments, let options) = self, case .name(let name)? = arguments.first,
      let axis = options.axis
    else { return nil }
    return (name, axis)
  }

  var isSize: Bool {
    if case .call(let f, _, _) = self { f.name == Operation.size.name } else { false }
  }
}
