import Formulas
import Reports
import Sessions

/// The way around in two minutes: a line is shown, the person types it, and what came is said in a sentence.
struct Tour: Activity {
  struct Stop {
    /// What is to be typed; any line with this command counts.
    let line: String
    /// Said before it.
    let before: String
    /// Said behind what it printed.
    let after: String

    var command: String { String(line.prefix { !$0.isWhitespace }) }
  }

  static let stops = [
    Stop(
      line: "forward",
      before:
        "A network is there: two inputs, five hidden units, three classes, four samples. Run it forwards, equation by equation. Type the line below, or press Enter to have it typed.",
      after:
        "Each value stands with its name, its shape and the formula that made it; the last is the loss L."),
    Stop(
      line: "step", before: "The backward pass begins at the loss. Take its first step.",
      after: "dZ2 is the gradient of the loss by Z2, shaped like Z2. 'back' takes a step back."),
    Stop(
      line: "backward", before: "Now the rest of the way back.",
      after: "Every parameter has its gradient now: dW1 beside W1, db1 beside b1."),
    Stop(
      line: "why dW1[0,2]", before: "Ask any number where it comes from.",
      after: "The row and the column that met, and the sum term by term, to the last bit."),
    Stop(
      line: "check dW2 = A1.T @ (S - Y)", before: "Try a formula of your own; this one has a slip in it.",
      after: "The slip is named. 'derive dW2' shows the way to the right formula, line by line."),
    Stop(
      line: "gradcheck", before: "And is the program itself right? Let it be measured.",
      after: "Every entry of every gradient agrees with a difference quotient."),
    Stop(
      line: "update", before: "A step of gradient descent changes the weights; 'undo' takes it back.",
      after: "The loss was 1.0409; 'loss' says what it is now."),
  ]

  private var position = 0

  var emptyLine: String? { current?.line }
  var place: String? { "tour \(min(position + 1, Self.stops.count))/\(Self.stops.count)" }
  var aside: Session? { nil }
  var asks: Bool { false }
  private var current: Stop? { Self.stops.indices.contains(position) ? Self.stops[position] : nil }

  func refusal(of command: CommandTable.Resolved) -> Diagnostic? { nil }
  func meaning(of command: CommandTable.Resolved) -> CommandTable.Resolved { command }

  /// The first words.
  static var opening: Report {
    var report = Report()
    report.explain(
      "A tour in \(stops.count) lines. Anything else may be typed in between; 'learn' begins again.")
    report.append(Tour().invitation)
    return report
  }

  private var invitation: Report {
    guard let current else { return Report() }
    var report = Report([.blank])
    report.explain("\(position + 1) of \(Self.stops.count). \(current.before)")
    report.say("  \(current.line)", .formula)
    return report
  }

  mutating func note(_ command: any Command.Type) -> Report? {
    guard let current, command.name == current.command else { return nil }
    position += 1
    var report = Report([.blank])
    report.explain("\(current.after)")
    report.append(invitation)
    if self.current == nil {
      report.add(.blank)
      report.explain(
        "That is the way around. 'net 2 6:relu 3:softmax' makes another network, 'model' takes any equations, 'lessons' go through it all step by step, 'practice' asks you, 'help' lists the rest."
      )
    }
    return report
  }

  var isOver: Bool { current == nil }
}

package enum LearnCommand: Command {
  package static let name = "learn"
  package static let shortForms: [String] = []
  package static let usage = "learn"
  package static let summary = "the way around in two minutes, by doing"
  package static let help = [
    "It begins with the network of the start; 'undo' brings back the session of before. 'stepgrad learn' begins with it."
  ]
  package static let group = CommandGroup.session
  package static let examples = ["learn", "stepgrad learn"]
  package static let related = ["lessons", "practice", "help"]
  package static let access = CommandAccess.program
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    if workspace.lesson != nil {
      throw Diagnostic("a lesson is open", hint: "'lesson leave' gives your own session back")
    }
    workspace.session = .initial
    workspace.activity = Tour()
    return Tour.opening
  }
}
