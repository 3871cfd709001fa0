import Commands
import Formulas
import Operations
import Reports
import Sessions

/// Runs a lesson and compares it with what it says, or writes what it prints into it.
package struct LessonCheck: Sendable {
  /// Makes text of a report: report, decimals, width.
  package typealias Render = @Sendable (Report, Int, Int) -> String

  private let commands: CommandTable
  private let render: Render

  /// - Parameter commands: those that a lesson may use.
  package init(commands: CommandTable, render: @escaping Render) {
    self.commands = commands
    self.render = render
  }

  /// Every fault of a lesson, in the order of its lines.
  package func faults(_ text: String) -> [LessonFault] {
    let (lesson, parseFaults) = LessonParser.parse(text)
    var faults = parseFaults
    var workspace = LessonRunner.workspace(lesson, commands: commands)
    var stated = StatedFormulas()
    for block in lesson.blocks {
      switch block.content {
      case .heading(let text), .prose(let text), .item(let text): stated.read(text, line: block.line)
      case .literal: break
      case .transcript(let entries):
        for entry in entries {
          let outcomes = LessonRunner.run(entry, in: &workspace)
          let printed = printed(outcomes, workspace, lesson)
          faults += check(entry, outcomes, printed, lesson.settings.width)
          stated.note([entry.command] + printed)
        }
        if workspace.openBlock != nil {
          faults.append(LessonFault(entries.last?.line ?? block.line, "the 'model' block has no 'end'"))
          workspace.openBlock = nil
        }
      case .exercise(let exercise):
        faults += check(exercise, workspace.session)
        stated.note(
          exercise.question + [exercise.answer] + (exercise.name.map { ["\($0) = \(exercise.answer)"] } ?? [])
        )
      }
    }
    faults += stated.faults
    return faults.sorted { $0.line < $1.line }
  }

  /// The lesson with the outputs of its commands as they are now. A transcript that still holds is left as it is;
  /// `...` keeps skipping what it skipped.
  package func recorded(_ text: String) -> String {
    let (lesson, _) = LessonParser.parse(text)
    var lines = LessonParser.lines(text)
    var workspace = LessonRunner.workspace(lesson, commands: commands)
    var edits: [(range: Range<Int>, lines: [String])] = []
    for block in lesson.blocks {
      guard case .transcript(let entries) = block.content else { continue }
      for entry in entries {
        let printed = printed(LessonRunner.run(entry, in: &workspace), workspace, lesson)
        if TranscriptComparison.faults(entry, printed: printed).isEmpty { continue }
        let output = TranscriptRecord.lines(printed, keeping: entry.expected)
        edits.append((entry.line..<entry.line + entry.expected.count, output))
      }
      workspace.openBlock = nil
    }
    for edit in edits.reversed() where edit.range.upperBound <= lines.count {
      lines.replaceSubrange(edit.range, with: edit.lines)
    }
    return lines.joined(separator: "\n")
  }

  private func printed(_ outcomes: [Interpreter.Outcome], _ workspace: Workspace, _ lesson: Lesson)
    -> [String]
  {
    let text = render(
      LessonRunner.report(outcomes), workspace.session.settings.precision, lesson.settings.width)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  private func check(
    _ entry: TranscriptEntry, _ outcomes: [Interpreter.Outcome], _ printed: [String], _ width: Int
  ) -> [LessonFault] {
    var failure: Diagnostic?
    if case .failure(let diagnostic) = outcomes.last?.result { failure = diagnostic }
    var faults: [LessonFault] = []
    for (index, line) in ([entry.command] + entry.expected).enumerated() where line.count > width {
      faults.append(LessonFault(entry.line + index, "this line is wider than \(width) columns"))
    }
    if entry.mustFail, failure == nil {
      faults.append(LessonFault(entry.line, "'\(entry.command)' is marked '# fails', and does not fail"))
    } else if !entry.mustFail, let failure {
      faults.append(LessonFault(entry.line, "'\(entry.command)' fails: \(failure.message.text())"))
      return faults
    }
    return faults + TranscriptComparison.faults(entry, printed: printed)
  }

  private func check(_ exercise: LessonExercise, _ session: Session) -> [LessonFault] {
    guard !exercise.answer.isEmpty else { return [] }
    var faults: [LessonFault] = []
    do throws(Diagnostic) {
      _ = try exercise.revealed(in: session)
      if try !exercise.judge(exercise.answer, in: session).isRight {
        faults.append(LessonFault(exercise.answerLine, "the answer '\(exercise.answer)' is judged wrong"))
      }
      if let name = exercise.name, exercise.kind != .shape, try !exercise.judge(name, in: session).isRight {
        faults.append(LessonFault(exercise.answerLine, "the answer '\(exercise.answer)' is not \(name)"))
      }
    } catch {
      faults.append(LessonFault(exercise.answerLine, "the answer fails: \(error.message.text())"))
    }
    for wrong in exercise.wrong {
      // A wrong answer that has no value is refused as well.
      if (try? exercise.judge(wrong, in: session))?.isRight == true {
        faults.append(LessonFault(exercise.line, "the wrong answer '\(wrong)' is judged right"))
      }
    }
    return faults
  }
}
