import Formulas
import LinearAlgebra
import Operations

/// `NAME = formula`, `NAME[i, j] = formula` or `NAME += formula`, as set, let, param and check take it.
package struct Assignment {
  package struct Target {
    package var name: String
    package var target: [Subscript] = []
  }

  package let target: Target
  package let nameRange: Range<Int>
  package private(set) var formula: Parsed

  package init(_ line: CommandLine, usage: String) throws(Diagnostic) {
    guard !line.rest.isEmpty else { throw line.usageError("\(line.name) what?", usage) }
    try self.init(line.rest, at: line.offset, in: line.text, naming: line.naming)
  }

  package init(
    _ text: String, at offset: Int, in source: String, naming: Naming
  ) throws(Diagnostic) {
    let (target, range, formula, start) = try Self.split(text, at: offset, in: source, naming: naming)
    self.target = target
    nameRange = range
    let right = try CommandLine.formula(formula, at: start, in: source, naming: naming)
    guard let (operation, place) = Self.operation(before: formula, in: text, at: offset) else {
      self.formula = right
      return
    }
    let left =
      target.target.isEmpty ? Expression.name(target.name) : .index(.name(target.name), target.target)
    self.formula = Parsed(
      expression: .binary(operation, left, right.expression),
      ranges: RangeTree(
        range: range.lowerBound..<right.ranges.range.upperBound, symbol: place,
        children: [RangeTree(range: range, children: [RangeTree(range: range)]), right.ranges]))
  }

  /// The operation of `NAME += formula`.
  private static func operation(
    before formula: String, in text: String, at offset: Int
  ) -> (BinaryOperator, Range<Int>)? {
    let place = text.count - formula.count - 2
    guard place > 0, let operation = compound[text[text.index(text.startIndex, offsetBy: place)]] else {
      return nil
    }
    return (operation, offset + place..<offset + place + 2)
  }

  private static let compound: [Character: BinaryOperator] = [
    "+": .add, "-": .subtract, "*": .multiply, "/": .divide,
  ]

  /// Whether a line gives a value to a name, where no command says so.
  package static func isMeant(by text: String) -> Bool {
    var depth = 0
    var last: Character = " "
    let characters = Array(text)
    for (i, c) in characters.enumerated() {
      if c == "[" || c == "(" { depth += 1 }
      if c == "]" || c == ")" { depth -= 1 }
      if c == "=", depth == 0 {
        return !"=<>!".contains(last) && characters[(i + 1)...].first != "="
      }
      last = c
    }
    return false
  }

  /// Name, its place, the formula's text and where it begins.
  package static func split(
    _ text: String, at offset: Int, in source: String, naming: Naming
  ) throws(Diagnostic) -> (name: Target, range: Range<Int>, formula: String, formulaOffset: Int) {
    let characters = Array(text)
    var equals: Int?
    for (i, c) in characters.enumerated() where c == "=" {
      let previous = i > 0 ? characters[i - 1] : " "
      let next = i + 1 < characters.count ? characters[i + 1] : " "
      if next == "=" || previous == "=" || "<>!".contains(previous) { continue }
      equals = i
      break
    }
    let start = offset + (characters.firstIndex { !$0.isWhitespace } ?? 0)
    guard let equals else {
      var diagnostic = Diagnostic("'=' is missing", at: [start..<offset + max(1, characters.count)])
      // What was meant, in the words that were typed.
      let words = String(characters).trimmed.split(separator: " ", maxSplits: 1).map(String.init)
      let value = words.count == 2 ? String(words[1].drop { "=:<- ".contains($0) }) : ""
      diagnostic.hint =
        ["for", "while", "import", "from", "def", "if", "return", "class", "with", "print"].contains(
          words.first)
        ? "a line is an equation, Z = X @ W; 'repeat t = 1..T:' repeats those below it"
        : value.isEmpty || !Lexer.isNamed(words[0])
          ? "for example W1 = [[1, 2], [3, 4]]" : "\(words[0]) = \(value)"
      diagnostic.source = source
      throw diagnostic
    }
    let isCompound = equals > 0 && compound[characters[equals - 1]] != nil
    let left = String(characters[..<(isCompound ? equals - 1 : equals)])
    let trimmed = left.trimmed
    let range = start..<max(start + 1, start + trimmed.count)
    func fail(_ message: Prose, _ hint: Prose? = nil) -> Diagnostic {
      var diagnostic = Diagnostic(message, at: [range], hint: hint)
      diagnostic.source = source
      return diagnostic
    }
    guard !trimmed.isEmpty else { throw fail("a name is missing before '='") }
    let parsed: Parsed
    do { parsed = try Parser.parse(trimmed, naming: naming) } catch {
      let isOneWord = !trimmed.contains(where: \.isWhitespace)
      let name = trimmed.prefix { Lexer.continuesName($0) }
      let (opens, isMask) = (trimmed.contains("["), trimmed.contains { "<>=".contains($0) })
      let hint: Prose =
        opens && isMask
        ? "where(mask, A, B) chooses entry by entry: \(name) = where(\(name) > 0, \(name), 0)"
        : !opens && trimmed.contains(",")
          ? "a line gives one name a value"
          : opens || isOneWord ? error.message : "a name has no blanks in it"
      throw fail("'\(trimmed.prefix(30))' is not a name", hint)
    }
    let target: Target
    switch parsed.expression {
    case .name(let name): target = Target(name: name)
    case .index(.name(let name), let subscripts): target = Target(name: name, target: subscripts)
    // Python's W1[0][1].
    case .index(.index(.name(let name), let first), let second) where first.count == 1 && second.count == 1:
      guard case .at = first[0] else { fallthrough }
      target = Target(name: name, target: first + second)
    case .number, .list, .negative, .binary, .transpose, .call, .derivative, .index:
      throw fail("'\(trimmed.prefix(30))' is not a name", "on the left of '=' stands a name: W1 or W1[0,1]")
    }
    guard Vocabulary.operations.signature(target.name) == nil else {
      throw fail("\(target.name) is a function: choose another name", "\(target.name)1 is one")
    }
    let rest = String(characters[(equals + 1)...])
    guard !rest.allSatisfy(\.isWhitespace) else {
      var diagnostic = Diagnostic("a value is missing after '='", at: [offset + equals..<offset + equals + 1])
      diagnostic.source = source
      throw diagnostic
    }
    return (target, range, rest, offset + equals + 1)
  }

  /// Random numbers without a seed of their own are the session's next.
  package mutating func draw(from session: inout Session) {
    formula = formula.seeded(from: &session.nextSeed)
  }

  /// The value of the formula in a session.
  package func value(in session: Session, source: String) throws(Diagnostic) -> Tensor {
    do {
      return try Evaluator(SessionEnvironment(session)).checkedValue(of: formula)
    } catch {
      var diagnostic = error
      if diagnostic.source == nil { diagnostic.source = source }
      throw diagnostic
    }
  }
}
