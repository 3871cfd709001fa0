import Formulas
import Reports
import Sessions

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
