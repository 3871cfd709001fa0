import Formulas
import LinearAlgebra
import Operations
import Reports
import Sessions

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
  package static let examples = ["accuracy", "data moons test=0.2; net 2 6:relu 2:softmax; accuracy test"]
  package static let related = ["loss", "train"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(["train", "test"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if let part = line.words.first {
      return try DataMeasure.report(\.accuracy, named: "accuracy", part: part, in: workspace)
    }
    let session = try workspace.session.completed(forward: true)
    guard let formula = Accuracy.formula(session) else {
      throw Diagnostic(
        session.roles.loss.map { "\($0.function.name) compares numbers, and accuracy counts classes" }
          ?? "accuracy needs a loss that compares an output with classes",
        hint: "regression has no classes: look at 'loss'")
    }
    let value = try Evaluator(SessionEnvironment(session)).value(of: formula).elements.first ?? .nan
    var report = Report()
    report.show("accuracy", Tensor(value), formula: "\(formula)")
    report.scalar("accuracy", value)
    try DataMeasure.add(\.accuracy, named: "accuracy", batch: value, to: &report, in: workspace)
    return report
  }
}
