import Formulas
import LinearAlgebra
import Operations

/// What the names in a derivation mean: their definitions in index form, and what follows from those.
struct Scope {
  /// In the order in which they are shown.
  var definitions: [IndexDefinition] = []
  /// What the rules may unfold by themselves: parts of a definition that go by a name of their own.
  var parts: Set<String> = []
  /// Extents of every axis of a value.
  var extents: [String: [Int]] = [:]
  /// Indices that are not written.
  var hidden: Set<String> = []
  /// The case that is looked at: `j ≠ k`.
  var conditions: [IndexFormula] = []
  /// L = Σ dC·C: what stands for ∂L/∂C.
  var arriving: (loss: String, value: String, gradient: String)?
  /// Where two are equal there is no derivative, and nothing to share.
  var hasKinks = false

  func definition(of name: String) -> IndexDefinition? { definitions.first { $0.name == name } }

  func text(_ formula: IndexFormula) -> Prose { "\(formula, hiding: hidden)" }

  /// Whether a value is made from another.
  func depends(_ name: String, on other: String) -> Bool {
    name == other || definition(of: name).map { depends($0.body, on: other) } ?? false
  }

  func depends(_ formula: IndexFormula, on name: String) -> Bool {
    formula.valueNames.contains { depends($0, on: name) }
  }

  /// Whether two indices are equal; nil when it depends on what they are.
  func areEqual(_ a: Index, _ b: Index) -> Bool? {
    if let difference = (a - b).fixed { return difference == 0 }
    let isExcluded = conditions.compactMap(\.difference).contains { $0 == (a, b) || $0 == (b, a) }
    return isExcluded ? false : nil
  }

  /// A definition's right side at some indices; its bound letters are renamed where they would meet others.
  func body(of name: String, at index: [Index], avoiding used: Set<String>) -> IndexFormula? {
    guard let definition = definition(of: name), definition.index.count == index.count else { return nil }
    var values: [String: Index] = [:]
    for (letter, value) in zip(definition.index, index) {
      if let variable = letter.onlyVariable { values[variable] = value }
    }
    let taken = index.reduce(into: used.union(values.keys)) { $0.formUnion($1.factors.letters) }
    return definition.body.renamingBound(avoiding: taken).substituting(values)
  }

  /// Axes of a value and of another that it is made from which always have the same index: those of the samples.
  func sharedAxes(_ name: String, _ other: String) -> [(Int, Int)] {
    guard let definition = definition(of: name) else { return [] }
    return definition.index.enumerated().compactMap { axis, item in
      guard let letter = item.onlyVariable else { return nil }
      let axes = axes(of: other, in: definition.body, at: letter)
      return axes.count == 1 ? axes.first?.map { (axis, $0) } : nil
    }
  }

  /// The axes at which the entries of a value have this letter; nil among them where one has it nowhere.
  private func axes(of other: String, in formula: IndexFormula, at letter: String) -> Set<Int?> {
    if case .entry(.name(let name), let index) = formula, depends(name, on: other) {
      if name == other { return [index.firstIndex { $0.onlyVariable == letter }] }
      return body(of: name, at: index, avoiding: [letter]).map { axes(of: other, in: $0, at: letter) } ?? [
        nil
      ]
    }
    return formula.children.reduce(into: []) { $0.formUnion(axes(of: other, in: $1, at: letter)) }
  }
}

extension IndexFormula {
  /// Bound letters replaced by others that are not in use.
  func renamingBound(avoiding used: Set<String>) -> IndexFormula {
    guard case .fold(let kind, let variables, let body) = self else {
      return mapChildren { $0.renamingBound(avoiding: used) }
    }
    let inner = body.renamingBound(avoiding: used.union(variables.map(\.name)))
    var taken = used.union(inner.letters)
    var renamed: [String: Index] = [:]
    let fresh = variables.map { variable -> Variable in
      let name = used.contains(variable.name) ? IndexLetters.fresh(avoiding: taken) : variable.name
      if name != variable.name { renamed[variable.name] = .variable(name) }
      taken.insert(name)
      return Variable(name: name, extent: variable.extent)
    }
    return .fold(kind, fresh, inner.substituting(renamed))
  }

  /// Of `a ≠ b`: both.
  var difference: (Index, Index)? {
    if case .binary(.notEqual, .position(let a), .position(let b)) = self { (a, b) } else { nil }
  }
}

/// Letters for indices.
enum IndexLetters {
  static let usual = ["n", "p", "q", "r", "s", "t", "u", "v", "w", "a", "b", "d", "e", "f", "g", "h"]

  static func fresh(avoiding used: Set<String>, from order: [String] = usual) -> String {
    order.first { !used.contains($0) } ?? (1...).lazy.map { "n\($0)" }.first { !used.contains($0) } ?? "n"
  }
}
