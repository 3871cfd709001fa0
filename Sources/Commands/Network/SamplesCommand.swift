import Formulas
import NeuralNetworks
import Reports
import Sessions

package enum SamplesCommand: Command {
  package static let name = "samples"
  package static let shortForms: [String] = []
  package static let usage = "samples [\(Roles.Samples.allCases.map(\.rawValue).joined(separator: "|"))]"
  package static let summary = "how many samples there are and where they lie"
  package static let help = [
    "It follows from the equations: the samples are the extent that inputs and targets share and no parameter has. x and t with n numbers each and parameters that are numbers are n samples; a vector that a matrix multiplies is one.",
    "samples columns says that a sample is a column of the inputs, samples rows that it is a row, samples none that everything is one sample, so that m is 1.",
  ]
  package static let group = CommandGroup.network
  package static let examples = ["samples", "samples rows"]
  package static let related = ["info", "shapes"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(Roles.Samples.allCases.map(\.rawValue))

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if !line.rest.isEmpty {
      // As a saved session says what fitted when it was said.
      let isKept = line.rest.hasSuffix("?")
      guard let samples = Roles.Samples(rawValue: isKept ? String(line.rest.dropLast()) : line.rest) else {
        let words = Roles.Samples.allCases.map(\.rawValue)
        let guess = Suggestions.nearest(to: line.rest, in: words).map { "did you mean \($0)?" as Prose }
        throw Diagnostic(
          "samples are not '\(line.rest.prefix(30))'", at: [line.restRange],
          hint: guess ?? "they lie in \(words.joined(separator: ", "))")
      }
      if !isKept, let objection = workspace.session.objection(to: samples) {
        throw Diagnostic(objection.message, at: [line.restRange], hint: objection.hint)
      }
      workspace.session.setSamples(samples)
    }
    let session = workspace.session
    var report = Report([.text(session.samplesInWords, style: .plain)])
    if let warning = session.misplacedClasses { report.say(warning, .warning) }
    if let m = session.roles.sampleCount { report.scalar(.sampleCount, Double(m)) }
    return report
  }

  /// What to say to `model layout=columns`: typed equations say themselves how samples lie.
  static func layoutAnswer(at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      "how samples lie follows from the equations: X @ W has them in rows, W @ X in columns", at: [range],
      hint:
        "'samples' shows it, 'samples columns' sets it where both would do; 'net … layout=columns' writes such a network"
    )
  }
}
