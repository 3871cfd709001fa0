import Formulas
import NeuralNetworks
import Reports
import Sessions

package enum SetCommand: Command {
  package static let name = "set"
  package static let shortForms: [String] = []
  package static let usage = "set NAME = EXPRESSION | set NAME[i, j] = NUMBER"
  package static let summary = "give a value to an input, target or parameter"
  package static let help = [
    "set W1[0, 1] = 0.3 changes one entry; set X = [[1, 2], [3, 4]] the whole batch. The pass begins again. lr is set in the same way: set lr = 0.5.",
    "A list [1, 2, 3] given to a row (1×3) becomes that row.",
  ]
  package static let group = CommandGroup.network
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.names

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let assignment = try Assignment(line, usage: usage)
    let session = workspace.session
    let name = session.model.resolve(assignment.target.name)
    if name == "lr" {
      return try LearningRate.set(
        try assignment.value(in: session, source: line.text).scalarValue, at: assignment.nameRange, &workspace
      )
    }
    try checkSettable(name, assignment, session)
    var value = try assignment.value(in: session, source: line.text)
    if !assignment.target.target.isEmpty {
      value = try AssignedValue.patched(name, value, assignment, session)
    }
    if name == "m",
      value.rank != 0 || !(value.elements.first.map { $0 >= 1 && $0 == $0.rounded() && $0 < 1e9 } ?? false)
    {
      throw Diagnostic("m is a number of samples: 1, 2, …", at: [assignment.nameRange])
    }
    return try AssignedValue.store(name, value, &workspace)
  }

  private static func checkSettable(_ name: String, _ assignment: Assignment, _ session: Session)
    throws(Diagnostic)
  {
    if name == "m" {
      let shapes = session.leaves.mapValues(\.shape)
      let usesCount = session.model.equations.contains { $0.expression.contains(name: "m") }
      if usesCount, Program.sampleCount(session.model, leaves: shapes) == nil { return }
      let source =
        Program.sampleLeaves(session.model).first { (shapes[$0]?.rank ?? 0) >= 2 }
        ?? Program.sampleLeaves(session.model)[0]
      throw Diagnostic(
        "m is the number of samples and follows \(source)", at: [assignment.nameRange],
        hint: "set \(source) to a batch of another size")
    }
    if let equation = (try? session.program.get())?.steps.first(where: { $0.name == name })
      ?? session.model.equations.first(where: { $0.name == name })
    {
      let changeable = equation.expression.names.filter { session.leaves[$0] != nil }
      throw Diagnostic(
        "\(name) is computed: \(equation.text)", at: [assignment.nameRange],
        hint: changeable.isEmpty
          ? "change what it is computed from, or keep a value of your own with 'let'"
          : "set \(changeable.joined(separator: " or ")) instead, or keep a value of your own with 'let'")
    }
    guard session.leaves[name] != nil || session.model.leaves.contains(name) else {
      let guess = Suggestions.nearest(to: name, in: session.leaves.keys.sorted() + session.model.leaves)
      throw Diagnostic(
        "'\(name)' is not an input, target or parameter of this network", at: [assignment.nameRange],
        hint: guess.map { "did you mean \($0)? A new name of your own is given with 'let'" }
          ?? "a new name of your own is given with 'let \(name) = …'")
    }
  }
}
