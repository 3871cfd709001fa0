import Formulas
import NeuralNetworks
import Reports
import Sessions

package enum ModelCommand: Command {
  package static let name = "model"
  package static let shortForms: [String] = []
  package static let usage = "model EQUATION; EQUATION; …   (or model, lines, end)"
  package static let summary = "type the equations yourself; the last one is the loss"
  package static let help = [
    "model Z = X @ W + b; A = tanh(Z); L = mse(Y, A). Any names. Values of names that were there before are kept where they fit; give the others with 'param NAME = …' (trained) and 'set NAME = …'.",
    "model alone begins a block: one equation a line, up to a line that says end.",
    "\(trainedLetters.dropLast().joined(separator: ", ")) and \(trainedLetters.last ?? ""), with digits behind them or none, are taken to be parameters; 'param' says so for any other. 'samples' tells where the samples lie.",
  ]
  package static let group = CommandGroup.network
  package static let examples = ["model Z = X @ W; L = sum(Z**2)", "model Z = X @ W1 + b1; S = softmax(Z); L = cross_entropy(Y, S)"]
  package static let related = ["net", "param", "equations"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard !line.rest.isEmpty else {
      workspace.openBlock = OpenBlock(at: workspace.place)
      return Report()
    }
    if line.rest.hasPrefix("layout") { throw SamplesCommand.layoutAnswer(at: line.restRange) }
    let equations = try parse(line)
    var model = Model(equations: equations, parameters: [])
    let before = workspace.session
    let leaves = model.leaves
    let known = Set(before.model.parameters)
    model.parameters = leaves.filter { known.contains($0) || Self.looksTrained($0) }
    model.guessed = Set(model.parameters).subtracting(known.subtracting(before.model.guessed))
    let defined = Set(equations.map(\.name))
    var values = before.leaves.filter { leaves.contains($0.key) }
    for name in leaves where values[name] == nil { values[name] = before.scratch[name] }
    let fitting = FittingValues(model, shapes: values.mapValues(\.shape))
    let misfits = fitting.misfits
    for name in misfits { values[name] = nil }
    workspace.session.replaceModel(model, leaves: values, inherited: fitting.unasked)
    if before.holdsChosenRows { workspace.session.takeChosenRows() }
    values = workspace.session.leaves
    for name in defined.union(leaves) where workspace.session.scratch[name] != nil {
      workspace.session.forget(name)
    }
    var report = Report()
    for equation in equations { report.say("\(equation)", .formula) }
    if !model.parameters.isEmpty { report.note("trained: \(names: model.parameters)") }
    let dropped = misfits.compactMap { name in
      before.leaves[name].map { "\(name: name) (\($0.shape))" as Prose }
    }
    if !dropped.isEmpty {
      report.note("no longer fitting, and forgotten: \(dropped.joined(separator: ", "))")
    }
    let missing = leaves.filter { values[$0] == nil }
    if !missing.isEmpty {
      report.note(
        "without a value yet: \(names: missing); give it with 'param NAME = …' (trained) or 'set NAME = …'"
      )
    } else if case .failure(let reason) = workspace.session.program {
      report.say(reason.message, .warning)
    }
    if let warning = workspace.session.misplacedClasses { report.say(warning, .warning) }
    return report
  }

  /// Names of parameters, with or without digits behind them.
  private static let trainedLetters = ["W", "w", "b", "V", "U", "theta"]

  static func looksTrained(_ name: String) -> Bool {
    trainedLetters.contains { name.hasPrefix($0) && name.dropFirst($0.count).allSatisfy(\.isNumber) }
  }

  /// Equations between `;`, each name given once, used only after it is given.
  private static func parse(_ line: CommandLine) throws(Diagnostic) -> [Equation] {
    var equations: [Equation] = []
    var start = 0
    let characters = Array(line.rest)
    var seen: Set<String> = []
    for end in characters.indices.filter({ characters[$0] == ";" }) + [characters.count] {
      let part = characters[start..<max(start, end)]
      let offset = line.offset + start
      start = end + 1
      let text = String(part)
      guard !text.allSatisfy(\.isWhitespace) else { continue }
      let (name, nameRange, formula, formulaOffset) = try Assignment.split(
        text, at: offset, in: line.text, naming: line.naming)
      let parsed = try CommandLine.formula(
        formula, at: formulaOffset, in: line.text, naming: line.naming)
      if let file = parsed.expression.files.first {
        throw Diagnostic(
          "an equation reads names, and \(file.name) is a file",
          at: [formulaOffset..<formulaOffset + formula.count],
          hint: "give the array a name: write X in the equation, then set X = \(file.name)")
      }
      guard name.target.isEmpty else {
        throw Diagnostic("an equation gives a whole value a name, not an entry", at: [nameRange])
      }
      guard name.name != .sampleCount else {
        throw Diagnostic("\(name: name.name) has a meaning of its own: choose another name", at: [nameRange])
      }
      guard seen.insert(name.name).inserted else {
        throw Diagnostic(
          "\(name: name.name) is given twice", at: [nameRange], hint: "every step has a name of its own")
      }
      if parsed.expression.contains(name: name.name) {
        throw Diagnostic("\(name: name.name) is used to compute itself", at: [nameRange])
      }
      if let user = equations.first(where: { $0.expression.contains(name: name.name) }) {
        throw Diagnostic(
          "\(name: name.name) is used in \(user) before it is given", at: [nameRange],
          hint: "put its equation first")
      }
      equations.append(Equation(name.name, parsed.expression))
    }
    // dZ is the gradient of Z, and two values of one name could not be told apart.
    let names = Set(equations.flatMap { [$0.name] + $0.expression.names })
    if let clash = equations.first(where: {
      $0.name.gradientOf.map(names.contains) ?? false
    }) {
      throw Diagnostic(
        "\(name: clash.name) is the name of the gradient of \(name: clash.name.gradientOf ?? "")",
        at: [line.restRange],
        hint: "choose another name for this step")
    }
    guard !equations.isEmpty else { throw line.usageError("a model needs at least one equation", usage) }
    return equations
  }
}
