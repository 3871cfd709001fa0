import Formulas
import LinearAlgebra
import Reports

/// Runs the commands of a lesson in a workspace of its own. A lesson is somebody else's text: it gets the commands
/// that compute and show, and none that reads or writes a file, leaves the program or steers the lesson.
package enum LessonRunner {
  package static func workspace(_ lesson: Lesson, width: Int? = nil) -> Workspace {
    var workspace = Workspace()
    workspace.runsLessonText = true
    workspace.seed = lesson.settings.seed
    workspace.session.settings.seed = lesson.settings.seed
    workspace.outside.width = width ?? lesson.settings.width
    return workspace
  }

  /// Why a lesson may not run a command, or nil.
  static func refusal(_ command: any Command.Type) -> Diagnostic? {
    let isAboutFiles =
      switch command.completes {
      case .files, .lessons: true
      case .nothing, .names, .steps, .parameters, .derivations, .topics, .words: false
      }
    guard isAboutFiles || command is any LessonFlow.Type || command == QuitCommand.self else { return nil }
    return Diagnostic(
      "a lesson may not run '\(command.name)'",
      hint: "a lesson computes and shows; it opens no files. Type the command yourself if you want it")
  }

  /// The outcomes of one command of a transcript.
  static func run(_ entry: TranscriptEntry, in workspace: inout Workspace) -> [Interpreter.Outcome] {
    Interpreter.run(entry.command, in: &workspace)
  }

  /// What the outcomes print.
  static func report(_ outcomes: [Interpreter.Outcome]) -> Report {
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

/// A command that steers a lesson. It is not itself taken back by `undo`, and no lesson may run it.
protocol LessonFlow: TimeTravel {}
