import Formulas
import LinearAlgebra
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
    if !assignment.target.target.isEmpty { value = try patched(name, value, assignment, session) }
    if name == "m",
      value.rank != 0 || !(value.elements.first.map { $0 >= 1 && $0 == $0.rounded() && $0 < 1e9 } ?? false)
    {
      throw Diagnostic("m is a number of samples: 1, 2, …", at: [assignment.nameRange])
    }
    let report = try store(name, value, assignment, &workspace)
    return report
  }

  static func checkSettable(_ name: String, _ assignment: Assignment, _ session: Session) throws(Diagnostic) {
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

  static func patched(
    _ name: String, _ value: Tensor, _ assignment: Assignment, _ session: Session
  ) throws(Diagnostic) -> Tensor {
    guard var whole = session.leaves[name] ?? session.scratch[name] else {
      throw Diagnostic("\(name) has no value yet, so no entry of it can be set", at: [assignment.nameRange])
    }
    guard let (shape, positions) = Evaluator.selection(assignment.target.target, in: whole.shape) else {
      throw Diagnostic(
        "\(name) (\(whole.shape)) has no such entry", at: [assignment.nameRange], hint: "indices count from 0"
      )
    }
    guard
      let source = value.broadcast(to: shape) ?? (value.count == shape.count ? value.reshaped(shape) : nil)
    else {
      throw Diagnostic(
        "\(value.shape) does not fit \(name)[…], which is \(shape)", at: [assignment.nameRange])
    }
    for (i, position) in positions.enumerated() {
      whole.replaceElement(at: position, with: source.elements[i])
    }
    return whole
  }

  static func store(
    _ name: String, _ given: Tensor, _ assignment: Assignment, _ workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    var value = given
    let old = workspace.session.leaves[name]
    if let old, old.shape != value.shape {
      // A list given to a row or column is that row or column; a number fills the whole matrix.
      if value.rank == 1, old.rank == 2, old.shape.columns == 1, value.count == old.count {
        value = value.reshaped(old.shape) ?? value
      } else if value.rank == 1, old.rank == 2 {
        value = value.reshaped([1, value.count]) ?? value
      } else if value.rank == 0, old.rank > 0 {
        value = value.broadcast(to: old.shape) ?? value
      }
    }
    let wasReady = (try? workspace.session.program.get()) != nil
    workspace.session.setLeaf(name, value)
    var report = Report()
    var block = Report.TensorBlock(name, value)
    block.remark = workspace.session.role(of: name)
    block.labelSlices(parameters: workspace.session.model.parameters, own: name)
    report.add(.tensor(block))
    if let old, old.shape != value.shape { report.note("\(name) was \(old.shape) and is now \(value.shape)") }
    if case .failure(let reason) = workspace.session.program, wasReady || old != nil {
      report.say("not ready: \(reason.message)", .warning)
    }
    return report
  }
}

package enum ParamCommand: Command {
  package static let name = "param"
  package static let shortForms: [String] = []
  package static let usage = "param NAME = EXPRESSION | param NAME…"
  package static let summary = "say that a name of the model is trained, and give it a value"
  package static let help = [
    "param w = 0.5 gives w a value and has it trained. param w b only says that they are trained."
  ]
  package static let group = CommandGroup.network
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.names

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if line.rest.isEmpty {
      return Report([
        .text("trained: \(workspace.session.model.parameters.joined(separator: ", "))", style: .plain)
      ])
    }
    if !line.rest.contains("=") {
      var report = Report()
      for word in line.words {
        try register(word.text, at: word.range, &workspace)
        report.note("\(word.text) is trained")
      }
      return report
    }
    let assignment = try Assignment(line, usage: usage)
    let name = workspace.session.model.resolve(assignment.target.name)
    var value = try assignment.value(in: workspace.session, source: line.text)
    if !assignment.target.target.isEmpty {
      value = try SetCommand.patched(name, value, assignment, workspace.session)
    }
    try register(name, at: assignment.nameRange, &workspace)
    return try SetCommand.store(name, value, assignment, &workspace)
  }

  private static func register(
    _ name: String, at range: Range<Int>, _ workspace: inout Workspace
  ) throws(Diagnostic) {
    var model = workspace.session.model
    guard model.leaves.contains(name) else {
      let hint =
        model.equations.contains { $0.name == name }
        ? "\(name) is computed by an equation"
        : "it must occur in the model's equations: \(model.leaves.joined(separator: ", "))"
      throw Diagnostic("the model has no free name '\(name)'", at: [range], hint: hint)
    }
    if !model.parameters.contains(name) {
      // In the order in which the equations use them.
      let trained = Set(model.parameters + [name])
      model.parameters = model.leaves.filter(trained.contains)
    }
    workspace.session.replaceModel(model, leaves: workspace.session.leaves)
  }
}

package enum LetCommand: Command {
  package static let name = "let"
  package static let shortForms: [String] = []
  package static let usage = "let NAME = EXPRESSION"
  package static let summary = "a scratch name of your own"
  package static let help = ["let G = S - Y keeps the value under G. It does not follow later changes of S."]
  package static let group = CommandGroup.network
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.names

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let assignment = try Assignment(line, usage: usage)
    let session = workspace.session
    let name = assignment.target.name
    guard !session.isKnown(name), session.leaves[name] == nil, name != "m", name != "lr" else {
      throw Diagnostic(
        "\(name) belongs to the network", at: [assignment.nameRange],
        hint: session.leaves[session.model.resolve(name)] != nil
          ? "give it a value with 'set \(name) = …'" : "choose another name for a value of your own")
    }
    var value = try assignment.value(in: session, source: line.text)
    if !assignment.target.target.isEmpty { value = try SetCommand.patched(name, value, assignment, session) }
    workspace.session.letName(name, value)
    var report = Report()
    report.show(
      name, value, formula: assignment.target.target.isEmpty ? assignment.formula.expression.formulaText : nil
    )
    return report
  }
}

extension Expression {
  /// The formula for a title; nil for plain numbers, which the value shows anyway.
  var formulaText: String? {
    contains { if case .name = $0 { true } else if case .call = $0 { true } else { false } }
      ? description : nil
  }
}
