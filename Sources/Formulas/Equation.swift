/// `name = expression`: one step of a pass.
package struct Equation: Sendable, Hashable {
  package var name: String
  package var expression: Expression
  /// The same value by a numerically safer way, when that is how it is computed; shown beside `expression`.
  package var computedAs: Expression?
  /// A mistake that is computed in its place and not shown: what a hunt looks for.
  package var planted: Expression?
  /// For a derived equation: the rules that produced it, outermost first, and the forward equations they were
  /// applied to.
  package var rules: [String] = []
  package var origins: [String] = []
  /// For a derived equation: what came back from each place in which the value is used, where its formula is their sum.
  package var terms: [Term] = []
  /// Which steps of which `repeat` an equation was written for, the outermost first.
  package var steps: [RepeatStep] = []

  package struct Term: Sendable, Hashable {
    /// The forward equation that it came back from.
    package let origin: String
    package let formula: Expression

    package init(origin: String, formula: Expression) {
      (self.origin, self.formula) = (origin, formula)
    }
  }

  package init(_ name: String, _ expression: Expression) {
    self.name = name
    self.expression = expression
  }

  package var text: String { "\(name) = \(expression)" }

  /// What is evaluated.
  package var evaluated: Expression { planted ?? computedAs ?? expression }
}

/// `t = 3`: one turn of a `repeat`.
package struct RepeatStep: Sendable, Hashable, CustomStringConvertible {
  package let variable: String
  package let value: Int

  package init(_ variable: String, _ value: Int) { (self.variable, self.value) = (variable, value) }

  package var description: String { "\(variable) = \(value)" }
}
