import Exports
import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum WorksheetCommand: Command {
  package static let name = "worksheet"
  package static let shortForms: [String] = []
  package static let usage = "worksheet FILE"
  package static let summary = "the pass at hand to work by hand: what is given, and a gap for every number"
  package static let help = [
    "Writes a page by the ending of the file: .md, .html or .tex. It has the equations and the values that are given, and for every step of the forward and backward pass a matrix of gaps. 'export' with the same ending writes the solution.",
    "A file that 'worksheet' has not written is not written over.",
  ]
  package static let group = CommandGroup.session
  package static let examples = ["worksheet pass.html", "net 2 3:relu 2:softmax; worksheet pass.tex"]
  package static let related = ["export", "assign"]
  package static let access = CommandAccess.files
  package static let completes = CompletionKind.files

  private static let origin = "A worksheet, written by stepgrad's 'worksheet'."
  /// More gaps are nothing to fill in.
  private static let mostGaps = 2000

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    var session = workspace.session
    let typed = line.rest.unquoted
    guard !typed.isEmpty else { throw line.usageError("write it into which file?", usage) }
    let path = FileAccess.expand(typed)
    let page: String
    var questions = 0
    session.withhold(nil)
    session.roundToPrint()
    let sheet = try self.page(session, &questions)
    switch ExportFormat.ending(of: path) {
    case "md": page = sheet.markdown
    case "html": page = sheet.html
    case "tex": page = sheet.latex
    default:
      throw Diagnostic(
        "a worksheet is .md, .html or .tex", at: [line.restRange], hint: "worksheet pass.html")
    }
    if let there = FileAccess.beginning(of: path, 200), !there.isEmpty, !there.contains(origin) {
      throw Diagnostic(
        "'\(path)' is there, and 'worksheet' has not written it", at: [line.restRange],
        hint: "name another file, or remove this one")
    }
    try FileAccess.write(page, to: path)
    var report = Report()
    report.note(
      "a worksheet of \(questions) questions in \(path); 'export' with the same ending has the solution")
    return report
  }

  private static func page(_ session: Session, _ questions: inout Int) throws(Diagnostic) -> Page {
    let pass = try FinishedPass(session)
    let writer = MathWriter(pass.bindings, pass.naming)
    guard pass.steps.reduce(0, { $0 + $1.value.count }) <= mostGaps else {
      throw Diagnostic(
        "this pass has more than \(mostGaps) numbers to work out",
        hint: "a smaller batch ('batch size=4') or network")
    }
    var seen = SeenValues()
    var blocks: [Page.Block] = [
      .heading(1, [.words("A pass by hand")]),
      .paragraph([.words("Name: " + String(repeating: "_", count: 30))]),
      .heading(2, [.words("What is given")]),
    ]
    blocks += seen.news(in: session)
    for (title, steps) in [("The forward pass", pass.forward), ("The backward pass", pass.backward)] {
      blocks.append(.heading(2, [.words(title)]))
      for step in steps {
        questions += 1
        let value = step.value
        let columns = value.shape.columns
        blocks.append(
          .gaps(
            Gaps(
              questions, (writer.name(step.equation.name), pass.naming.symbol(step.equation.name)),
              .entries(rows: value.count / max(1, columns), columns: columns))))
      }
    }
    return Page(title: "A pass by hand", origin: origin, student: "worksheet", blocks: blocks)
  }
}

extension CommandTable {
  /// All commands.
  package static let whole = withLessons.adding([
    AssignCommand.self, GradeCommand.self, WorksheetCommand.self,
  ])
}
