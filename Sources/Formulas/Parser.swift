/// A formula and, parallel to its `children`, where each part stands in the text.
package struct Parsed: Sendable {
  package let expression: Expression
  package let ranges: RangeTree

  package init(expression: Expression, ranges: RangeTree) {
    self.expression = expression
    self.ranges = ranges
  }
}

package struct RangeTree: Sendable {
  package var range: Range<Int>
  /// The operator of a binary operation, for the middle caret.
  package var symbol: Range<Int>?
  package var children: [RangeTree] = []

  package init(range: Range<Int>, symbol: Range<Int>? = nil, children: [RangeTree] = []) {
    self.range = range
    self.symbol = symbol
    self.children = children
  }

  package func child(_ index: Int) -> RangeTree? { children.indices.contains(index) ? children[index] : nil }
}

/// Tokens → formula, one method for each rule of the grammar, loosest first:
/// comparison, sum, product, sign, power, suffix, primary.
package struct Parser {
  /// Brackets in brackets, and operations in a row: what goes on longer is refused before it can exhaust the stack, of
  /// which a bracket takes about 60 kB where nothing is optimised.
  package static let (deepest, longest) = (64, 200)

  let tokens: [Token]
  let vocabulary: Vocabulary
  /// A rule, in which the option of a call may be the name of an option: `sum(dS, axis=axis)`.
  let isTemplate: Bool
  var position = 0
  private var depth = 0
  /// Directly between the brackets of a list.
  private(set) var isInList = false

  package init(tokens: [Token], vocabulary: Vocabulary, isTemplate: Bool = false) {
    self.tokens = tokens
    self.vocabulary = vocabulary
    self.isTemplate = isTemplate
  }

  /// Parses a text that is one formula and nothing else.
  package static func parse(
    _ text: String, vocabulary: Vocabulary, naming: Naming = .standard, isTemplate: Bool = false
  ) throws(Diagnostic) -> Parsed {
    var diagnostic: Diagnostic
    do {
      var parser = Parser(
        tokens: try Lexer.tokens(of: text, naming: naming), vocabulary: vocabulary, isTemplate: isTemplate)
      let parsed = try parser.comparison()
      try parser.expectEnd()
      return parsed
    } catch {
      diagnostic = error
    }
    diagnostic.source = diagnostic.source ?? text
    throw diagnostic
  }

  var current: Token {
    tokens.indices.contains(position) ? tokens[position] : Token(kind: .end, range: 0..<1)
  }

  func isSymbol(_ symbol: String) -> Bool { current.kind == .symbol(symbol) }

  mutating func accept(_ symbol: String) -> Range<Int>? {
    guard isSymbol(symbol) else { return nil }
    defer { position += 1 }
    return current.range
  }

  private mutating func descend<R>(_ body: (inout Parser) throws(Diagnostic) -> R) throws(Diagnostic) -> R {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Parser.deepest else {
      throw Diagnostic(
        "this formula is nested more than \(Parser.deepest) deep", at: [current.range],
        hint: "name a part of it with 'let' and use the name")
    }
    return try body(&self)
  }

  /// Something that stands directly in a list.
  mutating func listing<R>(_ body: (inout Parser) throws(Diagnostic) -> R) throws(Diagnostic) -> R {
    let before = isInList
    isInList = true
    defer { isInList = before }
    return try body(&self)
  }

  /// Something between other brackets.
  mutating func inside<R>(_ body: (inout Parser) throws(Diagnostic) -> R) throws(Diagnostic) -> R {
    let before = isInList
    isInList = false
    defer { isInList = before }
    return try body(&self)
  }

  package mutating func expectEnd() throws(Diagnostic) {
    switch current.kind {
    case .end: return
    case .symbol("="):
      throw Diagnostic(
        "'=' does not belong in a formula", at: [current.range],
        hint: "compare with ==, give a value with 'set NAME = …' or 'let NAME = …'")
    case .symbol("^"):
      throw Diagnostic(
        "'^' is not an operator here", at: [current.range],
        hint: tokens.indices.contains(position + 1) && tokens[position + 1].kind == .name("T")
          ? "a transpose is written .T: W1.T" : "a power is written **: Z**2")
    case .symbol("'"):
      throw Diagnostic(
        "a prime stands for a derivative and follows a function's name", at: [current.range],
        hint: "relu'(Z1) is a derivative; a transpose is W1.T or W1ᵀ")
    case .symbol(")"), .symbol("]"):
      throw Diagnostic("this bracket closes nothing", at: [current.range])
    case .number where tokens.indices.contains(position - 1) && isNumber(at: position - 1):
      throw Diagnostic(
        "a row of numbers stands between brackets", at: [current.range],
        hint: "[1 2 3]; rows of a print go into the lines behind 'set X ='")
    case .symbol(","):
      throw Diagnostic(
        "a comma stands between entries of a list", at: [current.range],
        hint: "[a, b]; a table goes into the lines behind 'set X =', its line of names with it")
    case .number, .name, .symbol, .text:
      throw Diagnostic(
        "an operator is missing before this", at: [current.range],
        hint: "write A @ B for the matrix product, A * B entry by entry")
    }
  }

  private static let comparisons = ["<", "<=", ">", ">=", "==", "!="]

  package mutating func comparison() throws(Diagnostic) -> Parsed {
    try descend { (p) throws(Diagnostic) in
      try p.binary(Parser.comparisons, once: true) { (p) throws(Diagnostic) in try p.sum() }
    }
  }
  private mutating func sum() throws(Diagnostic) -> Parsed {
    try binary(["+", "-"]) { (p) throws(Diagnostic) in try p.product() }
  }
  private mutating func product() throws(Diagnostic) -> Parsed {
    try binary(["*", "/", "@", "·"]) { (p) throws(Diagnostic) in try p.sign() }
  }

  private mutating func binary(
    _ symbols: [String], once: Bool = false, _ operand: (inout Parser) throws(Diagnostic) -> Parsed
  ) throws(Diagnostic) -> Parsed {
    var left = try operand(&self)
    var length = 0
    while case .symbol(let symbol) = current.kind, symbols.contains(symbol) {
      if try beginsEntry(after: left) { return left }
      let symbolRange = current.range
      position += 1
      length += 1
      guard length <= Parser.longest else {
        throw Diagnostic(
          "more than \(Parser.longest) operations in a row", at: [symbolRange],
          hint: "name a part of it with 'let' and use the name")
      }
      let right = try operand(&self)
      let isOfNumbers =
        left.expression.isArithmetic || right.expression.isArithmetic || left.expression.isOneEntry
        || right.expression.isOneEntry
      let operation = BinaryOperator(rawValue: symbol) ?? (isOfNumbers ? .multiply : .matrixProduct)
      left = Parsed(
        expression: .binary(operation, left.expression, right.expression),
        ranges: RangeTree(
          range: left.ranges.range.lowerBound..<right.ranges.range.upperBound, symbol: symbolRange,
          children: [left.ranges, right.ranges]))
      if once, case .symbol(let next) = current.kind, symbols.contains(next) {
        throw Diagnostic(
          "comparisons cannot be chained", at: [current.range], hint: "write (a < b) * (b < c)")
      }
    }
    return left
  }

  private mutating func sign() throws(Diagnostic) -> Parsed {
    if let minus = accept("-") {
      let operand = try descend { (p) throws(Diagnostic) in try p.sign() }
      return Parsed(
        expression: .negative(operand.expression),
        ranges: RangeTree(
          range: minus.lowerBound..<operand.ranges.range.upperBound, children: [operand.ranges]))
    }
    if accept("+") != nil { return try descend { (p) throws(Diagnostic) in try p.sign() } }
    return try power()
  }

  private mutating func power() throws(Diagnostic) -> Parsed {
    let base = try suffixed()
    guard let symbol = accept("**") else { return base }
    let exponent = try descend { (p) throws(Diagnostic) in try p.sign() }
    return Parsed(
      expression: .binary(.power, base.expression, exponent.expression),
      ranges: RangeTree(
        range: base.ranges.range.lowerBound..<exponent.ranges.range.upperBound, symbol: symbol,
        children: [base.ranges, exponent.ranges]))
  }

  private mutating func suffixed() throws(Diagnostic) -> Parsed {
    var result = try primary()
    var length = 0
    func wrap(_ expression: Expression, to end: Int) -> Parsed {
      Parsed(
        expression: expression,
        ranges: RangeTree(range: result.ranges.range.lowerBound..<end, children: [result.ranges]))
    }
    while true {
      length += 1
      guard length <= Parser.longest else { throw Diagnostic("too many suffixes", at: [current.range]) }
      if let symbol = accept(".T") {
        result = wrap(.transpose(result.expression), to: symbol.upperBound)
      } else if isSymbol(".mT") {
        result = swappedLast(result)
      } else if isSymbol("²") || isSymbol("³") {
        let symbol = current.range
        let exponent: Expression = isSymbol("²") ? 2 : 3
        position += 1
        result = Parsed(
          expression: .binary(.power, result.expression, exponent),
          ranges: RangeTree(
            range: result.ranges.range.lowerBound..<symbol.upperBound, symbol: symbol,
            children: [result.ranges, RangeTree(range: symbol)]))
      } else if isSymbol("["), !(isInList && result.isEntry && isApart) {
        try checkIndex(of: result)
        result = try subscripted(result)
      } else if isSymbol("."), let method = try method(of: result) {
        result = method
      } else {
        return result
      }
    }
  }

  /// - Throws: in a list, where the bracket may as well begin the next entry.
  private func checkIndex(of value: Parsed) throws(Diagnostic) {
    guard isInList, isApart || value.isEntry && !isWritten(with: ",", value) else { return }
    throw Diagnostic(
      "this may be an index or the next entry", at: [current.range],
      hint: "an index stands directly behind a name, and entries have a comma between them")
  }

  /// A number alone has nothing to separate.
  private func isWritten(with separator: String, _ value: Parsed) -> Bool {
    guard case .list(let items) = value.expression, items.count > 1 else { return true }
    return tokens.contains {
      value.ranges.range.contains($0.range.lowerBound) && $0.kind == .symbol(separator)
    }
  }

  /// Python's tuple in a list: `[(1, 2), (3, 4)]` has two rows.
  private mutating func row(_ first: Parsed, open: Range<Int>) throws(Diagnostic) -> Parsed {
    var items = [first]
    while accept(",") != nil, !isSymbol(")") {
      items.append(try inside { (p) throws(Diagnostic) in try p.comparison() })
    }
    let close = try closed(open)
    return Parsed(
      expression: .list(items.map(\.expression)),
      ranges: RangeTree(range: open.lowerBound..<close.upperBound, children: items.map(\.ranges)))
  }

  private mutating func swappedLast(_ value: Parsed) -> Parsed {
    let range = value.ranges.range.lowerBound..<current.range.upperBound
    position += 1
    return Parsed(
      expression: .swappedLast(value.expression),
      ranges: RangeTree(
        range: range, children: [value.ranges, RangeTree(range: range), RangeTree(range: range)]))
  }

  private mutating func subscripted(_ value: Parsed) throws(Diagnostic) -> Parsed {
    let open = current.range
    position += 1
    let (subscripts, lists, newAxes) = try subscriptList(open: open)
    guard let close = accept("]") else { throw unclosed(open, "]") }
    let range = value.ranges.range.lowerBound..<close.upperBound
    let isWhole = !newAxes.isEmpty && subscripts.allSatisfy { $0 == .slice(from: nil, to: nil, step: 1) }
    let selected =
      isWhole
      ? value
      : Parsed(
        expression: .index(value.expression, subscripts),
        ranges: RangeTree(range: range, children: [value.ranges] + lists))
    return newAxes.reduce(selected) { inner, axis in
      Parsed(
        expression: .call("expand_dims", [inner.expression, .number(Double(axis))], .none),
        ranges: RangeTree(range: range, children: [inner.ranges, RangeTree(range: range)]))
    }
  }

  /// The bracket that closes `open`; what stands there instead is named.
  mutating func closed(_ open: Range<Int>) throws(Diagnostic) -> Range<Int> {
    if let close = accept(")") { return close }
    if isSymbol(",") {
      throw Diagnostic("numbers stand between [ and ]", at: [open], hint: "[1, 2, 3] for (1, 2, 3)")
    }
    if isSymbol(";") {
      throw Diagnostic(
        "values and options have a comma between them", at: [current.range], hint: "sum(X, axis=0)")
    }
    if isEnd || current.startsLine { throw unclosed(open, ")") }
    try expectEnd()
    throw unclosed(open, ")")
  }

  func unclosed(_ open: Range<Int>, _ close: String) -> Diagnostic {
    Diagnostic("this bracket is not closed", at: [open], hint: "add '\(close)'")
  }

  var isEnd: Bool { current.kind == .end }

  private mutating func primary() throws(Diagnostic) -> Parsed {
    let token = current
    switch token.kind {
    case .number(let value):
      position += 1
      return Parsed(expression: .number(value), ranges: RangeTree(range: token.range))
    case .name(let name):
      if isInList, let value = Parser.truth[name] {
        position += 1
        return Parsed(expression: .number(value), ranges: RangeTree(range: token.range))
      }
      if isInList, Parser.notFinite.contains(name) {
        throw Diagnostic(
          "\(name) stands where a number is expected", at: [token.range],
          hint: "every entry has a number: put one in its place, or nan")
      }
      if name.hasPrefix("Σ") {
        throw Diagnostic(
          "sums over an index are shown, and typed as products and sums", at: [token.range],
          hint: "Σ_k X[k,i]·dZ[k,j] is X.T @ dZ, Σ_i dZ[i,j] is sum(dZ, axis=0), one entry X[:,0] @ dZ[:,1]")
      }
      position += 1
      if Parser.infinities.contains(name), !isSymbol("("), !isSymbol("[") {
        return Parsed(expression: .number(.infinity), ranges: RangeTree(range: token.range))
      }
      if Parser.notNumbers.contains(name), !isSymbol("("), !isSymbol("[") {
        let part = RangeTree(range: token.range)
        return Parsed(
          expression: .notANumber,
          ranges: RangeTree(range: token.range, symbol: token.range, children: [part, part]))
      }
      if let prime = accept("'") { return try derivative(of: name, at: token.range, prime: prime) }
      if isSymbol("(") { return try call(name, at: token.range) }
      if ForeignFunction.elementTypes.contains(name), let open = accept("[") { return try list(open: open) }
      return Parsed(expression: .name(name), ranges: RangeTree(range: token.range))
    case .symbol("("):
      position += 1
      let inner = try inside { (p) throws(Diagnostic) in try p.comparison() }
      if isInList, isSymbol(",") { return try row(inner, open: token.range) }
      let close = try closed(token.range)
      var ranges = inner.ranges
      ranges.range = token.range.lowerBound..<close.upperBound
      return Parsed(expression: inner.expression, ranges: ranges)
    case .symbol("["):
      position += 1
      return try list(open: token.range)
    case .end:
      throw Diagnostic("the formula ends too early", at: [token.range])
    case .symbol("…"):
      throw Diagnostic(
        "this print leaves entries out (…)", at: [token.range],
        hint:
          "print all of it, after np.set_printoptions(threshold=np.inf) or torch.set_printoptions(profile=\"full\"), or save it: load(\"FILE.npy\")"
      )
    case .symbol(let symbol):
      throw Diagnostic(
        "a value is expected here, not '\(symbol)'", at: [token.range],
        hint: symbol == "/"
          ? "a quotient is A / B; nothing is rounded down"
          : symbol == "<" ? "of a print between < and > the array itself is read: array([…])" : nil)
    case .text:
      throw Diagnostic(
        "a text in quotes has no value", at: [token.range],
        hint: isInList
          ? "a matrix holds numbers: for classes their numbers from 0, for instance of np.unique(y, return_inverse=True)"
          : "formulas are of numbers; only einsum takes one: einsum(\"ij,jk->ik\", A, B)")
    }
  }
}

extension Expression {
  /// `X[0, 1]`, a number: as `why` writes its terms, `X[0,0]·dZ1[0,2]`.
  fileprivate var isOneEntry: Bool {
    guard case .index(_, let subscripts) = self, subscripts.count > 1 else { return false }
    return subscripts.allSatisfy { if case .at = $0 { true } else { false } }
  }
}
