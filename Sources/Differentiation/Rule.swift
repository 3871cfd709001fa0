import Formulas
import LinearAlgebra

/// One operation of a formula, as a rule of differentiation sees it.
package struct Node {
  package let expression: Expression
  /// The operation's value: its name where it is the whole right side of an equation, else the operation itself.
  package let value: Expression
  package let shape: Shape
  package let operands: [Operand]
  package let context: Context

  package struct Operand {
    package let expression: Expression
    package let shape: Shape
  }

  /// What a rule may know besides the operation.
  package struct Context {
    /// The number of samples, written `m` wherever a count equals it.
    package var sampleCount: Int?

    package init(sampleCount: Int? = nil) { self.sampleCount = sampleCount }

    /// A count as it is written: `m`, `m * 3`, or a number.
    package func count(_ n: Int) -> Expression {
      guard let m = sampleCount, m > 0, n > 0 else { return .number(Double(n)) }
      if n == m { return .name("m") }
      return n % m == 0 && m > 1 ? .name("m") * .number(Double(n / m)) : .number(Double(n))
    }
  }

  func operand(_ i: Int) -> (expression: Expression, shape: Shape) {
    operands.indices.contains(i) ? (operands[i].expression, operands[i].shape) : (0, .scalar)
  }

  /// What reaches operand i of an elementwise operation: summed over the axes along which it was broadcast.
  func reaching(_ i: Int, _ cotangent: Cotangent) -> Cotangent {
    cotangent.summed(from: shape, to: operand(i).shape)
  }
}

/// How the gradient of an operation's value becomes the gradients of its operands.
package struct Rule: Sendable {
  /// "matrix product"
  package let name: String
  /// The rule as one says it: `C = A @ B: dA = dC @ B.T, dB = A.T @ dC`.
  package let statement: String
  /// Gradient of operand i from the gradient of the value; nil where none flows (a comparison, a count).
  package let backward: @Sendable (_ node: Node, _ cotangent: Cotangent, _ operand: Int) -> Cotangent?

  package init(
    _ name: String, _ statement: String,
    _ backward: @escaping @Sendable (_ node: Node, _ cotangent: Cotangent, _ operand: Int) -> Cotangent?
  ) {
    self.name = name
    self.statement = statement
    self.backward = backward
  }
}

/// The rule for every operation: one table.
package struct RuleTable: Sendable {
  package enum Key: Hashable, Sendable {
    case negative, transpose, list, index, elementwise
    case binary(BinaryOperator)
    case builtin(Builtin)
  }

  package private(set) var rules: [Key: Rule]

  package init(_ rules: [Key: Rule]) { self.rules = rules }

  package static let standard = RuleTable(
    arithmeticRules.merging(reductionRules) { first, _ in first }.merging(structureRules) { first, _ in first
    }
    .merging(windowRules) { first, _ in first })

  /// The same table with one rule replaced: how a test plants a mistake.
  package func replacing(_ key: Key, with rule: Rule) -> RuleTable {
    var copy = self
    copy.rules[key] = rule
    return copy
  }

  package func rule(for expression: Expression) -> Rule? { Self.key(of: expression).flatMap { rules[$0] } }

  package static func key(of expression: Expression) -> Key? {
    switch expression {
    case .number, .name, .derivative: nil
    case .negative: .negative
    case .transpose: .transpose
    case .list: .list
    case .index: .index
    case .binary(let operation, _, _): .binary(operation)
    case .call(.elementwise, _, _): .elementwise
    case .call(.builtin(let builtin), _, _): .builtin(builtin)
    case .call(.loss, _, _): nil
    }
  }
}
