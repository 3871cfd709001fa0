import Formulas

extension Operation {
  /// Made of comparisons and arithmetic alone: `max(0, Z)` says more than `relu(Z)`, a quotient of exponentials less than
  /// `sigmoid(Z)`.
  var isPlain: Bool {
    guard let choice = cases.first, case .formula(let text) = choice.meaning,
      let known = try? parsed.definition(text, values: [argumentName], constants: [:])
    else { return false }
    return !known.formula.body.contains { part in
      switch part {
      case .call, .binary: true
      default: false
      }
    }
  }

  /// ∂(entry of the result)/∂(entry of the operand) by the operation's own statement: the result's entry at `index`, the
  /// operand's the same but for `q` along the axes. Nil where it states none.
  package func partialEntry(
    of value: Expression, operand: Expression, axes: [Int], at index: [Index], _ q: [Index]
  ) throws(Diagnostic) -> IndexFormula? {
    guard let partial else { return nil }
    let body = try parsed.definition("P = " + partial, values: [resultName, argumentName], constants: [:])
      .formula.body
    /// What a letter of the statement stands for along each of the axes.
    func put(_ item: Index) -> [Index] {
      switch item.onlyVariable {
      case "k": axes.map { index.indices.contains($0) ? index[$0] : item }
      case "q": q
      default: axes.map { _ in item }
      }
    }
    func written(_ formula: IndexFormula) -> IndexFormula {
      switch formula {
      case .entry(.name(let name), let items):
        var reading = index
        if let along = items.last, along != .rest {
          for (axis, place) in zip(axes, put(along)) where reading.indices.contains(axis) {
            reading[axis] = place
          }
        }
        return .entry(name == resultName ? value : operand, reading)
      case .delta(let a, let b):
        let deltas = zip(put(a), put(b)).map { IndexFormula.delta($0, $1) }
        return deltas.dropFirst().reduce(deltas.first ?? .number(1)) { .product($0, $1) }
      default: return formula.mapChildren { written($0) }
      }
    }
    return written(body)
  }
}
