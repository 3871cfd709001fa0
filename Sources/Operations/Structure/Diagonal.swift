import Formulas
import LinearAlgebra

extension Operation {
  /// A vector as diagonal of a matrix, or a matrix's diagonal as a vector.
  package static let diag: Operation = Operation(
    "diag(a)", title: "diagonal", note: "a vector, row or column as diagonal, or a matrix's diagonal",
    cases: [
      Case(is: .formula("C[i,j] = a[i]·δ(i,j)"), backward: ["da = diag(dC)"], if: { $0.ranks == [1] }),
      Case(
        is: .formula("C[i,j] = a[0,i]·δ(i,j)"), backward: ["da = reshape(diag(dC), sizes_a)"],
        if: { $0.ranks == [2] && $0.shapes[0].rows == 1 }),
      Case(
        is: .formula("C[i,j] = a[i,0]·δ(i,j)"), backward: ["da = reshape(diag(dC), sizes_a)"],
        if: { $0.ranks == [2] && $0.shapes[0].columns == 1 }),
      Case(
        is: .formula("C[i] = a[i,i]"), backward: ["da = diag(dC)"],
        if: { $0.ranks == [2] && $0.shapes[0].rows == $0.shapes[0].columns }),
      // What lies beside the square gets 0.
      Case(
        is: .formula("C[i] = a[i,i]"), backward: ["da = eye(sizes_a) * dC"],
        if: { $0.ranks == [2] && $0.shapes[0].columns < $0.shapes[0].rows }),
      Case(
        is: .formula("C[i] = a[i,i]"), backward: ["da = eye(sizes_a) * reshape(dC, count_C, 1)"],
        if: { $0.ranks == [2] }),
    ],
    value: { operands, setting in
      guard let a = operands.first, let application = try? Operation.diag.application(at: setting) else {
        return nil
      }
      let shape = application.shape
      if shape.rank == 1 {
        return Tensor(unchecked: shape, (0..<shape.count).map { a.elements[$0 * (a.shape.columns + 1)] })
      }
      var result = Tensor(repeating: 0, shape: shape)
      for (i, value) in a.elements.enumerated() {
        result.replaceElement(at: i * (shape.columns + 1), with: value)
      }
      return result
    },
    ranges: { (setting) throws(Diagnostic) in
      guard let a = setting.shapes.first else { return [:] }
      switch a.rank {
      case 1: return ["i": a.columns, "j": a.columns]
      case 2 where a.rows == 1 || a.columns == 1: return ["i": a.count, "j": a.count]
      case 2: return ["i": Swift.min(a.rows, a.columns)]
      default: return [:]
      }
    },
    mismatch: { mismatch in
      mismatch.shapes.first.map { Diagnostic("diag takes a vector or a matrix, not \($0)") }
    })
}
