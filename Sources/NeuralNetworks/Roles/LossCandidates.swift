import Formulas
import Operations

/// What might be the loss of a model, its target and its predictions.
extension LossRecognition {
  /// Inputs that the term reads, labels made one-hot in place, and labels by which entries are gathered.
  func targets(of term: Expression) -> [LossTarget] {
    var result: [LossTarget] = []
    for formula in formulas(behind: term) {
      func visit(_ expression: Expression) {
        if case .call(let f, _, _) = expression, f.name == Operation.onehot.name,
          !result.contains(where: { $0.read == expression })
        {
          result.append(LossTarget(expression))
        }
        if let labels = LossTarget(gathering: expression, labels: Set(free)) {
          // A column of labels is broadcast against the samples: that is another function.
          let known: Int? = if case .name(let y) = labels.read { rank(y) } else { nil }
          if known.map({ $0 + 1 == labels.rank }) ?? true { result.append(labels) }
        }
        expression.children.forEach(visit)
      }
      visit(formula)
    }
    let names = Set(formulas(behind: term).flatMap(\.names))
    // The target is met last: in the loss itself.
    return result + free.reversed().filter(names.contains).map { LossTarget(.name($0)) }
  }

  /// Values that the term may be a loss of: names in the order of their computation, then unnamed parts.
  func candidates(in term: Expression) -> [Expression] {
    let formulas = formulas(behind: term)
    let names = Set(formulas.flatMap(\.names))
    var parts: [Expression] = []
    func visit(_ expression: Expression) {
      expression.children.forEach(visit)
      switch expression {
      case .number, .name, .list: break
      case .negative, .binary, .transpose, .call, .derivative, .index:
        if parts.count < 64, !parts.contains(expression) { parts.append(expression) }
      }
    }
    formulas.forEach(visit)
    let leaves = Set(names).subtracting(definitions.keys).subtracting([.sampleCount]).sorted()
    return (leaves + equations.map(\.name).filter(names.contains)).map { .name($0) } + parts
  }

  /// The term, and the formulas of every step behind it.
  private func formulas(behind term: Expression) -> [Expression] {
    var seen: Set<String> = []
    func visit(_ expression: Expression) {
      for name in expression.names where definitions[name] != nil && seen.insert(name).inserted {
        if let definition = definitions[name] { visit(definition) }
      }
    }
    visit(term)
    return equations.filter { seen.contains($0.name) }.map(\.expression) + [term]
  }
}
