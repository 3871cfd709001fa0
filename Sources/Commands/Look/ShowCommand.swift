import Formulas
import Reports
import Sessions

package enum ShowCommand: Command {
  package static let name = "show"
  package static let shortForms = ["sh", "p", "print"]
  package static let usage = "show NAME… | EXPRESSION [--full] | show dW1 per sample"
  package static let summary = "a value with its shape and formula"
  package static let help = [
    "show dW1 W1 shows both; show A1.T @ dZ2 computes; show dW1[0,2] is one entry. --full prints everything of a large matrix. show dW1 per sample is the gradient that each sample alone would give. The command's name may be left out: dW1 alone shows dW1."
  ]
  package static let group = CommandGroup.look
  package static let examples = ["show W1", "show A1.T @ dZ2"]
  package static let related = ["why", "info", "precision"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.several([.names, .words(["--full"])])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    var words = line.words
    let isFull = words.contains { $0.text == "--full" }
    words.removeAll { $0.text == "--full" }
    guard let first = words.first, let last = words.last else { throw line.usageError("show what?", usage) }
    if words.count == 3, words[1].text == "per", words[2].text == "sample" {
      return try SampleGradients.report(first, line, workspace.session)
    }
    let isListOfNames = words.count > 1 && words.allSatisfy { Lexer.isNamed($0.text, line.naming) }
    var report = Report()
    if isListOfNames {
      for word in words {
        try ValueReport.add(
          word.text, at: word.range.lowerBound, line.text, isFull, &workspace.session, &report)
      }
    } else {
      let part = String(Array(line.text)[first.range.lowerBound..<last.range.upperBound])
      try ValueReport.add(part, at: first.range.lowerBound, line.text, isFull, &workspace.session, &report)
    }
    return report
  }
}
