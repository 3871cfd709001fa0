import Differentiation
import Explanations
import Formulas
import LinearAlgebra
import Operations
import Sessions

/// What was asked: the entry, and the formula of the value that it belongs to.
struct WhyQuestion {
  let entry: NamedEntry
  /// The value that it is an entry of, as it is shown.
  let whole: IndexFormula
  let shown: IndexFormula
  /// Nil for what no formula made: an input, a parameter, the student's own names.
  let expression: Expression?
  /// The same value by another way, when that is how it was computed.
  let computedAs: Expression?
  /// What came back from each place in which the value is used, where its formula is their sum.
  let terms: [Equation.Term]
  /// Where a value without a formula comes from.
  let origin: String
  let stored: Double
  let shape: Shape
  let environment: SessionEnvironment
  let counting: SampleCounting?
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
    whole = .entry(base, [])
    if value.count == 0 { throw Diagnostic("\(whole) is \(shape): it has no entries", at: [range]) }
    guard subscripts.count == shape.rank, subscripts.allSatisfy(\.isAt) else {
      let (shape, last) = (shape, shape.rank - 1)
      let example = shape.dimensions.enumerated().map { axis, extent in
        min(axis == last ? 2 : 0, max(0, extent - 1))
      }
      throw Diagnostic(
        "\(whole) is \(shape): say which of its \(value.count) entries", at: [range],
        hint: "for example: why \(base.entry(example))")
    }
    var index: [Int] = []
    for (item, extent) in zip(subscripts, shape.dimensions) {
      guard let position = item.positions(extent: extent)?.first else {
        throw Diagnostic("an index lies outside \(whole) (\(shape))", at: [range])
      }
      index.append(position)
    }
    guard let position = value.position(of: index) else {
      throw Diagnostic("an index lies outside \(whole) (\(shape))", at: [range])
    }
    stored = value.elements[position]
    entry = NamedEntry(name: IndexText().text(whole), index: index)
    shown = .entry(base, index.map { Index($0) })
    let program = try? session.readyProgram()
    counting = program?.counting
    named = session.namedFormulas
    guard case .name(let asked) = base else {
      (expression, computedAs, origin, terms) = (base, nil, "", [])
      return
    }
    let resolved = session.model.resolve(asked)
    guard session.scratch[resolved] == nil, session.leaves[resolved] == nil, resolved != .sampleCount,
      let equation = environment.equation(of: resolved)
    else {
      (expression, computedAs, terms) = (nil, nil, [])
      let remembered = (try? session.nextUpdate(giving: resolved))?.equations.last
      origin =
        switch session.role(of: resolved) {
        case _ where session.optimizerState?.memory[resolved] != nil:
          remembered.map { "what the optimizer remembers: each update takes \($0)" }
            ?? "what the optimizer of the last update remembers"
        case "yours": "your own name: 'let' keeps the number, not the formula"
        case "parameter": "a parameter: it is given, and changed by 'set', 'update' and 'train'"
        case "number of samples": "the number of samples"
        case "target": "a target: you gave it"
        default: "an input: you gave it"
        }
      return
    }
    (expression, computedAs, origin) = (equation.expression, equation.computedAs, "")
    terms = equation.terms
  }

  func equation(of name: String) -> Equation? {
    let resolved = environment.session.model.resolve(name)
    guard environment.session.scratch[resolved] == nil, environment.session.leaves[resolved] == nil,
      resolved != .sampleCount
    else { return nil }
    return environment.equation(of: resolved)
  }
}
