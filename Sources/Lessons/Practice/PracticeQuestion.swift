import Formulas

/// One thing that practice asks for.
package struct PracticeQuestion: Sendable, Hashable {
  /// The step, or J.
  package let name: String
  package let kind: Kind

  package enum Kind: Sendable, Hashable {
    case shape
    /// A formula that is right for other numbers too.
    case equation
    /// The entry at an index.
    case entry([Int])
    /// All entries.
    case matrix
    /// The sum of the row of J at [sample, row].
    case rowSum([Int])
  }

  package init(_ name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// `dW1`, `dW1[0,1]`.
  package var title: Prose {
    switch kind {
    case .shape, .equation, .matrix: "\(name: name)"
    case .entry(let index), .rowSum(let index): "\(NamedEntry(name: name, index: index))"
    }
  }
}
