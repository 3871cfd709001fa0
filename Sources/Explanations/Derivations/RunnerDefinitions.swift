import Differentiation
import Formulas
import LinearAlgebra
import Operations

/// The definitions that a derivation begins with.
extension Runner {
  mutating func define(bound: [String]) throws(Diagnostic) {
    for name in subject.values.keys { scope.extents[name] = subject.extents(name) }
    scope.arriving = subject.arriving
    if route.hidesRest { scope.hidden = Set(rest) }
    for equation in subject.equations.reversed() {
      guard equation.name != subject.arriving?.loss else { continue }
      var definition = try subject.definition(equation, rest: rest, bound: bound)
      let at = scope.definitions.count
      for part in route.parts {
        guard let own = try name(part, in: &definition) else { continue }
        scope.definitions.append(own)
        scope.parts.insert(own.name)
      }
      scope.definitions.insert(definition, at: at)
      let kinks = subject.sites.first { $0.name == definition.name }?.operation.kinks
      scope.hasKinks = scope.hasKinks || kinks?.isEmpty == false
    }
    if let (loss, value, gradient) = subject.arriving, let own = scope.definition(of: value) {
      let variables = zip(own.index, subject.extents(value)).compactMap { item, extent in
        item.onlyVariable.map { IndexFormula.Variable(name: $0, extent: extent) }
      }
      let body = IndexFormula.sum(variables, .entry(.name(gradient), own.index) * own.left)
      scope.definitions.insert(IndexDefinition(loss, [], body), at: 0)
      scope.extents[loss] = []
    }
    result.definitions = scope.definitions
    result.hidden = scope.hidden
    result.tensors = subject.values
    for part in route.parts.isEmpty ? [] : scope.definitions where result.tensors[part.name] == nil {
      result.tensors[part.name] = try DerivationEvaluator(result).tensor(part, scope.extents[part.name] ?? [])
    }
    result.remarks = subject.remarks
  }

  /// A part of a definition under a name of its own: `T[…] = Σ_n exp(Z[…,n])`.
  mutating func name(_ part: String, in definition: inout IndexDefinition) throws(Diagnostic)
    -> IndexDefinition?
  {
    let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
    let name = String(sides[0].prefix { $0 != "[" })
    var word = name
    while subject.values[word] != nil { word += "'" }
    guard sides.count == 2, !scope.definitions.contains(where: { $0.name == word }),
      let body = try? read(sides[1])
    else { return nil }
    renamed[name] = word
    let index = body.indicesInOrder
    let own = IndexDefinition(word, index, body.tidied)
    let match = Match(letters: Set(index.compactMap(\.onlyVariable)))
    var isFound = false
    // A sum over samples and classes is one of sums over classes.
    for nested in [definition.body, definition.body.nested] where !isFound {
      let named = nested.rewriting { part in
        guard let found = match.matched(body, part) else { return nil }
        isFound = true
        return found.filled(own.left)
      }
      if isFound { definition.body = named }
    }
    scope.extents[word] = index.map { extents[$0.onlyVariable ?? ""] ?? 1 }
    return isFound ? own : nil
  }
}
