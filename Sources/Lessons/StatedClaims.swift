import Formulas
import Operations
import Sessions

/// Formulas and figures that the prose, tables, hints and reasons state, and whether the lesson prints or checks each:
/// `dZ2 = (S - Y) / m` and `0.3423` must occur in a command, in what a command prints, or in an exercise. A formula that is
/// part of a printed one is another formula.
struct StatedClaims {
  private struct Claim: Hashable {
    let line: Int
    let text: String
  }

  private let lines: [String]
  /// The same in plain signs and without blanks.
  private let compact: [String]
  private var formulas: [Claim] = []
  private var figures: [Claim] = []
  /// Formulas without backticks, told from other prose by their names when all is read.
  private var loose: [Claim] = []
  private var shown = ShownFormulas()
  private var numbers: Set<String> = []

  /// - Parameter text: of the whole page, in which the lines of claims are found.
  init(_ text: String) {
    lines = LessonParser.lines(text).map(LessonParser.safe)
    compact = lines.map(Self.compact)
  }

  private static func compact(_ text: String) -> String {
    FormulaText.plain(text).filter { !$0.isWhitespace && $0 != "`" }
  }

  /// - Parameters:
  ///   - line: where the block begins that the prose is from.
  ///   - label: of the field of an exercise.
  mutating func read(_ prose: String, line: Int, label: String = "") {
    // `dW1` = `X.T @ dZ2` is one statement.
    var prose = prose.replacing("``", with: "`")
    for sign in ["=", "==", ":="] { prose = prose.replacing("` \(sign) `", with: " = ") }
    let spans = prose.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
    for (index, text) in spans.enumerated() {
      func claim(_ said: String, of whole: String) -> Claim {
        Claim(line: place(of: whole, from: line, label: label), text: said)
      }
      guard index % 2 == 1 else {
        loose += FormulaText.statements(in: Markdown.plain(text)).map { claim($0, of: $0) }
        continue
      }
      let parts = FormulaText.sides(of: text)
      if let found = Self.figures(text) {
        figures += found.map { claim($0, of: text) }
      } else if parts.count > 2, let name = parts.first, Self.isEquation("\(name) = \(parts[1])") {
        // A chain states each of its parts.
        formulas += parts.dropFirst().map { claim("\(name) = \($0)", of: text) }
      } else if Self.isEquation(FormulaText.plain(text)) {
        formulas.append(claim(text, of: text))
      }
    }
  }

  mutating func note(_ lines: [String]) {
    shown.note(lines)
    for line in lines {
      for token in TranscriptComparison.tokens(line) where token.isNumber { numbers.insert(token.text) }
    }
  }

  var faults: [LessonFault] {
    let names = shown.names
    let stated = formulas + loose.filter { FormulaText.isFormula($0.text, of: names) }
    var said: Set<Claim> = []
    return stated.filter { !shown.has($0.text) && said.insert($0).inserted }.map {
      LessonFault(
        $0.line, "the formula '\($0.text)' is stated, and nothing in the lesson prints or checks it")
    }
      + figures.filter { figure in
        let text = FormulaText.plain(figure.text)
        return !numbers.contains { TranscriptComparison.agree(text, $0) }
      }.map {
        LessonFault($0.line, "the figure '\($0.text)' is stated, and nothing in the lesson prints it")
      }
  }

  /// The line of the page in which a text begins: as a whole, else its first words, where it is wrapped.
  func place(of text: String, from line: Int, label: String) -> Int {
    let rest = lines.indices.dropFirst(line - 1)
    let end = rest.dropFirst().first { lines[$0].trimmed == "```" || label.isEmpty && lines[$0].isEmpty }
    let range = rest.prefix { $0 < end ?? lines.count }
    let start = label.isEmpty ? range.first : range.first { lines[$0].hasPrefix(label) }
    var words = text.split(separator: " ")
    while !words.isEmpty {
      let part = Self.compact(words.joined())
      if let found = range.first(where: { $0 >= start ?? 0 && compact[$0].contains(part) }) {
        return found + 1
      }
      words.removeLast()
    }
    return (start ?? line - 1) + 1
  }

  /// A number with a point or an exponent and nothing else: a count is seldom a result.
  private static func isFigure(_ text: String) -> Bool {
    let text = FormulaText.plain(text)
    return text.contains { $0 == "." || $0 == "e" } && text.first.map { $0.isNumber || $0 == "-" } == true
      && Double(text) != nil
  }

  /// The figures of `0.35`, `0.35, 0.18`, `0.35 → 0.18`, `0.35 s` and `97.5 %`; nil when something else stands there.
  private static func figures(_ text: String) -> [String]? {
    let words = text.split { $0 == "," || $0 == " " || $0 == "→" }.map(String.init)
    let found = words.filter(isFigure)
    let isUnit = words.last.map { word in word.allSatisfy { $0.isLetter || $0 == "%" } } == true
    return !found.isEmpty && found.count + (isUnit ? 1 : 0) == words.count ? found : nil
  }

  /// `NAME = formula` or `sum(S) = 4`, not a command or an option such as `h=1e-5`. With blanks around the sign one that
  /// cannot be read is one too, which nothing prints.
  private static func isEquation(_ text: String) -> Bool {
    guard let sign = text.firstRange(of: " = "), !text.contains("…") else {
      guard text.contains("="), let parts = try? Assignment.split(text, at: 0, in: text, naming: .standard),
        let parsed = try? Parser.parse(parts.formula)
      else { return false }
      // Without blanks it may be an option with its value.
      return !parsed.expression.names.isEmpty && !parsed.expression.children.isEmpty
    }
    let tokens = FormulaText.tokens(String(text[..<sign.lowerBound]))
    // The shape of a title says nothing about what it is.
    let isTitled = tokens.count > 1 && FormulaText.shapeLength(tokens[1...]) == tokens.count - 1
    let left = try? Parser.parse(isTitled ? tokens[0].text : String(text[..<sign.lowerBound]))
    return left.map { !$0.expression.names.isEmpty } ?? false
  }
}
