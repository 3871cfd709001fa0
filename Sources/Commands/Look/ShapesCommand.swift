import Formulas
import NeuralNetworks
import Reports
import Sessions

package enum ShapesCommand: Command {
  package static let name = "shapes"
  package static let shortForms: [String] = []
  package static let usage = "shapes"
  package static let summary = "how the shapes meet in every equation"
  package static let help = [
    "Every name in every equation with its shape put in. Where values are missing, what follows from the others, and letters for what is open."
  ]
  package static let group = CommandGroup.look
  package static let examples = ["shapes", "net 4 5:relu 2; shapes"]
  package static let related = ["trace", "equations"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    let session = workspace.session
    let open = session.openShapes
    guard open.missing.isEmpty else { return self.open(open, session) }
    let program = try session.readyProgram()
    let rows = program.steps.map { step -> [Prose] in
      if let reason = session.reasonHidden(step.name) {
        return ["\(name: step.name)", "?", "?", "\(reason)"]
      }
      let met = step.expression.names.compactMap { name -> Prose? in
        program.shapes[session.model.resolve(name)].map {
          $0.isScalar ? "\(name: name) scalar" : "\(name: name) \($0)"
        }
      }
      return [
        "\(name: step.name)", program.shapes[step.name].map { "\($0)" } ?? "", "\(step.expression)",
        met.joined(separator: ", "),
      ]
    }
    return Report([.table(.init(header: ["name", "shape", "formula", "from"], rows: rows))])
  }

  /// What follows from the values that are there: letters for extents that nothing shows yet.
  private static func open(_ open: OpenShapes, _ session: Session) -> Report {
    let rows = session.model.equations.map { step -> [Prose] in
      let met = step.expression.names.compactMap { name in
        open.text(session.model.resolve(name)).map { "\(name: name) \($0)" as Prose }
      }
      return [
        "\(name: step.name)", "\(open.text(step.name) ?? "?")", "\(step.expression)",
        met.joined(separator: ", "),
      ]
    }
    var report = Report([.table(.init(header: ["name", "shape", "formula", "from"], rows: rows))])
    if let request = open.request { report.note(request) }
    return report
  }
}
