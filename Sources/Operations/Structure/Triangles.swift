import Formulas
import LinearAlgebra

extension Operation {
  /// The lower triangle of the last two axes with the diagonal k; what lies above it is 0.
  package static let tril: Operation = triangle("tril", "lower", "≤")
  package static let triu: Operation = triangle("triu", "upper", "≥")

  private static func triangle(_ name: String, _ side: String, _ sign: String) -> Operation {
    Operation(
      "\(name)(A, k=0)", title: "\(side) triangle",
      note: "the \(side) triangle, 0 beyond it: \(name)(ones(T, T)) is a mask",
      cases: [
        Case(
          is: .formula("C[…,i,j] = where(j \(sign) i + k, A[…,i,j], 0)"),
          backward: ["dA = \(name)(dC, k=k)"])
      ],
      kernel: .prepared { setting, shape in
        guard shape.rank > 1 else { return nil }
        let (rows, columns) = (shape.rows, shape.columns)
        let diagonal = setting.options.integer("k") ?? 0
        let lines = columns == 0 ? 0 : shape.count / columns
        let isLower = name == "tril"
        return { operands, out in
          for line in 0..<lines {
            // So many columns stand on the near side of the diagonal.
            let edge = Swift.min(Swift.max(0, line % rows &+ diagonal &+ (isLower ? 1 : 0)), columns)
            let kept = isLower ? 0..<edge : edge..<columns
            let (source, target) = (operands[0] + line * columns, out + line * columns)
            target.update(repeating: 0, count: columns)
            (target + kept.lowerBound).update(from: source + kept.lowerBound, count: kept.count)
          }
        }
      },
      mismatch: { mismatch in
        mismatch.shapes.first.map { Diagnostic("\(name) takes a matrix or a stack of matrices, not \($0)") }
      })
  }
}
