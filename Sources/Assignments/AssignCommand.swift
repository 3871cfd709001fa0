import Formulas
import Reports
import Sessions

package enum AssignCommand: Command {
  package static let name = "assign"
  package static let shortForms: [String] = []
  package static let usage = Assigning.usage
  package static let summary = "an assignment with numbers of their own for every student of a list"
  package static let help = [
    "FILE is an assignment: a lesson's page with drawn numbers and points (Lessons/Assignments/README.md). LIST.csv names the students, in columns id and name.",
    "The smallest one has a title, '# Twice', and two blocks between ``` lines. The block draw says 'a, b = 11..99'; the block exercise has the question, 'What is {a} times {b}?', and below it 'kind: value', 'answer: {a} * {b}' and 'points: 2'.",
    "Writes into DIR/students a page for each, .md to answer in, .html and .tex, and into DIR/teacher the keys and what 'grade' needs. The numbers follow from the title, the student's id and a secret, which is made in DIR/teacher/secret unless --secret names one: pages are the same when they are written again, and nobody without it can tell them.",
  ]
  package static let group = CommandGroup.session
  package static let examples = [
    "assign Lessons/Assignments/one-pass.md --students class.csv --out week1",
    "assign bugs.md --students class.csv --out week2 --secret ~/.course-secret",
  ]
  package static let related = ["grade", "worksheet"]
  package static let access = CommandAccess.files
  package static let completes = CompletionKind.files

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try Assigning.run(Options.words(line.rest), progress: workspace.outside.progress)
  }
}
