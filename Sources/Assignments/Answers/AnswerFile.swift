import DataSets
import Formulas
import Lessons
import Platform
import Sessions

/// What one student has handed in: an answer for each question, by its number.
struct Answers: Sendable {
  enum Given: Sendable { case text(String), cells([[String]]) }

  /// As the file says it; nil where it does not.
  var student: String?
  var given: [Int: Given] = [:]
  var problem: String?

  /// What is longer was not written by hand; a table has a row for each of many.
  static let (longestFile, longestTable) = (1 << 20, 32 << 20)

  /// Whether something stands there.
  static func isBlank(_ given: Given) -> Bool {
    switch given {
    case .text(let text): AnswerForm(String(text.prefix(AnswerForm.longest)), columns: nil).isBlank
    case .cells(let cells): AnswerForm(cells: cells).isBlank
    }
  }

  /// Whether a page that was handed out has answers already.
  static func areWritten(in path: String) -> Bool {
    guard let bytes = FileAccess.bytes(of: path, longestFile) else { return false }
    return markdown(TextBytes.text(bytes)).given.values.contains { !isBlank($0) }
  }

  // MARK: Markdown

  /// The blocks `answer` of a page that `assign` wrote, whatever else was done to it.
  static func markdown(_ text: String) -> Answers {
    var answers = Answers()
    var number: Int?
    var lines: [String] = []
    func close() {
      if let number, answers.given[number] == nil {
        answers.given[number] = .text(lines.joined(separator: "\n"))
      }
      (number, lines) = (nil, [])
    }
    for line in LessonParser.lines(text) {
      let trimmed = line.trimmed
      let fence = trimmed.hasPrefix("```") || trimmed.hasPrefix("~~~")
      let words = trimmed.drop { "`~".contains($0) }.split(separator: " ")
      if fence, words.first == "answer", words.count > 1, let asked = Int(words[1]) {
        close()
        number = asked
        continue
      }
      // What was pasted with a fence of its own.
      if number != nil, fence, lines.allSatisfy({ $0.trimmed.isEmpty }) { continue }
      // A fence that was deleted ends with the next heading.
      if number != nil, fence || trimmed.hasPrefix("#") {
        close()
      } else if number != nil {
        lines.append(line)
      } else if answers.student == nil, trimmed.hasPrefix("Student:") {
        answers.student = unescaped(trimmed.dropFirst("Student:".count)).trimmed
      }
    }
    close()
    if answers.given.isEmpty { answers.problem = "it has no block ```answer" }
    return answers
  }

  /// Markdown's backslashes before signs.
  private static func unescaped(_ text: Substring) -> String {
    var result = ""
    var isEscaped = false
    for c in text {
      if c == "\\", !isEscaped { isEscaped = true; continue }
      isEscaped = false
      result.append(c)
    }
    return result
  }

  // MARK: JSON

  /// `{"student": "ada", "answers": {"1": "3x2", "2": [["1", "2"], ["3", "4"]]}}`, or a list of such.
  static func json(_ bytes: [UInt8]) -> [Answers] {
    let value: JSONText
    do throws(DataError) { value = try JSONText.parse(bytes, path: "", offset: 0, named: "it") } catch {
      return [Answers(problem: MarkWords.clean(error.message))]
    }
    if case .array(let items) = value { return items.map(one) }
    return [one(value)]
  }

  private static func one(_ value: JSONText) -> Answers {
    guard case .object(let fields) = value else {
      return Answers(problem: "it is no object with student and answers")
    }
    var answers = Answers()
    for (name, value) in fields {
      if name.lowercased() == "student" || name.lowercased() == "id" { answers.student = value.word }
      guard name == "answers", case .object(let items) = value else { continue }
      for (key, item) in items {
        guard let number = questionNumber(key), answers.given[number] == nil else { continue }
        if case .array(let rows) = item {
          let cells = rows.map { row -> [String] in
            if case .array(let cells) = row { cells.map { $0.word ?? "" } } else { [row.word ?? ""] }
          }
          // A list of numbers is one row.
          let isRow = rows.allSatisfy { if case .array = $0 { false } else { true } }
          answers.given[number] = .cells(isRow ? [cells.flatMap { $0 }] : cells)
        } else if let text = item.word {
          answers.given[number] = .text(text)
        }
      }
    }
    if answers.given.isEmpty { answers.problem = "it has no answers" }
    return answers
  }

  // MARK: A form's table

  /// A row for each student: a column with the id, and one for each question, `1`, `Q1` or `Question 1: dW1`. Moodle's
  /// `Response 1` stands beside `Question 1`, which then has the question's text.
  static func table(_ text: String, _ isStudent: (String) -> Bool) -> [Answers] {
    let rows = CSVRows.parse(text)
    guard let header = rows.first?.fields else { return [] }
    func known(_ column: Int) -> Int {
      rows.dropFirst().count { $0.fields.indices.contains(column) && isStudent($0.fields[column]) }
    }
    let named = Students.columns(in: header)
    // What is called otherwise is known by the ids in it.
    let others = header.indices.filter { questionNumber(header[$0]) == nil }
    guard
      let idColumn = (named.contains { known($0) > 0 } ? named : named + others).max(by: {
        known($0) < known($1)
      }),
      named.contains(idColumn) || known(idColumn) > 0
    else {
      return [Answers(problem: "its first line names no column with the student's id: student, id, email, …")]
    }
    let asked = header.enumerated().compactMap { column, name in
      column == idColumn ? nil : questionNumber(name).map { (column: column, number: $0) }
    }
    let responses = asked.filter { isResponse(header[$0.column]) }
    let columns = responses.isEmpty ? asked : responses
    return rows.dropFirst().map { row in
      var answers = Answers()
      if row.fields.indices.contains(idColumn) { answers.student = row.fields[idColumn].trimmed }
      if row.isDamaged { answers.problem = "line \(row.line) has a quotation mark that is not closed" }
      for (column, number) in columns
      where row.fields.indices.contains(column) && answers.given[number] == nil {
        answers.given[number] = .text(row.fields[column])
      }
      return answers
    }
  }

  /// 3 of `3`, `q3`, `Question 3: dW1`; nil for other words, dates among them.
  private static func questionNumber(_ text: String) -> Int? {
    var rest = text.lowercased().trimmed[...]
    for word in responses + ["question", "frage", "aufgabe", "q"] where rest.hasPrefix(word) {
      rest = rest.dropFirst(word.count).drop { " _.#".contains($0) }
      break
    }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    let behind = rest.dropFirst(digits.count)
    // `Q. 1 /2.00` has marks in it.
    let isMarks = behind.drop { $0 == " " }.hasPrefix("/")
    guard behind.isEmpty || " :.)([".contains(behind.first ?? " "), !isMarks else { return nil }
    return Int(digits)
  }

  private static let responses = ["response", "answer", "antwort", "réponse", "respuesta"]

  private static func isResponse(_ header: String) -> Bool {
    responses.contains { header.lowercased().trimmed.hasPrefix($0) }
  }
}
