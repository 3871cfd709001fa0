import Formulas
import LinearAlgebra

extension Operation {
  /// Equal entries share the gradient, so that maximum(A, B) and maximum(B, A) have the same; a threshold keeps it, so
  /// that maximum(Z, 0) has relu's.
  package static let maximum: Operation = choice("maximum", "larger of two", "max", ">", .maximum)
  package static let minimum: Operation = choice("minimum", "smaller of two", "min", "<", .minimum)

  private static func choice(
    _ name: String, _ title: String, _ kind: String, _ sign: String, _ block: BlockOperation
  ) -> Operation {
    func isThreshold(_ i: Int) -> @Sendable (Setting) -> Bool {
      { $0.shapes.count == 2 && $0.shapes[i].isScalar && !$0.shapes[1 - i].isScalar }
    }
    return Operation(
      "\(name)(A, B)", title: title, note: "the \(title), entry by entry",
      cases: [
        Case(
          is: .formula("C[…] = where(A[…] \(sign) B[…], A[…], B[…])"),
          backward: ["dA = dC * (A \(sign) B)", "dB = dC * (1 - (A \(sign) B))"], if: isThreshold(1)),
        Case(
          is: .formula("C[…] = where(B[…] \(sign) A[…], B[…], A[…])"),
          backward: ["dA = dC * (1 - (B \(sign) A))", "dB = dC * (B \(sign) A)"], if: isThreshold(0)),
        Case(
          is: .formula("C[…] = \(kind)(A[…], B[…])"),
          backward: [
            "dA = dC * ((A \(sign) B) + (A == B) / 2)", "dB = dC * ((B \(sign) A) + (A == B) / 2)",
          ]),
      ], hasKinkWhereEqual: true,
      kernel: .entries(block))
  }

  package static let `where`: Operation = Operation(
    "where(C, A, B)", title: "choice", note: "A where C is not 0, else B",
    is: "D[…] = where(C[…], A[…], B[…])", backward: ["dA = dD * (C != 0)", "dB = dD * (C == 0)"],
    kernel: .entries(.where))

  /// At a bound the slope is 0, as relu's and that of a threshold; PyTorch has it so from 2.14 on, and had 1 there before.
  package static let clip: Operation = Operation(
    "clip(A, low, high)", note: "A held between two numbers", is: "C[…] = clip(A[…], low, high)",
    backward: ["dA = dC * (A > low) * (A < high)"], hasKinkWhereEqual: true,
    kernel: .entries(.clip),
    mismatch: { _ in Diagnostic("clip's bounds are numbers") })
}
