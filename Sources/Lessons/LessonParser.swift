import Formulas

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
    text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      String(Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
    }
  }

  private init(_ text: String) {
    // "\r\n" is one Character.
    let plain =
      text.utf8.contains(UInt8(ascii: "\r"))
      ? String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\r" })) : text
    let raw = Self.lines(plain)
    lines = raw.map(Self.safe)
    for (index, line) in raw.enumerated() where lines[index].utf8.count != line.utf8.count {
      faults.append(LessonFault(index + 1, "a control character stands in this line"))
    }
    for (index, line) in raw.enumerated()
    where line.utf8.contains(0xEF) && line.unicodeScalars.contains("\u{FFFD}") {
      faults.append(LessonFault(index + 1, "bytes that are no UTF-8 stand in this line"))
    }
  }

  /// Without control characters and marks that turn the direction of writing; a tab is a blank.
  package static func safe(_ line: String) -> String {
    // Bytes that such a character begins with, or is.
    guard line.utf8.contains(where: { $0 < 32 || $0 == 127 || $0 == 0xC2 || $0 == 0xE2 }) else { return line }
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
      if trimmed.hasPrefix("~~~") {
        faults.append(LessonFault(number, "a block opens and closes with ```"))
      }
      if let language = missingFence(line) {
        readBody(language, from: open.map { $0.line - 1 } ?? position)
        continue
      }
      position += 1
      if trimmed.isEmpty {
        closeParagraph()
      } else if trimmed.hasPrefix("<!--") {
        closeParagraph()
        if !trimmed.hasSuffix("-->") {
          while position < lines.count, !lines[position].contains("-->") { position += 1 }
          if position == lines.count {
            faults.append(LessonFault(number, "this comment is not closed by -->"))
          }
          position += 1
        }
      } else if line.hasPrefix("#") {
        closeParagraph()
        let heading = String(line.drop { $0 == "#" }).trimmed
        if line.hasPrefix("# ") {
          if lesson.title.isEmpty {
            lesson.title = heading
          } else {
            faults.append(LessonFault(number, "a lesson has one title: parts begin with ##"))
          }
        }
        lesson.blocks.append(.init(line: number, content: .heading(heading)))
      } else if trimmed.hasPrefix("|") || (line.hasPrefix("    ") && open == nil) {
        closeParagraph()
        addLiteral(trimmed.hasPrefix("|") ? trimmed : line, number)
      } else if Self.isItem(trimmed) {
        if let paragraph = open, !paragraph.isItem {
          faults.append(
            LessonFault(
              number,
              "a line of a paragraph begins as an item of a list does: wrap it otherwise, or leave a line free above"
            ))
        }
        if open == nil, trimmed.first?.isNumber == true, !trimmed.hasPrefix("1. "), !isBehindItem {
          faults.append(
            LessonFault(number, "a paragraph begins as an item of a list does, and will be shown as one"))
        }
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

  private var isBehindItem: Bool { if case .item? = lesson.blocks.last?.content { true } else { false } }

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

  /// A command or the fields of an exercise in the middle of the prose: what opens their block is not there.
  private mutating func missingFence(_ line: String) -> String? {
    let language: String
    if line.hasPrefix("> ") {
      language = "stepgrad"
    } else if line.hasPrefix("kind: ") || line.hasPrefix("answer: ") {
      language = "exercise"
    } else {
      return nil
    }
    // A quotation is no block; one that is closed is.
    guard let close = lines[position...].firstIndex(where: { $0.trimmed.hasPrefix("```") }),
      lines[close].trimmed == "```"
    else { return nil }
    return language
  }

  private mutating func readBody(_ language: String, from start: Int) {
    faults.append(LessonFault(start + 1, "the line ```\(language) that opens this block is missing"))
    open = nil
    position = start - 1
    readFence(language)
  }

  private mutating func readFence(_ info: String) {
    let words = info.split(separator: " ", maxSplits: 2).map(String.init)
    let language = words.first ?? ""
    let start = position
    if lines[start].trimmed.hasPrefix("````") {
      faults.append(LessonFault(start + 1, "a block opens with three backticks, as it closes"))
    }
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
    case "stepgrad":
      var entries = transcript(body, after: start + 1)
      if words.count > 1 {
        if words[1] != "shown" {
          faults.append(LessonFault(start + 1, "'\(words[1])' is no word of a transcript: shown"))
        }
        for index in entries.indices { entries[index].isShown = true }
        let bounds = words.count > 2 ? words[2].split(separator: ",").map { String($0).trimmed } : []
        if !entries.isEmpty { entries[entries.count - 1].bounds = bounds }
      }
      content = .transcript(entries)
    case "exercise":
      let (exercise, found) = ExerciseParser.parse(body, after: start + 1)
      faults += found
      if words.count > 1 {
        faults.append(LessonFault(start + 1, "'\(words[1])' says nothing to an exercise: it stands alone"))
      }
      content = .exercise(exercise)
    default:
      if !Self.otherLanguages.contains(language) {
        let guess = Suggestions.nearest(to: language, in: ["stepgrad", "exercise"])
        faults.append(
          LessonFault(
            start + 1,
            "'\(language)' is no kind of block: \(guess.map { "did you mean \($0)?" } ?? "stepgrad, exercise, or \(Self.otherLanguages.filter { !$0.isEmpty }.sorted().joined(separator: ", "))")"
          ))
      }
      content = .literal(body.map { "  " + $0 })
    }
    lesson.blocks.append(.init(line: start + 1, content: content))
  }

  /// What a page may show without running it.
  private static let otherLanguages: Set<String> = ["", "text", "python", "sh", "console", "math"]

  private mutating func transcript(_ body: [String], after line: Int) -> [TranscriptEntry] {
    var entries: [TranscriptEntry] = []
    for (index, text) in body.enumerated() {
      let number = line + 1 + index
      if text.hasPrefix("> ") {
        var command = String(text.dropFirst(2)).trimmed
        func marked(_ mark: String) -> Bool {
          guard command.hasSuffix(mark) else { return false }
          command = String(command.dropLast(mark.count)).trimmed
          return true
        }
        var entry = TranscriptEntry(command: "", line: number)
        entry.mustFail = marked("# fails")
        entry.mayBeNaN = marked("# nan")
        entry.isQuiet = command.hasPrefix("quiet ")
        if entry.isQuiet { command = String(command.dropFirst("quiet ".count)).trimmed }
        entry.command = command
        entries.append(entry)
      } else if entries.isEmpty {
        if !text.trimmed.isEmpty { faults.append(LessonFault(number, "this stands before any '> ' command")) }
      } else {
        entries[entries.count - 1].expected.append(text)
      }
    }
    if entries.isEmpty { faults.append(LessonFault(line, "this transcript has no '> ' command")) }
    return entries
  }
}
