import Differentiation
import Formulas
import LinearAlgebra
import Operations

/// Texts of a route in this subject's names and letters.
extension Runner {
  /// A text in the names of the definition: `Z[…,j]` is `Z2[i,j]`, or `Z2[j,i]` where the samples are columns.
  mutating func read(_ text: String) throws(Diagnostic) -> IndexFormula {
    // A value that is called as a letter of the route is not what the route means by it.
    let names = Set(subject.sites.flatMap { $0.names.keys }).union(scope.definitions.map(\.name))
      .subtracting(renamedLetters.keys)
    return try read(IndexFormulaParser.formula(text, values: names))
  }

  mutating func read(_ formula: IndexFormula) throws(Diagnostic) -> IndexFormula {
    switch formula {
    case .entry(.name(let word), let items): return .entry(.name(name(word)), try index(word, items))
    case .position(let index): return .position(renaming(index))
    case .partial(let a, let word, let items):
      let inner = try read(a)
      let name = name(word)
      let open = items.isEmpty && scope.extents[name]?.isEmpty == false
      return .partial(inner, by: name, open ? fresh(name) : try index(word, items))
    case .fold(let kind, let variables, let body):
      let inner = try read(body)
      return .fold(
        kind,
        variables.map { variable in
          let letter = renamedLetters[variable.name] ?? variable.name
          return .init(name: letter, extent: extents[letter] ?? 0)
        }, inner)
    default: return try formula.mapChildren { (part) throws(Diagnostic) in try read(part) }
    }
  }

  /// What a name of the route is called here.
  func name(_ word: String) -> String { renamed[word] ?? subject.name(word) }

  func renaming(_ index: Index) -> Index {
    index.onlyVariable.flatMap { renamedLetters[$0] }.map { .variable($0) } ?? index
  }

  /// Letters of their own for every axis.
  mutating func fresh(_ name: String) -> [Index] {
    var taken = scope.definitions.reduce(into: Set(subject.values.keys)) {
      $0.formUnion($1.body.letters)
      $0.formUnion($1.left.letters)
    }
    return subject.extents(name).enumerated().map { axis, extent in
      guard !subject.isRepeated(name, axis) else { return Index(0) }
      let letter = IndexLetters.fresh(avoiding: taken, from: ["p", "q", "u", "v"] + IndexLetters.usual)
      taken.insert(letter)
      extents[letter] = extent
      return .variable(letter)
    }
  }

  mutating func index(_ word: String, _ items: [Index]) throws(Diagnostic) -> [Index] {
    let name = name(word)
    let letters = items.contains(.otherRest) ? other : rest
    let written = items.map { $0 == .otherRest ? Index.rest : renaming($0) }
    var result: [Index] = []
    if let definition = scope.definition(of: name) {
      var explicit = written.filter { $0 != .rest }[...]
      result = definition.index.map { item in
        guard let letter = item.onlyVariable else { return item }
        return rest.firstIndex(of: letter).map { .variable(letters[$0]) } ?? explicit.popFirst() ?? item
      }
    } else if let own = scope.extents[name] {
      let site = subject.sites.first { $0.names[word] == .name(name) }
      result = (site?.application.axes(written, rank: own.count) ?? []).map { axis in
        axis.rest.map { .variable(letters[min($0, letters.count - 1)]) } ?? axis.index
      }
    }
    guard let own = scope.extents[name], result.count == own.count else {
      throw Diagnostic("\(word) has other axes")
    }
    for (item, extent) in zip(result, own) { if let letter = item.onlyVariable { extents[letter] = extent } }
    return result
  }
}
