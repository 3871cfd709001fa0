import Formulas
import LinearAlgebra
import NeuralNetworks
import Reports
import Sessions

package enum ModelCommand: Command, ChangesValues {
  package static let name = "model"
  package static let shortForms: [String] = []
  package static let usage = "model EQUATION; EQUATION; …   (or model, lines, end) | model NAME"
  package static let summary = "type the equations yourself, or take a ready model; the last one is the loss"
  package static let help = [
    "model Z = X @ W + b; A = tanh(Z); L = mse(Y, A). Any names. Values of names that were there before are kept where they fit; give the others with 'param NAME = …' (trained) and 'set NAME = …'.",
    "model alone begins a block: one equation a line, up to a line that says end. A comment on a line of its own there is the title of the part that follows.",
    "repeat t = 1..4: h{t} = tanh(x{t} @ Wx + h{t-1} @ Wh) stands for one equation for every t, with numbers for what is in braces: h1 = tanh(x1 @ Wx + h0 @ Wh) and so on. Several equations stand behind the colon with ';' between them, up to the end of the line or the word end, or on lines of their own up to an 'end' of their own.",
    "model NAME takes a ready model with values: 'models' lists them. model gpt text=\"to be or not to be\" width=16 heads=2 seed=1 is that model for a text of your own (or text=FILE), character by character, with first weights drawn: train epochs=200 optimizer=adam lr=0.01 learns it by heart, plot loss shows how.",
    "\(TrainedNames.letters.dropLast().joined(separator: ", ")) and \(TrainedNames.letters.last ?? ""), with digits behind them or none, are taken to be parameters, and so are names like WQ, W_xh, bf and fc1_weight, and a table of which numbers choose rows: E[ids]; 'param' says so for any other. 'samples' tells where the samples lie.",
  ]
  package static let group = CommandGroup.network
  package static let examples = [
    "model Z = X @ W; L = sum(Z**2)", "model Z = X @ W1 + b1; S = softmax(Z); L = cross_entropy(Y, S)",
    "model attention",
  ]
  package static let related = ["models", "net", "param", "equations"]
  package static let access = CommandAccess.asTyped { line in
    line.rest.contains("text=") && !line.rest.contains("text=\"") && !line.rest.contains("text='")
      ? .files : .values
  }
  package static let completes = CompletionKind.words(ReadyModel.all.map(\.name))

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard !line.rest.isEmpty else {
      workspace.openBlock = OpenBlock(at: workspace.place)
      return Report()
    }
    if let ready = try TextModel.read(line) { return try ReadyModelReport.take(ready, &workspace) }
    if let ready = ReadyModel.named(line.rest) { return try ReadyModelReport.take(ready, &workspace) }
    if let refusal = TextModel.refusal(line) { throw refusal }
    if line.rest.allSatisfy({ Lexer.continuesName($0) || $0 == "-" }) {
      let names = ReadyModel.all.map(\.name)
      let guess = Suggestions.nearest(to: line.rest, in: names)
      throw Diagnostic(
        "there is no ready model '\(line.rest.prefix(30))'", at: [line.restRange],
        hint: guess.map { "did you mean \($0)?" } ?? "'models' lists them; an equation has a '='")
    }
    if line.rest.hasPrefix("layout") { throw SamplesCommand.layoutAnswer(at: line.restRange) }
    let before = workspace.session
    let text = try ModelText(
      line.rest, at: line.offset, in: line.text, naming: line.naming, environment: SessionEnvironment(before))
    let equations = text.equations
    guard !equations.isEmpty else { throw line.usageError("a model needs at least one equation", usage) }
    var model = Model(equations: equations, parameters: [])
    (model.repetitions, model.headings) = (text.repetitions, text.headings)
    let leaves = model.leaves
    let known = Set(before.model.parameters)
    let trained = TrainedNames(equations, leaves: leaves)
    model.parameters = leaves.filter { known.contains($0) || trained.contains($0) }
    model.guessed = Set(model.parameters).subtracting(known.subtracting(before.model.guessed))
    let defined = Set(equations.map(\.name))
    var values = before.leaves.filter { leaves.contains($0.key) }
    for name in leaves where values[name] == nil { values[name] = before.scratch[name] }
    if leaves.contains(.draw), values[.draw] == nil { values[.draw] = Tensor(0) }
    let turned = Self.turnToyBatch(&values, model, before)
    let counts = Self.countSamples(&model, values)
    let fitting = FittingValues(model, shapes: values.mapValues(\.shape))
    let misfits = fitting.misfits
    for name in misfits { values[name] = nil }
    workspace.session.replaceModel(model, leaves: values, inherited: fitting.unasked)
    workspace.session.forgetLosses()
    if before.holdsChosenRows { workspace.session.takeChosenRows() }
    values = workspace.session.leaves
    for name in defined.union(leaves) where workspace.session.scratch[name] != nil {
      workspace.session.forget(name)
    }
    var report = Report()
    EquationList.add(model, to: &report)
    if !model.parameters.isEmpty { report.note("trained: \(names: model.parameters)") }
    // A matrix of another network would be multiplied with, and nobody would have given it.
    let kept = model.parameters.filter { values[$0] != nil && before.model.parameters.contains($0) }
    if before.model.equations != model.equations, !kept.isEmpty {
      report.note("as they were in the model before: \(names: kept)")
    }
    for count in counts { report.note("\(count) is m, the number of samples") }
    if !turned.isEmpty {
      report.note(
        "samples are columns in it, and so they are now in the toy batch: \(names: turned) \(turned.count == 1 ? "is" : "are") turned"
      )
    }
    let dropped = misfits.compactMap { name in
      before.leaves[name].map { "\(name: name) (\($0.shape))" as Prose }
    }
    if !dropped.isEmpty {
      report.note("no longer fitting, and forgotten: \(dropped.joined(separator: ", "))")
    }
    if let request = workspace.session.openShapes.request {
      report.note(request)
    } else if case .failure(let reason) = workspace.session.program {
      report.say(reason.message, .warning)
    }
    if let reason = (try? workspace.session.program.get())?.missingLoss { report.note(reason.message) }
    if let warning = workspace.session.misplacedClasses { report.say(warning, .warning) }
    if let warning = workspace.session.turnedLoss { report.say(warning, .warning) }
    return report
  }

  /// m for how long a value is along its samples, X.shape[0]: the loss is read as what it is, and a batch has its own count.
  private static func countSamples(_ model: inout Model, _ values: [String: Tensor]) -> [Expression] {
    func sizes(_ expression: Expression) -> [Expression] {
      (expression.countedAxis == nil ? [] : [expression]) + expression.children.flatMap(sizes)
    }
    let all = Set(model.equations.flatMap { sizes($0.expression) })
    guard !all.isEmpty else { return [] }
    let roles = Roles(model, shapes: values.mapValues(\.shape))
    let counts = all.filter { size in
      guard let (name, axis) = size.countedAxis, let rank = roles.ranks[name] else { return false }
      return roles.sampleAxes[name] == (axis < 0 ? axis + rank : axis)
    }
    model.equations = model.equations.map { equation in
      Equation(equation.name, counts.reduce(equation.expression) { $0.replacing($1, with: .sampleCount) })
    }
    return counts.sorted { "\($0)" < "\($1)" }
  }

  /// The toy batch as the equations have their samples: Andrew Ng's `W1 @ X + b1` wants a sample in every column.
  private static func turnToyBatch(
    _ values: inout [String: Tensor], _ model: Model, _ before: Session
  ) -> [String] {
    guard before.hasToyBatch, let names = before.roles.fed else { return [] }
    let own = [names.input, names.target].filter { values[$0]?.rank == 2 }
    let known = values.filter { own.contains($0.key) }
    let roles = Roles(model, shapes: known.mapValues(\.shape))
    guard own.count == 2, own.allSatisfy({ roles.sampleAxes[$0] == 1 && before.roles.sampleAxes[$0] == 0 }),
      Set(own.compactMap { values[$0]?.shape.rows }).count == 1,
      Set(own.compactMap { values[$0]?.shape.columns }).count == 2
    else { return [] }
    for name in own { values[name] = values[name]?.transposed() }
    return own
  }
}
