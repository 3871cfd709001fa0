import Differentiation
import Explanations
import Formulas
import LinearAlgebra
import NeuralNetworks
import Reports
import Sessions

package enum WhyCommand: Command {
  package static let name = "why"
  package static let shortForms: [String] = []
  package static let usage = "why NAME[i, j] | why L [--deep]"
  package static let summary = "one number as the sum or expression that made it"
  package static let help = [
    "why dW1[0, 2] shows the sum behind that entry, each product with its numbers, and that they add up to the stored value. why L, why S[0, 1], why J[0, 1, 2]: every step, forwards and backwards. --deep goes on to the entries that made it, down to the inputs."
  ]
  package static let group = CommandGroup.differentiate
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.names

  /// Terms of one sum that are listed before its middle is left out.
  static let mostTerms = 12

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    var words = line.words
    let isDeep = words.contains { $0.text == "--deep" }
    words.removeAll { $0.text == "--deep" }
    guard let first = words.first, let last = words.last else {
      throw line.usageError("why what?", usage)
    }
    let asked = String(Array(line.text)[first.range.lowerBound..<last.range.upperBound])
    let parsed = try CommandLine.formula(asked, at: first.range.lowerBound, in: line.text)
    let question = try Question(
      parsed, in: workspace.session, at: first.range.lowerBound..<last.range.upperBound)
    var report = Report()
    var data = Report.TensorBlock(asked.filter { !$0.isWhitespace }, Tensor(question.stored))
    data.isDrawn = false
    report.add(.tensor(data))
    guard let expression = question.expression else {
      let text = EntryText(precision: workspace.session.settings.precision)
      report.say("\(question.entry.text) = \(text.number(question.stored))", .formula)
      report.say(question.origin)
      report.scalar("value", question.stored)
      return report
    }
    if isDeep {
      try deep(question, workspace.session, &report)
    } else {
      try WhyReport.add(question, expression, workspace.session, to: &report)
    }
    return report
  }

  private static func deep(
    _ question: Question, _ session: Session, _ report: inout Report
  ) throws(Diagnostic) {
    let environment = question.environment
    var tree = WhyTree(
      environment: environment, context: question.context, named: question.named,
      text: EntryText(precision: session.settings.precision)
    ) { name in
      guard let value = environment.value(of: name) else { return nil }
      if name == question.entry.name, let expression = question.expression { return .made(expression, value) }
      guard let equation = question.equation(of: name) else {
        return .given(session.role(of: session.model.resolve(name)) ?? "given", value)
      }
      return .made(equation.expression, value)
    }
    try tree.add(question.entry)
    report.add(.preformatted(tree.lines))
    report.scalar("value", question.stored)
  }
}

extension WhyCommand {
  /// What was asked: the entry, and the formula of the value that it belongs to.
  struct Question {
    let entry: NamedEntry
    /// Nil for what no formula made: an input, a parameter, the student's own names.
    let expression: Expression?
    /// The same value by another way, when that is how it was computed.
    let computedAs: Expression?
    /// Where a value without a formula comes from.
    let origin: String
    let stored: Double
    let shape: Shape
    let environment: SessionEnvironment
    let context: Node.Context
    let named: [Expression: String]

    init(_ parsed: Parsed, in session: Session, at range: Range<Int>) throws(Diagnostic) {
      environment = SessionEnvironment(session)
      var base = parsed.expression
      var subscripts: [Subscript] = []
      if case .index(let inner, let items) = parsed.expression { (base, subscripts) = (inner, items) }
      if case .number = base {
        throw Diagnostic("a number has no reason", at: [range], hint: "for example: why L")
      }
      _ = try ShapeInference(environment).shape(of: parsed)
      let value = try Evaluator(environment).value(of: base)
      shape = value.shape
      let name = "\(Expression.index(base, []))".dropLast(2)
      if value.count == 0 { throw Diagnostic("\(name) is \(shape): it has no entries", at: [range]) }
      guard subscripts.count == shape.rank, subscripts.allSatisfy(\.isAt) else {
        let (shape, last) = (shape, shape.rank - 1)
        let example = shape.dimensions.enumerated().map { axis, extent in
          String(min(axis == last ? 2 : 0, max(0, extent - 1)))
        }
        throw Diagnostic(
          "\(name) is \(shape): say which of its \(value.count) entries", at: [range],
          hint: "for example: why \(name)[\(example.joined(separator: ","))]")
      }
      var index: [Int] = []
      for (item, extent) in zip(subscripts, shape.dimensions) {
        guard let position = item.positions(extent: extent)?.first else {
          throw Diagnostic("an index lies outside \(name) (\(shape))", at: [range])
        }
        index.append(position)
      }
      guard let position = value.position(of: index) else {
        throw Diagnostic("an index lies outside \(name) (\(shape))", at: [range])
      }
      stored = value.elements[position]
      entry = NamedEntry(name: String(name), index: index)
      let program = try? session.readyProgram()
      context = .init(sampleCount: program?.sampleCount)
      named = session.namedFormulas
      guard case .name(let asked) = base else {
        (expression, computedAs, origin) = (base, nil, "")
        return
      }
      let resolved = session.model.resolve(asked)
      guard session.scratch[resolved] == nil, session.leaves[resolved] == nil, resolved != "m",
        let equation = environment.equation(of: resolved)
      else {
        (expression, computedAs) = (nil, nil)
        origin =
          switch session.role(of: resolved) {
          case "yours": "your own name: 'let' keeps the number, not the formula"
          case "parameter": "a parameter: it is given, and changed by 'set', 'update' and 'train'"
          case "number of samples": "the number of samples"
          case "target": "a target: you gave it"
          default: "an input: you gave it"
          }
        return
      }
      (expression, computedAs, origin) = (equation.expression, equation.computedAs, "")
    }

    func equation(of name: String) -> Equation? {
      let resolved = environment.session.model.resolve(name)
      guard environment.session.scratch[resolved] == nil, environment.session.leaves[resolved] == nil,
        resolved != "m"
      else { return nil }
      return environment.equation(of: resolved)
    }
  }
}
