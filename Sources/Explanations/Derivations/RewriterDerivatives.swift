import Formulas
import LinearAlgebra
import Operations

/// Steps that open or join derivatives: a definition, the chain rule, all entries moved together.
extension Rewriter {
  mutating func define(_ name: String) -> [Prose]? {
    let (scope, used) = (scope, formula.letters)
    func unfold(_ part: IndexFormula) -> IndexFormula? {
      guard case .entry(.name(name), let index) = part else { return nil }
      return scope.body(of: name, at: index, avoiding: used)
    }
    let isInside = formula.contains { if case .partial = $0 { true } else { false } }
    return everywhere("the definition") { part, _ in
      guard isInside else { return unfold(part) }
      guard case .partial(let a, let x, let index) = part else { return nil }
      return .partial(a.rewriting(unfold), by: x, index)
    }
  }

  mutating func chain(_ name: String) -> [Prose]? {
    let scope = scope
    var letters = formula.letters
    guard let y = scope.definition(of: name), let extents = scope.extents[name] else { return nil }
    return everywhere("chain rule over every entry of \(name: name)") { part, _ in
      guard case .partial(let loss, let x, let index) = part, case .entry(.name(let top), _) = loss,
        top != name,
        scope.depends(name, on: x), scope.depends(loss, on: name)
      else { return nil }
      var variables: [IndexFormula.Variable] = []
      let at = zip(y.index, extents).map { item, extent -> Index in
        guard let letter = item.onlyVariable else { return item }
        let fresh = letters.contains(letter) ? IndexLetters.fresh(avoiding: letters) : letter
        letters.insert(fresh)
        variables.append(.init(name: fresh, extent: extent))
        return .variable(fresh)
      }
      var first = IndexFormula.partial(loss, by: name, at)
      if let arriving = scope.arriving, arriving.loss == top, arriving.value == name {
        first = .entry(.name(arriving.gradient), at)
      }
      return .sum(variables, first * .partial(.entry(.name(name), at), by: x, index))
    }
  }

  mutating func move(_ c: String) -> [Prose]? {
    let scope = scope
    return everywhere { part, said in
      guard case .fold(.sum, let variables, .partial(let a, let x, let index)) = part,
        let variable = variables.first,
        let axis = index.firstIndex(where: { $0.onlyVariable == variable.name }),
        !a.contains(variable: variable.name)
      else { return nil }
      var isWhole = variables.count == 1
      let result = a.rewriting { inner in
        guard case .entry(.name(let name), let own) = inner, scope.depends(name, on: x) else { return nil }
        // All entries that are summed over, and nothing that is made from them.
        isWhole = isWhole && name == x && own.indices.allSatisfy { $0 == axis || own[$0] == index[$0] }
        return inner + .entry(.name(c), [])
      }
      said.append("every \(scope.text(.entry(.name(x), index))) moved by the same \(name: c)")
      return isWhole ? .partial(result, by: c, []) : nil
    }
  }

  /// What a δ between an axis of a value and one of another says: "column l of B only makes column l of C".
  static func phrase(
    _ result: IndexFormula, _ y: Expression, _ at: [Index], _ x: String, _ index: [Index]
  ) -> Prose {
    let deltas = Product(result).factors.compactMap { factor -> (Index, Index)? in
      if case .delta(let a, let b) = factor.base { (a, b) } else { nil }
    }
    guard deltas.count == 1, let (a, b) = deltas.first, at.count == 2, index.count == 2,
      let own = index.firstIndex(of: b), let other = at.firstIndex(of: a)
    else { return "" }
    let words = ["row", "column"]
    return ": \(words[own]) \(b.text) of \(name: x) only makes \(words[other]) \(b.text) of \(y)"
  }
}
