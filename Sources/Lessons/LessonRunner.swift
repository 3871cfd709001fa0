import Formulas
import Reports
import Sessions

/// Runs the commands of a lesson in a workspace of its own. A lesson is somebody else's text: it gets the commands
/// that compute and show, and none that reads or writes a file, leaves the program or steers the lesson.
package enum LessonRunner {
  package static func workspace(
    _ lesson: Lesson, commands: CommandTable, width: Int? = nil
  ) -> Workspace {
    var workspace = Workspace(commands: commands)
    workspace.activity = LessonText()
    workspace.seed = lesson.settings.seed
    workspace.session.settings.seed = lesson.settings.seed
    workspace.outside.width = width ?? lesson.settings.width
    workspace.isScripted = true
    return workspace
  }

  /// The outcomes of one command of a transcript.
  package static func run(_ entry: TranscriptEntry, in workspace: inout Workspace) -> [Interpreter.Outcome] {
    Interpreter.run(entry.command, in: &workspace)
  }

  /// What the outcomes print.
  package static func report(_ outcomes: [Interpreter.Outcome]) -> Report {
    var report = Report()
    for outcome in outcomes {
      switch outcome.result {
      case .success(let part): report.append(part)
      case .failure(let diagnostic): report.add(.failure(diagnostic, prompt: "> "))
      }
    }
    return report
  }
}

extension Interpreter.Outcome {
  var isSuccess: Bool { if case .success = result { true } else { false } }
}

/// The commands of a page while it runs.
private struct LessonText: Activity {
  var emptyLine: String? { nil }
  var place: String? { nil }
  var asks: Bool { false }
  var aside: Session? { nil }

  func refusal(of command: CommandTable.Resolved) -> Diagnostic? {
    switch command.access {
    case .values, .wholePass: nil
    case .files, .program, .asTyped:
      Diagnostic(
        "a lesson may not run '\(command.type.name)'",
        hint: "a lesson computes and shows; it opens no files. Type the command yourself if you want it")
    }
  }

  func meaning(of command: CommandTable.Resolved) -> CommandTable.Resolved { command }
  mutating func note(_ command: any Command.Type) -> Report? { nil }
  var isOver: Bool { false }
}
