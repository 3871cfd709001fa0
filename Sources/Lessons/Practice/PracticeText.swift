import Commands
import Explanations
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Reports
import Sessions

/// What practice says about a question: the question itself, its hints by degrees and its answer, all read from the
/// step's equation and value.
struct PracticeText {
  private let question: PracticeQuestion
  /// With the pass run and nothing hidden.
  private let environment: SessionEnvironment
  private let program: Program
  private let equation: Equation
  let value: Tensor

  init(_ question: PracticeQuestion, in session: Session) throws(Diagnostic) {
    self.question = question
    var open = session
    open.practice = nil
    program = try open.readyProgram()
    environment = SessionEnvironment(try open.completed(forward: false))
    guard let value = environment.value(of: question.name),
      let equation = environment.equation(of: question.name)
    else {
      throw Diagnostic(
        "\(name: question.name) is no step of this model any more", hint: "'practice backward' begins anew")
    }
    self.value = value
    self.equation = equation
  }

  // MARK: The question

  var asked: Prose {
    let name = question.name
    switch question.kind {
    case .shape where isJacobian:
      return
        "\(name: name) holds softmax's Jacobian of every sample. Which shape has it? Type 'answer' and the extents: answer 4×5×6."
    case .shape:
      return
        "Which shape has \(name: name)\(meaning)? Type 'answer' and the extents, rows first: answer 5×6, or any formula of that shape."
    case .equation:
      return
        "Which formula gives \(name: name)?\(origin) Type 'answer' and the formula; every equivalent one counts."
    case .entry(let index) where isJacobian:
      let isDiagonal = index.count == 3 && index[1] == index[2]
      return "How large is \(question.title), \(jacobianWords(index)), "
        + "\(isDiagonal ? "on" : "off") the diagonal? A number of two digits or more, or a formula for it."
    case .entry:
      return "How large is \(question.title)? A number of two digits or more, or a formula for it."
    case .matrix:
      return
        "And the whole of \(name: name)? Type its \(value.count) entries, row by row: answer [[…], […]]. Two digits of each are enough."
    case .rowSum(let index):
      return
        "What is the sum of row \(index.last ?? 0) of sample \(index.first ?? 0) of \(name: name), sum(\(question.title))?"
    }
  }

  private var isJacobian: Bool { equation.isJacobian }
  private var isGradient: Bool { question.name.gradientOf != nil && program.shapes[target] != nil }
  private var target: String { question.name.gradientOf ?? question.name }
  private var meaning: Prose { isGradient ? ", the gradient of the loss by \(name: target)" : "" }

  /// Where the value that a gradient belongs to is used, and what is known there.
  private var origin: Prose {
    guard isGradient, !equation.origins.isEmpty else { return "" }
    // A fused step skips the value between: both equations are told.
    let uses = program.forward.filter {
      equation.origins.contains($0.name) || $0.expression.contains(name: target)
    }.map { "\($0)" as Prose }
    let known = equation.origins.map { $0.gradientName }.filter { name in
      program.backward.contains { $0.name == name }
    }
    return " \(name: target) acts on the loss through \(Self.list(uses))"
      + (known.isEmpty ? "." : ", and \(Self.names(known)) \(known.count == 1 ? "is" : "are") known.")
  }

  private func jacobianWords(_ index: [Int]) -> String {
    guard index.count == 3 else { return "" }
    return "how output \(index[1]) of sample \(index[0]) grows with input \(index[2])"
  }

  // MARK: Hints

  /// By degrees: the rule, the shapes, the formula, the answer.
  func hint(_ degree: Int) throws(Diagnostic) -> Report {
    switch degree {
    case 0: Report([.paragraph(rule, indent: 2)])
    case 1: Report([.paragraph(shapes, indent: 2)])
    case 2: Report([.text("  \(try formula())", style: .formula)])
    default: answer
    }
  }

  static let hintCount = 4

  private var rule: Prose {
    switch question.kind {
    case .rowSum:
      return "Adding the same number to every input of a softmax changes none of its outputs."
    case .shape where isJacobian:
      return "For every sample \(name: question.name) holds the derivative of each output by each input."
    case .entry where isJacobian:
      return
        "S[k] = exp(z[k]) / sum(exp(z)): the input z[j] stands in the sum, and for j = k above it too. The quotient rule does both ('derive softmax')."
    case .shape where isGradient:
      return "A gradient has one derivative for every entry of the value it belongs to."
    case .shape, .equation, .entry, .matrix: break
    }
    guard isGradient else {
      if case .call(let function, _, _) = equation.expression {
        return "\(function.name): \(Operation.of(function)?.summary ?? "")."
      }
      return "\(name: question.name) is made of \(Self.names(equation.expression.names))."
    }
    let rules = equation.rules.filter { $0 != "copy" }.map { name in
      name + (RuleStatements.statement(of: name).map { ": " + $0 } ?? "")
    }
    guard !rules.isEmpty else { return "\(name: target) passes on unchanged what reaches it." }
    return "The rule: \(rules.joined(separator: "; and "))"
  }

  private var shapes: Prose {
    switch question.kind {
    case .rowSum:
      return "A row of \(name: question.name) has \(value.shape.columns) entries: one output by each input."
    case .shape where isJacobian:
      let K = value.shape.columns
      return
        "There are \(value.shape.dimensions[0]) samples, and a softmax turns \(K) inputs into \(K) outputs."
    case .entry where isJacobian:
      return
        "\(name: question.name) is \(value.shape): sample, output, input. Each sample's block needs that sample's outputs only."
    case .shape where isGradient: return "\(name: question.name) belongs to \(name: target)."
    case .shape: return "\(met)."
    case .equation, .entry, .matrix:
      return "\(met); \(name: question.name) is \(CheckReport.shape(value.shape))."
    }
  }

  private var met: Prose {
    let parts = equation.expression.names.compactMap { name -> Prose? in
      environment.shape(of: name).map { "\(name: name) is \(CheckReport.shape($0))" }
    }
    return Self.list(parts)
  }

  private func formula() throws(Diagnostic) -> Prose {
    switch question.kind {
    case .rowSum: return "sum over j of ∂S[k]/∂z[j] = ∂S[k] when all inputs grow alike"
    case .shape where isJacobian: return "m×K×K"
    case .shape where isGradient:
      return "\(name: question.name).shape = \(name: target).shape"
    case .shape, .matrix: return "\(equation)"
    case .equation:
      let blanks = Dictionary(
        equation.expression.names.map { ($0, Expression.name("…")) }, uniquingKeysWith: { a, _ in a })
      return "\(name: question.name) = \(equation.expression.substituting(blanks))"
    case .entry(let index):
      var expander = IndexExpansion(
        environment, counting: program.counting,
        named: environment.session.namedFormulas, reserved: environment.session.naming.shown)
      let entry = try expander.expand(equation.expression, index.map { Index($0) })
      return "\(question.title) = \(entry)"
    }
  }

  // MARK: The answer

  var answer: Report {
    var report = Report()
    switch question.kind {
    case .shape: report.say("  \(name: question.name) is \(value.shape)", .formula)
    case .equation: report.say("  \(equation)", .formula)
    case .matrix: report.show("\(name: question.name)", value, formula: "\(equation.expression)")
    case .entry(let index):
      let entry = value.shape.position(of: index).map { value.elements[$0] } ?? .nan
      report.show(question.title, Tensor(entry))
    case .rowSum:
      report.say("  sum(\(question.title)) = 0: what one output gains the others lose", .formula)
    }
    return report
  }

  private static func list(_ parts: [Prose]) -> Prose {
    guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
    return "\(parts.dropLast().joined(separator: ", ")) and \(last)"
  }

  private static func names(_ names: [String]) -> Prose { list(names.map { "\(name: $0)" }) }
}
