import Explanations
import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum HuntCommand: Command {
  package static let name = "hunt"
  package static let shortForms: [String] = []
  package static let usage = "hunt [easy | hard | score | off | NAME MISTAKE]"
  package static let summary = "find a mistake that is planted in the backward pass"
  package static let help = [
    "hunt makes one of the usual mistakes in one line of the backward pass. Formulas are shown as they should be, values as the line with the mistake computes them: backward, show, why, derive and gradcheck tell them, and you work out which line does not do what it says.",
    "accuse dZ1 names the line, accuse dZ1 missing-mean the mistake as well. hunt hard plants two at once, and smaller ones. 'hunt off' gives up and tells; 'hunt score' counts; 'undo' takes an accusation back.",
    "hunt dZ2 missing-mean hides that one, for somebody else to find; on the page of a lesson 'hunt' is all that is shown.",
    "Mistakes: \(Mistake.all.map(\.id).joined(separator: ", ")).",
  ]
  package static let group = CommandGroup.differentiate
  package static let examples = ["hunt", "hunt hard"]
  package static let related = ["accuse", "gradcheck", "practice"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(
    HuntState.Level.allCases.map(\.rawValue) + ["score", "off"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    switch line.rest {
    case "score": return try score(workspace.session)
    case "off", "stop", "end", "leave", "give up": return try giveUp(&workspace)
    case "": return try begin(workspace.session.hunt?.level ?? .easy, &workspace)
    default:
      let words = line.words
      if words.count == 2 {
        let hunt = try LessonHunt.planted(
          line.name(words[0]), words[1].text, in: workspace.session, at: line.restRange)
        return try begin(hunt, &workspace)
      }
      guard let level = HuntState.Level(rawValue: line.rest) else {
        throw line.usageError("a hunt is easy or hard", usage, at: line.restRange)
      }
      return try begin(level, &workspace)
    }
  }

  private static func checkIsFree(_ session: Session) throws(Diagnostic) {
    if let hunt = session.hunt, !hunt.isOver {
      throw Diagnostic("a hunt is on already", hint: "'accuse NAME' ends it, 'hunt off' gives up")
    }
    guard session.withheld?.hidden.isEmpty ?? true else {
      throw Diagnostic("a practice is open", hint: "'practice leave' ends it")
    }
  }

  private static func begin(
    _ level: HuntState.Level, _ workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    let session = workspace.session
    try checkIsFree(session)
    let program = try session.readyProgram()
    // What only the inputs get is nothing that gradcheck would show.
    let fed = Set(program.roles.inputs.map(\.gradientName))
    let plants = try Plant.all(
      model: session.model, leaves: session.leaves,
      steps: program.backward.map(\.name).filter { !fed.contains($0) },
      learningRate: session.settings.learningRate, isFused: session.isFused,
      mayFuse: session.targetsAreDistributions)
    let round = (session.hunt?.round ?? 0) + 1
    var generator = RandomGenerator(
      seed: UInt64(
        truncatingIfNeeded: session.settings.seed &* 7919 &+ round &+ session.nextSeed
          &* 104_729))
    let chosen = choose(plants, level, &generator)
    guard chosen.count == (level == .easy ? 1 : 2) else {
      throw Diagnostic(
        "no mistake can be hidden in this backward pass",
        hint: "a network with a hidden layer and several samples has room for one: net 2 5:relu 3:softmax")
    }
    return try begin(HuntState(chosen, level: level, round: round), &workspace)
  }

  private static func begin(_ hunt: HuntState, _ workspace: inout Workspace) throws(Diagnostic) -> Report {
    try checkIsFree(workspace.session)
    workspace.session.withhold(hunt)
    var report = Report()
    report.say(
      hunt.open.count == 1
        ? "One line of the backward pass computes something else now."
        : "Two lines of the backward pass compute something else now.", .heading)
    report.explain(
      "The formulas shown are those that are meant. gradcheck says which gradients are wrong, show and why tell the values; 'accuse NAME MISTAKE' when you know the line, or 'accuse NAME' if you know no more."
    )
    report.scalar("planted", Double(hunt.open.count))
    return report
  }

  /// Easy: a mistake that shows at once. Hard: two in different lines, among the smaller half.
  private static func choose(
    _ plants: [Plant], _ level: HuntState.Level, _ generator: inout RandomGenerator
  ) -> [Plant] {
    switch level {
    case .easy:
      let clear = plants.filter { $0.effect > 0.2 }
      return clear.isEmpty ? [] : [clear[generator.integer(below: clear.count)]]
    case .hard:
      let small = plants.sorted { $0.effect < $1.effect }.prefix((plants.count + 1) / 2)
      guard !small.isEmpty else { return [] }
      let first = small[generator.integer(below: small.count)]
      let others = plants.filter { $0.step != first.step }
      return others.isEmpty ? [] : [first, others[generator.integer(below: others.count)]]
    }
  }

  private static func score(_ session: Session) throws(Diagnostic) -> Report {
    guard let hunt = session.hunt else { throw Diagnostic("there was no hunt yet", hint: "hunt begins one") }
    var report = Report()
    report.say(
      "\(hunt.found.count) found, \(hunt.open.count) still hidden, \(hunt.misses) wrong accusation\(hunt.misses == 1 ? "" : "s")"
    )
    report.scalar("found", Double(hunt.found.count))
    report.scalar("misses", Double(hunt.misses))
    return report
  }

  private static func giveUp(_ workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard var hunt = workspace.session.hunt, !hunt.isOver else {
      throw Diagnostic("no hunt is on", hint: "hunt begins one")
    }
    let open = hunt.open
    hunt.giveUp()
    workspace.session.withhold(hunt)
    var report = Report()
    for plant in open { tell(plant, &report) }
    report.note("The pass is right again: 'backward' runs it.")
    return report
  }

  /// What was hidden, and why it is wrong.
  static func tell(_ plant: Plant, _ report: inout Report) {
    report.say("\(name: plant.step): \(plant.ids.joined(separator: " or "))", .heading)
    report.say("  it computed \(Equation(plant.step, plant.wrong))", .formula)
    if let mistake = plant.ids.first.flatMap(Mistake.named) {
      report.explain("\(mistake.explanation)", indent: 2)
    }
  }
}
