import Explanations
import Formulas
import Operations

/// Formulas as they stand in a line of text, taken apart so that blanks and other ways to write a sign do not count.
enum FormulaText {
  struct Token: Equatable {
    var text: String
    /// Blanks before it; the beginning of a line counts as many.
    var gap: Int
    var startsLine = false

    var isName: Bool { text.first.map { $0.isLetter || $0 == "_" } == true }
    var isNumber: Bool { text.first.map { $0.isASCII && $0.isNumber } == true }
    var isOperator: Bool { ["+", "-", "*", "/", "@", "**", "<", ">", "<=", ">=", "!="].contains(text) }
  }

  private static let signs: [(String, String)] = [
    ("−", "-"), ("·", "*"), ("⋅", "*"), ("×", "*"), ("⊙", "*"), ("∘", "*"), ("ᵀ", ".T"), ("==", "="),
    ("²", "**2"), (":=", "="), ("←", "="), ("≈", "="), ("∂L/∂", "d"), ("dL/d", "d"), ("∂", "d"),
  ]

  /// As it is typed: `dZ2 == (S − Y)/m` states what `dZ2 = (S - Y) / m` does.
  static func plain(_ text: String) -> String {
    signs.reduce(text) { $0.replacing($1.0, with: $1.1) }
  }

  /// - Parameter line: in its plain form.
  static func tokens(_ line: String) -> [Token] {
    let characters = Array(line)
    var result: [Token] = []
    var (i, gap) = (0, 0)
    func at(_ index: Int) -> Character { characters.indices.contains(index) ? characters[index] : " " }
    func isDigit(_ c: Character) -> Bool { c.isASCII && c.isNumber }
    while i < characters.count {
      guard !characters[i].isWhitespace else {
        (i, gap) = (i + 1, gap + 1)
        continue
      }
      var end = i + 1
      if characters[i].isLetter || characters[i] == "_" || characters[i] == "." && at(i + 1).isLetter {
        while Lexer.continuesName(at(end)) || at(end) == "'" { end += 1 }
      } else if isDigit(characters[i]) || characters[i] == "." && isDigit(at(i + 1)) {
        while isDigit(at(end)) || at(end) == "." && isDigit(at(end + 1)) { end += 1 }
        if at(end) == "e" {
          let sign = "+-".contains(at(end + 1)) ? 2 : 1
          if isDigit(at(end + sign)) {
            end += sign
            while isDigit(at(end)) { end += 1 }
          }
        }
      } else if ["**", "<=", ">=", "!="].contains(String([characters[i], at(i + 1)])) {
        end += 1
      }
      result.append(
        Token(text: String(characters[i..<end]), gap: result.isEmpty ? 9 : gap, startsLine: result.isEmpty))
      (i, gap) = (end, 0)
    }
    return result
  }

  /// Whether an answer stands in a text: numbers of two digits or more, a formula with a sign in it.
  static func contains(_ answer: String, in text: String) -> Bool {
    let wanted = tokens(plain(answer)).map(\.text)
    guard wanted.count > 2 || wanted.joined().count(where: \.isNumber) > 1 else { return false }
    let tokens = tokens(plain(Markdown.plain(text))).map(\.text)
    guard tokens.count >= wanted.count else { return false }
    return (0...tokens.count - wanted.count).contains { tokens[$0..<$0 + wanted.count].elementsEqual(wanted) }
  }

  /// What stands on the sides of its signs of equality, where those in brackets are none.
  static func sides(of text: String) -> [String] {
    let characters = Array(plain(text))
    var result = [""]
    var depth = 0
    for (index, c) in characters.enumerated() {
      if c == "(" || c == "[" { depth += 1 }
      if c == ")" || c == "]" { depth -= 1 }
      let isSign = c == "=" && depth == 0 && index > 0 && characters[index - 1] == " "
      if isSign, index + 1 < characters.count, characters[index + 1] == " " {
        result.append("")
      } else {
        result[result.count - 1].append(c)
      }
    }
    return result.map(\.trimmed)
  }

  /// `NAME = formula` within prose, as far as a formula goes.
  static func statements(in prose: String) -> [String] {
    let tokens = tokens(plain(prose.replacing("|", with: " | ")))
    return tokens.indices.compactMap { i -> String? in
      guard tokens[i].isName else { return nil }
      let sign = i + 1 + shapeLength(tokens[(i + 1)...])
      guard sign + 1 < tokens.count, tokens[sign].text == "=" else { return nil }
      var end = sign + 1
      var (depth, isOperand) = (0, false)
      loop: while end < tokens.count {
        let token = tokens[end]
        switch token.text {
        case "(", "[":
          // A remark in brackets behind it, or an index and a call.
          if isOperand, depth == 0, token.gap > 0 { break loop }
          depth += 1
          isOperand = false
        case ")", "]":
          if depth == 0 { break loop }
          depth -= 1
          isOperand = true
        case ",", "=":
          if depth == 0 { break loop }
          isOperand = false
        case _ where token.isOperator:
          isOperand = false
        case _ where token.text.hasPrefix(".") && token.isMember:
          if !isOperand || token.gap > 0 { break loop }
        case _ where token.isName || token.isNumber:
          if isOperand { break loop }
          isOperand = true
        default: break loop
        }
        end += 1
      }
      var last = end
      while last > sign + 2, tokens[last - 1].isOperator || tokens[last - 1].text == "(" { last -= 1 }
      func text(_ range: Range<Int>) -> String {
        tokens[range].reduce("") { $0 + ($0.isEmpty || $1.gap == 0 ? "" : " ") + $1.text }
      }
      return text(i..<sign) + " = " + text(sign + 1..<last)
    }
  }

  /// How many tokens the shape of a title takes, `(3×4)`: 0 where there is none.
  static func shapeLength(_ tokens: ArraySlice<Token>) -> Int {
    guard tokens.first?.text == "(", let close = tokens.firstIndex(where: { $0.text == ")" }) else {
      return 0
    }
    let extents = tokens[tokens.startIndex..<close].dropFirst()
    return !extents.isEmpty && extents.allSatisfy({ $0.isNumber || $0.text == "*" })
      ? close + 1 - tokens.startIndex : 0
  }

  /// Whether it is a formula of such names that computes something.
  static func isFormula(_ text: String, of names: Set<String>) -> Bool {
    guard let sign = text.firstRange(of: " = "),
      names.contains(String(text[..<sign.lowerBound].prefix { $0 != " " })),
      let parsed = try? Parser.parse(String(text[sign.upperBound...]))
    else { return false }
    return !parsed.expression.children.isEmpty && !parsed.expression.names.isEmpty
      && parsed.expression.names.allSatisfy(names.contains)
  }
}

extension FormulaText.Token {
  var isMember: Bool { text.count > 1 && text.first == "." && text.dropFirst().first?.isLetter == true }
}

/// What a lesson types, prints and asks for, in which a formula must stand from its name to its end.
struct ShownFormulas {
  private var texts: [[FormulaText.Token]] = []
  /// By the token that a statement begins with: the text, and the place in it.
  private var places: [String: [(text: Int, at: Int)]] = [:]

  var names: Set<String> {
    Set(places.keys.filter { $0.first.map { $0.isLetter || $0 == "_" } == true })
  }

  /// - Parameter lines: of one command, in which a formula may go on from line to line.
  mutating func note(_ lines: [String]) {
    let tokens = lines.flatMap { FormulaText.tokens(FormulaText.plain($0)) }
    for (index, token) in tokens.enumerated() { places[token.text, default: []].append((texts.count, index)) }
    texts.append(tokens)
  }

  func has(_ formula: String) -> Bool {
    let wanted = FormulaText.tokens(FormulaText.plain(formula))
    guard let first = wanted.first, let sign = wanted.firstIndex(where: { $0.text == "=" }) else {
      return false
    }
    let (left, right) = (wanted[..<sign], Array(wanted[(sign + 1)...]))
    guard Self.isBalanced(right), right.last?.isOperator == false else { return false }
    return places[first.text, default: []].contains { text, at in
      let tokens = texts[text]
      guard Self.begins(tokens[at...], with: Array(left)) else { return false }
      var rest = tokens[at...].dropFirst(left.count)
      // The shape in a title: dZ2 (3×3) = …
      rest = rest.dropFirst(FormulaText.shapeLength(rest))
      // Of a chain any part.
      while rest.first?.text == "=" {
        rest = rest.dropFirst()
        if Self.begins(rest, with: right), ends(rest.dropFirst(right.count)) { return true }
        guard let next = nextSign(rest) else { return false }
        rest = rest[next...]
      }
      return false
    }
  }

  private static func begins(_ tokens: ArraySlice<FormulaText.Token>, with wanted: [FormulaText.Token])
    -> Bool
  {
    guard tokens.count >= wanted.count else { return false }
    return zip(tokens, wanted).allSatisfy { own, other in
      own.text == other.text || own.isNumber && other.isNumber && isSame(other.text, own.text)
    }
  }

  /// 0.5 for 0.5000, and from three digits on a number that is rounded.
  private static func isSame(_ stated: String, _ printed: String) -> Bool {
    guard let x = Double(stated), let y = Double(printed) else { return false }
    let number = TypedNumber(x, literal: stated)
    return x == y || number.significant > 2 && number.comparison(with: y) == .rightToTheDigits
  }

  /// Whether the formula before these tokens is a whole one.
  private func ends(_ rest: ArraySlice<FormulaText.Token>) -> Bool {
    guard let next = rest.first else { return true }
    if next.startsLine { return !next.isOperator }
    if next.gap > 1 { return true }
    if next.isOperator || next.isMember { return false }
    return next.gap > 0 || !["(", "[", "'"].contains(next.text) && !next.isName && !next.isNumber
  }

  private func nextSign(_ tokens: ArraySlice<FormulaText.Token>) -> Int? {
    var depth = 0
    for (index, token) in zip(tokens.indices, tokens) {
      if token.startsLine, index > tokens.startIndex, depth == 0, !token.isOperator { return nil }
      if token.text == "(" || token.text == "[" { depth += 1 }
      if token.text == ")" || token.text == "]" { depth -= 1 }
      if token.text == "=", depth == 0 { return index }
    }
    return nil
  }

  private static func isBalanced(_ tokens: [FormulaText.Token]) -> Bool {
    var depth = 0
    for token in tokens {
      if token.text == "(" || token.text == "[" { depth += 1 }
      if token.text == ")" || token.text == "]" { depth -= 1 }
      if depth < 0 { return false }
    }
    return depth == 0 && !tokens.isEmpty
  }
}
