import Formulas
import Operations
import Reports
import Sessions

package enum LessonsCommand: Command {
  package static let name = "lessons"
  package static let shortForms: [String] = []
  package static let usage = "lessons"
  package static let summary = "list the lessons and what you have done of them"
  package static let help = ["'load NAME' starts one or takes it up again; 'help lessons' tells how they go."]
  package static let group = CommandGroup.session
  package static let examples = ["lessons", "load 9"]
  package static let related = ["load", "practice", "learn"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    let progress = LessonProgress.read(workspace)
    let rows = LessonLibrary.all(workspace.outside.lessonDirectories).map { entry -> [Prose] in
      let title: Prose
      do throws(Diagnostic) {
        title = "\(Markdown.plain(LessonParser.parse(try FileAccess.read(entry.path)).lesson.title))"
      } catch {
        title = error.message
      }
      return ["\(entry.name)", "\(progress[entry.name]?.text ?? "")", title]
    }
    guard !rows.isEmpty else {
      throw Diagnostic("no lessons were found", hint: "'stepgrad --lessons DIR' says where they are")
    }
    var report = Report([.table(.init(header: ["name", "done", "lesson"], rows: rows))])
    report.note("'load NAME' starts one or takes it up again")
    return report
  }
}
