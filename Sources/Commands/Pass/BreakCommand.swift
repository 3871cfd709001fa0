import Formulas
import LinearAlgebra
import Operations
import Reports
import Sessions

package enum BreakCommand: Command {
  package static let name = "break"
  package static let shortForms = ["b", "br"]
  package static let usage = "break [NAME [if CONDITION]]"
  package static let summary = "stop before a step, always or where a condition holds"
  package static let help = [
    "break dZ1 stops every command that runs the pass before dZ1. break dZ1 if max(abs(dZ1)) > 1 stops where that holds; a condition that reads the step itself is asked behind it. 'break' alone lists what stops the pass, 'delete' takes it away, 'continue' runs on.",
    "break 3: dZ9 ? is number 3 and waits for a model that has dZ9: so 'save' writes what belongs to another model.",
  ]
  package static let group = CommandGroup.pass
  package static let examples = ["break dZ1", "break dZ1 if max(abs(dZ1)) > 1"]
  package static let related = ["continue", "delete", "watch"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.steps

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let typed = try StopLine(line, taken: workspace.session.stops.items.map(\.number))
    guard let word = typed.line.words.first else { return StopList.report(workspace.session) }
    let name =
      typed.isWaiting ? typed.line.name(word) : try StepName.resolve(word, typed.line, workspace.session)
    let condition = try self.condition(typed.line)
    let number = workspace.session.stops.add(.step(name, condition: condition), number: typed.number)
    let stop = workspace.session.stops.items.last
    return Report([.text("break \(number): stops \(stop?.prose ?? "")", style: .plain)])
  }

  private static func condition(_ line: CommandLine) throws(Diagnostic) -> Expression? {
    let words = line.words
    guard words.count > 1 else { return nil }
    guard words[1].text == "if", words.count > 2, let last = words.last else {
      throw line.usageError("behind the name stands 'if' and a condition", usage, at: words[1].range)
    }
    let start = words[2].range.lowerBound
    let text = String(Array(line.text)[start..<last.range.upperBound])
    return try CommandLine.formula(text, at: start, in: line.text, naming: line.naming).expression
  }
}

/// What stands behind `break`, `watch` or `display`: with the number before it, what it was, and the `?` behind it where
/// they are given.
struct StopLine {
  let number: Int?
  /// Whether the names in it may be those of another model.
  let isWaiting: Bool
  /// Without all of these.
  let line: CommandLine
  /// What stands behind `was`.
  private let former: String?

  /// - Parameter taken: numbers that others have.
  /// - Throws: for one of these.
  init(_ line: CommandLine, taken: [Int]) throws(Diagnostic) {
    var (rest, offset) = (line.rest, line.offset)
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    if rest.dropFirst(digits.count).first == ":", let number = Int(digits), number > 0, number < 1 << 30 {
      guard !taken.contains(number) else {
        throw Diagnostic(
          "there is a number \(number)", at: [offset..<offset + digits.count],
          hint: "without one it gets the next")
      }
      self.number = number
      let behind = rest.dropFirst(digits.count + 1)
      rest = String(behind.drop(while: \.isWhitespace))
      offset += line.rest.count - rest.count
    } else {
      number = nil
    }
    isWaiting = rest.hasSuffix("?")
    if isWaiting { rest = String(rest.dropLast()).trimmed }
    let was = rest.firstRange(of: " was ")
    former = was.map { String(rest[$0.upperBound...]) }
    if let was { rest = String(rest[..<was.lowerBound]).trimmed }
    self.line = CommandLine(
      text: line.text, name: line.name, nameRange: line.nameRange, rest: rest, offset: offset,
      naming: line.naming)
  }

  func remembered(_ naming: Naming) throws(Diagnostic) -> Tensor? {
    guard let former else { return nil }
    return try Evaluator(Bindings([:])).value(
      of: CommandLine.formula(former, at: 0, in: former, naming: naming).expression)
  }
}

/// A step of the pass that a word names.
enum StepName {
  static func resolve(
    _ word: CommandLine.Word, _ line: CommandLine, _ session: Session
  ) throws(Diagnostic) -> String {
    let program = try session.readyProgram()
    let name = session.model.resolve(line.name(word))
    guard session.hasStep(name) else {
      let guess = line.naming.nearest(to: word.text, in: program.steps.map(\.name))
      throw Diagnostic(
        "'\(word.text.prefix(40))' is not a step of this pass", at: [word.range],
        hint: guess.map { "did you mean \(name: $0)?" } ?? "'trace' lists the steps")
    }
    return name
  }
}

/// What stops a pass, and what is shown there.
enum StopList {
  static func report(_ session: Session) -> Report {
    var report = Report()
    for item in session.stops.items {
      let kind = if case .step = item.kind { "break" } else { "watch" }
      report.say("\(kind) \(item.number): stops \(item.prose)")
    }
    if !session.stops.displays.isEmpty { report.append(displays(session)) }
    if session.stops.isEmpty {
      report.note(
        "nothing stops the pass: 'break NAME', 'watch NAME'; 'display NAME' shows a value at every stop")
    }
    return report
  }

  static func displays(_ session: Session) -> Report {
    var report = Report()
    for display in session.stops.displays { report.say("display \(display.number): \(display.formula)") }
    if session.stops.displays.isEmpty {
      report.note("nothing is displayed: 'display NAME' shows a value at every stop")
    }
    return report
  }
}
