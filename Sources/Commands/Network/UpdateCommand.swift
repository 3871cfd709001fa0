import Formulas
import LinearAlgebra
import NeuralNetworks
import Reports
import Sessions

/// The session's learning rate.
enum LearningRate {
  static func parse(_ text: String, at range: Range<Int>) throws(Diagnostic) -> Double {
    guard let value = Double(text), value.isFinite else {
      throw Diagnostic("'\(text.prefix(20))' is not a learning rate", at: [range], hint: "for example lr=0.1")
    }
    return value
  }

  static func set(_ value: Double?, at range: Range<Int>, _ workspace: inout Workspace) throws(Diagnostic)
    -> Report
  {
    guard let value, value.isFinite else { throw Diagnostic("a learning rate is one number", at: [range]) }
    workspace.session.settings.learningRate = value
    var report = Report([.text("lr = \(Printer.number(value))", style: .plain)])
    report.scalar("lr", value)
    return report
  }
}

package enum UpdateCommand: Command {
  package static let name = "update"
  package static let shortForms = ["u"]
  package static let usage = "update [lr=…] [NAME…]"
  package static let summary = "one gradient-descent step: W = W - lr * dW"
  package static let help = [
    "Every parameter moves against its gradient; the backward pass is run first when it is not done. lr stays as given until another is. update W1 W2 moves only these. The pass begins again, with the loss at the new values."
  ]
  package static let group = CommandGroup.train
  package static let access = CommandAccess.wholePass
  package static let completes = CompletionKind.parameters

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let (options, words) = line.options
    for (key, value, word) in options {
      guard key == "lr" else { throw line.usageError("update has no option '\(key)'", usage, at: word.range) }
      workspace.session.settings.learningRate = try LearningRate.parse(value, at: word.range)
    }
    let session = try workspace.session.completed(forward: false)
    let environment = SessionEnvironment(session)
    var names = session.model.parameters
    if !words.isEmpty {
      names = []
      for word in words {
        guard session.model.parameters.contains(word.text) else {
          throw Diagnostic(
            "'\(word.text)' is not a parameter", at: [word.range],
            hint: "parameters are \(session.model.parameters.joined(separator: ", "))")
        }
        names.append(word.text)
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
      let formula = Expression.name(name) - "lr" * .name("d" + name)
      guard environment.value(of: "d" + name) != nil else { continue }
      let value = try Evaluator(UpdateEnvironment(base: environment, rate: rate)).value(of: formula)
      changed[name] = value
      var block = Report.TensorBlock(name, value, formula: formula.description)
      block.labelSlices(parameters: session.model.parameters, own: name)
      report.add(.tensor(block))
    }
    let before = environment.value(of: session.model.lossName)?.elements.first ?? .nan
    workspace.session.setLeaves(changed)
    let after =
      try workspace.session.completed(forward: true).computed(session.model.lossName)?.elements.first ?? .nan
    report.say(
      "lr = \(Printer.number(rate)): \(session.model.lossName) \(Figures.short(before, digits: 6)) → \(Figures.short(after, digits: 6))",
      after.isFinite ? .note : .warning)
    report.scalar("lr", rate)
    report.scalar("loss_before", before)
    report.scalar("loss", after)
    return report
  }
}

private struct UpdateEnvironment: Environment {
  let base: SessionEnvironment
  let rate: Double
  func shape(of name: String) -> Shape? { name == "lr" ? .scalar : base.shape(of: name) }
  func value(of name: String) -> Tensor? { name == "lr" ? Tensor(rate) : base.value(of: name) }
  func missing(_ name: String) -> Diagnostic { base.missing(name) }
  func example(ofShape shape: Shape) -> String? { nil }
}

package enum LossCommand: Command {
  package static let name = "loss"
  package static let shortForms: [String] = []
  package static let usage = "loss [train | test]"
  package static let summary = "the loss at the present values"
  package static let help = [
    "Runs the forward pass on the side when it is not done. With a data set the loss over its training and test rows is told as well; loss test is that of the test rows alone."
  ]
  package static let group = CommandGroup.train
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(["train", "test"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if let part = line.words.first {
      return try DataMeasure.report(\.loss, named: "loss", part: part, in: workspace)
    }
    let session = try workspace.session.completed(forward: true)
    guard let equation = try session.readyProgram().forward.last, let value = session.computed(equation.name)
    else {
      throw Diagnostic("this model has no loss")
    }
    var report = Report()
    StepReport.add(equation, value, to: &report, in: session)
    report.scalar("loss", value.elements.first ?? .nan)
    try DataMeasure.add(
      \.loss, named: "loss", batch: value.elements.first ?? .nan, to: &report, in: workspace)
    return report
  }
}

package enum AccuracyCommand: Command {
  package static let name = "accuracy"
  package static let shortForms: [String] = []
  package static let usage = "accuracy [train | test]"
  package static let summary = "the share of samples whose largest output is the right class"
  package static let help = [
    "Compares argmax of the output with argmax of the target, sample by sample; for a single yes/no output, output > 0.5 with target > 0.5.",
    "With a data set the accuracy over its training and test rows is told as well; accuracy test is that of the test rows alone.",
  ]
  package static let group = CommandGroup.train
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(["train", "test"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if let part = line.words.first {
      return try DataMeasure.report(\.accuracy, named: "accuracy", part: part, in: workspace)
    }
    let session = try workspace.session.completed(forward: true)
    guard let formula = Accuracy.formula(session) else {
      throw Diagnostic(
        "accuracy needs an output and a target that a loss compares",
        hint: "regression has no classes: look at 'loss'")
    }
    let value = try Evaluator(SessionEnvironment(session)).value(of: formula).elements.first ?? .nan
    var report = Report()
    report.show("accuracy", Tensor(value), formula: formula.description)
    report.scalar("accuracy", value)
    try DataMeasure.add(\.accuracy, named: "accuracy", batch: value, to: &report, in: workspace)
    return report
  }
}

/// Accuracy as a formula, so that it too is shown as it is computed.
enum Accuracy {
  static func formula(_ session: Session) -> Expression? {
    guard let output = session.model.outputName, let target = session.model.targetName,
      case .call(.loss(let loss), _, _) = session.model.equations.last?.expression.firstLoss ?? .number(0)
    else { return nil }
    let axis = session.model.layout == .columns ? 0 : 1
    let shape = session.leaves[target]?.shape ?? .scalar
    if shape.rank == 2, shape.dimensions[axis] > 1, loss == .crossEntropy || loss == .binaryCrossEntropy {
      return .call(
        .mean,
        Expression.call(.argmax, .name(output), axis: axis).equals(.call(.argmax, .name(target), axis: axis)))
    }
    guard loss == .binaryCrossEntropy else { return nil }
    return .call(.mean, (.name(output) > 0.5).equals(.name(target) > 0.5))
  }
}

extension Expression {
  var firstLoss: Expression? {
    if case .call(.loss, _, _) = self { return self }
    return children.lazy.compactMap(\.firstLoss).first
  }
}
