import Formulas
import Operations
import Sessions

/// Formulas and figures in the prose and in tables, in backticks, and whether the lesson prints or checks each:
/// `dZ2 = (S - Y) / m` and `0.3423` must occur in a command, in what a command prints, or in an exercise.
struct StatedClaims {
  private var formulas: [(line: Int, text: String)] = []
  private var figures: [(line: Int, text: String)] = []
  private var shown: [String] = []
  private var numbers: Set<String> = []

  mutating func read(_ prose: String, line: Int) {
    let spans = prose.replacing("``", with: "`").split(separator: "`", omittingEmptySubsequences: false)
    for (index, span) in spans.enumerated() where index % 2 == 1 {
      let text = String(span)
      let parts = text.split(separator: " = ").map(String.init)
      if let found = Self.figures(text) {
        figures += found.map { (line, $0) }
      } else if parts.count > 2, let name = parts.first, Self.isEquation(Self.plain("\(name) = \(parts[1])"))
      {
        // A chain states each of its parts.
        formulas += parts.dropFirst().map { (line, "\(name) = \($0)") }
      } else if Self.isEquation(Self.plain(text)) {
        formulas.append((line, text))
      }
    }
  }

  mutating func note(_ lines: [String]) {
    shown.append(Self.compact(lines.map(Self.withoutShape).joined()))
    for line in lines {
      for token in TranscriptComparison.tokens(line) where token.isNumber { numbers.insert(token.text) }
    }
  }

  var faults: [LessonFault] {
    formulas.filter { formula in !shown.contains { $0.contains(Self.compact(formula.text)) } }.map {
      LessonFault(
        $0.line, "the formula '\($0.text)' is stated, and nothing in the lesson prints or checks it")
    }
      + figures.filter { figure in
        let text = Self.plain(figure.text)
        return !numbers.contains { TranscriptComparison.agree(text, $0) }
      }.map {
        LessonFault($0.line, "the figure '\($0.text)' is stated, and nothing in the lesson prints it")
      }
  }

  /// A number with a point or an exponent and nothing else: a count is seldom a result.
  private static func isFigure(_ text: String) -> Bool {
    let text = plain(text)
    return text.contains { $0 == "." || $0 == "e" } && text.first.map { $0.isNumber || $0 == "-" } == true
      && Double(text) != nil
  }

  /// The figures of `0.35`, `0.35, 0.18`, `0.35 s` and `97.5 %`; nil when something else stands there.
  private static func figures(_ text: String) -> [String]? {
    let words = text.split { $0 == "," || $0 == " " }.map(String.init)
    let found = words.filter(isFigure)
    let isUnit = words.last.map { word in word.allSatisfy { $0.isLetter || $0 == "%" } } == true
    return !found.isEmpty && found.count + (isUnit ? 1 : 0) == words.count ? found : nil
  }

  /// `NAME = formula`, not a command or an option such as `h=1e-5`.
  private static func isEquation(_ text: String) -> Bool {
    guard text.contains("="), let parts = try? Assignment.split(text, at: 0, in: text, naming: .standard),
      let parsed = try? Parser.parse(parts.formula)
    else { return false }
    // Without blanks it may be an option with its value.
    return text.contains(" = ") || !parsed.expression.names.isEmpty && !parsed.expression.children.isEmpty
  }

  /// As it is typed: `dZ2 == (S − Y)/m` states what `dZ2 = (S - Y) / m` does.
  private static func plain(_ text: String) -> String {
    let signs: [(String, String)] = [
      ("−", "-"), ("·", "*"), ("⋅", "*"), ("×", "*"), ("⊙", "*"), ("∘", "*"), ("ᵀ", ".T"), ("==", "="),
      ("²", "**2"),
    ]
    return signs.reduce(text) { $0.replacing($1.0, with: $1.1) }
  }

  private static func compact(_ text: String) -> String { plain(text).filter { !$0.isWhitespace } }

  /// `dZ2 (3×3) = …`, as a value's title has it, states `dZ2 = …`.
  private static func withoutShape(_ line: String) -> String {
    guard let open = line.firstIndex(of: "("), let close = line[open...].firstIndex(of: ")"),
      line[close...].hasPrefix(") ="),
      line[line.index(after: open)..<close].allSatisfy({ $0.isNumber || $0 == "×" })
    else { return line }
    return String(line[..<open] + line[line.index(after: close)...])
  }
}
