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
    var stated = StatedClaims(text)
    var predictions: [LessonExercise] = []
    for block in lesson.blocks {
      switch block.content {
      case .heading(let text), .prose(let text), .item(let text):
        stated.read(text, line: block.line)
        faults += MarkupCheck.faults(text, line: block.line)
      case .literal(let lines):
        for (index, line) in lines.enumerated() where line.hasPrefix("|") {
          stated.read(line, line: block.line + index)
        }
      case .transcript(let entries):
        var unrecorded: [TranscriptEntry] = []
        for entry in entries {
          let outcomes = LessonRunner.run(entry, in: &workspace)
          let printed = printed(outcomes, workspace, lesson)
          faults += check(entry, outcomes, printed, lesson.settings.width, &unrecorded)
          faults += bounds(entry, workspace.session)
          stated.note([entry.command] + printed)
          for prediction in predictions { faults += ExerciseCheck(prediction, workspace.session).comesTrue }
          predictions = []
        }
        faults += Self.faults(ofUnrecorded: unrecorded, among: entries)
        if workspace.openBlock != nil {
          faults.append(LessonFault(entries.last?.line ?? block.line, "the 'model' block has no 'end'"))
          workspace.openBlock = nil
        }
      case .exercise(let exercise):
        faults += ExerciseCheck(exercise, workspace.session).faults
        stated.note(
          exercise.question + exercise.choices + [exercise.answer]
            + (exercise.name.map { ["\($0) = \(exercise.answer)"] } ?? [])
        )
        let (hints, reasons) = ExerciseCheck(exercise, workspace.session).givenAway
        let places =
          hints.map { stated.place(of: $0, from: exercise.line, label: "hint:") } + reasons.map(\.line)
        faults += places.map { LessonFault($0, "the answer is given away here") }
        for text in exercise.hints { stated.read(text, line: exercise.line, label: "hint:") }
        for wrong in exercise.wrong {
          stated.read(wrong.reason ?? "", line: exercise.line, label: "wrong: \(wrong.answer)")
        }
        stated.read(exercise.right ?? "", line: exercise.line, label: "right:")
        if exercise.kind == .predict { predictions.append(exercise) }
      }
    }
    for prediction in predictions {
      faults.append(LessonFault(prediction.line, "no command follows that would show what is predicted"))
    }
    faults += stated.faults
    return faults.sorted { $0.line < $1.line }
  }

  /// The lesson with the outputs of its commands as they are now. A transcript that still holds is left as it is;
  /// `...` keeps skipping what it skipped.
  package func recorded(_ text: String) -> String { recording(text).text }

  /// - Returns: `refused`, what is not written down: a command that fails and a result that is no number, where the
  ///   lesson does not say that it means them.
  package func recording(_ text: String) -> (text: String, refused: [LessonFault]) {
    let (lesson, _) = LessonParser.parse(text)
    var lines = LessonParser.lines(text)
    var workspace = LessonRunner.workspace(lesson, commands: commands)
    var edits: [(range: Range<Int>, lines: [String])] = []
    var refused: [LessonFault] = []
    for block in lesson.blocks {
      guard case .transcript(let entries) = block.content else { continue }
      for entry in entries {
        let outcomes = LessonRunner.run(entry, in: &workspace)
        let printed = entry.isQuiet ? [] : printed(outcomes, workspace, lesson)
        if TranscriptComparison.faults(entry, printed: printed).isEmpty { continue }
        if let reason = Self.refusal(entry, outcomes, printed) {
          refused.append(LessonFault(entry.line, reason))
          continue
        }
        let (output, lost) = TranscriptRecord.lines(printed, keeping: entry.expected)
        if let first = lost.first {
          refused.append(
            LessonFault(
              entry.line,
              "not recorded: between two '...' stands '\(first)', which '\(entry.command)' does not print any more"
            ))
          continue
        }
        edits.append((entry.line..<entry.line + entry.expected.count, output))
      }
      workspace.openBlock = nil
    }
    for edit in edits.reversed() where edit.range.upperBound <= lines.count {
      lines.replaceSubrange(edit.range, with: edit.lines)
    }
    return (lines.joined(separator: "\n"), refused)
  }

  private static func refusal(
    _ entry: TranscriptEntry, _ outcomes: [Interpreter.Outcome], _ printed: [String]
  ) -> String? {
    if !entry.mustFail, case .failure(let diagnostic) = outcomes.last?.result {
      return
        "not recorded: '\(entry.command)' fails (\(diagnostic.message.text())); '# fails' behind it says that it is meant to"
    }
    let words = printed.joined(separator: " ").split { !$0.isLetter && !$0.isNumber && $0 != "_" }
    if !entry.mustFail, !entry.mayBeNaN, words.contains("nan") {
      return "not recorded: '\(entry.command)' gives nan; '# nan' behind it says that it is meant to"
    }
    return nil
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
    _ entry: TranscriptEntry, _ outcomes: [Interpreter.Outcome], _ printed: [String], _ width: Int,
    _ unrecorded: inout [TranscriptEntry]
  ) -> [LessonFault] {
    var failure: Diagnostic?
    if case .failure(let diagnostic) = outcomes.last?.result { failure = diagnostic }
    var faults: [LessonFault] = []
    for (index, line) in ([entry.command] + entry.expected).enumerated() where line.count > width {
      faults.append(LessonFault(entry.line + index, "this line is wider than \(width) columns"))
    }
    if entry.mustFail, failure == nil, !Self.accusesWrongly(outcomes) {
      faults.append(LessonFault(entry.line, "'\(entry.command)' is marked '# fails', and does not fail"))
    } else if !entry.mustFail, Self.accusesWrongly(outcomes) {
      faults.append(
        LessonFault(
          entry.line,
          "'\(entry.command)' accuses what is not planted; '# fails' behind it says that it is meant to"))
    } else if !entry.mustFail, let failure {
      faults.append(LessonFault(entry.line, "'\(entry.command)' fails: \(failure.message.text())"))
      return faults
    }
    if entry.isQuiet {
      return entry.expected.allSatisfy { $0.trimmed.isEmpty }
        ? faults : faults + [LessonFault(entry.line + 1, "'quiet \(entry.command)' shows nothing")]
    }
    if entry.expected.allSatisfy({ $0.trimmed.isEmpty }), !printed.isEmpty {
      unrecorded.append(entry)
      return faults
    }
    return faults + TranscriptComparison.faults(entry, printed: printed)
  }

  /// One line for a block without any output.
  private static func faults(
    ofUnrecorded entries: [TranscriptEntry], among all: [TranscriptEntry]
  ) -> [LessonFault] {
    let isWhole = all.allSatisfy { $0.expected.allSatisfy { $0.trimmed.isEmpty } }
    guard isWhole, entries.count > 1, let first = entries.first else {
      return entries.map {
        LessonFault($0.line, "what '\($0.command)' prints was never recorded: stepgrad lesson record FILE")
      }
    }
    return [
      LessonFault(
        first.line,
        "what the \(entries.count) commands of this block print was never recorded: stepgrad lesson record FILE"
      )
    ]
  }

  /// An accusation is answered and does not fail, but a page that accuses wrongly teaches what is not so.
  private static func accusesWrongly(_ outcomes: [Interpreter.Outcome]) -> Bool {
    outcomes.contains { outcome in
      guard outcome.command.hasPrefix(AccuseCommand.name), case .success(let report) = outcome.result else {
        return false
      }
      return report.scalars.contains { $0.name == "correct" && $0.value == 0 }
    }
  }

  private func bounds(_ entry: TranscriptEntry, _ session: Session) -> [LessonFault] {
    entry.bounds.compactMap { bound in
      do throws(Diagnostic) {
        return try ExerciseCheck.holds(bound, in: session)
          ? nil : LessonFault(entry.line, "behind '\(entry.command)' it does not hold that \(bound)")
      } catch {
        return LessonFault(entry.line, "the bound '\(bound)' cannot be told: \(error.message.text())")
      }
    }
  }
}
