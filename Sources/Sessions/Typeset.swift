/// Mathematics as it is set rather than typed: LaTeX, powers with ^, products without a sign. It is read so where an answer
/// is no formula of the language as it stands.
package struct Typeset {
  /// A line without what Markdown, LaTeX and prints put around mathematics.
  package static func unframed(_ line: String) -> String {
    var line = line.filter { !"`$⎡⎢⎣⎤⎥⎦⎛⎜⎝⎞⎟⎠".contains($0) }
    if line.contains("\\") {
      if line.contains("\\begin") || line.contains("\\end") {
        line.replace(#/\\(left|right)\s*[\[\]()|.]/#, with: " ")
      }
      line.replace(#/\\(begin|end)\s*\{[a-z]*(matrix|array|align|equation)\*?\}(\{[lcr|]*\})?/#, with: " ")
      line.replace("\\\\", with: ";")
      line.replace(#/\\(left|right|[bB]ig[glr]*)(?![a-zA-Z])/#, with: "")
      line.replace(#/\\[()\[\]]/#, with: "")
      line.replace("\\_", with: "_")
      line.replace(#/\\(%|&)/#) { "\($0.1)" }
    }
    line = line.trimmed
    if line.count > 4, line.hasPrefix("**"), line.hasSuffix("**") {
      line = String(line.dropFirst(2).dropLast(2))
    }
    for mark in ["\"", "'"] where line.count > 2 && line.hasPrefix(mark) && line.hasSuffix(mark) {
      line = String(line.dropFirst().dropLast())
    }
    // 34.2 % is a number.
    line.replace(#/([0-9])\s*%(?!\*%)/#) { "\($0.1)e-2" }
    return line
  }

  /// Without the full stop or semicolon behind a formula.
  package static func unended(_ line: String) -> String {
    var line = line
    while let last = line.last, ";,".contains(last) || last == "." && endsInName(line.dropLast()) {
      line.removeLast()
    }
    return line.trimmed
  }

  private static func endsInName(_ text: Substring) -> Bool {
    guard let last = text.last else { return false }
    if " )]}".contains(last) { return true }
    let word = text.reversed().prefix { $0.isLetter || $0.isNumber }
    return word.last?.isLetter == true
  }

  private let text: String
  private let isScalar: (String) -> Bool?

  /// Formulas that may be meant, the likeliest first.
  /// - Parameter isScalar: of a name's value; nil for a name without one.
  package static func readings(_ text: String, _ isScalar: @escaping (String) -> Bool?) -> [String] {
    guard text.utf8.count <= 2000, let plain = translated(mathematical(text)) else { return [] }
    let tokens = tokens(plain)
    var readings: [String] = []
    for sign in [nil, "@", "*"] as [String?] {
      guard let reading = Typeset(text: plain, isScalar: isScalar).reading(tokens, sign) else { continue }
      if reading != text, !readings.contains(reading) { readings.append(reading) }
    }
    return readings
  }

  /// Where a transpose is written as in MATLAB, R or on paper, a star is the product of matrices.
  private static func mathematical(_ text: String) -> String {
    var text = text
    let isMatlab = text.contains(#/[A-Za-z0-9_)]'(?!\s*\()/#)
    guard isMatlab || text.contains(#/\^\s*\{?\s*[Tt]/#) || text.contains("%*%") else { return text }
    if text.contains("%*%") { text.replace(#/\bt\(/#, with: "transpose(") }
    text.replace("%*%", with: "@")
    text.replace("**", with: "^")
    text.replace(".*", with: "⊙")
    return text.replacing("*", with: "·")
  }

  // MARK: LaTeX

  private static let signs = [
    ("\\cdot", " · "), ("\\times", " × "), ("\\odot", " ⊙ "), ("\\circ", " ⊙ "), ("\\ast", " * "),
    ("\\top", "⊤"),
    ("\\intercal", "⊤"), ("\\qquad", " "), ("\\quad", " "), ("\\,", " "), ("\\;", " "), ("\\:", " "),
    ("\\!", ""),
    ("\\ ", " "), ("~", " "), ("÷", "/"), ("\\dfrac", "\\frac"), ("\\tfrac", "\\frac"),
  ]

  /// Nil where a word of LaTeX is left that says something else.
  private static func translated(_ text: String) -> String? {
    var text = text
    for (sign, plain) in signs { text.replace(sign, with: plain) }
    text.replace(#/\\partial\s*/#, with: "∂")
    text.replace(#/\\mathrm\s*\{\s*d\s*\}\s*/#, with: "d")
    for _ in 0..<2 {
      text.replace(
        #/\\(operatorname\*?|mathrm|mathit|mathbf|mathsf|boldsymbol|bm|text|textrm|textbf|mathcal)\s*\{([^{}]*)\}/#
      ) { "\($0.2)" }
    }
    text.replace(#/\\(wide)?hat\s*(\{\s*[yY]\s*\}|[yY])/#, with: "Yhat")
    text.replace(#/\\(log|ln|exp|tanh|sinh|cosh|sin|cos|max|min|sqrt)(?![a-zA-Z])/#) { "\($0.1)" }
    text.replace(#/\^\s*(\{\s*(T|t|⊤|tr)\s*\}|[Tt⊤](?![A-Za-z0-9]))/#, with: ".T")
    text.replace("⊤", with: ".T")
    text.replace(#/([A-Za-z0-9_)\]])'(?!\s*\()/#) { "\($0.1).T" }
    text.replace(#/_\{\s*([A-Za-z0-9]+)\s*\}/#) { "_\($0.1)" }
    text.replace(#/([A-Za-z])_([0-9]+)/#) { "\($0.1)\($0.2)" }
    // {A1}.T
    text.replace(#/\{\s*([A-Za-z0-9_]+)\s*\}(?=\.T)/#) { "\($0.1)" }
    for _ in 0..<20 where text.contains("\\frac") { guard fraction(&text) else { return nil } }
    text.replace(#/\^\s*\{([^{}]*)\}/#) { "**(\($0.1))" }
    text.replace("^", with: "**")
    text.replace("{", with: "(")
    text.replace("}", with: ")")
    return text.contains("\\") ? nil : text
  }

  /// `\frac{a}{b}` as `((a)/(b))`, and of a gradient as `∂L/∂W1`.
  private static func fraction(_ text: inout String) -> Bool {
    // The last one has none in it.
    guard let start = text.ranges(of: "\\frac").last else { return false }
    var rest = text[start.upperBound...]
    func part() -> String? {
      rest = rest.drop(while: \.isWhitespace)
      guard rest.first == "{" else { return rest.popFirst().map { String($0) } }
      var depth = 0
      for i in rest.indices {
        depth += rest[i] == "{" ? 1 : rest[i] == "}" ? -1 : 0
        guard depth == 0 else { continue }
        defer { rest = rest[rest.index(after: i)...] }
        return String(rest[rest.index(after: rest.startIndex)..<i])
      }
      return nil
    }
    guard let above = part(), let below = part() else { return false }
    let marks = [above, below].compactMap { $0.trimmed.first }
    let isGradient = marks == ["∂", "∂"] || marks == ["d", "d"]
    let quotient = isGradient ? " \(above.trimmed)/\(below.trimmed) " : "((\(above))/(\(below)))"
    text = text[..<start.lowerBound] + quotient + rest
    return true
  }

  // MARK: Products without a sign

  private enum Kind { case number, name, method, open, close, transpose, product, other }

  private struct Piece {
    let kind: Kind
    let text: String
  }

  private static func tokens(_ text: String) -> [Piece] {
    let characters = Array(text)
    var tokens: [Piece] = []
    var i = 0
    func isName(_ c: Character) -> Bool {
      c.isLetter && c != "ᵀ" || c == "_" || c == "∂" || c.isNumber && c != "²" && c != "³"
    }
    while i < characters.count {
      let c = characters[i]
      var end = i + 1
      var kind = Kind.other
      if c.isASCII, c.isNumber || c == "." && end < characters.count && characters[end].isNumber {
        kind = .number
        while end < characters.count,
          characters[end].isASCII && characters[end].isNumber
            || characters[end] == "." && !(end + 1 < characters.count && characters[end + 1] == "T")
        { end += 1 }
        if end < characters.count, "eE".contains(characters[end]) {
          let signed = end + 1 < characters.count && "+-".contains(characters[end + 1]) ? 2 : 1
          if end + signed < characters.count, characters[end + signed].isNumber {
            end += signed
            while end < characters.count, characters[end].isNumber { end += 1 }
          }
        }
      } else if isName(c) || c == "." && end < characters.count && isName(characters[end]) {
        while end < characters.count, isName(characters[end]) { end += 1 }
        let word = String(characters[i..<end])
        kind = c != "." ? .name : word == ".T" || word == ".mT" ? .transpose : .method
      } else {
        kind =
          switch c {
          case "(", "[": .open
          case ")", "]": .close
          case "ᵀ", "²", "³": .transpose
          case "·": .product
          default: .other
          }
      }
      tokens.append(Piece(kind: kind, text: String(characters[i..<end])))
      i = end
    }
    return tokens
  }

  /// - Parameter sign: of every product without one, and of ·; nil for * beside a number and @ between matrices.
  /// - Returns: nil where values stand side by side that are none.
  private func reading(_ tokens: [Piece], _ sign: String?) -> String? {
    var result = ""
    // Of each open bracket, and whether the product in it is a single number so far.
    var brackets: [(text: String, start: Int, isNumber: Bool)] = [("", 0, true)]
    var last: Piece?
    func product(before i: Int) -> String {
      sign ?? (brackets.last?.isNumber == true || isNumber(tokens, after: i) ? "*" : "@")
    }
    func multiply(_ isNumber: Bool) {
      if let i = brackets.indices.last, !isNumber { brackets[i].isNumber = false }
    }
    for (i, piece) in tokens.enumerated() {
      if piece.kind == .other, piece.text.allSatisfy(\.isWhitespace) {
        result += piece.text
        continue
      }
      defer { last = piece }
      if piece.kind == .product {
        result += product(before: i + 1)
        continue
      }
      if let last, brackets.last?.text != "[", begins(piece), ends(last, before: piece) {
        guard !(last.kind == .number && piece.kind == .number) else { return nil }
        result += product(before: i)
      }
      switch piece.kind {
      case .open: brackets.append((piece.text, i, true))
      case .close:
        guard brackets.count > 1, let open = brackets.popLast() else { return nil }
        let isCall = open.start > 0 && [.name, .method].contains(tokens[open.start - 1].kind)
        multiply(!isCall && areNumbers(tokens[open.start...i]))
      case .number, .transpose, .method, .product: break
      case .name: multiply(isNumber(piece))
      case .other:
        if "+-,;:=<>".contains(piece.text), let i = brackets.indices.last { brackets[i].isNumber = true }
      }
      result += piece.text
    }
    return result
  }

  private func begins(_ piece: Piece) -> Bool {
    piece.kind == .number || piece.kind == .name || piece.kind == .open && piece.text == "("
  }

  private func ends(_ piece: Piece, before next: Piece) -> Bool {
    switch piece.kind {
    case .number, .close, .transpose: true
    // Of a function its brackets.
    case .name: next.kind != .open || isScalar(piece.text) != nil
    case .method, .open, .product, .other: false
    }
  }

  /// Whether the value that begins at a place is a single number.
  private func isNumber(_ tokens: [Piece], after start: Int) -> Bool {
    guard let piece = tokens[start...].firstIndex(where: { !$0.text.allSatisfy(\.isWhitespace) }) else {
      return false
    }
    guard tokens[piece].kind == .open else { return isNumber(tokens[piece]) }
    var depth = 0
    for i in piece..<tokens.count {
      depth += tokens[i].kind == .open ? 1 : tokens[i].kind == .close ? -1 : 0
      if depth == 0 { return areNumbers(tokens[piece...i]) }
    }
    return false
  }

  private func isNumber(_ piece: Piece) -> Bool {
    piece.kind == .number || piece.kind == .name && isScalar(piece.text) == true
  }

  private func areNumbers(_ tokens: ArraySlice<Piece>) -> Bool {
    tokens.allSatisfy { $0.kind != .name && $0.kind != .method || isNumber($0) }
  }
}
