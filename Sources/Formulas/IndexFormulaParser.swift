/// `S[…,k] = exp(Z[…,k]) / Σ_n exp(Z[…,n])`: an entry of a named value and the formula of that entry.
package struct IndexDefinition: Hashable, Sendable {
  package var name: String
  package var index: [Index]
  package var body: IndexFormula

  package init(_ name: String, _ index: [Index], _ body: IndexFormula) {
    self.name = name
    self.index = index
    self.body = body
  }

  package var left: IndexFormula { .entry(.name(name), index) }
}

/// Text → index formula, in the notation in which one is printed: `Σ_n`, `max_r<2,s<2`, `δ(i,j)`, `|k|` for the number
/// of values of an index, `·` for the product, `…` for any number of axes. Local values follow behind commas:
/// `…, M = max_n Z[…,n]`. Written by developers, in the table of operations, so that messages name a place and no more.
package struct IndexFormulaParser {
  private let characters: [Character]
  private var position = 0
  /// Whole numbers that are known by name: stride, pad, size.
  private let constants: [String: Int]
  /// Names of values; every other name without brackets is an index or a local value.
  private let values: Set<String>
  private var locals: Set<String> = []
  /// Ranges given beside an index: `r<2`.
  private var bounds: [String: Int] = [:]

  /// - Throws: where the text cannot be read.
  package static func definition(
    _ text: String, values: Set<String>, constants: [String: Int] = [:]
  ) throws(Diagnostic) -> (definition: IndexDefinition, bounds: [String: Int]) {
    var parser = IndexFormulaParser(characters: Array(text), constants: constants, values: values)
    let name = try parser.name()
    var index: [Index] = []
    if parser.accept("[") { index = try parser.indices() }
    try parser.expect("=")
    // Local values are written behind the formula that reads them.
    let start = parser.position
    parser.locals = parser.localNames()
    parser.position = start
    var body = try parser.comparison()
    while parser.accept(",") {
      let local = try parser.name()
      try parser.expect("=")
      body = .letting(local, try parser.comparison(), body)
    }
    guard parser.peek() == nil else { throw parser.failure("the end") }
    return (IndexDefinition(name, index, body), parser.bounds)
  }

  /// A formula that defines nothing: `∂S[…,k]/∂Z[…,j]`, `j ≠ k`.
  package static func formula(_ text: String, values: Set<String>) throws(Diagnostic) -> IndexFormula {
    var parser = IndexFormulaParser(characters: Array(text), constants: [:], values: values)
    let result = try parser.comparison()
    guard parser.peek() == nil else { throw parser.failure("the end") }
    return result
  }

  private init(characters: [Character], constants: [String: Int], values: Set<String>) {
    self.characters = characters
    self.constants = constants
    self.values = values
  }

  private func failure(_ wanted: String) -> Diagnostic {
    Diagnostic("\(wanted) is expected in '\(String(characters))'", at: [position..<position + 1])
  }

  // MARK: Characters

  private mutating func peek() -> Character? {
    while position < characters.count, characters[position].isWhitespace { position += 1 }
    return position < characters.count ? characters[position] : nil
  }

  private mutating func accept(_ symbol: String) -> Bool {
    guard peek() != nil, characters[position...].starts(with: symbol) else { return false }
    position += symbol.count
    return true
  }

  private mutating func expect(_ symbol: String) throws(Diagnostic) {
    guard accept(symbol) else { throw failure("'\(symbol)'") }
  }

  private mutating func name() throws(Diagnostic) -> String {
    guard let first = peek(), first.isLetter, first != "Σ" else { throw failure("a name") }
    let start = position
    while position < characters.count,
      characters[position].isLetter || characters[position] == "_"
        || (characters[position].isASCII && characters[position].isNumber)
    {
      position += 1
    }
    return String(characters[start..<position])
  }

  private mutating func wholeNumber() throws(Diagnostic) -> Int? {
    guard let first = peek(), first.isNumber else { return nil }
    let start = position
    while position < characters.count, characters[position].isNumber { position += 1 }
    guard let value = Int(String(characters[start..<position])) else { throw failure("a whole number") }
    return value
  }

  /// The names behind commas outside of brackets: `, M = …`.
  private mutating func localNames() -> Set<String> {
    var result: Set<String> = []
    var depth = 0
    while let c = peek() {
      position += 1
      if "([".contains(c) { depth += 1 }
      if ")]".contains(c) { depth -= 1 }
      if c == ",", depth == 0, let local = try? name(), accept("=") { result.insert(local) }
    }
    return result
  }

  // MARK: Indices

  /// `…,k]` up to the bracket.
  private mutating func indices() throws(Diagnostic) -> [Index] {
    var result: [Index] = []
    repeat {
      let index = try index()
      if let variable = index.onlyVariable { try bound(variable) }
      result.append(index)
    } while accept(",")
    try expect("]")
    return result
  }

  /// `<2` or `<size` behind an index.
  private mutating func bound(_ variable: String) throws(Diagnostic) {
    guard accept("<") else { return }
    if let number = try wholeNumber() {
      bounds[variable] = number
      return
    }
    let word = try name()
    guard let known = constants[word] else { throw failure("the size \(word)") }
    bounds[variable] = known
  }

  /// `2·p+r-pad`.
  private mutating func index() throws(Diagnostic) -> Index {
    if accept("…′") { return .otherRest }
    if accept("…") { return .rest }
    var result = Index(0)
    var sign = accept("-") ? -1 : 1
    while true {
      result = result + (try indexTerm()).scaled(by: sign)
      if accept("+") {
        sign = 1
      } else if accept("-") {
        sign = -1
      } else {
        return result
      }
    }
  }

  private mutating func indexTerm() throws(Diagnostic) -> Index {
    var factor = 1
    var variable: String?
    repeat {
      if let number = try wholeNumber() {
        factor &*= number
      } else {
        let word = try name()
        if let known = constants[word] { factor &*= known } else { variable = word }
      }
    } while accept("·")
    return variable.map { Index(0, [$0: factor]) } ?? Index(factor)
  }

  private mutating func variables() throws(Diagnostic) -> [IndexFormula.Variable] {
    var names: [String] = []
    repeat {
      if accept("…") {
        names.append("…")
        continue
      }
      let variable = try name()
      try bound(variable)
      names.append(variable)
    } while accept(",")
    return names.map { .init(name: $0, extent: bounds[$0] ?? 0) }
  }

  // MARK: Formulas

  private mutating func comparison() throws(Diagnostic) -> IndexFormula {
    let left = try sum()
    let operations: [(String, BinaryOperator)] = [
      ("≥", .greaterOrEqual), ("≤", .lessOrEqual), ("≠", .notEqual), ("==", .equal), (">", .greater),
      ("<", .less),
    ]
    for (symbol, operation) in operations where accept(symbol) {
      return .binary(operation, left, try sum())
    }
    return left
  }

  private mutating func sum() throws(Diagnostic) -> IndexFormula {
    var left = try product()
    while true {
      if accept("+") {
        left = left + (try product())
      } else if accept("-") {
        left = left - (try product())
      } else {
        return left
      }
    }
  }

  private mutating func product() throws(Diagnostic) -> IndexFormula {
    var left = accept("-") ? .negative(try power()) : try power()
    while true {
      if accept("·") {
        left = left * (try power())
      } else if accept("/") {
        left = left / (try power())
      } else {
        return left
      }
    }
  }

  private mutating func power() throws(Diagnostic) -> IndexFormula {
    let base = try atom()
    if accept("²") { return .binary(.power, base, 2) }
    if accept("**") { return .binary(.power, base, try atom()) }
    return base
  }

  private mutating func atom() throws(Diagnostic) -> IndexFormula {
    if accept("(") {
      let inner = try comparison()
      try expect(")")
      return inner
    }
    if accept("|") {
      let counted = try variables()
      try expect("|")
      return .count(counted)
    }
    if accept("∂") {
      let a = try atom()
      try expect("/∂")
      let by = try name()
      return .partial(a, by: by, accept("[") ? try indices() : [])
    }
    for (symbol, kind) in [
      ("Σ_", IndexFormula.Fold.sum), ("max_", .max), ("min_", .min), ("argmax_", .argmax),
    ] where accept(symbol) {
      let bound = try variables()
      return .fold(kind, bound, try product())
    }
    if accept("δ(") {
      let a = try index()
      try expect(",")
      let b = try index()
      try expect(")")
      return .delta(a, b)
    }
    if let first = peek(), first.isNumber { return .number(try number()) }
    let word = try name()
    if accept("[") { return .entry(.name(word), try indices()) }
    if accept("(") {
      var arguments = [try comparison()]
      while accept(",") { arguments.append(try comparison()) }
      try expect(")")
      if let choice = IndexFormula.Choice(rawValue: word) { return .choice(choice, arguments) }
      guard arguments.count == 1 else { throw failure("a function of one number") }
      return .call(Function(word), arguments[0])
    }
    if locals.contains(word) { return .local(word) }
    if values.contains(word) { return .entry(.name(word), []) }
    if let known = constants[word] { return .number(Double(known)) }
    return .position(.variable(word))
  }

  private mutating func number() throws(Diagnostic) -> Double {
    let start = position
    while position < characters.count,
      characters[position].isNumber || characters[position] == "."
        || characters[position] == "e"
        || (characters[position] == "-" && characters[position - 1] == "e")
    {
      position += 1
    }
    guard let value = Double(String(characters[start..<position])) else { throw failure("a number") }
    return value
  }
}
