/// Markdown → lesson, line by line. Faults are collected, not thrown, so that one run names them all.
package struct LessonParser {
  package private(set) var lesson = Lesson()
  package private(set) var faults: [LessonFault] = []
  private let lines: [String]
  private var position = 0
  /// Lines of the paragraph or list item that is being read.
  private var open: (line: Int, isItem: Bool, text: String)?

  package static func parse(_ text: String) -> (lesson: Lesson, faults: [LessonFault]) {
    var parser = LessonParser(text)
    parser.run()
    return (parser.lesson, parser.faults)
  }

  /// The lines of a file. A control character never gets further than this.
  package static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      String(line.hasSuffix("\r") ? line.dropLast() : line)
    }
  }

  private init(_ text: String) {
    // "\r\n" is one Character.
    let plain = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\r" }))
    let raw = Self.lines(plain)
    lines = raw.map(Self.safe)
    for (index, line) in raw.enumerated() where lines[index].unicodeScalars.count != line.unicodeScalars.count
    {
      faults.append(LessonFault(index + 1, "a control character stands in this line"))
    }
  }

  /// Without control characters and marks that turn the direction of writing; a tab is a blank.
  static func safe(_ line: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in line.unicodeScalars {
      switch scalar.value {
      case 9: scalars.append(" ")
      case 0..<32, 127..<160, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x2028...0x2029: continue
      default: scalars.append(scalar)
      }
    }
    return String(scalars)
  }

  private mutating func run() {
    readSettings()
    while position < lines.count {
      let line = lines[position]
      let trimmed = line.trimmed
      let number = position + 1
      if trimmed.hasPrefix("```") {
        closeParagraph()
        readFence(String(trimmed.drop { $0 == "`" }).trimmed)
        continue
      }
      position += 1
      if trimmed.isEmpty {
        closeParagraph()
      } else if trimmed.hasPrefix("<!--") {
        closeParagraph()
        if !trimmed.hasSuffix("-->") {
          while position < lines.count, !lines[position].contains("-->") { position += 1 }
          position += 1
        }
      } else if line.hasPrefix("#") {
        closeParagraph()
        let heading = String(line.drop { $0 == "#" }).trimmed
        if lesson.title.isEmpty, line.hasPrefix("# ") { lesson.title = heading }
        lesson.blocks.append(.init(line: number, content: .heading(heading)))
      } else if trimmed.hasPrefix("|") || (line.hasPrefix("    ") && open == nil) {
        closeParagraph()
        addLiteral(trimmed.hasPrefix("|") ? trimmed : line, number)
      } else if Self.isItem(trimmed) {
        closeParagraph()
        open = (number, true, trimmed)
      } else if let paragraph = open {
        open = (paragraph.line, paragraph.isItem, paragraph.text + " " + trimmed)
      } else {
        open = (number, false, trimmed)
      }
    }
    closeParagraph()
    if lesson.title.isEmpty { faults.append(LessonFault(1, "the lesson has no title: '# Title' is missing")) }
  }

  private static func isItem(_ line: String) -> Bool {
    if line.hasPrefix("- ") || line.hasPrefix("* ") { return true }
    let digits = line.prefix { $0.isNumber }
    return !digits.isEmpty && digits.count < 3 && line.dropFirst(digits.count).hasPrefix(". ")
  }

  private mutating func closeParagraph() {
    guard let paragraph = open else { return }
    open = nil
    if paragraph.isItem, let colon = paragraph.text.firstIndex(of: ":"), paragraph.text.hasPrefix("- ") {
      let label = String(paragraph.text[..<colon].dropFirst(2))
      if ["Assumes", "Teaches", "Source"].contains(label) {
        let text = String(paragraph.text[paragraph.text.index(after: colon)...]).trimmed
        lesson.facts.append((label, text))
      }
    }
    lesson.blocks.append(
      .init(
        line: paragraph.line, content: paragraph.isItem ? .item(paragraph.text) : .prose(paragraph.text)))
  }

  private mutating func addLiteral(_ line: String, _ number: Int) {
    if let last = lesson.blocks.last, case .literal(let before) = last.content,
      last.line + before.count == number
    {
      lesson.blocks[lesson.blocks.count - 1].content = .literal(before + [line])
    } else {
      lesson.blocks.append(.init(line: number, content: .literal([line])))
    }
  }

  // MARK: Settings

  private mutating func readSettings() {
    guard let first = lines.first?.trimmed, first.hasPrefix("<!-- stepgrad:"), first.hasSuffix("-->") else {
      return
    }
    position = 1
    for word in first.dropFirst("<!-- stepgrad:".count).dropLast(3).split(separator: " ") {
      let parts = word.split(separator: "=", maxSplits: 1)
      let value = parts.count == 2 ? String(parts[1]) : ""
      switch (parts.first ?? "", Int(value)) {
      case ("width", .some(let width)) where (20...200).contains(width): lesson.settings.width = width
      case ("seed", .some(let seed)) where seed >= 0: lesson.settings.seed = seed
      case ("color", nil) where value == "never": break
      default:
        faults.append(
          LessonFault(1, "'\(word)' is no setting of a lesson: width=20…200, seed=0…, color=never"))
      }
    }
  }

  // MARK: Fences

  private mutating func readFence(_ language: String) {
    let start = position
    position += 1
    var body: [String] = []
    while position < lines.count, lines[position].trimmed != "```" {
      body.append(lines[position])
      position += 1
    }
    if position == lines.count { faults.append(LessonFault(start + 1, "this block is not closed by ```")) }
    position += 1
    let content: Lesson.Content
    switch language {
    case "stepgrad": content = .transcript(transcript(body, after: start + 1))
    case "exercise": content = .exercise(exercise(body, after: start + 1))
    default: content = .literal(body.map { "  " + $0 })
    }
    lesson.blocks.append(.init(line: start + 1, content: content))
  }

  private mutating func transcript(_ body: [String], after line: Int) -> [TranscriptEntry] {
    var entries: [TranscriptEntry] = []
    for (index, text) in body.enumerated() {
      let number = line + 1 + index
      if text.hasPrefix("> ") {
        var command = String(text.dropFirst(2)).trimmed
        let mustFail = command.hasSuffix("# fails")
        if mustFail { command = String(command.dropLast("# fails".count)).trimmed }
        entries.append(TranscriptEntry(command: command, line: number, mustFail: mustFail, expected: []))
      } else if entries.isEmpty {
        if !text.trimmed.isEmpty { faults.append(LessonFault(number, "this stands before any '> ' command")) }
      } else {
        entries[entries.count - 1].expected.append(text)
      }
    }
    if entries.isEmpty { faults.append(LessonFault(line, "this transcript has no '> ' command")) }
    return entries
  }

  private mutating func exercise(_ body: [String], after line: Int) -> LessonExercise {
    var exercise = LessonExercise()
    exercise.line = line
    var field: String?
    for (index, text) in body.enumerated() {
      let number = line + 1 + index
      let colon = text.firstIndex(of: ":")
      let key = colon.map { String(text[..<$0]) } ?? ""
      let value = colon.map { String(text[text.index(after: $0)...]).trimmed } ?? ""
      switch key {
      case "kind":
        if let kind = LessonExercise.Kind(rawValue: value) {
          exercise.kind = kind
        } else {
          faults.append(LessonFault(number, "the kind of an exercise is value, shape or equation"))
        }
      case "name": exercise.name = value
      case "answer":
        exercise.answer = value
        exercise.answerLine = number
      case "hint": exercise.hints.append(value)
      case "wrong": exercise.wrong.append(value)
      default:
        if field == nil {
          exercise.question.append(text)
        } else if field == "hint", text.hasPrefix("  "), let last = exercise.hints.popLast() {
          exercise.hints.append(last + " " + text.trimmed)
        } else if !text.trimmed.isEmpty {
          faults.append(LessonFault(number, "behind kind, name, answer, hint and wrong stands no other text"))
        }
        continue
      }
      field = key
    }
    if exercise.answer.isEmpty { faults.append(LessonFault(line, "this exercise has no 'answer: …'")) }
    if exercise.question.allSatisfy({ $0.trimmed.isEmpty }) {
      faults.append(LessonFault(line, "this exercise asks nothing"))
    }
    return exercise
  }
}
