import Differentiation
import Explanations
import Formulas
import LinearAlgebra
import Operations
import Reports
import Sessions

/// How `why` is shown: the formula of the matrix, of the entry, the terms, the sum.
enum WhyReport {
  /// Terms of one sum that are listed before its middle is left out.
  private static let mostTerms = 12

  /// What explains an entry, and the formula that it is explained by.
  static func explanation(
    _ question: WhyQuestion, _ expression: Expression, _ session: Session
  ) throws(Diagnostic) -> (why: Why, shown: Expression) {
    let why = try self.why(question, expression, session)
    // Where the textbook's formula lost its digits, the way that was taken is the one to show.
    if let computed = question.computedAs, !isClose(why.value, why.stored) {
      return (try self.why(question, computed, session), computed)
    }
    return (why, expression)
  }

  private static func why(
    _ question: WhyQuestion, _ expression: Expression, _ session: Session
  ) throws(Diagnostic) -> Why {
    try Why(
      question.entry, of: expression, stored: question.stored, environment: question.environment,
      counting: question.counting, named: question.named, reserved: session.naming.shown)
  }

  static func add(
    _ question: WhyQuestion, _ expression: Expression, _ session: Session, to report: inout Report
  ) throws(Diagnostic) {
    let text = IndexText(precision: session.settings.precision)
    let (why, shown) = try explanation(question, expression, session)
    let entry = question.shown
    let isMatrix = !question.entry.index.isEmpty
    if isMatrix || shown.description != text.text(why.formula) {
      let shape = isMatrix ? " (\(question.shape))" : ""
      report.say("\(question.whole)\(shape) = \(shown)", .formula)
    }
    operands(shown, question, why, to: &report)
    report.say("\(entry) = \(why.formula)", .formula)
    let starts = why.groups.reduce(into: [0]) { starts, group in
      starts.append((starts.last ?? 0) + group.terms.count)
    }
    func explained(_ expression: Expression) throws(Diagnostic) -> Why {
      try self.why(question, expression, session)
    }
    let steps = shown == expression ? try RepeatTerms(question, session, explained) : nil
    if let steps, steps.groupCount == why.groups.count {
      try steps.add(to: &report, text) { (range, report) throws(Diagnostic) in
        for (group, start) in zip(why.groups[range], starts[range]) {
          try add(group, from: start, of: why, text, to: &report)
        }
      }
    } else {
      for (group, start) in zip(why.groups, starts) {
        try add(group, from: start, of: why, text, to: &report)
      }
    }
    let stages = try why.stages(why.formula, text)
    report.say("\(entry) = \(stages.joined(separator: " = "))", .formula)
    if let note = definition(why.formula, of: shown) { report.note(note) }
    if let flat = try flatDeviation(why.formula, why, session) {
      report.note("\(flat) is 0: \(TieNotes.isTakenAsZero)")
    }
    verdict(
      why, question, isComputedOtherwise: question.computedAs != nil && shown == expression,
      rounding: rounding(question, question.computedAs ?? shown, session.settings.format), &report)
    let main = why.groups.last { $0.kind == .sum } ?? why.groups.last
    let terms = try summands(why, main)
    var data = Report.TensorBlock("terms", Tensor(unchecked: [terms.count], terms))
    data.isDrawn = false
    report.add(.tensor(data))
    report.scalar("value", why.value)
    report.scalar("stored", why.stored)
    report.scalar("difference", why.value == why.stored ? 0 : why.value - why.stored)
  }

  /// Numbers that add up to the entry: the terms of its sum, times what stands before it and over what it is divided
  /// by, and what is added beside it (a bias). The candidates of a largest or smallest one, and the entry itself where
  /// it is no sum.
  private static func summands(_ why: Why, _ main: Why.Group?) throws(Diagnostic) -> [Double] {
    guard let main else { return [why.value] }
    guard main.kind == .sum else { return main.terms.map(\.value) }
    var result: [Double] = []
    func add(_ formula: IndexFormula, _ scale: Double) throws(Diagnostic) {
      switch formula {
      case main.fold: result += main.terms.map { scale * $0.value }
      case .binary(.add, let a, let b):
        try add(a, scale)
        try add(b, scale)
      case .binary(.subtract, let a, let b):
        try add(a, scale)
        try add(b, -scale)
      case .negative(let a): try add(a, -scale)
      case .binary(.divide, let a, let b) where !b.contains({ $0 == main.fold }):
        try add(a, scale / (try why.number(b)))
      case .binary(.multiply, let a, let b) where !a.contains({ $0 == main.fold }):
        try add(b, scale * (try why.number(a)))
      case .binary(.multiply, let a, let b) where !b.contains({ $0 == main.fold }):
        try add(a, scale * (try why.number(b)))
      default: result.append(scale * (try why.number(formula)))
      }
    }
    try add(why.formula, 1)
    return result
  }

  static func isClose(_ a: Double, _ b: Double) -> Bool {
    a == b || (a.isNaN && b.isNaN) || abs(a - b) <= 1e-12 * max(abs(a), abs(b))
  }

  /// How far a step's entry may be from its formula because a format rounds; nil in float64.
  private static func rounding(
    _ question: WhyQuestion, _ expression: Expression, _ format: NumberFormat
  ) -> (format: NumberFormat, limit: Double)? {
    guard format != .float64 else { return nil }
    var bound = RoundingBound(format, over: question.environment)
    let name = "%entry"
    // Where nothing is known of the error, nothing is explained by it.
    guard (try? bound.run(Equation(name, expression))) != nil, let error = bound.error(of: name),
      let position = error.position(of: question.entry.index)
    else { return nil }
    return (format, error.elements[position])
  }

  private static func verdict(
    _ why: Why, _ question: WhyQuestion, isComputedOtherwise: Bool,
    rounding: (format: NumberFormat, limit: Double)?, _ report: inout Report
  ) {
    let number = Printer.number(why.stored)
    if why.value == why.stored || (why.value.isNaN && why.stored.isNaN) {
      report.say("the stored value to the last bit: \(number)", .success)
      return
    }
    let difference = Figures.short(abs(why.value - why.stored), digits: 2)
    if isComputedOtherwise, let computed = question.computedAs {
      report.note("the stored value is computed as \(computed): \(number), \(difference) away")
    } else if isClose(why.value, why.stored) {
      report.note("the stored value \(number), up to \(difference): its sum ran in another order")
    } else if abs(why.value - why.stored) <= 1e-12
      * why.groups.flatMap(\.terms).reduce(0, { $0 + abs($1.value) })
    {
      report.note("the stored value \(number), up to \(difference): large terms cancel, and rounding is left")
    } else if let rounding, abs(why.value - why.stored) <= rounding.limit {
      let limit = Figures.short(rounding.limit, digits: 2)
      report.note(
        "the stored value \(number), \(difference) away: \(rounding.format.rawValue) rounds, and that explains up to \(limit)"
      )
    } else {
      report.say("this is not the stored value \(number): they differ by \(difference)", .failure)
    }
  }

  /// A deviation of 0 by which an entry would be divided, and is not.
  private static func flatDeviation(
    _ formula: IndexFormula, _ why: Why, _ session: Session
  ) throws(Diagnostic) -> IndexFormula? {
    if case .choice(.where, let parts) = formula, parts.count == 3, parts[2] == .number(.infinity),
      case .entry(let value, _) = parts[1], TieNotes.isDeviation(value, SessionEnvironment(session)),
      // Inside of a sum there is one for every term.
      formula.freeVariables.isEmpty, try why.number(parts[0]) == 0
    {
      return parts[1]
    }
    for part in formula.children { if let found = try flatDeviation(part, why, session) { return found } }
    return nil
  }

  /// What a function means, where the entry is a function of one other; why a pixel got nothing.
  private static func definition(_ formula: IndexFormula, of expression: Expression) -> Prose? {
    if formula == .number(0), let call = OperationCall(expression), call.operands.count > 1,
      let reason = call.operation.reasonOfZero
    {
      return "this entry of \(call.operands[1]) \(reason)"
    }
    guard case .call(let f, _) = formula, let operation = Operation.of(f) else { return nil }
    return "\(f.name)(u): \(operation.rightSide(of: "u"))"
  }

  // MARK: Terms

  private static func add(
    _ group: Why.Group, from first: Int, of why: Why, _ text: IndexText, to report: inout Report
  ) throws(Diagnostic) {
    let isWhole = group.fold == why.formula
    if !isWhole { report.say("  \(group.fold)", .note) }
    var rows: [[Prose]] = []
    let indent = isWhole ? "  " : "    "
    let digits = "\(first + group.terms.count)".count
    func row(_ position: Int) throws(Diagnostic) {
      let term = group.terms[position]
      let label = "\(first + position + 1)"
      let number = String(repeating: " ", count: digits - label.count) + label
      let formula = try why.formula(of: term, in: group)
      let stages = try why.stages(formula, text)
      let numbers = stages.dropLast().map { "= \($0) " }.joined()
      rows.append(["\(indent)\(number)  \(formula)", "\(numbers)", "= \(stages.last ?? "")"])
    }
    let count = group.terms.count
    if count <= mostTerms {
      for position in 0..<count { try row(position) }
    } else {
      for position in 0..<6 { try row(position) }
      rows.append(["\(indent)⋮ \(count - 8) more", "", ""])
      for position in count - 2..<count { try row(position) }
    }
    let label =
      switch group.kind {
      case .sum: "sum of \(count) term\(count == 1 ? "" : "s")"
      case .max: "the largest"
      case .min: "the smallest"
      case .argmax: "the position of the largest"
      }
    rows.append(["\(indent)\(label)", "", "= \(figure: group.total)"])
    report.add(.table(.init(header: ["", "", ""], rows: rows)))
    if count > mostTerms {
      var named: [Prose] = []
      for position in Why.largest(group.terms, 3) {
        let term = group.terms[position]
        named.append("\(try why.formula(of: term, in: group)) = \(figure: term.value)")
      }
      report.explain("largest: \(named.joined(separator: ", "))", indent: 2)
    }
    if group.paddingCount > 0 {
      report.note(
        "  \(group.paddingCount) place\(group.paddingCount == 1 ? "" : "s") outside count nothing and are left out"
      )
    }
  }

  // MARK: The product

  /// Both factors of a small product, with the row and the column that meet.
  private static func operands(
    _ expression: Expression, _ question: WhyQuestion, _ why: Why, to report: inout Report
  ) {
    var product = expression
    while case .binary(let operation, let a, _) = product, operation == .add || operation == .subtract {
      product = a
    }
    guard case .binary(.matrixProduct, let a, let b) = product, question.entry.index.count == 2,
      let left = try? Evaluator(question.environment).value(of: a),
      let right = try? Evaluator(question.environment).value(of: b), left.rank == 2, right.rank == 2,
      left.shape.columns <= 7, right.shape.columns <= 7,
      left.shape.rows + right.shape.rows + why.groups.reduce(0, { $0 + $1.terms.count }) <= 15
    else { return }
    var first = Report.TensorBlock("\(a)", left)
    first.activeRow = question.entry.index[0]
    first.isData = false
    var second = Report.TensorBlock("\(b)", right)
    second.activeColumn = question.entry.index[1]
    second.isData = false
    report.add(.tensor(first))
    report.add(.tensor(second))
  }
}
