import Formulas
import Reports
import Sessions

package enum ParamCommand: Command, ChangesValues, TakesValue {
  package static let name = "param"
  package static let shortForms: [String] = []
  package static let usage = "param NAME = EXPRESSION | param [only] NAME…"
  package static let summary = "say that a name of the model is trained, and give it a value"
  package static let help = [
    "param w = 0.5 gives w a value and has it trained. param w b only says that they are trained, and param only w b that no others are."
  ]
  package static let group = CommandGroup.network
  package static let examples = ["param W1 = randn(2, 5)", "param only W1 b1"]
  package static let related = ["set", "let", "model"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.byPlace { before, _ in
    before.isEmpty ? .held { $0.settable } : .names
  }

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if line.rest.isEmpty {
      return Report([
        .text("trained: \(names: workspace.session.model.parameters)", style: .plain)
      ])
    }
    if !line.rest.contains("="), let first = line.words.first, first.text == "only" {
      return try only(Array(line.words.dropFirst()), &workspace)
    }
    if !line.rest.contains("=") {
      var report = Report()
      for word in line.words {
        try register(line.name(word), at: word.range, &workspace)
        report.note("\(name: line.name(word)) is trained")
      }
      return report
    }
    var assignment = try Assignment(line, usage: usage)
    assignment.draw(from: &workspace.session)
    let name = workspace.session.model.resolve(assignment.target.name)
    var value = try assignment.value(in: workspace.session, source: line.text)
    if !assignment.target.target.isEmpty {
      value = try AssignedValue.patched(name, value, assignment, workspace.session)
    }
    try register(name, at: assignment.nameRange, &workspace)
    return try AssignedValue.store(name, value, &workspace)
  }

  /// What a saved session says: these are trained and no others, those with a `?` because of their names alone; those with
  /// a `!` have their value from another network.
  private static func only(
    _ words: [CommandLine.Word], _ workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    var model = workspace.session.model
    func names(_ mark: Character) -> Set<String> {
      Set(words.filter { $0.text.last == mark }.map { String($0.text.dropLast()) })
    }
    let guessed = names("?")
    let inherited = workspace.session.inherited.union(names("!"))
    let trained = guessed.union(words.map(\.text))
    model.parameters = model.leaves.filter(trained.contains)
    model.guessed = guessed
    workspace.session.replaceModel(model, leaves: workspace.session.leaves, inherited: inherited)
    for word in words {
      let name = word.text.filter { !"?!".contains($0) }
      guard model.leaves.contains(name) else {
        throw Diagnostic("the model has no free name '\(name: name)'", at: [word.range])
      }
    }
    return Report([.text("trained: \(names: model.parameters)", style: .note)])
  }

  private static func register(
    _ name: String, at range: Range<Int>, _ workspace: inout Workspace
  ) throws(Diagnostic) {
    var model = workspace.session.model
    guard model.leaves.contains(name) else {
      let hint: Prose =
        model.equations.contains { $0.name == name }
        ? "\(name: name) is computed by an equation"
        : "it must occur in the model's equations: \(names: model.leaves)"
      throw Diagnostic("the model has no free name '\(name: name)'", at: [range], hint: hint)
    }
    if !model.parameters.contains(name) {
      // In the order in which the equations use them.
      let trained = Set(model.parameters + [name])
      model.parameters = model.leaves.filter(trained.contains)
    }
    model.guessed.remove(name)
    workspace.session.replaceModel(
      model, leaves: workspace.session.leaves, inherited: workspace.session.inherited)
  }
}
