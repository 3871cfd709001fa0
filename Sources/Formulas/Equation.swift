/// `name = expression`: one step of a pass.
package struct Equation: Sendable, Hashable {
  package var name: String
  package var expression: Expression
  /// The same value by a numerically safer way, when that is how it is computed; shown beside `expression`.
  package var computedAs: Expression?
  /// For a derived equation: the rules that produced it, outermost first, and the forward equations they were
  /// applied to.
  package var rules: [String] = []
  package var origins: [String] = []

  package init(_ name: String, _ expression: Expression) {
    self.name = name
    self.expression = expression
  }

  package var text: String { "\(name) = \(expression)" }

  /// What is evaluated.
  package var evaluated: Expression { computedAs ?? expression }
}
