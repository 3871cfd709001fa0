import Formulas

extension Session {
  /// A name that the model defines, whether or not it has a value yet.
  package func isKnown(_ name: String) -> Bool {
    let name = model.resolve(name)
    let planned = (try? program.get())?.shapes.keys.contains(name) ?? false
    return planned || model.equations.contains { $0.name == name } || model.leaves.contains(name)
      || name == "J"
      || name.gradientOf.map { value in
        model.leaves.contains(value) || model.equations.contains { $0.name == value }
      } ?? false
  }

  /// What a name is, in words; nil for a step.
  package func role(of name: String) -> String? {
    if scratch[name] != nil { return "yours" }
    if model.parameters.contains(name) { return "parameter" }
    if name == model.targetName { return "target" }
    if name == "m" { return "number of samples" }
    if name == "lr" { return "learning rate" }
    return leaves[name] == nil ? nil : "input"
  }

  /// The names of formulas that are whole forward equations.
  package var namedFormulas: [Expression: String] {
    Dictionary(
      ((try? readyProgram())?.forward ?? []).map { ($0.expression, $0.name) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Where in the pass the session is.
  package var place: String {
    guard case .success(let program) = program else { return "the pass is not ready" }
    guard cursor > 0 else { return "at the start of the pass" }
    return "step \(cursor) of \(program.steps.count), after \(program.steps[cursor - 1].name)"
  }

  /// Throws when the value of a name is kept back.
  package func demandShown(_ name: String) throws(Diagnostic) {
    let name = model.resolve(name)
    if hidden.contains(name) { throw SessionEnvironment(self).missing(name) }
  }
}
