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
  package var mustFail: Bool
  /// The lines below it; the file's line of the first is `line + 1`.
  package var expected: [String]

  /// The page says nothing about what it prints.
  var isSkipped: Bool {
    let lines = expected.map(\.trimmed).filter { !$0.isEmpty }
    return lines == ["..."]
  }
}
