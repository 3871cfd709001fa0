import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Reports
import Sessions

package enum UpdateCommand: Command, ChangesValues {
  package static let name = "update"
  package static let shortForms = ["u"]
  package static let usage = "update [n] [lr=…] [optimizer=…] [NAME…]"
  package static let summary = "one step of the optimizer: W = W - lr * dW"
  package static let help = [
    "Every parameter moves against its gradient; the backward pass is run first when it is not done. lr stays as given until another is. update W1 W2 moves only these, update 10 takes ten steps and shows the loss behind each. The pass begins again, with the loss at the new values.",
    "'optimizer adam' chooses another way to step, update optimizer=adam for this step alone; each of its equations is shown, and what it remembers is kept for the next.",
  ]
  package static let group = CommandGroup.train
  package static let examples = ["update", "update 10", "update lr=0.5 W1"]
  package static let related = ["train", "undo"]
  package static let access = CommandAccess.wholePass
  package static let completes = CompletionKind.several([.parameters, .words(["lr="])])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let (options, words) = line.options
    let optimizer = try OptimizerOptions(options, workspace.session)
    let usual = workspace.session.settings.learningRate
    var rate = optimizer.usualRate(workspace.session)
    var isGiven = false
    for (key, value, word) in optimizer.rest {
      guard key == .learningRate else {
        throw line.usageError("update has no option '\(key)'", usage, at: word.range)
      }
      rate = try LearningRate.parse(value, at: word.range)
      isGiven = true
    }
    try workspace.session.demandLoss()
    workspace.session.settings.learningRate = rate
    let (count, names) = try asked(words, line, workspace.session)
    guard !names.isEmpty else {
      throw Diagnostic("no parameter is trained here", hint: "say which: param NAME = …")
    }
    var report = Report()
    let first = workspace.session
    let chosen = optimizer.chosen
    let progress = workspace.outside.progress
    defer { progress?("") }
    var losses: [Double] = []
    for number in 1...(count ?? 1) {
      let (before, shown) = try step(names, chosen, &workspace.session)
      if number == 1 { losses.append(before) }
      if count == nil { report.append(shown) }
      try Interruption.check()
      losses.append(loss(try workspace.session.completed(forward: true)))
      if number % 50 == 0 { progress?("update \(number) of \(count ?? 1)") }
    }
    if count != nil {
      let rows = losses.dropFirst().enumerated().map { number, loss -> [Prose] in
        ["  \(number + 1)", "\(name: first.model.lossName) = \(Figures.short(loss, digits: 6))"]
      }
      report.add(.table(.init(header: [], rows: rows, rightAligned: [0])))
    }
    say(losses, chosen, workspace.session, rate, &report)
    if rate < 0 { report.say("lr is below 0: every step climbs", .warning) }
    // The usual rate of another optimiser is of this step alone, as the optimiser is.
    if !isGiven { workspace.session.settings.learningRate = usual }
    return report
  }

  /// More than anyone waits for: 'train' is made for it.
  private static let most = 100_000

  private static func asked(
    _ words: [CommandLine.Word], _ line: CommandLine, _ session: Session
  ) throws(Diagnostic) -> (count: Int?, names: [String]) {
    var count: Int?
    var names: [String] = []
    for word in words {
      let name = line.name(word)
      if session.model.parameters.contains(name) {
        names.append(name)
      } else if let number = Int(word.text), count == nil {
        guard (1...most).contains(number) else {
          throw Diagnostic(
            "update takes 1 to \(most) steps", at: [word.range], hint: "'train epochs=…' takes many")
        }
        count = number
      } else {
        throw Diagnostic(
          "'\(word.text)' is not a parameter", at: [word.range],
          hint: "parameters are \(names: session.model.parameters)")
      }
    }
    return (count, names.isEmpty ? session.model.parameters : names)
  }

  /// One step of an optimizer: the loss before it, and every equation with its value.
  private static func step(
    _ names: [String], _ chosen: ChosenOptimizer, _ moving: inout Session
  ) throws(Diagnostic) -> (loss: Double, report: Report) {
    let session = try moving.completed(forward: false)
    let environment = SessionEnvironment(session)
    var state = session.state(of: chosen)
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
    moving.setLeaves(changed)
    if !state.memory.isEmpty { moving.optimizerState = state }
    return (loss(session), report)
  }

  private static func loss(_ session: Session) -> Double {
    session.computed(session.model.lossName)?.elements.first ?? .nan
  }

  private static func say(
    _ losses: [Double], _ chosen: ChosenOptimizer, _ session: Session, _ rate: Double, _ report: inout Report
  ) {
    guard let before = losses.first, let after = losses.last else { return }
    let many = losses.count > 2 ? " in \(losses.count - 1) updates" : ""
    let steps = session.optimizerState.map { ", step \($0.steps)" } ?? ""
    let who = chosen.name == Optimizer.sgd.name ? "" : "\(chosen.text)\(steps), "
    report.say(
      "\(who)lr = \(Printer.number(rate)): \(name: session.model.lossName) \(Figures.short(before, digits: 6)) → \(Figures.short(after, digits: 6))\(many)",
      after.isFinite ? .note : .warning)
    report.scalar(.learningRate, rate)
    report.scalar("loss_before", before)
    report.scalar("loss", after)
  }
}
