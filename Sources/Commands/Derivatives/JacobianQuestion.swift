import Differentiation
import Formulas
import Operations
import Reports
import Sessions

/// Of what, by what, and which part of it: `Z2 W2 [0, 1]`, `softmax(Z2) Z2`, `S by Z2`, `∂S/∂Z2`.
struct JacobianQuestion {
  private let output: String
  private let input: String
  private let path: [Equation]
  private let session: Session
  private let part: [CommandLine.Word]
  /// What the output is where it is a formula and no step.
  private let formula: Expression?

  /// The line's words, without those that people say between the two.
  static func words(_ line: CommandLine) -> [CommandLine.Word] {
    line.words.flatMap { word -> [CommandLine.Word] in
      var word = word
      if word.text.last == ",", word.text.count > 1 {
        word = .init(
          text: String(word.text.dropLast()), range: word.range.lowerBound..<word.range.upperBound - 1)
      }
      if ["by", "wrt", "of", "w.r.t.", ","].contains(word.text) { return [] }
      return quotient(word, line) ?? [word]
    }
  }

  /// `dS/dZ2` is two words, where it is none in itself.
  private static func quotient(_ word: CommandLine.Word, _ line: CommandLine) -> [CommandLine.Word]? {
    let sides = word.text.split(separator: "/", omittingEmptySubsequences: false)
    guard sides.count == 2, let sign = sides[0].first, sign == sides[1].first, "d∂".contains(sign) else {
      return nil
    }
    let names = sides.map { String($0.dropFirst()) }
    guard names.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } }),
      !line.naming.losses.contains(names[0])
    else { return nil }
    let middle = word.range.lowerBound + sides[0].count
    return [
      .init(text: names[0], range: word.range.lowerBound + 1..<middle),
      .init(text: names[1], range: middle + 2..<word.range.upperBound),
    ]
  }

  init(_ words: [CommandLine.Word], _ session: Session, _ line: CommandLine) throws(Diagnostic) {
    var session = session
    let isPart = { (word: CommandLine.Word) in word.text.first.map { "[0123456789".contains($0) } ?? false }
    let names = words.prefix { !isPart($0) }
    guard let first = names.first, let last = names.dropFirst().last else {
      throw line.usageError("the Jacobian of what, by what?", JacobianCommand.usage)
    }
    part = Array(words[names.count...])
    input = session.model.resolve(line.name(last))
    let program = try session.readyProgram()
    var output = session.model.resolve(line.name(first))
    var equations = program.backward.contains { $0.name == output } ? program.steps : program.forward
    if names.count == 2,
      SessionEnvironment(session).shape(of: output) != nil || first.text.allSatisfy(\.isNamed)
    {
      formula = nil
    } else {
      let from = first.range.lowerBound, to = names[names.count - 2].range.upperBound
      let parsed = try CommandLine.formula(
        String(line.text.prefix(to).dropFirst(from)), at: from, in: line.text, naming: line.naming)
      let value = try Evaluator(SessionEnvironment(session)).checkedValue(of: parsed)
      output = IndexExpansion.letters(["F", "G", "H"], avoiding: session.naming.shown)[0]
      session.letName(output, value)
      equations = program.steps + [Equation(output, parsed.expression)]
      formula = parsed.expression
    }
    self.output = output
    self.session = session
    let environment = SessionEnvironment(session)
    for (word, name) in [(first, output), (last, input)] where environment.shape(of: name) == nil {
      var diagnostic = environment.missing(name)
      diagnostic.marks = [word.range]
      throw diagnostic
    }
    path = Jacobian.path(from: input, to: output, equations)
    if path.isEmpty, session.scratch[output] != nil {
      throw Diagnostic(
        "\(name: output) is a name of your own, and 'let' keeps its value, not the formula",
        at: [first.range],
        hint: "write the formula: jacobian softmax(Z) Z")
    }
    guard !path.isEmpty else {
      let what: Prose = formula.map { "\($0)" } ?? "\(name: output)"
      throw Diagnostic(
        "\(what) does not depend on \(name: input)", at: [first.range, last.range],
        hint: "the Jacobian of a step is by a value before it: 'trace' shows the order")
    }
  }

  func report(isFull: Bool) throws(Diagnostic) -> Report {
    let made = try JacobianReport(
      output, input, path: path, session: session, environment: SessionEnvironment(session))
    var report = try part.isEmpty ? made.whole(isFull: isFull) : made.entry(part)
    if let formula { report.blocks.insert(.text("\(name: output) = \(formula)", style: .formula), at: 0) }
    return report
  }
}

extension Character {
  fileprivate var isNamed: Bool { isLetter || isNumber || self == "_" || self == "∂" || self == "/" }
}
