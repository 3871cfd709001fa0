import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum LossCommand: Command {
  package static let name = "loss"
  package static let shortForms: [String] = []
  package static let usage = "loss [train | test | history [NUMBER… [test NUMBER…]]]"
  package static let summary = "the loss at the present values"
  package static let help = [
    "Runs the forward pass on the side when it is not done. With a data set the loss over its training and test rows is told as well; loss test is that of the test rows alone. loss history is the loss of every epoch that this model was trained for, with that on the test rows, which 'plot loss' draws; with numbers behind it, as a saved session has them, it is those. A new model begins anew."
  ]
  package static let group = CommandGroup.train
  package static let examples = ["loss", "train; loss history"]
  package static let related = ["accuracy", "train", "plot"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(["train", "test", "history"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if line.words.first?.text == "history" { return try history(line, &workspace) }
    if let part = line.words.first {
      return try DataMeasure.report(\.loss, named: "loss", part: part, in: workspace)
    }
    try workspace.session.demandLoss()
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

  private static func history(
    _ line: CommandLine, _ workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    let parts = line.words.dropFirst().split(omittingEmptySubsequences: false) { $0.text == "test" }
    let numbers = try parts.map { words throws(Diagnostic) -> [Double] in
      try words.map { word throws(Diagnostic) -> Double in
        guard let value = Double(word.text) else {
          throw Diagnostic("'\(word.text.prefix(20))' is not a number", at: [word.range])
        }
        return value
      }
    }
    guard numbers.count <= 2, numbers.count < 2 || numbers[1].count == numbers[0].count else {
      throw line.usageError("behind 'test' stand as many numbers as before it", usage)
    }
    if let losses = numbers.first, !losses.isEmpty {
      workspace.session.losses = losses
      workspace.session.testLosses = numbers.count == 2 ? numbers[1] : losses.map { _ in .nan }
    }
    var report = Report()
    let (all, tested) = (workspace.session.losses, workspace.session.testLosses)
    report.show("loss", Tensor(unchecked: [all.count], all), formula: nil)
    if tested.contains(where: \.isFinite) {
      report.show("loss on the test rows", Tensor(unchecked: [tested.count], tested), formula: nil)
    }
    return report
  }
}
