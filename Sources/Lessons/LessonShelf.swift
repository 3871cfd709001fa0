import Formulas
import Sessions

/// What makes a lesson of a page, and what can only be told beside the others: links and numbers that lead nowhere,
/// the same question or the same name twice.
package struct LessonShelf {
  private let numbers: Set<Int>
  /// Files by the name that the lesson goes by.
  private var files: [String: [String]] = [:]
  private var questions: [String: [(file: String, line: Int)]] = [:]

  /// - Parameter paths: the files that are checked; others of their folders are known too.
  package init(_ paths: [String]) {
    var all: [String] = []
    for path in paths {
      let folder = Self.folder(path)
      let beside = FileAccess.list(folder.isEmpty ? "." : String(folder.dropLast())).map { folder + $0 }
      for file in beside + [path] where file.hasSuffix(".md") && !all.contains(file) { all.append(file) }
    }
    all = all.filter { !Self.isReadme($0) }
    numbers = Set(all.compactMap { Self.number($0) })
    for file in all {
      files[LessonLibrary.name(of: file), default: []].append(file)
      guard let text = try? FileAccess.read(file) else { continue }
      for exercise in LessonParser.parse(text).lesson.exercises {
        questions[Self.question(exercise), default: []].append((file, exercise.line))
      }
    }
  }

  private static func folder(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }
  private static func isReadme(_ path: String) -> Bool { path == "README.md" || path.hasSuffix("/README.md") }
  private static func number(_ path: String) -> Int? {
    Int(path.dropFirst(folder(path).count).prefix { $0.isASCII && $0.isNumber })
  }
  /// Two questions that ask the same in the same words, whatever their answers are: one would be taken for the other.
  private static func question(_ exercise: LessonExercise) -> String {
    exercise.question.joined(separator: " ").lowercased().filter { $0.isLetter || $0.isNumber }
      + exercise.choices.joined()
  }

  package func faults(of file: String, _ text: String) -> [LessonFault] {
    let lesson = LessonParser.parse(text).lesson
    var faults = links(in: text, of: file)
    guard !Self.isReadme(file) else { return faults }
    if !text.hasPrefix("<!-- stepgrad:") {
      faults.append(
        LessonFault(
          1, "the first line fixes what the outputs depend on: <!-- stepgrad: width=80 seed=1 color=never -->"
        ))
    }
    faults += Self.missingFacts(of: lesson)
    for fact in lesson.facts where fact.text.isEmpty {
      faults.append(LessonFault(1, "'- \(fact.label):' says nothing"))
    }
    if let number = Self.number(file), let stated = Int(lesson.title.prefix { $0.isNumber }), stated != number
    {
      faults.append(LessonFault(2, "the title says \(stated), and the file \(number)"))
    }
    if lesson.exercises.isEmpty {
      faults.append(
        LessonFault(
          max(1, LessonParser.lines(text).count),
          "a lesson asks something: up to its end there is no exercise"))
    }
    if let twin = files[LessonLibrary.name(of: file)]?.first(where: { $0 != file }) {
      faults.append(LessonFault(1, "'\(twin)' goes by the same name"))
    }
    var own: [String: Int] = [:]
    for exercise in lesson.exercises {
      let question = Self.question(exercise)
      let twin =
        own[question].map { (file: file, line: $0) }
        ?? questions[question]?.first { $0.file != file }
      own[question] = own[question] ?? exercise.line
      if let twin {
        faults.append(LessonFault(exercise.line, "'\(twin.file)' asks this as well, in line \(twin.line)"))
      }
    }
    return faults
  }

  /// Where each would stand: at its misspelt label, else behind the facts that are there or the title.
  private static func missingFacts(of lesson: Lesson) -> [LessonFault] {
    let labels = ["Assumes", "Teaches", "Source"]
    let items = lesson.blocks.compactMap { block -> (line: Int, label: String)? in
      guard case .item(let text) = block.content, text.hasPrefix("- "), let colon = text.firstIndex(of: ":")
      else { return nil }
      return (block.line, String(text[..<colon].dropFirst(2)))
    }
    let title = lesson.blocks.first { if case .heading = $0.content { true } else { false } }?.line
    let last = items.last { labels.contains($0.label) }.map { item in
      // A fact may go on over several lines: the next block tells.
      (lesson.blocks.first { $0.line > item.line }?.line ?? item.line + 2) - 1
    }
    return labels.filter { label in !lesson.facts.contains { $0.label == label } }.map { label in
      if let item = items.first(where: {
        !labels.contains($0.label) && Suggestions.nearest(to: $0.label, in: labels) == label
      }) {
        return LessonFault(item.line, "'\(item.label)' is no fact of a lesson: did you mean '\(label)'?")
      }
      return LessonFault(
        last ?? title.map { $0 + 1 } ?? 1,
        "a lesson says what it is under its title: '- \(label): …' is missing here")
    }
  }

  private func links(in text: String, of file: String) -> [LessonFault] {
    var faults: [LessonFault] = []
    var isCode = false
    let headings = Set(LessonParser.lines(text).filter { $0.hasPrefix("#") }.map(Self.anchor))
    for (index, line) in LessonParser.lines(text).enumerated() {
      // An exercise is prose.
      if line.trimmed.hasPrefix("```") { isCode = !isCode && line.trimmed != "```exercise" }
      if isCode || line.hasPrefix("    ") { continue }
      if line.hasPrefix("["), let target = line.split(separator: "]: ", maxSplits: 1).dropFirst().first,
        !target.contains(":"), !FileAccess.exists(Self.folder(file) + target)
      {
        faults.append(LessonFault(index + 1, "the link to '\(target)' leads nowhere"))
      }
      for part in line.split(separator: "](", omittingEmptySubsequences: false).dropFirst() {
        let target = part.prefix { $0 != ")" && $0 != "#" }
        if part.hasPrefix("#"), !headings.contains(String(part.prefix { $0 != ")" })) {
          faults.append(LessonFault(index + 1, "the link to '\(part.prefix { $0 != ")" })' leads nowhere"))
        }
        guard !target.isEmpty, !target.contains(":"), part.contains(")") else { continue }
        let path = target.hasPrefix("/") ? String(target) : Self.folder(file) + target
        if !FileAccess.exists(path) {
          faults.append(LessonFault(index + 1, "the link to '\(target)' leads nowhere"))
        }
      }
      guard !numbers.isEmpty else { continue }
      for number in Self.lessonNumbers(line) where !numbers.contains(number) {
        faults.append(LessonFault(index + 1, "there is no lesson \(number)"))
      }
    }
    return faults
  }

  /// `## What it saves` → `#what-it-saves`.
  private static func anchor(_ heading: String) -> String {
    let words = heading.drop { $0 == "#" || $0 == " " }.lowercased()
    return "#"
      + words.compactMap { c in
        c == " " ? "-" : c.isLetter || c.isNumber || c == "-" || c == "_" ? String(c) : nil
      }.joined()
  }

  /// `lesson 8`, `lessons 5 and 7`, `Lessons 1 to 4`.
  private static func lessonNumbers(_ line: String) -> [Int] {
    let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "." }.map { word in
      String(word.hasSuffix(".") ? word.dropLast() : word)
    }
    var result: [Int] = []
    for (index, word) in words.enumerated() where ["lesson", "lessons"].contains(word.lowercased()) {
      for next in words[(index + 1)...] {
        if let number = Int(next), number < 100 {
          result.append(number)
        } else if !["and", "to", "or"].contains(next) {
          break
        }
      }
    }
    return result
  }
}
