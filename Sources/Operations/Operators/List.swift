import Formulas
import LinearAlgebra

extension Operation {
  /// `[a, b]`: values of one shape, one behind the other.
  package static let list: Operation = Operation(
    "list(items…)", symbol: "[]", title: "matrix of parts",
    cases: [
      Case(
        is: .move { (setting) throws(Diagnostic) in
          let inner = setting.shapes.first ?? .scalar
          guard setting.shapes.allSatisfy({ $0 == inner }) else { throw Application.misfit(.list, setting) }
          let shape = setting.shapes.isEmpty ? Shape([0]) : Shape([setting.shapes.count] + inner.dimensions)
          return Move(shape) { index in
            index.first?.fixed.map { ($0, Array(index.dropFirst())) }
          }
        }, backward: [])
    ],
    repeatedBackward: { "dA = dC[\($0)]" })
}
