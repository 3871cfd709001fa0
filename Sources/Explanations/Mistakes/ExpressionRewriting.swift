import Formulas

extension Expression {
  func visit(_ body: (Expression) -> Void) {
    body(self)
    for child in children { child.visit(body) }
  }

  /// Every formula that comes of writing one part of this one differently.
  func rewritings(_ alternatives: (Expression) -> [Expression]) -> [Expression] {
    var result = alternatives(self)
    for (i, child) in children.enumerated() {
      for other in child.rewritings(alternatives) {
        var position = -1
        result.append(
          mapChildren { part in
            position += 1
            return position == i ? other : part
          })
      }
    }
    return result
  }

  /// Every part that `change` knows how to write differently, written so.
  func rewritingAll(_ change: (Expression) -> Expression?) -> Expression {
    if let changed = change(self) { return changed }
    return mapChildren { $0.rewritingAll(change) }
  }
}
