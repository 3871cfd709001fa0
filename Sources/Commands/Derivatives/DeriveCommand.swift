import Differentiation
import Explanations
import Formulas
import NeuralNetworks
import Operations
import Reports
import Sessions

package enum DeriveCommand: Command {
  package static let name = "derive"
  package static let shortForms: [String] = []
  package static let usage = "derive NAME | derive FUNCTION [route]"
  package static let summary = "a gradient or a function's derivative, line by line and checked"
  package static let help = [
    "derive dW1 goes from the loss to that gradient: the chain of ∂ factors, then each backward equation with the rule that gives it, the shapes that meet, and why only this order and these transposes fit. Every line is compared with forward mode at the numbers at hand.",
    "derive softmax, cross_entropy, softmax_cross_entropy, matmul, convolution, tanh, sigmoid, relu and the other functions: each line equals the one above it for a reason that stands behind it, evaluated at this session's numbers. Routes: "
      + DerivationTable.rows.filter { $0.routes.count > 1 }.map {
        "\($0.name) \($0.routes.joined(separator: "|"))"
      }.joined(separator: "; ") + ".",
  ]
  package static let group = CommandGroup.differentiate
  package static let examples = ["derive dW1", "derive softmax"]
  package static let related = ["why", "jacobian", "gradcheck"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.derivations

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let words = line.words
    guard let first = words.first else { throw line.usageError("derive what?", usage) }
    let name = line.name(first)
    try workspace.session.demandShown(name)
    let session = try workspace.session.completedExactly(forward: false)
    let program = try session.readyProgram()
    let environment = SessionEnvironment(session)
    // J is derived as the operation whose Jacobian it is.
    if let row = DerivationTable.row(
      named: name == session.jacobianName ? session.lastJacobian?.step.operation.name ?? name : name)
    {
      let search = SubjectSearch(
        program.recognised, environment, program.counting, shown: session.naming.shown)
      return try function(row, Array(words.dropFirst()), search)
    }
    if words.count > 1 {
      throw line.usageError("only a function has routes", usage, at: words[1].range)
    }
    let target = try self.target(name, at: first.range, session, program, environment)
    let backward = try self.backward(to: target, session, program)
    let derivation = try GradientDerivation(
      of: target, loss: session.model.lossName, forward: program.forward, backward: backward,
      environment: environment, counting: program.counting)
    let origins = try backward.last { $0.name == target.gradientName }.map { equation throws(Diagnostic) in
      FormulaOrigins(
        of: equation, forward: program.forward, backward: backward, environment: environment,
        counting: program.counting, entries: nil, role: { session.role(of: $0) })
    }
    let isSummed = origins?.parts.contains { $0.kind == .sum } == true
    return DerivationReport.gradient(
      derivation, shape: environment.shape(of: target) ?? .scalar,
      broadcast: isSummed ? origins?.broadcast : nil, cut: cut(of: target, program.forward, session))
  }

  /// The ways from a value to the loss that are not differentiated; nil where there is none.
  private static func cut(of target: String, _ forward: [Equation], _ session: Session) -> Prose? {
    var affected: Set<String> = [target]
    var leading: [Equation] = []
    for equation in forward where equation.expression.names.contains(where: affected.contains) {
      affected.insert(equation.name)
      leading.append(equation)
    }
    let needed = Set(leading.leading(to: session.model.lossName).map(\.name))
    let places = leading.filter { needed.contains($0.name) }.flatMap { equation in
      equation.expression.detachedParts.filter { $0.names.contains(where: affected.contains) }
        .map { "\($0) in \(name: equation.name)" as Prose }
    }
    guard let first = places.first, let last = places.last else { return nil }
    let listed: Prose =
      places.count > 4
      ? "\(first), …, \(last) (\(places.count) places)" : places.joined(separator: ", ")
    let reason =
      session.model.truncation.map {
        "; 'truncate \($0)' cuts there, and 'truncate off' goes all the way" as Prose
      } ?? ""
    return
      "terms are cut: what \(name: target) does to \(name: session.model.lossName) through \(listed) is not in this sum\(reason)"
  }

  private static func function(
    _ row: DerivationTable.Row, _ words: [CommandLine.Word], _ search: SubjectSearch
  ) throws(Diagnostic) -> Report {
    let routes = row.routes
    guard words.count <= 1 else {
      throw Diagnostic(
        "one route at a time", at: [words[1].range], hint: "derive \(row.name) \(words[0].text)")
    }
    var route = routes.first
    if let word = words.first {
      let matching = routes.filter { $0.hasPrefix(word.text.lowercased()) }
      route = matching.first { $0 == word.text } ?? matching.first
      guard route != nil, matching.count == 1 || route == word.text else {
        let near = Suggestions.nearest(to: word.text, in: routes)
        throw Diagnostic(
          "\(row.name) has no route '\(word.text.prefix(30))'", at: [word.range],
          hint: near.map { "did you mean \($0)?" } ?? "its routes: \(routes.joined(separator: ", "))")
      }
    }
    guard let route else { throw Diagnostic("\(row.name) has no derivation") }
    let checked = try CheckedDerivation(try row.derivation(route, search))
    return DerivationReport.function(checked, others: routes.filter { $0 != route }, name: row.name)
  }

  /// The value whose gradient a word asks for: dW1, or W1.
  private static func target(
    _ typed: String, at range: Range<Int>, _ session: Session, _ program: Program,
    _ environment: SessionEnvironment
  ) throws(Diagnostic) -> String {
    let name = session.model.resolve(typed)
    for candidate in [name.gradientOf ?? "", name] {
      let resolved = session.model.resolve(candidate)
      let isKnown = program.shapes[resolved] != nil && resolved != .sampleCount
      if isKnown, candidate == name ? !program.backward.contains(where: { $0.name == name }) : true {
        return resolved
      }
    }
    let names = program.backward.map(\.name) + DerivationTable.rows.map(\.name)
    var diagnostic = environment.missing(typed)
    if let bracket = typed.firstIndex(of: "["), environment.shape(of: String(typed[..<bracket])) != nil {
      diagnostic = Diagnostic(
        "a gradient is derived as a whole",
        hint: "derive \(name: String(typed[..<bracket])), and why \(typed) for one of its numbers")
    } else if environment.shape(of: name) != nil {
      diagnostic = Diagnostic(
        "\(name: typed) is no gradient and no function",
        hint: "for example: derive \(name: names.last(where: { $0.gradientOf != nil }) ?? "softmax")")
    } else if let operation = Operation.named(typed) {
      diagnostic = Diagnostic(
        "there is no derivation of \(typed)",
        hint: operation.steps.map {
          "it is several steps: \($0(3).joined(separator: "; ")); each is derived for itself, and 'derive' of a gradient in a model with \(typed) goes through them"
        } ?? "there is one of \(DerivationTable.rows.map(\.name).joined(separator: ", "))")
    } else if typed.contains("(") {
      diagnostic = Diagnostic(
        "derive is of a gradient or a function, and this is a formula",
        hint: "as a model: model L = \(typed); then derive the gradient of what it reads")
    } else if let near = session.naming.nearest(to: typed, in: program.steps.map(\.name) + names) {
      diagnostic.hint = "did you mean \(name: near)?"
    }
    diagnostic.marks = [range]
    throw diagnostic
  }

  /// The session's own backward equations, or for a gradient that is no step of them those that lead to it.
  private static func backward(
    to target: String, _ session: Session, _ program: Program
  ) throws(Diagnostic) -> [Equation] {
    let loss = session.model.lossName
    guard target != loss else {
      var seed = Equation(loss.gradientName, 1)
      seed.rules = ["seed"]
      return [seed]
    }
    if program.backward.contains(where: { $0.name == target.gradientName }) { return program.backward }
    let derived = try program.derive(output: loss, targets: [target], isFused: false)
    guard
      derived.contains(where: {
        $0.name == target.gradientName && !$0.rules.contains(BackwardPass.unreached)
      })
    else {
      throw Diagnostic(
        "\(name: loss) does not depend on \(name: target)", hint: "'trace' shows what is computed from what")
    }
    return derived
  }
}
