/// A piece of a formula and where it stands, counted in Characters.
package struct Token: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    case number(Double)
    case name(String)
    case symbol(String)
    /// Between quotes.
    case text(String)
    case end
  }
  package var kind: Kind
  package var range: Range<Int>
  /// The first of its line, in a text of several.
  package var startsLine = false
}

/// Text → tokens. Accepts NumPy's spelling and the blackboard's: ᵀ for .T, ⊙ for *, ∂L/∂W1 for dW1; · is @,
/// and * beside a number.
package struct Lexer {
  /// Longer lines are refused: nobody types them, and a pasted file is better loaded.
  package static let longestLine = 1 << 20

  private let characters: [Character]
  private let naming: Naming
  private var position = 0
  /// A line ended before the token that was read last.
  private var isNewLine = false
  /// The token before may have a value before this one: a quote behind it is a prime.
  private var isBehindBracket = true

  private init(_ characters: [Character], _ naming: Naming) {
    self.characters = characters
    self.naming = naming
  }

  /// What a gradient's name begins with.
  static let gradientLetter: Character = "d"

  /// Whether a word is a name or an entry of one, as in a list of them: `dL/dW1`, `W1[0,2]`.
  package static func isNamed(_ word: String, _ naming: Naming = .standard) -> Bool {
    guard let kinds = try? tokens(of: word, naming: naming).map(\.kind).filter({ $0 != .end }),
      case .name? = kinds.first
    else { return false }
    return kinds.count == 1 || kinds[1] == .symbol("[") && kinds.last == .symbol("]")
  }

  package static func tokens(of text: String, naming: Naming = .standard) throws(Diagnostic) -> [Token] {
    guard text.utf8.count <= longestLine else {
      throw Diagnostic(
        "this line is \(text.utf8.count) bytes long; the longest that is read has \(longestLine)",
        hint: "put numbers into a file and read it with 'data csv FILE' or 'data npy FILE'")
    }
    var lexer = Lexer(bracketed(text), naming)
    var tokens: [Token] = []
    while var token = try lexer.next() {
      token.startsLine = lexer.isNewLine
      lexer.isBehindBracket = ["(", ",", "=", "["].contains { token.kind == .symbol($0) }
      tokens.append(token)
    }
    tokens.append(Token(kind: .end, range: lexer.characters.count..<lexer.characters.count + 1))
    return tokens
  }

  /// A matrix of LaTeX, and one in braces as C and Mathematica write it, in the brackets of this language and as long as it is.
  private static func bracketed(_ text: String) -> [Character] {
    guard text.contains(where: { "{}".contains($0) }) else { return Array(text) }
    var text = text
    if text.contains("\\begin{") {
      for part in ["\\left[", "\\left(", "\\right]", "\\right)"] {
        text.replace(part, with: String(repeating: " ", count: part.count))
      }
      // How the columns of an array are set.
      if let open = text.firstRange(of: "\\begin{array}{"),
        let close = text[open.upperBound...].firstIndex(of: "}")
      {
        let columns = text.index(before: open.upperBound)...close
        text.replaceSubrange(columns, with: String(repeating: " ", count: text[columns].count))
      }
    }
    for kind in ["bmatrix", "pmatrix", "matrix", "array"] where text.contains("\\begin{\(kind)}") {
      func blanks(_ n: Int) -> String { String(repeating: " ", count: n) }
      text.replace("\\begin{\(kind)}", with: "[" + blanks(kind.count + 7))
      text.replace("\\end{\(kind)}", with: blanks(kind.count + 5) + "]")
      text.replace("\\\\", with: "; ")
      text.replace("&", with: " ")
    }
    if isNumbersInBraces(text[...]) {
      text.replace("{", with: "[")
      text.replace("}", with: "]")
    }
    return Array(text)
  }

  /// Nothing but numbers in braces, as C and Mathematica write a matrix.
  package static func isNumbersInBraces(_ text: Substring) -> Bool {
    text.allSatisfy { $0.isWhitespace || $0.isASCII && $0.isNumber || "{}+-.,eE".contains($0) }
  }

  private func peek(_ offset: Int = 0) -> Character? {
    characters.indices.contains(position + offset) ? characters[position + offset] : nil
  }

  private mutating func next() throws(Diagnostic) -> Token? {
    isNewLine = false
    while let c = peek(), c.isWhitespace {
      isNewLine = isNewLine || c.isNewline
      position += 1
    }
    guard let c = peek(), c != "#" else { return nil }
    let start = position
    if isDigit(c) || (c == "." && peek(1).map(isDigit) == true) { return try number(from: start) }
    if Lexer.startsName(c) { return try name(from: start) }
    if c == "\"" || isBehindBracket, let text = try quoted() {
      return Token(kind: .text(text), range: start..<position)
    }
    if c == ".", let next = peek(1), "+-(".contains(next) {
      throw Diagnostic(
        "no point stands before \(next == "(" ? "a bracket" : "an operator") here", at: [start..<start + 2],
        hint: "+ - * / ** and functions work entry by entry; the matrix product is @")
    }
    for symbol in Lexer.symbols where matches(symbol.written) {
      position += symbol.written.count
      return Token(kind: .symbol(symbol.means), range: start..<position)
    }
    let code = c.unicodeScalars.first.map { "U+" + String($0.value, radix: 16, uppercase: true) } ?? ""
    let shown = c.isLetter || c.isNumber || c.isPunctuation || c.isSymbol ? "'\(c)'" : code
    throw Diagnostic(
      "\(shown) has no meaning in a formula", at: [start..<start + 1],
      hint: Lexer.otherSigns[c].map { "\($0)" })
  }

  /// What stands here for signs of other notations.
  private static let otherSigns: [Character: String] = [
    "\\": "of LaTeX a whole matrix is read, from its \\begin to its \\end; formulas of LaTeX by 'check'",
    "&": "two masks hold together where their product is 1: (A > 0) * (A < 1)",
    "|": "abs(A) of each entry; either of two masks is maximum(A > 1, A < 0)",
    "‖": "sqrt(sum(A**2)) is the length, sum(A**2) its square", "~": "what a mask leaves out is 1 - (A > 0)",
    "√": "a root is sqrt(A)", "½": "a half is 0.5 * A or A / 2", "¼": "a quarter is A / 4",
    "∑": "a sum is sum(A), along an axis sum(A, axis=0)", "∇": "the gradient of W1 is dW1",
    "÷": "a quotient is A / B",
    "⁻": "nothing is inverted here; 1 / A goes entry by entry",
    "∏": "a product is written out: A[:, 0] * A[:, 1]",
    "%": "no remainder is taken here", "!": "what a mask leaves out is 1 - (A > 0)",
    "?": "where(A > 0, A, B) chooses entry by entry", "$": "names begin with a letter",
  ]

  /// Longest first, so that `**` is not read as two products.
  private static let symbols: [(written: [Character], means: String)] = [
    // As MATLAB and Julia write what goes entry by entry.
    (".*", "*"), ("./", "/"), (".^", "**"),
    ("**", "**"), ("...", "…"), ("…", "…"), ("<=", "<="), (">=", ">="), ("==", "=="), ("!=", "!="),
    (".mT", ".mT"), (".T", ".T"), ("ᵀ", ".T"),
    ("·", "·"), ("⋅", "·"), ("∙", "·"), ("⊙", "*"), ("∘", "*"), ("∗", "*"), ("×", "*"), ("−", "-"),
    ("≤", "<="), ("≥", ">="), ("≠", "!="),
    ("′", "'"), ("'", "'"), ("²", "²"), ("³", "³"),
    ("+", "+"), ("-", "-"), ("*", "*"), ("/", "/"), ("@", "@"), ("<", "<"), (">", ">"), ("=", "="),
    ("(", "("), (")", ")"), ("[", "["), ("]", "]"), (",", ","), (":", ":"), (";", ";"), ("^", "^"),
    (".", "."),
  ].map { (Array($0.0), $0.1) }

  private func matches(_ symbol: [Character]) -> Bool {
    for (offset, c) in symbol.enumerated() where peek(offset) != c { return false }
    // `.T` only as a whole word: `.Tx` is something else.
    return symbol.last != "T" || !(peek(symbol.count).map(Lexer.continuesName) ?? false)
  }

  private func isDigit(_ c: Character) -> Bool { c.isASCII && c.isNumber }

  package static func startsName(_ c: Character) -> Bool { (c.isLetter && c != "ᵀ") || c == "_" || c == "∂" }

  package static func continuesName(_ c: Character) -> Bool {
    (c.isLetter && c != "ᵀ") || c == "_" || (c.isASCII && c.isNumber) || subscriptDigits[c] != nil
  }

  private static let subscriptDigits: [Character: Character] = [
    "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8", "₉": "9",
  ]

  private mutating func number(from start: Int) throws(Diagnostic) -> Token {
    while let c = peek(), isDigit(c) { position += 1 }
    if peek() == ".", !(peek(1) == "T" && !(peek(2).map(Lexer.continuesName) ?? false)) {
      position += 1
      while let c = peek(), isDigit(c) { position += 1 }
    }
    if peek() == "e" || peek() == "E" {
      let signed = peek(1) == "-" || peek(1) == "+"
      if let digit = peek(signed ? 2 : 1), isDigit(digit) {
        position += signed ? 2 : 1
        while let c = peek(), isDigit(c) { position += 1 }
      }
    }
    let text = String(characters[start..<position])
    let written = text.hasSuffix(".") ? text + "0" : text
    guard let value = Double(written.hasPrefix(".") ? "0" + written : written.replacingPointBeforeExponent)
    else {
      throw Diagnostic("'\(text)' is not a number", at: [start..<position])
    }
    guard value.isFinite else {
      throw Diagnostic(
        "\(text) is larger than any double (about 1.8e308)", at: [start..<position])
    }
    if let c = peek(), "jiJ".contains(c), peek(1).map(Lexer.continuesName) != true {
      throw Diagnostic(
        "complex numbers have no meaning here", at: [start..<position + 1],
        hint: "a product is written \(text) * \(c)")
    }
    if let c = peek(), Lexer.continuesName(c) {
      throw Diagnostic(
        "a number runs into a name here", at: [start..<position + 1],
        hint: "write the product: \(text) * …; names begin with a letter")
    }
    return Token(kind: .number(value), range: start..<position)
  }

  private mutating func name(from start: Int) throws(Diagnostic) -> Token {
    // np.sum, torch.nn.functional.relu: the prefix says nothing here.
    var first = word()
    let isModule = Lexer.modules.contains(first) || first == "nn" && matches(Array(".functional."))
    let module = first
    while Lexer.modules.contains(first) || isModule && Lexer.submodules.contains(first), peek() == ".",
      peek(1).map(Lexer.startsName) == true
    {
      position += 1
      first = word()
    }
    if isModule, Parser.notNumbers.contains(first) || first == "inf" {
      return Token(kind: .name(first), range: start..<position)
    }
    if isModule, first == "e" { return Token(kind: .number(2.718281828459045), range: start..<position) }
    if isModule, first == "pi" { return Token(kind: .number(.pi), range: start..<position) }
    if isModule, first == "random", peek() == "." {
      position += 1
      let function = word()
      throw Diagnostic(
        "the random numbers of \(function) are other ones here", at: [start..<position],
        hint: "'init W1' gives W1 first values of its shape, randn(2, 3) draws some")
    }
    if first == FileReference.function, let reference = try reference(from: start) {
      return Token(kind: .name(reference.name), range: start..<position)
    }
    // Of two forms of a function JAX means unasked the one that PyTorch has by approximate='tanh': the parser knows both.
    if isModule, module == "jax", peek() == "(" {
      return Token(kind: .name("jax.\(first)"), range: start..<position)
    }
    // What the module means by the name and NumPy does not.
    if isModule, ForeignFunction.table["\(module).\(first)"] != nil {
      return Token(kind: .name("\(module).\(first)"), range: start..<position)
    }
    if first == "F" || isModule, let function = functional(first) {
      return Token(kind: .name(function), range: start..<position)
    }
    let marks: [Character] = ["∂", Lexer.gradientLetter]
    var text = naming.meaning(of: first)
    if let mark = first.first, marks.contains(mark), text == first {
      // ∂L/∂W1 and dL/dW1 are one name, as ∂W1 and dW1 are.
      let numerator = String(first.dropFirst())
      var denominator: String?
      if let next = denominatorStart(mark) {
        let isLoss = naming.losses.contains(naming.meaning(of: numerator))
        if isLoss || mark == "∂" {
          position = next
          denominator = word()
        }
        // A quotient of two gradients is something else again.
        guard isLoss || mark != "∂" else {
          throw Diagnostic(
            "∂\(numerator)/∂\(denominator ?? "") is no gradient of the loss", at: [start..<position],
            hint: "'jacobian \(numerator) \(denominator ?? "")' shows it")
        }
      }
      if let value = denominator ?? (mark == "∂" || naming.isShown(numerator) ? numerator : nil) {
        text = naming.meaning(of: value).gradientName
      }
    }
    return Token(kind: .name(text), range: start..<position)
  }

  // MARK: Files

  /// `("f.npz")["W1"]` behind `load`; nil where no bracket opens a text.
  private mutating func reference(from start: Int) throws(Diagnostic) -> FileReference? {
    let before = position
    skipBlanks()
    guard peek() == "(" else {
      position = before
      return nil
    }
    position += 1
    skipBlanks()
    guard let path = try quoted() else {
      throw Diagnostic(
        "load reads a file whose name stands between quotation marks", at: [start..<position],
        hint: "load(\"f.npz\")[\"W1\"]")
    }
    skipBlanks()
    guard peek() == ")" else {
      throw Diagnostic(
        "load takes the name of a file and nothing else", at: [start..<position + 1],
        hint: "load(\"\(path)\"), and load(\"\(path)\")[\"W1\"] for one of its arrays")
    }
    position += 1
    let behind = position
    skipBlanks()
    guard peek() == "[" else {
      position = behind
      return FileReference(path: path, key: nil)
    }
    position += 1
    skipBlanks()
    guard let key = try quoted() else {
      // Numbers: entries of the array, as of any other value.
      position = behind
      return FileReference(path: path, key: nil)
    }
    skipBlanks()
    guard peek() == "]" else {
      throw Diagnostic("']' is missing behind the array's name", at: [position..<position + 1])
    }
    position += 1
    return FileReference(path: path, key: key)
  }

  /// What a name of the kind says.
  static func reference(_ name: String) -> FileReference? {
    var lexer = Lexer(Array(name), .standard)
    lexer.position = FileReference.function.count
    return (try? lexer.reference(from: 0)) ?? nil
  }

  private mutating func skipBlanks() { while let c = peek(), c.isWhitespace { position += 1 } }

  /// The text between quotation marks of either kind; nil where there are none.
  private mutating func quoted() throws(Diagnostic) -> String? {
    guard let mark = peek(), mark == "\"" || mark == "'" else { return nil }
    let start = position
    guard let end = characters[(start + 1)...].firstIndex(of: mark) else {
      throw Diagnostic(
        "this quotation mark is not closed", at: [start..<start + 1], hint: "add \(String(mark))")
    }
    position = end + 1
    return String(characters[start + 1..<end])
  }

  private static let modules: Set<String> = [
    "np", "numpy", "torch", "jnp", "jax", "tf", "math", "pd", "scipy", "special",
  ]
  private static let submodules: Set<String> = ["nn", "functional", "numpy", "linalg", "math", "special"]
  /// The function in `F.relu(Z)`; nil for a method of a value that is called F, and nothing is read.
  private mutating func functional(_ first: String) -> String? {
    /// With its prefix where that says that something else is meant.
    func own(_ name: String) -> String? { ForeignFunction.table["F." + name].map { _ in "F." + name } }
    guard first == "F" else { return own(first) }
    let before = position
    guard peek() == ".", peek(1).map(Lexer.startsName) == true else { return nil }
    position += 1
    let name = word()
    // F.sum() and F.sum(axis=1) have their value before the point.
    let inside = characters[position...].dropFirst().drop(while: \.isWhitespace)
    let behind = inside.drop(while: Lexer.continuesName).drop(while: \.isWhitespace)
    guard peek() == "(", inside.first != ")", behind.first != "=" else {
      position = before
      return nil
    }
    return own(name) ?? name
  }

  /// Where the name behind `/ ∂` begins; nil when something else follows.
  private func denominatorStart(_ mark: Character) -> Int? {
    var ahead = 0
    while let c = peek(ahead), c.isWhitespace { ahead += 1 }
    guard peek(ahead) == "/" else { return nil }
    ahead += 1
    while let c = peek(ahead), c.isWhitespace { ahead += 1 }
    guard peek(ahead) == mark, peek(ahead + 1).map(Lexer.startsName) == true else { return nil }
    return position + ahead + 1
  }

  /// The letters, digits and underscores from here on, subscripts as digits.
  private mutating func word() -> String {
    let start = position
    position += 1
    while let c = peek(), Lexer.continuesName(c) { position += 1 }
    let text = String(characters[start..<position].map { Lexer.subscriptDigits[$0] ?? $0 })
    return text == "Ŷ" || text == "ŷ" ? .outputAlias : text
  }
}

extension String {
  /// `1.e5` is a number in Python but not in Swift.
  fileprivate var replacingPointBeforeExponent: String {
    guard let point = firstIndex(of: "."), let next = index(point, offsetBy: 1, limitedBy: endIndex),
      next < endIndex, self[next] == "e" || self[next] == "E"
    else { return self }
    return String(self[..<next]) + "0" + self[next...]
  }
}
