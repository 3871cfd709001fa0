/// A lesson: a Markdown page that is also a script and a test.
package struct Lesson: Sendable {
  package var title = ""
  /// What stands under the title as `- Assumes: …`, `- Teaches: …`, `- Source: …`.
  package var facts: [(label: String, text: String)] = []
  package var settings = LessonSettings()
  package var blocks: [Block] = []

  /// A part of the page, with the line on which it begins, counted from 1.
  package struct Block: Sendable {
    package var line: Int
    package var content: Content
  }

  package enum Content: Sendable {
    case heading(String)
    case prose(String)
    /// An item of a list with its mark: `- …`, `1. …`.
    case item(String)
    /// Lines that are shown as they are: tables, code of other kinds.
    case literal([String])
    case transcript([TranscriptEntry])
    case exercise(LessonExercise)
  }

  /// What one Enter shows: prose, up to and with the next transcript or exercise.
  package var pages: [Range<Int>] {
    var result: [Range<Int>] = []
    var start = 0
    for (index, block) in blocks.enumerated() {
      switch block.content {
      case .transcript, .exercise:
        result.append(start..<index + 1)
        start = index + 1
      case .heading, .prose, .item, .literal: break
      }
    }
    if start < blocks.count { result.append(start..<blocks.count) }
    return result
  }

  /// The exercise that a page ends with.
  func exercise(ofPage page: Int) -> LessonExercise? {
    let pages = pages
    guard pages.indices.contains(page), let last = pages[page].last,
      case .exercise(let exercise) = blocks[last].content
    else { return nil }
    return exercise
  }

  /// The exercises, in order.
  package var exercises: [LessonExercise] {
    blocks.compactMap { if case .exercise(let exercise) = $0.content { exercise } else { nil } }
  }
}

/// What the first comment line fixes: `<!-- stepgrad: width=80 seed=1 color=never -->`.
package struct LessonSettings: Sendable, Equatable {
  package var width = 80
  package var seed = 1

  package init() {}
}

/// One command of a transcript with what it prints.
package struct TranscriptEntry: Sendable, Equatable {
  package var command: String
  /// Its line in the file, from 1.
  package var line: Int
  /// Marked with `# fails`: the command must fail, and the message is part of the transcript.
  package var mustFail = false
  /// Marked with `# nan`: the result is meant to be no number.
  package var mayBeNaN = false
  /// Behind the word `quiet`: what it prints is not shown.
  package var isQuiet = false
  /// In a block that is `shown`: its words are compared and its numbers are not.
  package var isShown = false
  /// Conditions that hold behind it, in a block that is `shown`: `loss < 0.3`.
  package var bounds: [String] = []
  /// The lines below it; the file's line of the first is `line + 1`.
  package var expected: [String] = []

  package init(command: String, line: Int) { (self.command, self.line) = (command, line) }

  /// What is hidden for the reader is not told to him.
  var onThePage: String {
    let words = command.split(separator: " ")
    return words.first == "hunt" && words.count == 3 ? "hunt" : command
  }

  /// The page says nothing about what it prints.
  var isSkipped: Bool {
    if isQuiet { return true }
    let lines = expected.map(\.trimmed).filter { !$0.isEmpty }
    return lines == ["..."]
  }
}
