import Formulas
import Reports
import Sessions

package enum LessonCommand: Command, LessonFlow {
  package static let name = "lesson"
  package static let shortForms: [String] = []
  package static let usage = "lesson [NAME | N.QUESTION | back | restart | leave]"
  package static let summary = "where you are in the lesson; go back a page, restart or leave it"
  package static let help = [
    "lesson 8.2 goes to the second question of lesson 8.",
    "'lesson leave' gives back the session of before the lesson. The place is kept: 'load' takes the lesson up again, on another day too.",
  ]
  package static let group = CommandGroup.session
  package static let examples = ["lesson", "lesson 8.2", "lesson leave"]
  package static let related = ["lessons", "next", "load"]
  package static let access = CommandAccess.program
  package static let completes = CompletionKind.several([.words(["back", "restart", "leave"]), .lessons])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    switch line.rest {
    case "": return try place(workspace)
    case "back": return try LessonPlayer.back(&workspace)
    case "restart": return try LessonPlayer.restart(&workspace)
    case "leave": return try LessonPlayer.leave(&workspace)
    default:
      let parts = line.rest.split(separator: ".", omittingEmptySubsequences: false)
      if parts.count == 2, let question = Int(parts[1]), question > 0, let number = parts.first {
        let found = try LessonLibrary.find(
          String(number), in: workspace.outside.lessonDirectories, at: line.restRange)
        return try LessonPlayer.start(
          file: found.path, name: found.name, question: question, in: &workspace)
      }
      let found = try LessonLibrary.find(
        line.rest, in: workspace.outside.lessonDirectories, at: line.restRange)
      return try LessonPlayer.start(file: found.path, name: found.name, in: &workspace)
    }
  }

  /// `lesson back` for another command that stands for it.
  static func back(_ line: CommandLine) -> CommandLine {
    CommandLine(
      text: line.text, name: name, nameRange: line.nameRange, rest: "back", offset: line.offset,
      naming: line.naming)
  }

  private static func place(_ workspace: Workspace) throws(Diagnostic) -> Report {
    guard let play = workspace.lesson else { throw LessonPlayer.noLesson }
    var report = Report()
    report.say("\(play.lesson.title)", .heading)
    let count = play.lesson.exercises.count
    report.say(
      "step \(play.position) of \(play.pageCount)"
        + (count == 0 ? "" : "; \(play.solved.count) of \(count) exercises answered")
        + (play.asks ? "; an exercise is open: type the answer, or 'hint', 'reveal'" : ""))
    report.note("Enter or 'next' goes on, 'back' goes back, 'lesson leave' gives your own session back")
    return report
  }
}
