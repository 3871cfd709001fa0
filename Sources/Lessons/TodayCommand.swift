import Formulas
import Reports
import Sessions

package enum TodayCommand: Command, LessonFlow {
  package static let name = "today"
  package static let shortForms: [String] = []
  package static let usage = "today"
  package static let summary = "up to five questions of lessons that you missed, when it is time for them"
  package static let help = [
    "A question that was answered wrong or revealed comes back the next day, then after three days, a week, two weeks and a month, each time that it is answered. Missed again it begins anew."
  ]
  package static let group = CommandGroup.session
  package static let examples = ["today", "today; lesson leave"]
  package static let related = ["lessons", "practice"]
  package static let access = CommandAccess.program
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    let missed = MissedQuestions(workspace)
    let library = LessonLibrary.all(workspace.outside.lessonDirectories)
    var lesson = Lesson()
    lesson.title = "today"
    var origins: [(lesson: String, number: Int, state: Workspace)] = []
    for question in missed.due where origins.count < 5 {
      // A lesson that is gone, or shorter now, asks nothing any more.
      guard let entry = library.first(where: { $0.name == question.lesson }),
        let text = try? FileAccess.read(entry.path),
        let (page, state) = LessonPlayer.page(of: question.number, in: text, workspace)
      else { continue }
      lesson.blocks.append(.init(line: 1, content: .heading("From '\(question.lesson)'")))
      lesson.blocks += page
      origins.append((question.lesson, question.number, state))
    }
    guard !origins.isEmpty else {
      guard let next = missed.all.map(\.day).min() else {
        return Report([.text("nothing was missed yet; 'lessons' lists what there is to learn", style: .note)])
      }
      let days = max(1, next - missed.today)
      return Report([
        .text(
          "nothing today; the next question comes back in \(days) day\(days == 1 ? "" : "s")", style: .note)
      ])
    }
    return LessonPlayer.start(lesson, origins, in: &workspace)
  }
}
