import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Reports
import Sessions

package enum UpdateCommand: Command {
  package static let name = "update"
  package static let shortForms = ["u"]
  package static let usage = "update [lr=…] [optimizer=…] [NAME…]"
  package static let summary = "one step of the optimizer: W = W - lr * dW"
  package static let help = [
    "Every parameter moves against its gradient; the backward pass is run first when it is not done. lr stays as given until another is. update W1 W2 moves only these. The pass begins again, with the loss at the new values.",
    "'optimizer adam' chooses another way to step, update optimizer=adam for this step alone; each of its equations is shown, and what it remembers is kept for the next.",
  ]
  package static let group = CommandGroup.train
  package static let examples = ["update", "update lr=0.5 W1"]
  package static let related = ["train", "undo"]
  package static let access = CommandAccess.wholePass
  package static let completes = CompletionKind.parameters

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let (options, words) = line.options
    let optimizer = try OptimizerOptions(options, workspace.session)
    var rate = optimizer.usualRate(workspace.session)
    for (key, value, word) in optimizer.rest {
      guard key == .learningRate else {
        throw line.usageError("update has no option '\(key)'", usage, at: word.range)
      }
      rate = try LearningRate.parse(value, at: word.range)
    }
    workspace.session.settings.learningRate = rate
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
    let chosen = optimizer.chosen
    var state = session.optimizerState.flatMap { $0.chosen == chosen ? $0 : nil } ?? OptimizerState(chosen)
    state.steps += 1
    var report = Report()
    var changed: [String: Tensor] = [:]
    for name in names where environment.value(of: name.gradientName) != nil {
      let equations = try chosen.shown(for: name, step: state.steps)
      let memory = Set(chosen.memoryNames(of: name))
      guard let parameter = session.leaves[name] else { continue }
      var values = Overlay([:], over: environment)
      for memory in memory {
        if let value = state.memory[memory], value.shape == parameter.shape {
          values.values[memory] = value
        } else {
          values.values[memory] = parameter.map { _ in 0 }
        }
      }
      for equation in equations {
        // What is evaluated is the formula that is shown.
        let value = try Evaluator(values).value(of: equation.expression)
        values.values[equation.name] = value
        if memory.contains(equation.name) { state.memory[equation.name] = value }
        if equation.name == name { changed[name] = value }
        var block = Report.TensorBlock("\(name: equation.name)", value, formula: "\(equation.expression)")
        block.labelSlices(parameters: session.model.parameters, own: name)
        report.add(.tensor(block))
      }
    }
    let before = environment.value(of: session.model.lossName)?.elements.first ?? .nan
    workspace.session.setLeaves(changed)
    if !state.memory.isEmpty { workspace.session.optimizerState = state }
    let after =
      try workspace.session.completed(forward: true).computed(session.model.lossName)?.elements.first ?? .nan
    let who = chosen.name == Optimizer.sgd.name ? "" : "\(chosen.text), step \(state.steps), "
    report.say(
      "\(who)lr = \(Printer.number(rate)): \(name: session.model.lossName) \(Figures.short(before, digits: 6)) → \(Figures.short(after, digits: 6))",
      after.isFinite ? .note : .warning)
    report.scalar(.learningRate, rate)
    report.scalar("loss_before", before)
    report.scalar("loss", after)
    return report
  }
}
