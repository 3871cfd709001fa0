import Formulas
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

  /// - Parameters:
  ///   - columns: how many numbers a row of the answer has, where one is asked for.
  ///   - isNumber: a single one is asked for.
  init(_ raw: String, columns: Int?, isNumber: Bool = false) {
    var lines = LessonParser.lines(raw).map { Typeset.unframed(LessonParser.safe($0)) }.filter { !$0.isEmpty }
    if let first = lines.first {
      lines[0] = String((Self.behindName(first) ?? first).drop { "=≈~ ".contains($0) })
      if lines[0].isEmpty { lines.removeFirst() }
    }
    if let last = lines.indices.last { lines[last] = Typeset.unended(lines[last]) }
    if isNumber, lines.count == 1 { lines[0] = Self.withoutUnit(lines[0]) }
    if lines.count == 1, let decimal = Self.withPoint(lines[0], isNumber) {
      let isThousand = Self.isAmbiguous(lines[0])
      (rows, text, otherText) = (nil, isThousand ? lines[0] : decimal, isThousand ? decimal : nil)
      return
    }
    lines = Self.withoutTable(Self.withoutBrackets(lines), columns)
    let table =
      Self.areSemicolonCells(lines, columns)
      ? lines.map { $0.replacing(";", with: "|") }
      : lines.flatMap { $0.split(separator: ";").map { String($0).trimmed } }.filter { !$0.isEmpty }
    let isTable = !lines.contains { $0.contains { "[(".contains($0) } }
    let rows = table.map { Self.cells($0, columns) }
    let isNumbers = rows.allSatisfy { $0.allSatisfy { $0.isEmpty || Self.isNumber($0) } }
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

  // MARK: Around the numbers

  /// 1.04 nats (rounded): the unit says nothing more. Bits would be another number.
  private static func withoutUnit(_ line: String) -> String {
    var line = line
    line.replace(#/([0-9])\s*\([A-Za-z ]*\)$/#) { "\($0.1)" }
    line.replace(
      #/([0-9])\s+(nats?|samples?|parameters?|weights?|numbers?|entries|operations?|multiplications?|flops?)$/#
    ) { "\($0.1)" }
    return line
  }

  /// 0,5 where one number is asked for; nil for anything else.
  private static func withPoint(_ text: String, _ isNumber: Bool) -> String? {
    guard isNumber || isAmbiguous(text) else { return nil }
    let point = number(text, isCell: true)
    return point != text && Double(point) != nil ? point : nil
  }

  /// Rows in brackets of their own, one in each line; braces, as C and Mathematica write them.
  private static func withoutBrackets(_ lines: [String]) -> [String] {
    var lines = lines
    let whole = lines.joined()
    if whole.contains("{"), whole.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.,eE{}* ^".contains($0)) }) {
      lines = lines.map {
        $0.replacing("{", with: "[").replacing("}", with: "]").replacing("*^", with: "e")
      }
    }
    for (open, close) in [("(", ")"), ("[", "]")] where lines.count > 1 {
      let inner = lines.map { String($0.dropFirst().dropLast()) }
      let areRows = lines.allSatisfy { $0.hasPrefix(open) && $0.hasSuffix(close) }
      if areRows, !inner.contains(where: { $0.contains { "()[]".contains($0) } }) { return inner }
    }
    return lines
  }

  /// A table of Markdown: without its line of dashes, and without the names of columns and rows, where the corner is empty.
  private static func withoutTable(_ lines: [String], _ columns: Int?) -> [String] {
    guard lines.count > 2, lines.allSatisfy({ $0.hasPrefix("|") && $0.hasSuffix("|") }),
      lines[1].allSatisfy({ "|-: ".contains($0) })
    else { return lines }
    var rows = lines.map { $0.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false) }
    rows.remove(at: 1)
    if rows[0].first?.allSatisfy(\.isWhitespace) == true {
      rows = rows.dropFirst().map { Array($0.dropFirst()) }
    }
    return rows.map { $0.joined(separator: "|") }
  }

  /// Cells of a spreadsheet whose numbers have commas.
  private static func areSemicolonCells(_ lines: [String], _ columns: Int?) -> Bool {
    guard let columns, columns > 1 else { return false }
    return lines.allSatisfy { line in
      let cells = line.split(separator: ";")
      return cells.count == columns
        && cells.allSatisfy { Double(number(String($0).trimmed, isCell: true)) != nil }
    } && lines.contains { $0.contains(",") }
  }

  /// Also 2/3.
  private static func isNumber(_ cell: String) -> Bool {
    if Double(cell) != nil { return true }
    let parts = cell.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 && Double(parts[0]) != nil && Int(parts[1]).map { $0 > 0 } == true
  }

  /// `dW1 = …`, `∂L/∂W1 = …`; a list of options has its = behind a bracket.
  private static func behindName(_ line: String) -> String? {
    guard let equals = line.firstIndex(where: { "=≈".contains($0) }),
      !line[line.index(after: equals)...].hasPrefix("=")
    else { return nil }
    // Also `dW2 := …`.
    let left = String(line[..<equals].reversed().drop { $0 == ":" }.reversed()).trimmed
    guard left.first.map({ $0.isLetter || "∂\\".contains($0) }) == true, left.count < 50,
      left.allSatisfy({ $0.isLetter || $0.isNumber || "∂/_ \\{}".contains($0) })
    else { return nil }
    return String(line[line.index(after: equals)...]).trimmed
  }

  /// The sides of equations in a row; equals signs in brackets, and of comparisons, are none.
  static func chain(_ text: String) -> [String] {
    var parts = [""]
    var depth = 0
    var last: Character?
    for (c, next) in zip(text, text.dropFirst() + " ") {
      if "([{".contains(c) { depth += 1 }
      if ")]}".contains(c) { depth -= 1 }
      let isComparison = next == "=" || last.map { "=<>!".contains($0) } ?? false
      if c == "=", depth == 0, !isComparison { parts.append("") } else { parts[parts.count - 1].append(c) }
      last = c
    }
    return parts.map(\.trimmed)
  }

  /// A comma before three digits, and no zero before it.
  private static func isAmbiguous(_ text: String) -> Bool {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    return parts.count == 2 && parts[1].count == 3 && parts[1].allSatisfy { $0.isASCII && $0.isNumber }
      && Int(parts[0]).map { $0 != 0 && $0.magnitude < 1000 } == true
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
    // 0,5 is a number where as many of them are asked for, also with a comma behind it.
    let separate = line.split(whereSeparator: \.isWhitespace)
      .map { $0.hasSuffix(",") ? String($0.dropLast()) : String($0) }
    if separate.count == columns, line.contains(", "), separate.contains(where: { $0.contains(",") }) {
      return separate.map { number(cell($0), isCell: true) }
    }
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

  /// Formulas that may be meant by what is none as it stands: set in LaTeX, or a print of rows with what stands around them.
  func otherReadings(of given: Answers.Given?, _ isScalar: @escaping (String) -> Bool?) -> [String] {
    guard case .text(let raw) = given else { return Typeset.readings(text, isScalar) }
    var table = PastedTable()
    for line in LessonParser.lines(raw).map(LessonParser.safe) where !line.hasPrefix("`") {
      table.append(line[...])
    }
    let print = (try? table.read())?.formula
    // `Answer: 1.04`, `The loss is 1.04`
    let sign = text.firstRange(of: ":") ?? text.firstRange(of: " is ")
    let parts =
      sign.map { [text[..<$0.lowerBound], text[$0.upperBound...]].map { String($0).trimmed } } ?? []
    let isLabelled =
      parts.count == 2 && parts[0].allSatisfy { $0.isLetter || $0.isNumber || "∂/_ ".contains($0) }
    let label = isLabelled ? [parts[1]] + Typeset.readings(parts[1], isScalar) : []
    return [print].compactMap { $0 } + label + Typeset.readings(text, isScalar)
  }

  private static func formula(_ rows: [[String]]) -> String {
    if rows.count == 1, rows[0].count == 1 { return rows[0][0] }
    return "[" + rows.map { "[" + $0.joined(separator: ", ") + "]" }.joined(separator: ", ") + "]"
  }
}
