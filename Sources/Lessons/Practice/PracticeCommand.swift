import Formulas
import Reports
import Sessions

package enum PracticeCommand: Command {
  package static let name = "practice"
  package static let shortForms: [String] = []
  package static let usage = "practice [NAME | forward | backward | jacobian | score | leave]"
  package static let summary = "be asked for shapes, formulas and numbers, one at a time"
  package static let help = [
    "practice dW1 asks for the shape of dW1, its formula, an entry and the whole of it; practice backward and practice forward go through every step of a pass, practice jacobian through softmax's Jacobian. What is asked for is hidden until you have it; everything before it may be used: answer X.T @ dZ1.",
    "'answer …' answers, and every equivalent formula counts. A wrong answer is told by its mistake, as 'check' tells it, and you may try again. 'hint' gives the rule, then the shapes, the formula, the answer; 'reveal' (or 'skip') shows the answer and goes on.",
    "'practice leave' shows everything again and keeps your place; 'practice' takes it up. 'practice score' counts what was right at the first try without help, right later, and shown. 'undo' takes back an answer or a hint. Another network begins anew.",
  ]
  package static let group = CommandGroup.differentiate
  package static let examples = ["practice", "practice dW1"]
  package static let related = ["hint", "answer", "lessons"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.several([
    .steps, .words(["forward", "backward", "jacobian", "score", "leave"]),
  ])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let words = line.words
    if let extra = words.dropFirst().first {
      throw line.usageError("one thing is practised at a time", usage, at: extra.range)
    }
    switch line.rest {
    case "leave", "off", "stop", "end": return try PracticePlayer.leave(&workspace)
    case "score":
      guard let practice = workspace.session.practice else { throw PracticePlayer.none }
      var report = Report([.text("practice \(name: practice.topic)", style: .heading)])
      report.explain("\(PracticePlayer.summary(practice)).")
      PracticePlayer.figures(practice, &report)
      return report
    default: return try PracticePlayer.start(words.first, &workspace)
    }
  }
}
