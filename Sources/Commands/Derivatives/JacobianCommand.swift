import Differentiation
import Explanations
import Formulas
import LinearAlgebra
import Operations
import Reports
import Sessions

package enum JacobianCommand: Command {
  package static let name = "jacobian"
  package static let shortForms = ["j"]
  package static let usage = "jacobian softmax [sample] | jacobian A B [i, j] [--full]"
  package static let summary = "the derivative of any step by any earlier value"
  package static let help = [
    "jacobian softmax shows J (m×K×K), a matrix for every sample; jacobian softmax 0 one of them. jacobian A1 Z1, jacobian Z2 W2: any step by any value before it, with its index formula and its structure. jacobian Z2 W2 [0, 1] is how Z2[0,1] depends on every entry of W2, jacobian Z2 W2 [0, 1, 2, 1] one number of it; a formula of values, jacobian A1 @ W2 W2, is a step too. --full writes out the flattened matrix."
  ]
  package static let group = CommandGroup.differentiate
  package static let examples = ["jacobian softmax", "jacobian Z2 W2"]
  package static let related = ["derive", "compare", "why"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.several([
    .values, .words(Operation.all.filter { $0.jacobian != nil }.map(\.name) + ["--full"]),
  ])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if let name = workspace.session.jacobianName { try workspace.session.demandShown(name) }
    var words = JacobianQuestion.words(line)
    let isFull = words.contains { $0.text == "--full" }
    words.removeAll { $0.text == "--full" }
    guard let first = words.first else { throw line.usageError("the Jacobian of what?", usage) }
    let isBackward = (try? workspace.session.readyProgram())?.backward.contains {
      $0.name == workspace.session.model.resolve(line.name(first))
    }
    let session = try workspace.session.completedExactly(forward: isBackward != true)
    if Operation.named(first.text)?.jacobian != nil, words.count == 1 || !session.isKnown(words[1].text) {
      return try ofEverySample(first.text, Array(words.dropFirst()), session, line, isFull)
    }
    guard words.count >= 2 else {
      throw line.usageError("the Jacobian of \(name: line.name(first)) by what?", usage, at: first.range)
    }
    let question = try JacobianQuestion(words, session, line)
    return try question.report(isFull: isFull)
  }

  private static func ofEverySample(
    _ function: String, _ words: [CommandLine.Word], _ session: Session, _ line: CommandLine, _ isFull: Bool
  ) throws(Diagnostic) -> Report {
    let environment = SessionEnvironment(session)
    let given = session.jacobianName ?? "\(function)'"
    guard let equation = environment.jacobian(named: given) else {
      throw Diagnostic(
        "this model has no step that is a \(function)", hint: "'jacobian A B' works for any step A")
    }
    // Where samples are more than rows, the general way says what depends on what.
    if let (output, step) = session.lastJacobian, environment.shape(of: output)?.rank ?? 0 > 2 {
      guard case .name(let input) = step.argument else {
        throw Diagnostic(
          "\(name: output) = \(step.expression) is a stack of matrices, and what it is taken of has no name",
          hint: "give \(step.argument) a name in the model, then 'jacobian \(name: output) NAME'")
      }
      let path = Jacobian.path(from: input, to: output, try session.readyProgram().forward)
      return try JacobianReport(output, input, path: path, session: session, environment: environment)
        .whole(isFull: isFull)
    }
    let J = try Evaluator(environment).value(of: equation.expression)
    var report = Report()
    var value = J
    var name = Expression.name(given)
    if let word = words.first {
      let text =
        word.text.hasPrefix("[") && word.text.hasSuffix("]")
        ? String(word.text.dropFirst().dropLast()) : word.text
      guard let sample = Int(text), sample >= 0, sample < J.shape.dimensions[0] else {
        throw Diagnostic(
          "there is no sample \(word.text.prefix(20))", at: [word.range],
          hint: "samples count from 0: 0 to \(J.shape.dimensions[0] - 1)")
      }
      let K = J.shape.columns
      value = Tensor(unchecked: [K, K], Array(J.elements[sample * K * K..<(sample + 1) * K * K]))
      name = name.entry([sample])
    }
    var block = Report.TensorBlock("\(name)", value, formula: "\(equation.expression)")
    block.showsRowSums = true
    block.isFull = isFull
    let K = value.shape.columns
    for i in 0..<value.count where (i / K) % K == i % K { block.marked.insert(i) }
    block.sliceLabel = "sample"
    report.add(.tensor(block))
    let others = session.model.equations.filter { JacobianStep($0.expression) != nil }.dropLast()
    if let last = session.lastJacobian?.name, !others.isEmpty {
      report.note(
        "this is that of \(name: last), the last \(function) of the model; before it stand those of \(names: others.map(\.name))"
      )
    }
    let taken = session.naming.shown
    let letters = IndexExpansion.letters(["i", "k", "j"], avoiding: taken)
    let index = letters.map(Index.variable)
    var expander = IndexExpansion(
      environment, named: session.namedFormulas, reserved: taken.union(letters))
    report.say(
      "\(IndexFormula.entry(.name(given), index)) = \(try expander.expand(equation.expression, index))",
      .formula)
    report.explain(
      "A block for every sample \(letters[0]); between different samples every derivative is 0. Every row sums to 0, since adding one number to all inputs changes no output; every column sums to 0, since a softmax sums to 1. The diagonal is marked, Σ is the sum of the row."
    )
    return report
  }
}
