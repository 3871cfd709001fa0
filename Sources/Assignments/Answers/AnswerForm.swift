import Lessons
import Sessions

/// What a student wrote for one question, brought into a form that is read as a formula: gaps that were left open, rows of
/// a matrix without brackets, matrices of LaTeX, the name before an equals sign.
struct AnswerForm: Equatable {
  /// Rows of cells, where it is nothing else; a cell that was left open is empty.
  private(set) var rows: [[String]]?
  /// As it is judged; empty where nothing was written.
  private(set) var text: String
  /// Another way in which it can be read: 1,041 is a thousand and forty-one, or a little more than one.
  private(set) var otherText: String?

  /// An answer longer than this is none that was worked by hand.
  static let longest = 16_384

  var isBlank: Bool { rows.map { $0.allSatisfy { $0.allSatisfy(\.isEmpty) } } ?? text.isEmpty }
  var isComplete: Bool { rows?.allSatisfy { $0.allSatisfy { !$0.isEmpty } } ?? true }

  /// Cells of a page that was filled in on the screen.
  init(cells: [[String]]) {
    let rows = cells.map { $0.map { Self.number(Self.cell($0), isCell: true) } }
    self.rows = rows
    text = Self.formula(rows)
  }

  /// - Parameter columns: how many numbers a row of the answer has, where one is asked for.
  init(_ raw: String, columns: Int?) {
    var lines = LessonParser.lines(raw).map { Self.plain(LessonParser.safe($0)) }.filter { !$0.isEmpty }
    if let first = lines.first, let rest = Self.behindName(first) {
      lines[0] = rest
      if rest.isEmpty { lines.removeFirst() }
    }
    if lines.count == 1, Self.isAmbiguous(lines[0]) {
      (rows, text, otherText) = (nil, lines[0], lines[0].replacing(",", with: "."))
      return
    }
    let table = lines.flatMap { $0.split(separator: ";").map { String($0).trimmed } }.filter { !$0.isEmpty }
    let isTable = !lines.contains { $0.contains { "[(".contains($0) } }
    let rows = table.map { Self.cells($0, columns) }
    let isNumbers = rows.allSatisfy { $0.allSatisfy { $0.isEmpty || Double($0) != nil } }
    if isTable, isNumbers, !rows.isEmpty, rows.count > 1 || rows[0].count > 1 || rows == [[""]] {
      self.rows = rows
      text = Self.formula(rows)
    } else {
      let words = lines.joined(separator: " ").split(separator: " ").filter { !Self.isGap($0) }
      let whole = words.joined(separator: " ")
      // Of `____ × ____` the sign is left.
      let isOpen = raw.contains("__") && !whole.contains { $0.isLetter || $0.isNumber }
      text = isOpen ? "" : Self.listed(whole)
    }
  }

  /// `dW1 = …`, `∂L/∂W1 = …`; a list of options has its = behind a bracket.
  private static func behindName(_ line: String) -> String? {
    guard let equals = line.firstIndex(of: "="), !line[line.index(after: equals)...].hasPrefix("=") else {
      return nil
    }
    let left = String(line[..<equals]).trimmed
    guard left.first.map({ $0.isLetter || "∂".contains($0) }) == true, left.count < 20,
      left.allSatisfy({ $0.isLetter || $0.isNumber || "∂/_ ".contains($0) })
    else { return nil }
    return String(line[line.index(after: equals)...]).trimmed
  }

  /// A comma before three digits, and no zero before it.
  private static func isAmbiguous(_ text: String) -> Bool {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    return parts.count == 2 && parts[1].count == 3 && parts[1].allSatisfy { $0.isASCII && $0.isNumber }
      && Int(parts[0]).map { $0 != 0 && abs($0) < 1000 } == true
  }

  /// `(1, 2)` is a list of numbers.
  private static func listed(_ text: String) -> String {
    guard text.hasPrefix("("), text.hasSuffix(")"), text.contains(","),
      text.dropFirst().dropLast().allSatisfy({ $0.isASCII && ($0.isNumber || "+-.,eE ".contains($0)) })
    else { return text }
    return "[" + text.dropFirst().dropLast() + "]"
  }

  private static func isGap(_ word: some StringProtocol) -> Bool {
    word.allSatisfy { "_…?".contains($0) } && !word.isEmpty
  }

  private static func cell(_ text: String) -> String {
    let text = LessonParser.safe(text).trimmed
    return isGap(text) ? "" : text
  }

  private static func cells(_ line: String, _ columns: Int?) -> [String] {
    let words = line.split { $0.isWhitespace || $0 == "|" || $0 == "&" }.map(String.init)
    // 0,5 is a number where as many of them are asked for.
    if words.count == columns, words.contains(where: { $0.contains(",") && number($0, isCell: true) != $0 }) {
      return words.map { number(cell($0), isCell: true) }
    }
    return line.split { $0.isWhitespace || "|&,".contains($0) }.map {
      number(cell(String($0)), isCell: false)
    }
  }

  private static func number(_ text: String, isCell: Bool) -> String {
    let text = text.replacing("−", with: "-").replacing("–", with: "-")
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let isDecimal =
      isCell && parts.count == 2 && parts[1].allSatisfy { $0.isASCII && $0.isNumber } && !parts[1].isEmpty
      && (parts[0].isEmpty || Int(parts[0]) != nil || parts[0] == "-")
    return isDecimal ? parts.joined(separator: ".") : text
  }

  private static func formula(_ rows: [[String]]) -> String {
    if rows.count == 1, rows[0].count == 1 { return rows[0][0] }
    return "[" + rows.map { "[" + $0.joined(separator: ", ") + "]" }.joined(separator: ", ") + "]"
  }

  /// Without what Markdown and LaTeX put around a formula.
  private static func plain(_ line: String) -> String {
    var line = line
    if line.contains("\\") {
      for kind in ["bmatrix", "pmatrix", "matrix", "array"] {
        line = line.replacing("\\begin{\(kind)}", with: "").replacing("\\end{\(kind)}", with: "")
      }
      for (sign, plain) in [
        ("\\\\", ";"), ("\\cdot", "*"), ("\\times", "×"), ("\\odot", "⊙"), ("\\left", ""), ("\\right", ""),
        ("\\,", " "),
        ("^\\top", ".T"), ("^{\\top}", ".T"), ("\\_", "_"), ("\\partial", "∂"),
      ] { line = line.replacing(sign, with: plain) }
    }
    return line.replacing("^{T}", with: ".T").replacing("^T", with: ".T").filter { !"`$".contains($0) }
      .trimmed
  }
}
