import Formulas
import Reports
import Sessions

package enum SeedCommand: Command, ChangesValues {
  package static let name = "seed"
  package static let shortForms: [String] = []
  package static let usage = "seed [N]"
  package static let summary = "which random numbers randn and rand give next"
  package static let help = [
    "randn(2, 3) typed without seed= gives other numbers every time: those of seed 0 first, then of 1 and so on, so that the same commands give the same numbers again. seed 7 goes on with those of 7. randn(2, 3, seed=7) are always the same.",
    "An equation of a model is computed more than once, and its random numbers stay: without seed= they are those of 0. net, init, shuffle and train have a seed= of their own.",
  ]
  package static let group = CommandGroup.network
  package static let examples = ["seed 7; randn(2, 3)", "seed"]
  package static let related = ["set", "init", "net"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if !line.rest.isEmpty {
      guard let seed = Int(line.rest), seed >= 0 else {
        throw Diagnostic("a seed is a whole number, 0 or more", at: [line.restRange], hint: "usage: \(usage)")
      }
      workspace.session.nextSeed = seed
    }
    var report = Report()
    report.note("randn and rand go on with the numbers of seed \(workspace.session.nextSeed)")
    report.scalar("seed", Double(workspace.session.nextSeed))
    return report
  }
}
