import Formulas

/// What is asked for.
package struct Question: Sendable {
  /// How it is called: dW1[0, 1], the answer.
  package var title: Prose { name + ending }
  private let name: Prose
  /// What is said behind the name: after the update.
  private let ending: Prose
  /// The right formula; for a value of the session its name.
  package let right: Expression
  /// The step on the way to which mistakes are looked for, and the part of it that is asked for.
  package let step: String?
  package let subscripts: [Subscript]
  /// A formula that is right at other numbers and sizes too, and not only a value.
  package let isGeneral: Bool
  /// What makes of the step what is asked for, where that is no value of the pass.
  package var following: Following?
  /// What was there before these equations: the parameter.
  package var before: Expression?

  /// One entry of what is asked for, by its place: dW1[0, 1].
  package func title(at place: String) -> Prose { name + "\(place)" + ending }

  /// A value of the session or a part of it.
  /// - Parameter name: as it was typed; `step` is what it stands for.
  package init(_ name: String, _ subscripts: [Subscript] = [], step: String, isGeneral: Bool) {
    func part(_ name: String) -> Expression {
      subscripts.isEmpty ? .name(name) : .index(.name(name), subscripts)
    }
    self.name = "\(part(name))"
    ending = ""
    right = part(step)
    self.step = step
    self.subscripts = subscripts
    self.isGeneral = isGeneral
  }

  /// What follows from a step by other equations, or a part of it.
  package init(
    _ name: String, _ subscripts: [Subscript], ending: Prose, step: String, following: Following,
    before: Expression?
  ) {
    func part(_ whole: Expression) -> Expression {
      subscripts.isEmpty ? whole : .index(whole, subscripts)
    }
    self.name = "\(part(.name(name)))"
    self.ending = ending
    right = part(following.formula)
    self.step = step
    self.subscripts = subscripts
    isGeneral = true
    self.following = following
    self.before = before.map(part)
  }

  /// Whatever has the value of a formula.
  package init(_ title: Prose, right: Expression, step: String? = nil, isGeneral: Bool) {
    name = title
    ending = ""
    self.right = right
    self.step = step
    subscripts = []
    self.isGeneral = isGeneral
  }
}
