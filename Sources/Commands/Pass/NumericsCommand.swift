import Explanations
import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum NumericsCommand: Command {
  package static let name = "numerics"
  package static let shortForms: [String] = []
  package static let usage = "numerics [NAME…] | numerics NAME = VALUE"
  package static let summary = "the pass in float64, float32, bfloat16 and float16 side by side"
  package static let help = [
    "For every step (or those that are named): its largest entry, and how many decimal digits of it are right in each format. Then where a format first overflows, underflows (an entry that is not 0 becomes 0 or loses digits near it), or has lost more than half of its digits.",
    "A gradient differs from float64's by rounding alone when every entry lies within a bound: each operation hands on the errors of its operands and adds its own roundings, the largest that they can be. The bound holds for sums in any order of the pass's steps as they are computed here; a mask like Z > 0 whose argument is within its error of 0 counts as undecided. It is the worst case, and grows with every layer: where it is larger than the gradient it says little. There the pass is run eight times with every value moved by a rounding, up or down by chance: a difference of that size (up to four times) is what rounding usually does.",
    "numerics dW1 = VALUE compares numbers from elsewhere, of another program in half precision, with the same bounds.",
  ]
  package static let group = CommandGroup.look
  package static let examples = ["numerics", "numerics dW1 dW2"]
  package static let related = ["dtype", "gradcheck", "check"]
  package static let access = CommandAccess.wholePass
  package static let completes = CompletionKind.steps

  private static let formats: [NumberFormat] = [.float32, .bfloat16, .float16]

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let exact = try workspace.session.completedExactly(forward: false)
    let program = try exact.readyProgram()
    if Assignment.isMeant(by: line.rest) { return try compared(line, exact) }
    var wanted: [String] = []
    for word in line.words {
      let name = exact.model.resolve(line.name(word))
      guard program.steps.contains(where: { $0.name == name }) else {
        throw Diagnostic("\(name: name) is no step of the pass", at: [word.range], hint: "'trace' lists them")
      }
      wanted.append(name)
    }
    var columns: [[RoundedStep]] = []
    for format in formats { columns.append(try exact.rounded(in: format)) }
    var report = Report()
    let chosen = program.steps.indices.filter { wanted.isEmpty || wanted.contains(program.steps[$0].name) }
    report.add(
      .table(
        .init(
          header: ["step", "largest"] + formats.map { "\($0.rawValue)" },
          rows: chosen.map { i in
            let step = columns[0][i]
            let largest = step.isNaNAnyway ? .nan : step.size
            return ["\(name: step.name)", "\(Figures.short(largest, digits: 3))"]
              + columns.map { "\(cell($0[i]))" }
          }, rightAligned: [1, 2, 3, 4])))
    report.note("how many decimal digits of the largest entries are right")
    if let step = columns[0].first(where: \.isNaNAnyway) {
      report.say("float64 has nan too, first in \(name: step.name): 'restart; forward' says why", .warning)
    }
    for (format, column) in zip(formats, columns) { say(format, column, &report) }
    let gradients = Set(wanted.isEmpty ? exact.model.parameters.map(\.gradientName) : wanted)
    guard program.missingLoss == nil || !wanted.isEmpty else { return report }
    report.add(.blank)
    report.add(
      .table(
        .init(
          header: ["gradient", "format", "differs by", "usual", "at most", ""],
          rows: chosen.filter { gradients.contains(program.steps[$0].name) }.flatMap { i in
            columns.map { column in
              let step = column[i]
              return [
                "\(name: step.name)", "\(step.format.rawValue)", figure(step.difference()),
                figure(step.usual), figure(step.largestBound), verdict(step, column),
              ]
            }
          }, rightAligned: [2, 3, 4])))
    report.note(
      "over the largest entry of the gradient; at most: what rounding can come to; usual, where that says little: what roundings drawn by chance came to"
    )
    return report
  }

  private static func figure(_ value: Double?) -> Prose {
    value.map { "\(Figures.short($0, digits: 2))" } ?? ""
  }

  private static func cell(_ step: RoundedStep) -> String {
    if step.isNaNAnyway { return "nan" }
    if let place = step.overflow {
      return step.isOverflow ? "overflow" : step.value.elements[place].isNaN ? "nan" : "inf"
    }
    let digits = step.digits.map { Figures.fixed($0, decimals: 1) } ?? "nan"
    return step.underflow != nil ? "underflow \(digits)" : digits
  }

  private static func say(_ format: NumberFormat, _ steps: [RoundedStep], _ report: inout Report) {
    var lines: [Prose] = []
    if let step = steps.first(where: \.losesNumbers) {
      let what = step.overflow.map { step.entry($0) } ?? .name(step.name)
      let size = step.lost?.exact ?? step.overflow.map { step.exact.elements[$0] } ?? .nan
      let part =
        step.lost.map { $0.exact == step.overflow.map { step.exact.elements[$0] } ? what : $0.part } ?? what
      let figure = Figures.short(size, digits: 3)
      lines.append(
        step.isOverflow
          ? "overflows first in \(name: step.name): \(part) = \(figure), and the largest number is \(Figures.short(format.largest, digits: 5))"
          : "loses numbers first in \(name: step.name): \(part) = \(figure) becomes \(Printer.number(step.lost?.value ?? .nan))"
      )
    }
    if let step = steps.first(where: { $0.underflow != nil }), let place = step.underflow {
      lines.append(
        "underflows first in \(name: step.name): \(step.entry(place)) = \(Figures.short(step.exact.elements[place], digits: 3)) becomes \(Figures.short(step.value.elements[place], digits: 3)); below \(Figures.short(format.smallestNormal, digits: 2)) digits are lost"
      )
    }
    if let step = steps.first(where: \.losesHalf), let digits = step.digits {
      lines.append(
        "loses more than half of its digits first in \(name: step.name): \(Figures.fixed(digits, decimals: 1)) of \(Figures.fixed(format.decimals, decimals: 1)) are right"
      )
    }
    if lines.isEmpty {
      report.explain(
        "\(format.rawValue): nothing overflows or underflows, and every step keeps more than half of its \(Figures.fixed(format.decimals, decimals: 1)) digits"
      )
    }
    for line in lines { report.explain("\(format.rawValue) \(line)") }
    report.scalar(
      "\(format.rawValue)_digits", steps.filter { !$0.isNoise }.compactMap(\.digits).min() ?? .nan)
  }

  private static func verdict(_ step: RoundedStep, _ steps: [RoundedStep]) -> Prose {
    if step.isNaNAnyway { return "nan in float64 too" }
    let explanation = step.explanation()
    if let first = steps.first(where: \.losesNumbers) {
      let isBeyond = if case .beyond = explanation { true } else { false }
      if step.overflow != nil || isBeyond {
        return "\(first.isOverflow ? "overflow" : "numbers lost") in \(name: first.name)"
      }
    }
    return words(explanation, step, step.difference())
  }

  private static func words(
    _ explanation: RoundedStep.Explanation, _ step: RoundedStep, _ difference: Double?
  ) -> Prose {
    switch explanation {
    case .equal: "equal"
    case .explained where step.isNoise && step.usual ?? 1 > 0.1: "0 but for rounding"
    case .explained where !step.isUndecided: "rounding explains it"
    case .explained, .unbounded: usually(step, difference)
    case .beyond(let place): "more than rounding, at \(step.entry(place))"
    }
  }

  /// Where the bound does not tell.
  private static func usually(_ step: RoundedStep, _ difference: Double?) -> Prose {
    if step.isUsual(difference) { return "as rounding usually does" }
    guard let usual = step.usual, usual > 0, let difference, difference.isFinite else {
      return "no bound: a divisor may be 0"
    }
    return "\(Figures.short(difference / usual, digits: 2)) times what rounding usually does"
  }

  /// `numerics dW1 = VALUE`.
  private static func compared(_ line: CommandLine, _ exact: Session) throws(Diagnostic) -> Report {
    let assignment = try Assignment(line, usage: usage)
    let name = exact.model.resolve(assignment.target.name)
    let program = try exact.readyProgram()
    guard let position = program.steps.firstIndex(where: { $0.name == name }),
      assignment.target.target.isEmpty
    else {
      throw Diagnostic(
        "\(name: assignment.target.name) is no step of the pass", at: [assignment.nameRange],
        hint: "'trace' lists them")
    }
    let value = try assignment.value(in: exact, source: line.text)
    guard value.shape == exact.trace[position].shape else {
      throw Diagnostic(
        "\(name: name) is \(exact.trace[position].shape), and this is \(value.shape)",
        at: [assignment.nameRange])
    }
    var report = Report()
    var rows: [[Prose]] = []
    for format in formats {
      let step = try exact.rounded(in: format)[position]
      let explanation = step.explanation(of: value)
      rows.append([
        "\(format.rawValue)", figure(step.difference(from: value)), figure(step.usual),
        figure(step.largestBound),
        words(explanation, step, step.difference(from: value)),
      ])
      report.scalar(
        "\(format.rawValue)_explains", explanation == .equal || explanation == .explained ? 1 : 0)
    }
    report.add(
      .table(
        .init(
          header: ["format", "differs by", "usual", "at most", ""], rows: rows, rightAligned: [1, 2, 3])))
    return report
  }
}

extension RoundedStep {
  /// Something in it is not finite that is in float64, whether or not the result shows it.
  fileprivate var losesNumbers: Bool { overflow != nil || lost != nil }

  fileprivate func entry(_ place: Int) -> Expression {
    exact.shape.isScalar ? .name(name) : Expression.name(name).entry(exact.shape.index(at: place))
  }
}
