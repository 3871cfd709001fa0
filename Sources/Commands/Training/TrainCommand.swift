import Formulas
import LinearAlgebra
import NeuralNetworks
import Reports
import Sessions

package enum TrainCommand: Command, ChangesValues {
  package static let name = "train"
  package static let shortForms: [String] = []
  package static let usage =
    "train [epochs=10] [batch=…] [lr=…] [optimizer=\(Optimizer.all.map(\.name).joined(separator: "|"))] [momentum=0.9] [decay=0] [seed=…]"
  package static let summary = "many gradient-descent steps over the data"
  package static let help = [
    "An epoch takes every training row once, in batches, in an order drawn anew from the seed. Without a data set X and Y are the rows, all in one batch unless batch= splits them. After it X and Y hold the last batch, and every step command works on it; undo gives back the weights of before.",
    "The rate of epoch e, counted from 0, is lr / (1 + decay * e). lr is the session's (0.1 at first) for sgd; "
      + Optimizer.all.filter { $0.name != "sgd" }.map {
        "\($0.usualRate) for \($0.name)"
      }.joined(separator: ", ")
      + " unless given. lr=0.5 with batch=64 suits MNIST: above 95 % on MNIST's test images after one epoch of net 784 800:relu 10:softmax, above 98 % after five.",
    "'help optimizer' has the equations of each and its options, which stand here as well: train optimizer=momentum momentum=0.5. A run goes on where the same optimizer stopped: what it remembers is kept.",
    "Ctrl-C stops after the batch at hand. The same seed gives the same weights to the last bit on the same machine.",
  ]
  package static let group = CommandGroup.train
  package static let examples = ["train epochs=20", "train epochs=5 batch=2 lr=0.05"]
  package static let related = ["update", "loss", "plot"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(
    ["epochs=", "batch=", "lr=", "decay=", "seed="] + OptimizerOptions.words)

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let format = workspace.session.settings.format
    guard format == .float64 || format == .float32 else {
      throw Diagnostic(
        "train works in float64 and float32, and the pass is in \(format.rawValue)",
        hint: "'update 100' takes a hundred steps in \(format.rawValue); 'dtype float64' lets train run")
    }
    let options = try options(line, workspace.session)
    try workspace.session.demandLoss()
    guard !workspace.session.model.parameters.isEmpty else {
      throw Diagnostic("no parameter is trained here", hint: "say which: param NAME = …")
    }
    var run = try TrainingRun(workspace.session, options)
    let progress = workspace.outside.progress
    defer { progress?("") }
    try run.run(isInterrupted: workspace.outside.isInterrupted, progress: progress)
    // What was typed at the prompt keeps its finished batches; a script or a lesson ends there.
    if case .interrupted = run.ending, workspace.loadDepth == 0, !workspace.isScripted {
      Interruption.forget()
    }
    try keep(run, in: &workspace.session)
    return report(run, workspace.session)
  }

  private static func keep(_ run: TrainingRun, in session: inout Session) throws(Diagnostic) {
    var leaves = run.parameters
    if case .data(let set, let form) = run.source {
      leaves.merge(form.values(run.lastRows[...], of: set)) { _, new in new }
      if run.batchSize < set.trainingCount { session.data?.shuffle(seed: run.lastSeed) }
      let order = session.data?.order ?? []
      let end = run.lastRows.last.flatMap { order.lastIndex(of: $0) }
      session.data?.position = (end ?? -1) + 1
      session.data?.rows = run.lastRows
    }
    session.setLeaves(leaves)
    session.settings.learningRate = run.options.settings.rate
    let state = run.optimizerState
    if !state.memory.isEmpty { session.optimizerState = state }
    session.losses += run.epochs.map(\.loss)
    session.testLosses += run.epochs.map { $0.testLoss ?? .nan }
  }

  // MARK: What was asked for

  private static func options(
    _ line: CommandLine, _ session: Session
  ) throws(Diagnostic) -> TrainingRun.Options {
    var result = TrainingRun.Options()
    result.seed = session.settings.seed
    result.settings.isFused = session.isFused && isDistribution(session)
    let (values, others) = line.options
    let optimizer = try OptimizerOptions(values, session)
    if let other = others.first { throw line.usageError("train takes options only", usage, at: other.range) }
    var rate: Double?
    for (key, value, word) in optimizer.rest {
      func whole(from least: Int) throws(Diagnostic) -> Int {
        guard let number = Int(value), number >= least, number <= 1_000_000_000 else {
          throw Diagnostic(
            "\(key) is a whole number from \(least)", at: [word.range], hint: "usage: \(usage)")
        }
        return number
      }
      func number(_ allowed: ClosedRange<Double>) throws(Diagnostic) -> Double {
        guard let number = Double(value), allowed.contains(number) else {
          throw Diagnostic(
            "\(key)=\(value.prefix(20)): a number from \(Printer.number(allowed.lowerBound)) to \(Printer.number(allowed.upperBound)) expected",
            at: [word.range], hint: "usage: \(usage)")
        }
        return number
      }
      switch key {
      case "epochs": result.epochs = try whole(from: 1)
      case "batch": result.batch = try whole(from: 1)
      case .learningRate: rate = try LearningRate.parse(value, at: word.range)
      case "decay": result.decay = try number(0...1e6)
      case "seed": result.seed = try whole(from: 0)
      default: throw line.usageError("train has no option '\(key)'", usage, at: word.range)
      }
    }
    result.settings.optimizer = optimizer.chosen
    result.settings.state = session.optimizerState
    result.settings.isSingle = session.settings.format == .float32
    result.settings.rate = rate ?? optimizer.usualRate(session)
    return result
  }

  /// One-hot rows are distributions whatever the batch; other targets are as the session has them.
  private static func isDistribution(_ session: Session) -> Bool {
    guard let set = session.data?.set else { return session.targetsAreDistributions }
    if set.classNames != nil { return true }
    guard let form = BatchForm(session, set) else { return session.targetsAreDistributions }
    var whole = session
    whole.setLeaves(form.values(Array(0..<set.count)[...], of: set).filter { $0.key == form.target.name })
    return whole.targetsAreDistributions
  }

  // MARK: What is said

  /// More lines than this are thinned out.
  private static let mostLines = 20

  private static func report(_ run: TrainingRun, _ session: Session) -> Report {
    var report = Report()
    let optimizer = run.options.settings.optimizer
    if let state = run.options.settings.state, state.chosen == optimizer, state.steps > 0,
      !state.memory.isEmpty
    {
      report.note(
        "\(optimizer.text) goes on from step \(state.steps); 'optimizer \(optimizer.text) t=0' begins anew")
    }
    let every = (run.epochs.count + mostLines - 1) / mostLines
    for (i, epoch) in run.epochs.enumerated()
    where (i + 1).isMultiple(of: max(1, every)) || i == 0 || i == run.epochs.count - 1 {
      var text: Prose = "epoch \(i + 1): loss \(Figures.short(epoch.loss, digits: 4))"
      if let accuracy = epoch.accuracy { text += ", accuracy \(Figures.percent(accuracy))" }
      if let accuracy = epoch.testAccuracy { text += ", on the test rows \(Figures.percent(accuracy))" }
      report.say(text)
    }
    switch run.ending {
    case .finished: break
    case .interrupted(let epoch, let batch):
      report.say(
        "stopped in epoch \(epoch) after batch \(batch); the weights are those of that batch", .warning)
    case .diverged(let epoch, let batch, let loss):
      report.say(
        "training diverged: the loss became \(Figures.short(loss)) in epoch \(epoch), batch \(batch)",
        .failure)
      let rate = run.options.settings.rate
      report.explain(
        rate < 0
          ? "A step with lr = \(Printer.number(rate)) goes up the slope, away from the minimum: lr is a number above 0."
          : "Most likely the learning rate is too large: a step of lr = \(Printer.number(rate)) overshoots the minimum, the next gradient is larger, and so on. Take it back with 'undo' and try lr=\(Figures.short(rate / 10, digits: 2)); inputs of very different sizes have the same effect, and 'data … scale=standard' helps."
      )
    }
    let speed = Int(clamping: run.samplesPerSecond.rounded())
    report.note(
      "\(optimizer.text), lr \(Printer.number(run.options.settings.rate)), batches of \(run.batchSize), seed \(run.options.seed): \(run.samplesDone) sample\(run.samplesDone == 1 ? "" : "s") in \(Figures.short(run.secondsSpent, digits: 3)) s, \(speed) samples/s"
    )
    for (equation, formula) in run.slow.prefix(3) {
      report.note("\(name: equation) is evaluated step by step, since \(formula) has no fast kernel")
    }
    var history = Report.TensorBlock("loss", Tensor(unchecked: [run.epochs.count], run.epochs.map(\.loss)))
    history.isDrawn = false
    report.add(.tensor(history))
    report.scalar("loss", run.epochs.last?.loss ?? .nan)
    if let accuracy = run.epochs.last?.accuracy { report.scalar("accuracy", accuracy) }
    if let accuracy = run.epochs.last?.testAccuracy { report.scalar("test_accuracy", accuracy) }
    report.scalar("samples_per_second", run.samplesPerSecond)
    report.scalar("epochs", Double(run.epochs.count))
    report.scalar(.learningRate, run.options.settings.rate)
    if run.isDiverged { report.scalar("diverged", 1) }
    return report
  }
}
