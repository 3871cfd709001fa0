import Formulas
import Reports
import Sessions

package enum BreakCommand: Command {
  package static let name = "break"
  package static let shortForms = ["b", "br"]
  package static let usage = "break [NAME [if CONDITION]]"
  package static let summary = "stop before a step, always or where a condition holds"
  package static let help = [
    "break dZ1 stops every command that runs the pass before dZ1. break dZ1 if max(abs(dZ1)) > 1 stops where that holds; a condition that reads the step itself is asked behind it. 'break' alone lists what stops the pass, 'delete' takes it away, 'continue' runs on."
  ]
  package static let group = CommandGroup.pass
  package static let examples = ["break dZ1", "break dZ1 if max(abs(dZ1)) > 1"]
  package static let related = ["continue", "delete", "watch"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.steps

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard let word = line.words.first else { return StopList.report(workspace.session) }
    let name = try StepName.resolve(word, line, workspace.session)
    let condition = try self.condition(line)
    let number = workspace.session.stops.add(.step(name, condition: condition))
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

/// A step of the pass that a word names.
enum StepName {
  static func resolve(
    _ word: CommandLine.Word, _ line: CommandLine, _ session: Session
  ) throws(Diagnostic) -> String {
    let program = try session.readyProgram()
    let name = session.model.resolve(line.name(word))
    guard program.steps.contains(where: { $0.name == name }) else {
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
