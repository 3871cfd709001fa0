import Formulas
import LinearAlgebra

extension Operation {
  /// As `detach()` in PyTorch and `stop_gradient` in JAX.
  package static let detach: Operation = Operation(
    "detach(A)", title: "detached", note: "the value of A, through which no gradient goes back",
    is: "C[…] = A[…]", backward: [])
}

extension Expression {
  /// All parts that are detached, the outermost of each.
  package var detachedParts: [Expression] {
    if case .call(let f, _, _) = self, f.name == Operation.detach.name { return [self] }
    return children.flatMap(\.detachedParts)
  }
}
