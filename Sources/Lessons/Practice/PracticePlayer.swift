import Formulas
import Operations
import Reports
import Sessions

/// Practice as it goes: asks, takes answers, helps, keeps the score.
enum PracticePlayer {
  /// Whether answer, hint and reveal are practice's: an exercise of a lesson comes first.
  static func takes(_ workspace: Workspace) -> Bool {
    workspace.session.practice?.question != nil && workspace.lesson?.exercise == nil
  }

  static let none = Diagnostic(
    "no practice has been started", hint: "practice dW1, practice backward, practice jacobian")

  /// What to say to an answer when nothing is asked.
  static func noQuestion(_ practice: PracticeState) -> Diagnostic {
    practice.isFinished
      ? Diagnostic(
        "practice \(name: practice.topic) is done", hint: "'practice \(name: practice.topic)' asks anew")
      : Diagnostic("you have left practice", hint: "'practice' takes it up again")
  }

  // MARK: Starting, leaving

  static func start(_ word: CommandLine.Word?, _ workspace: inout Workspace) throws(Diagnostic) -> Report {
    var session = workspace.session
    let old = session.practice
    let topic = word.map { self.topic($0.text, session) } ?? old?.topic ?? "backward"
    var report = Report()
    if var practice = old, practice.topic == topic, !practice.isFinished {
      practice.resume()
      session.practice = practice
    } else {
      if let old, !old.isFinished { report.note("practice \(name: old.topic) ends here: \(summary(old))") }
      let round = (old?.round ?? -1) + 1
      var questions = try PracticeQuestions(session, round: round)
      let asked = try questions.make(topic, at: word?.range ?? 0..<1)
      session.practice = PracticeState(
        topic: topic, questions: asked, steps: try session.readyProgram().steps.map(\.name), round: round)
      guard round == 0 else {
        try ask(&session, &report)
        workspace.session = session
        return report
      }
      report.explain(
        "What is asked for, and all that comes after it, is hidden now; everything before it may be looked at and used. 'hint' helps by degrees, 'reveal' shows the answer and goes on, 'practice leave' stops."
      )
    }
    try ask(&session, &report)
    workspace.session = session
    return report
  }

  private static func topic(_ text: String, _ session: Session) -> String {
    let name = session.model.resolve(session.naming.name(text))
    if name == session.jacobianName || Operation.named(name)?.jacobian != nil { return "jacobian" }
    return name
  }

  static func leave(_ workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard var practice = workspace.session.practice, practice.isOpen else { throw none }
    practice.leave()
    workspace.session.practice = practice
    var report = Report()
    report.say("left practice \(name: practice.topic); nothing is hidden any more")
    report.note(
      "\(summary(practice))\(practice.isFinished ? "" : "; 'practice' takes it up again")")
    figures(practice, &report)
    return report
  }

  // MARK: Answers

  static func answer(_ line: CommandLine, _ workspace: inout Workspace) throws(Diagnostic) -> Report {
    let (practice, question) = try open(workspace)
    var (isRight, report) = try PracticeAnswer(question: question, session: workspace.session).judge(line)
    var after = practice
    if isRight { after.noteRight() } else { after.noteWrong() }
    if !isRight { report.note("try again; 'hint' helps, 'reveal' shows the answer") }
    return try goOn(after, isNext: isRight, report, &workspace)
  }

  static func hint(_ workspace: inout Workspace) throws(Diagnostic) -> Report {
    var (practice, question) = try open(workspace)
    let degree = practice.hintsShown
    guard degree < PracticeText.hintCount else {
      return Report([
        .text("those were all hints: type the answer, or 'reveal' goes on without it", style: .note)
      ])
    }
    var report = Report()
    report.say("hint \(degree + 1) of \(PracticeText.hintCount): \(Self.degrees[degree])", .note)
    report.append(try PracticeText(question, in: workspace.session).hint(degree))
    practice.noteHint()
    return try goOn(practice, isNext: false, report, &workspace)
  }

  private static let degrees = ["the rule", "the shapes", "the formula", "the answer"]

  static func reveal(_ workspace: inout Workspace) throws(Diagnostic) -> Report {
    var (practice, question) = try open(workspace)
    let report = try PracticeText(question, in: workspace.session).answer
    practice.noteRevealed()
    return try goOn(practice, isNext: true, report, &workspace)
  }

  private static func open(
    _ workspace: Workspace
  ) throws(Diagnostic) -> (practice: PracticeState, question: PracticeQuestion) {
    guard let practice = workspace.session.practice, let question = practice.question else { throw none }
    return (practice, question)
  }

  /// Takes over a state; answer, hint and reveal are remembered here, since the interpreter takes them for steps of
  /// a lesson, which nobody takes back.
  private static func goOn(
    _ practice: PracticeState, isNext: Bool, _ said: Report, _ workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    var report = said
    var session = workspace.session
    session.practice = practice
    if isNext {
      report.add(.blank)
      try ask(&session, &report)
    } else {
      figures(practice, &report)
    }
    workspace.remember(workspace.session)
    workspace.session = session
    return report
  }

  // MARK: What is said

  /// The question that is open, with the pass run up to its step; the score when there is none left.
  private static func ask(_ session: inout Session, _ report: inout Report) throws(Diagnostic) {
    guard let practice = session.practice else { throw none }
    if let question = practice.question {
      let program = try session.readyProgram()
      let index = program.steps.firstIndex { $0.name == question.name } ?? program.forward.count
      try session.run(to: index)
      report.say(
        "practice \(name: practice.topic), question \(practice.position + 1) of \(practice.questions.count)",
        .heading)
      report.explain(try PracticeText(question, in: session).asked)
    } else {
      report.say("practice \(name: practice.topic) is done", .success)
      report.explain("\(summary(practice)).")
      report.note("'practice \(name: practice.topic)' asks anew, for other entries")
    }
    figures(practice, &report)
  }

  static func summary(_ practice: PracticeState) -> String {
    let score = practice.score
    let done = "\(score.asked) of \(practice.questions.count) questions done"
    guard score.asked + score.hints > 0 else { return done }
    var parts = ["\(score.firstTries) right at the first try without help"]
    if score.right > score.firstTries { parts.append("\(score.right - score.firstTries) right later") }
    if score.revealed > 0 { parts.append("\(score.revealed) shown") }
    if score.hints > 0 { parts.append("\(score.hints) hint\(score.hints == 1 ? "" : "s")") }
    return done + ": " + parts.joined(separator: ", ")
  }

  static func figures(_ practice: PracticeState, _ report: inout Report) {
    report.scalar("score", Double(practice.score.firstTries))
    report.scalar("asked", Double(practice.score.asked))
  }
}
