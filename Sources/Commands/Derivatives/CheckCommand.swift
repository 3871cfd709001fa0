import Explanations
import Formulas
import Reports
import Sessions

package enum CheckCommand: Command {
  package static let name = "check"
  package static let shortForms: [String] = []
  package static let usage = "check NAME = EXPRESSION | check NAME = [[…]] | check NAME[i, j] = …"
  package static let summary = "is your own formula or matrix right, and if not, which mistake is it"
  package static let help = [
    "check dW1 = X.T @ dZ1 compares your formula with the value; check dW1 = [[…], […]] numbers that you worked out by hand, to as many digits as you typed. Any step or gradient can be checked, before or after the pass was run.",
    "A right formula is tried with random numbers of the same shapes and with another number of samples too, so that one that is right only by coincidence, or only because m = 1, is told apart.",
    "A wrong answer is compared with what the usual mistakes give, made anywhere on the way from the loss to NAME. Mistakes that give the same numbers are all named. The learning rate matters for one of them (updated-weights): set lr = … to what you used.",
    "Mistakes it knows: \(Mistake.all.map(\.id).joined(separator: ", ")); and two of them at once.",
  ]
  package static let group = CommandGroup.differentiate
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.steps

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let assignment = try Assignment(line, usage: usage)
    let check: AnswerCheck
    do {
      check = try AnswerCheck(assignment, source: line.text, in: workspace.session)
    } catch {
      var diagnostic = error
      if diagnostic.marks.isEmpty { diagnostic.marks = [assignment.nameRange] }
      throw diagnostic
    }
    return CheckReport(check: check, session: workspace.session).make()
  }
}
