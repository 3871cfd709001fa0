import Formulas
import Operations
import Sessions

/// Formulas in the prose, and whether the lesson prints or checks each: `dZ2 = (S - Y) / m` in backticks must occur
/// in a command, in what a command prints, or as an exercise.
struct StatedFormulas {
  private var stated: [(line: Int, text: String)] = []
  private var shown: [String] = []

  mutating func read(_ prose: String, line: Int) {
    for (index, span) in prose.split(separator: "`", omittingEmptySubsequences: false).enumerated()
    where index % 2 == 1 && Self.isEquation(String(span)) {
      stated.append((line, String(span)))
    }
  }

  mutating func note(_ lines: [String]) {
    shown.append(Self.compact(lines.map(Self.withoutShape).joined()))
  }

  /// `dZ2 (3×3) = …`, as a value's title has it, states `dZ2 = …`.
  private static func withoutShape(_ line: String) -> String {
    guard let open = line.firstIndex(of: "("), let close = line[open...].firstIndex(of: ")"),
      line[close...].hasPrefix(") ="),
      line[line.index(after: open)..<close].allSatisfy({ $0.isNumber || $0 == "×" })
    else { return line }
    return String(line[..<open] + line[line.index(after: close)...])
  }

  var faults: [LessonFault] {
    stated.filter { formula in !shown.contains { $0.contains(Self.compact(formula.text)) } }.map {
      LessonFault(
        $0.line, "the formula '\($0.text)' is stated, and nothing in the lesson prints or checks it")
    }
  }

  /// `NAME = formula`, not a command or an option such as `h=1e-5`.
  private static func isEquation(_ text: String) -> Bool {
    guard text.contains(" = "), let parts = try? Assignment.split(text, at: 0, in: text, naming: .standard)
    else { return false }
    return (try? Parser.parse(parts.formula)) != nil
  }

  private static func compact(_ text: String) -> String { text.filter { !$0.isWhitespace } }
}
