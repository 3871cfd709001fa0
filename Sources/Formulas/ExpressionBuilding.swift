// Operators to write formulas in Swift, for the rules and the tables of functions. `@` cannot be an operator in
// Swift, so the matrix product is a method.

extension Expression: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  package init(integerLiteral value: Int) { self = .number(Double(value)) }
  package init(floatLiteral value: Double) { self = .number(value) }

  package static func + (a: Expression, b: Expression) -> Expression { .binary(.add, a, b) }
  package static func - (a: Expression, b: Expression) -> Expression { .binary(.subtract, a, b) }
  package static func * (a: Expression, b: Expression) -> Expression { .binary(.multiply, a, b) }
  package static func / (a: Expression, b: Expression) -> Expression { .binary(.divide, a, b) }
  package static prefix func - (a: Expression) -> Expression { .negative(a) }
  package static func > (a: Expression, b: Expression) -> Expression { .binary(.greater, a, b) }
  package static func >= (a: Expression, b: Expression) -> Expression { .binary(.greaterOrEqual, a, b) }
  package func equals(_ b: Expression) -> Expression { .binary(.equal, self, b) }
  package func raised(to b: Expression) -> Expression { .binary(.power, self, b) }
  package func times(_ b: Expression) -> Expression { .binary(.matrixProduct, self, b) }
  package var T: Expression { .transpose(self) }
  /// The last two axes exchanged, as `.mT` in NumPy and PyTorch.
  package static func swappedLast(_ a: Expression) -> Expression {
    .call("swapaxes", [a, .negative(1), .negative(2)], .none)
  }

  /// `Z1[0,3]`; the value itself for a number.
  package func entry(_ index: [Int]) -> Expression {
    index.isEmpty ? self : .index(self, index.map { .at($0) })
  }

  package static func call(_ function: Function, _ arguments: Expression..., axis: Int? = nil) -> Expression {
    .call(function, arguments, CallOptions(axis: axis))
  }
}

extension Expression: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) { self = .name(value) }
}
