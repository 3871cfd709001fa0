import Formulas
import LinearAlgebra
import Operations
import Reports
import Sessions

package enum UpdateCommand: Command {
  package static let name = "update"
  package static let shortForms = ["u"]
  package static let usage = "update [lr=…] [NAME…]"
  package static let summary = "one gradient-descent step: W = W - lr * dW"
  package static let help = [
    "Every parameter moves against its gradient; the backward pass is run first when it is not done. lr stays as given until another is. update W1 W2 moves only these. The pass begins again, with the loss at the new values."
  ]
  package static let group = CommandGroup.train
  package static let examples = ["update", "update lr=0.5 W1"]
  package static let related = ["train", "undo"]
  package static let access = CommandAccess.wholePass
  package static let completes = CompletionKind.parameters

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let (options, words) = line.options
    for (key, value, word) in options {
      guard key == .learningRate else {
        throw line.usageError("update has no option '\(key)'", usage, at: word.range)
      }
      workspace.session.settings.learningRate = try LearningRate.parse(value, at: word.range)
    }
    let session = try workspace.session.completed(forward: false)
    let environment = SessionEnvironment(session)
    var names = session.model.parameters
    if !words.isEmpty {
      names = []
      for word in words {
        let name = line.name(word)
        guard session.model.parameters.contains(name) else {
          throw Diagnostic(
            "'\(word.text)' is not a parameter", at: [word.range],
            hint: "parameters are \(names: session.model.parameters)")
        }
        names.append(name)
      }
    }
    guard !names.isEmpty else {
      throw Diagnostic("no parameter is trained here", hint: "say which: param NAME = …")
    }
    let rate = session.settings.learningRate
    var report = Report()
    var changed: [String: Tensor] = [:]
    for name in names {
      // The update as the formula that is shown.
      let formula = Expression.name(name) - .name(.learningRate) * .name(name.gradientName)
      guard environment.value(of: name.gradientName) != nil else { continue }
      let value = try Evaluator(environment).value(of: formula)
      changed[name] = value
      var block = Report.TensorBlock("\(name: name)", value, formula: "\(formula)")
      block.labelSlices(parameters: session.model.parameters, own: name)
      report.add(.tensor(block))
    }
    let before = environment.value(of: session.model.lossName)?.elements.first ?? .nan
    workspace.session.setLeaves(changed)
    let after =
      try workspace.session.completed(forward: true).computed(session.model.lossName)?.elements.first ?? .nan
    report.say(
      "lr = \(Printer.number(rate)): \(name: session.model.lossName) \(Figures.short(before, digits: 6)) → \(Figures.short(after, digits: 6))",
      after.isFinite ? .note : .warning)
    report.scalar(.learningRate, rate)
    report.scalar("loss_before", before)
    report.scalar("loss", after)
    return report
  }
}
