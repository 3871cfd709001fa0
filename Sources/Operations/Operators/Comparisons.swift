import Formulas
import LinearAlgebra

// Steps: their derivative is 0 wherever they have one.

extension Operation {
  private static func comparison(_ name: String, _ symbol: String, _ sign: String, _ block: BlockOperation)
    -> Operation
  {
    Operation(
      "\(name)(A, B)", symbol: symbol, title: "comparison", is: "C[…] = A[…] \(sign) B[…]", backward: [],
      kernel: .entries(block))
  }

  package static let less: Operation = comparison("less", "<", "<", .less)
  package static let lessOrEqual: Operation = comparison("less_equal", "<=", "≤", .lessOrEqual)
  package static let greater: Operation = comparison("greater", ">", ">", .greater)
  package static let greaterOrEqual: Operation = comparison("greater_equal", ">=", "≥", .greaterOrEqual)
  package static let equal: Operation = comparison("equal", "==", "==", .equal)
  package static let notEqual: Operation = comparison("not_equal", "!=", "≠", .notEqual)
}
