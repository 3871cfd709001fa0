import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum InfoCommand: Command {
  package static let name = "info"
  package static let shortForms = ["i"]
  package static let usage = "info"
  package static let summary = "the session: network, values, settings, place in the pass"
  package static let help = ["Names with their shapes, and what each is."]
  package static let group = CommandGroup.look
  package static let examples = ["info", "step 3; info"]
  package static let related = ["trace", "shapes", "samples"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    return report(workspace.session)
  }

  static func report(_ session: Session) -> Report {
    var report = Report()
    if let words = session.model.specification { report.say("net \(words)", .heading) }
    EquationList.add(session.model, indent: "  ", to: &report)
    report.add(.blank)
    var rows: [[Prose]] = []
    for name in session.leaves.keys.sorted(by: Self.order(session)) {
      rows.append([
        "\(name: name)", session.leaves[name].map { "\($0.shape)" } ?? "",
        "\(session.role(of: name) ?? "")",
      ])
    }
    for name in session.scratch.keys.sorted() {
      rows.append(["\(name: name)", session.scratch[name].map { "\($0.shape)" } ?? "", "yours (let)"])
    }
    for name in session.model.aliases.keys.sorted() {
      rows.append(["\(name: name)", "", "another name for \(name: session.model.aliases[name] ?? "")"])
    }
    report.add(.table(.init(header: ["name", "shape", "what it is"], rows: rows)))
    report.add(.blank)
    report.say(session.samplesInWords)
    if let warning = session.misplacedClasses { report.say(warning, .warning) }
    if let data = session.data {
      report.say("data \(data.set.name): \(data.set.count) rows; \(BatchWords.text(session))")
    }
    switch session.program {
    case .success(let program):
      let next: Prose =
        program.steps.indices.contains(session.cursor)
        ? "next is \(program.steps[session.cursor])" : "the pass is done"
      report.say("step \(session.cursor) of \(program.steps.count): \(next)")
    case .failure(let reason): report.say("not ready: \(reason.message)", .warning)
    }
    report.say(
      "fused \(session.isFused ? "on" : "off"), lr \(Printer.number(session.settings.learningRate)), precision \(session.settings.precision), dtype \(session.settings.format.rawValue), random numbers \(RandomGenerator.name) seed \(session.settings.seed)"
    )
    if let steps = session.model.truncation {
      report.say(
        "backpropagation through time is truncated: gradients go back at most \(steps) step\(steps == 1 ? "" : "s")"
      )
    }
    report.say("matrix product: \(BLAS.summary)")
    report.scalar(.learningRate, session.settings.learningRate)
    report.scalar("step", Double(session.cursor))
    return report
  }

  /// Inputs and target first, then parameters in their order.
  static func order(_ session: Session) -> (String, String) -> Bool {
    func rank(_ name: String) -> (Int, String) {
      if let index = session.model.parameters.firstIndex(of: name) { return (100 + index, name) }
      let roles = session.roles
      return (roles.inputs.contains(name) ? 0 : roles.targets.contains(name) ? 1 : 2, name)
    }
    return { rank($0) < rank($1) }
  }
}
