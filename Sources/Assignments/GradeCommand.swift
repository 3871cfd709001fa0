import Formulas
import Reports
import Sessions

package enum GradeCommand: Command {
  package static let name = "grade"
  package static let shortForms: [String] = []
  package static let usage = Grading.usage
  package static let summary = "mark what came back of an assignment, and say which mistakes were made"
  package static let help = [
    "ANSWERS are the pages that came back (.md), what the page in the browser has saved (.json), the table of a form (.csv), or folders of them. The folder that 'assign' has made is found beside them, or is named by --key. --secret names the file that 'assign' was given, --students a list that has changed, --assignment a file with other points, answers or words.",
    "Writes a page for each student, marks.csv for the course, summary.md, and the results as Gradescope and otter-grader read them. Nothing that a student has written is run; what is damaged costs that student's mark and is named. Marking again gives the same bytes.",
  ]
  package static let group = CommandGroup.session
  package static let examples = ["grade week1/students", "grade answers.csv --key week1 --out marks"]
  package static let related = ["assign", "worksheet"]
  package static let access = CommandAccess.files
  package static let completes = CompletionKind.files

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try Grading.run(Options.words(line.rest), progress: workspace.outside.progress)
  }
}
