import Formulas

/// What is asked for.
package struct Question: Sendable {
  /// How it is called: dW1[0, 1], the answer.
  package let title: Prose
  /// The right formula; for a value of the session its name.
  package let right: Expression
  /// The step on the way to which mistakes are looked for, and the part of it that is asked for.
  package let step: String?
  package let subscripts: [Subscript]
  /// A formula that is right at other numbers and sizes too, and not only a value.
  package let isGeneral: Bool

  /// A value of the session or a part of it.
  /// - Parameter name: as it was typed; `step` is what it stands for.
  package init(_ name: String, _ subscripts: [Subscript] = [], step: String, isGeneral: Bool) {
    func part(_ name: String) -> Expression {
      subscripts.isEmpty ? .name(name) : .index(.name(name), subscripts)
    }
    title = "\(part(name))"
    right = part(step)
    self.step = step
    self.subscripts = subscripts
    self.isGeneral = isGeneral
  }

  /// Whatever has the value of a formula.
  package init(_ title: Prose, right: Expression, step: String? = nil, isGeneral: Bool) {
    self.title = title
    self.right = right
    self.step = step
    subscripts = []
    self.isGeneral = isGeneral
  }
}
