import Explanations
import Formulas
import Operations
import Reports
import Sessions

package enum CheckCommand: Command, Answering, TakesValue {
  package static let name = "check"
  package static let shortForms: [String] = []
  package static let usage = "check NAME = EXPRESSION | check NAME = [[…]] | check NAME[i, j] = …"
  package static let summary = "is your own formula or matrix right, and if not, which mistake is it"
  package static let help = [
    "check dW1 = X.T @ dZ1 compares your formula with the value; check dW1 = [[…], […]] numbers that you worked out by hand: each must be the right one, rounded or cut off where yours ends, of two digits or more. Any step or gradient can be checked, before or after the pass was run; of a parameter what the next update makes of it: check W1 = W1 - 0.1*dW1.",
    "A formula as it is set on paper, A_1^T dZ_2 or \\frac{S - Y}{m}, is read too, and said how; numbers may be worked out in the line, (0.3423 - 1)/4.",
    "A right formula is tried with random numbers, with another number of samples and at other sizes too, so that one that is right only by coincidence, or only because m = 3, is told apart. One entry that you work out for this pass, (S[0,0] - 1)/m, keeps the 0 and 1 of its data and the units that are on.",
    "A wrong answer is compared with what the usual mistakes give, made anywhere on the way from the loss to NAME. Mistakes that give the same numbers are all named. The learning rate matters for one of them (updated-weights): set lr = … to what you used.",
    "Mistakes it knows: \(Mistake.all.map(\.id).joined(separator: ", ")); and two of them at once.",
  ]
  package static let group = CommandGroup.differentiate
  package static let examples = ["check dW2 = A1.T @ (S - Y)", "check dW1[0,2] = 0.16"]
  package static let related = ["gradcheck", "derive", "practice"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.byPlace { before, _ in before.isEmpty ? .steps : .names }

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let assignment: Assignment
    do {
      assignment = try Assignment(line, usage: usage)
    } catch {
      for reading in readings(of: line, workspace.session) {
        guard let meant = try? Assignment(reading, usage: usage),
          var report = try? judge(meant, reading, in: &workspace)
        else { continue }
        report.blocks.insert(.text("read as \(meant.formula.expression)", style: .note), at: 0)
        return report
      }
      throw error
    }
    return try judge(assignment, line, in: &workspace)
  }

  /// What is no formula of the language, as it is set on paper: `dW_2 = A_1^T \frac{S - Y}{m}`.
  private static func readings(of line: CommandLine, _ session: Session) -> [CommandLine] {
    let sides = line.rest.split(separator: "=", maxSplits: 1).map { String($0).trimmed }
    guard sides.count == 2 else { return [] }
    let environment = SessionEnvironment(session)
    func all(_ side: String) -> [String] {
      [side]
        + Typeset.readings(side) { word in
          let name = session.model.resolve(session.naming.name(word))
          return name == .sampleCount ? true : environment.shape(of: name).map { $0.count == 1 }
        }
    }
    let rights = all(sides[1])
    return all(sides[0]).flatMap { left in
      rights.map { right in
        let rest = "\(left) = \(right)"
        return CommandLine(
          text: "\(name) \(rest)", name: name, nameRange: 0..<name.count, rest: rest, offset: name.count + 1,
          naming: line.naming)
      }
    }
  }

  private static func judge(
    _ assignment: Assignment, _ line: CommandLine, in workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    let (name, subscripts) = (assignment.target.name, assignment.target.target)
    do {
      let whole = try workspace.session.completedExactly(forward: false)
      let question = try Question.step(name, subscripts, isGeneral: true, in: whole)
      let (typed, isAdded) = judged(assignment.formula, question)
      let judgement = try Judge.judge(
        typed, line: line.text, as: question, in: SessionScene(whole), mayPropose: true,
        format: workspace.session.settings.format)
      var report = CheckReport(judgement, model: whole.model).make()
      if let note = workspace.session.exactly { report.note(note) }
      if isAdded {
        report.blocks.insert(
          .text("read as \(question.title) = \(typed.expression), added to zeros", style: .note), at: 0)
      }
      return report
    } catch {
      var diagnostic = error
      if diagnostic.marks.isEmpty { diagnostic.marks = [assignment.nameRange] }
      throw diagnostic
    }
  }

  /// What is compared of `dW2 += A1.T @ dZ2`: programs add up a gradient that begins with zeros. A parameter's update is
  /// made of what it was.
  private static func judged(_ typed: Parsed, _ question: Question) -> (Parsed, isAdded: Bool) {
    guard question.following == nil, case .binary(.add, _, let right) = typed.expression,
      typed.ranges.symbol?.count == 2, let ranges = typed.ranges.child(1)
    else { return (typed, false) }
    return (Parsed(expression: right, ranges: ranges), true)
  }
}

extension Question {
  /// A step or gradient of a session whose pass has been run, or a part of it.
  package static func step(
    _ name: String, _ subscripts: [Subscript], isGeneral: Bool, in session: Session
  ) throws(Diagnostic) -> Question {
    let environment = SessionEnvironment(session)
    let resolved = session.model.resolve(name)
    if isGeneral, let update = try update(name, resolved, subscripts, in: session) { return update }
    guard let value = environment.value(of: resolved) else { throw environment.missing(name) }
    guard session.leaves[resolved] == nil, session.scratch[resolved] == nil,
      environment.equation(of: resolved) != nil
    else {
      throw Diagnostic(
        "\(name: name) is given and not computed, so there is nothing to check",
        hint: "check a step or a gradient: 'trace' lists them")
    }
    guard Evaluator.selection(subscripts, in: value.shape) != nil else {
      if subscripts.contains(where: { $0.list?.names.isEmpty == false }) {
        throw Diagnostic(
          "which entry of \(name: name) (\(value.shape)) is said by numbers",
          hint:
            "\(name: name)[\(value.shape.dimensions.map { _ in "0" }.joined(separator: ","))] is one; all of it is \(name: name) = …, written with matrices"
        )
      }
      throw Diagnostic("\(name: name) (\(value.shape)) has no such entry", hint: "indices count from 0")
    }
    return Question(name, subscripts, step: resolved, isGeneral: isGeneral)
  }

  /// What the next update makes of a parameter, or of what the optimiser remembers of it; nil for other names.
  private static func update(
    _ name: String, _ resolved: String, _ subscripts: [Subscript], in session: Session
  ) throws(Diagnostic) -> Question? {
    guard session.scratch[resolved] == nil,
      let (parameter, equations) = try session.nextUpdate(giving: resolved),
      let shape = SessionEnvironment(session).value(of: parameter.gradientName)?.shape
    else { return nil }
    guard Evaluator.selection(subscripts, in: shape) != nil else {
      throw Diagnostic("\(name: name) (\(shape)) has no such entry", hint: "indices count from 0")
    }
    return Question(
      name, subscripts, ending: " after the update", step: parameter.gradientName,
      following: Following(equations),
      before: resolved == parameter ? .name(parameter) : nil)
  }
}
