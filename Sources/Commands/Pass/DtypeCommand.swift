import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum DtypeCommand: Command, Setting {
  package static let name = "dtype"
  package static let shortForms: [String] = []
  package static let usage = "dtype [float64|float32|float16|bfloat16]"
  package static let summary = "what the pass is computed in"
  package static let help = [
    "Every input, target, parameter and number of a formula is rounded to the format, and so is the result of every operation, once. Of + - * / and sqrt that is the correctly rounded result.",
    "An operation of many numbers (@, sum, mean, softmax, a loss) is computed in float32, as processors accumulate numbers of 16 bits: from left to right, each product and each partial sum rounded to float32, and its result once to the format. exp, tanh and others of one number are computed in float64 and rounded once.",
    "Values that were given stay as they are: dtype float64 brings the pass of before. The pass begins again. update steps in the format too, and train does in float32; check, gradcheck, derive, jacobian and the like work in float64, since a rule is not wrong where a number is rounded.",
  ]
  package static let group = CommandGroup.pass
  package static let examples = ["dtype float16; forward", "dtype float64"]
  package static let related = ["numerics", "precision", "forward"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(NumberFormat.allCases.map(\.rawValue))

  /// As other tools call them.
  private static let otherNames: [String: NumberFormat] = [
    "double": .float64, "float": .float32, "single": .float32, "half": .float16, "fp64": .float64,
    "fp32": .float32, "fp16": .float16, "bf16": .bfloat16, "f64": .float64, "f32": .float32, "f16": .float16,
  ]

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if !line.rest.isEmpty {
      let word = line.rest.split(separator: ".").last.map(String.init) ?? line.rest
      guard let format = NumberFormat(rawValue: word) ?? otherNames[word] else {
        throw line.usageError("there is no format '\(line.rest.prefix(20))'", usage, at: line.restRange)
      }
      if format != workspace.session.settings.format { workspace.session.setFormat(format) }
    }
    let format = workspace.session.settings.format
    var report = Report()
    report.say(
      "dtype is \(format.rawValue): \(format.digits) bits, \(Figures.short(format.decimals, digits: 2)) decimal digits, up to \(Figures.short(format.largest, digits: 5)), down to \(Figures.short(format.spacingNearZero, digits: 2))"
    )
    report.scalar("digits", Double(format.digits))
    return report
  }
}

extension Session {
  /// The pass run in float64, for what rules and answers are judged by.
  package func completedExactly(forward: Bool) throws(Diagnostic) -> Session {
    try recomputed(in: .float64).completed(forward: forward)
  }

  /// Said where a command works in another format than the pass.
  package var exactly: Prose? {
    settings.format == .float64
      ? nil : "computed in float64; what \(settings.format.rawValue) rounds, 'numerics' shows"
  }
}
