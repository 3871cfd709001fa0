import Formulas
import NeuralNetworks
import Reports
import Sessions

/// A value given to an input, target or parameter, to `lr` or to `m`.
enum LeafAssignment {
  static func run(
    _ assignment: Assignment, _ line: CommandLine, _ workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    let session = workspace.session
    let name = session.model.resolve(assignment.target.name)
    if name == .learningRate {
      return try LearningRate.set(
        try assignment.value(in: session, source: line.text).scalarValue, at: assignment.nameRange, &workspace
      )
    }
    if name == "layout", !session.model.leaves.contains(name) {
      throw SamplesCommand.layoutAnswer(at: assignment.nameRange)
    }
    if name == .sampleCount { return try setSampleCount(assignment, line, &workspace) }
    if let remembered = try OptimizerMemory.report(name, assignment, line, &workspace) { return remembered }
    try checkSettable(name, assignment, session)
    var value = try assignment.value(in: session, source: line.text)
    var filling: Prose?
    if !assignment.target.target.isEmpty {
      filling = AssignedValue.filling(name, value, assignment, session)
      value = try AssignedValue.patched(name, value, assignment, session)
    }
    let becomesInput = assignment.target.target.isEmpty && session.isInputAfterAll(name)
    if becomesInput { workspace.session.untrain(name) }
    var report = try AssignedValue.store(name, value, &workspace)
    if let filling { report.note(filling) }
    if becomesInput {
      report.note("\(name: name) is an input now, since there is no other; 'param \(name: name)' trains it")
    }
    return report
  }

  /// `m` is given where only numbers meet; where values show it, what is given must be what they show.
  private static func setSampleCount(
    _ assignment: Assignment, _ line: CommandLine, _ workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    let session = workspace.session
    let value = try assignment.value(in: session, source: line.text)
    guard assignment.target.target.isEmpty, value.rank == 0, let number = value.scalarValue,
      let m = Int(exactly: number), m >= 1, m < 1_000_000_000
    else { throw Diagnostic("m is a number of samples: 1, 2, …", at: [assignment.nameRange]) }
    let shown = session.model.leaves.compactMap { name in
      session.leaves[name].flatMap { $0.rank > 0 ? (name: name, shape: $0.shape) : nil }
    }
    guard let count = session.roles.sampleCount, !shown.isEmpty else {
      return try AssignedValue.store(.sampleCount, value, &workspace)
    }
    guard m != count else { return Report([.text("m = \(m): \(session.samplesInWords)", style: .plain)]) }
    guard let source = shown.first(where: { session.roles.sampleAxes[$0.name] != nil }) else {
      throw Diagnostic(
        "m is the number of samples, and \(shown[0].name) (\(shown[0].shape)) is one",
        at: [assignment.nameRange],
        hint: "'samples rows' says that every row is one")
    }
    let place =
      source.shape.rank == 1 ? "entry" : session.roles.sampleAxes[source.name] == 1 ? "column" : "row"
    throw Diagnostic(
      "m is the number of samples and follows \(source.name)", at: [assignment.nameRange],
      hint:
        "\(source.name) (\(source.shape)) holds \(count), one in every \(place): set \(source.name) to a batch of another size, or say with 'samples' where they lie"
    )
  }

  private static func checkSettable(_ name: String, _ assignment: Assignment, _ session: Session)
    throws(Diagnostic)
  {
    if let equation = (try? session.program.get())?.steps.first(where: { $0.name == name })
      ?? session.model.equations.first(where: { $0.name == name })
    {
      let changeable = equation.expression.names.filter { session.leaves[$0] != nil }
      // dlogits[range(n), y] -= 1 changes a copy of dlogits, step by step.
      if assignment.formula.expression.contains(name: name),
        name.gradientOf != nil || !assignment.target.target.isEmpty
      {
        throw Diagnostic(
          "\(name: name) is computed: \(equation)", at: [assignment.nameRange],
          hint:
            "a copy can be changed step by step: let d = \(name: name), or what you begin with; d[0] -= 1; check \(name: name) = d"
        )
      }
      if !assignment.formula.expression.names.isEmpty {
        throw Diagnostic(
          "\(name: name) is computed: \(equation)", at: [assignment.nameRange],
          hint:
            "'check \(name: name) = \(assignment.formula.expression)' says whether yours is right, 'review FILE' reads a whole program"
        )
      }
      throw Diagnostic(
        "\(name: name) is computed: \(equation)", at: [assignment.nameRange],
        hint: changeable.isEmpty
          ? "change what it is computed from, or keep a value of your own with 'let'"
          : "set \(changeable.map { "\(name: $0)" as Prose }.joined(separator: " or ")) instead, or keep a value of your own with 'let'"
      )
    }
    guard session.leaves[name] != nil || session.model.leaves.contains(name) else {
      let guess = session.naming.nearest(to: name, in: session.leaves.keys.sorted() + session.model.leaves)
      throw Diagnostic(
        "'\(name: name)' is not an input, target or parameter of this network", at: [assignment.nameRange],
        hint: guess.map { "did you mean \(name: $0)? A new name of your own is given with 'let'" }
          ?? "a new name of your own is given with 'let \(name: name) = …'")
    }
  }
}
