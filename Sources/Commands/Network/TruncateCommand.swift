import Formulas
import NeuralNetworks
import Operations
import Reports
import Sessions

package enum TruncateCommand: Command {
  package static let name = "truncate"
  package static let shortForms: [String] = []
  package static let usage = "truncate [STEPS|off]"
  package static let summary = "backpropagation through time truncated at so many steps"
  package static let help = [
    "truncate 4 cuts every repeat of the model into stretches of four steps. A step that reads a value of an earlier stretch reads it detached: h5 = tanh(x5 @ Wx + detach(h4) @ Wh + b). The forward pass stays what it was, and no gradient goes back over the cut, as with h.detach() between stretches in PyTorch. truncate off goes back all the way.",
    "The gradients are then not those of the loss by all that its parameters do: gradcheck holds what is detached fixed, and says so. detach(A) may stand in any formula.",
    "Source: Williams and Peng, \"An Efficient Gradient-Based Algorithm for On-Line Training of Recurrent Network Trajectories\" (1990).",
  ]
  package static let group = CommandGroup.network
  package static let examples = ["model rnn; truncate 2", "truncate off"]
  package static let related = ["model", "backward", "why"]
  package static let access = CommandAccess.wholePass
  package static let completes = CompletionKind.words(["off"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let session = workspace.session
    if !line.rest.isEmpty {
      let count = Int(line.rest)
      guard line.rest == "off" || count ?? 0 > 0 else {
        throw line.usageError("'\(line.rest.prefix(20))' is not a number of steps", usage, at: line.restRange)
      }
      if count != nil, session.model.repetitions.isEmpty {
        throw Diagnostic(
          "this model has no repeat",
          at: [line.restRange], hint: "'model rnn' has one; detach(A) may stand in any formula")
      }
      let model = session.model.truncated(at: count)
      workspace.session.replaceModel(model, leaves: session.leaves, inherited: session.inherited)
    }
    var report = Report()
    let model = workspace.session.model
    guard let count = model.truncation else {
      report.say("backpropagation through time goes back all the way")
      if let steps = Int(line.rest) {
        report.note("no step reads another one that is \(steps) step\(steps == 1 ? "" : "s") back")
      }
      return report
    }
    report.say(
      "backpropagation through time is truncated: gradients go back at most \(count) step\(count == 1 ? "" : "s"), within stretches"
    )
    for equation in model.equations where !equation.expression.detachedParts.isEmpty {
      report.say("  \(equation)", .formula)
    }
    report.scalar("truncation", Double(count))
    return report
  }
}
