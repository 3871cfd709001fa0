import Explanations
import Formulas
import Reports
import Sessions

package enum AccuseCommand: Command {
  package static let name = "accuse"
  package static let shortForms: [String] = []
  package static let usage = "accuse NAME [MISTAKE]"
  package static let summary = "say in which line the planted mistake is, and which it is"
  package static let help = [
    "accuse dZ1 missing-mean ends a hunt when both are right. With the line alone it says whether that is the line. A wrong accusation counts, and the hunt goes on."
  ]
  package static let group = CommandGroup.differentiate
  package static let examples = ["hunt; backward; accuse dZ2", "hunt; backward; accuse dZ2 missing-mean"]
  package static let related = ["hunt", "gradcheck"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.steps

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard var hunt = workspace.session.hunt, !hunt.isOver else {
      throw Diagnostic("nothing is hidden", at: [line.nameRange], hint: "hunt hides a mistake")
    }
    let words = line.words
    guard let first = words.first else { throw line.usageError("accuse which line?", usage) }
    let step = workspace.session.model.resolve(line.name(first))
    let program = try workspace.session.readyProgram()
    guard program.backward.contains(where: { $0.name == step }) else {
      throw Diagnostic(
        "\(name: step) is no line of the backward pass", at: [first.range],
        hint: "they are \(program.backward.map(\.name).joined(separator: ", "))")
    }
    // "double mean" is double-mean.
    let id = words.dropFirst().first.map { second in
      CommandLine.Word(
        text: words.dropFirst().map(\.text).joined(separator: "-"),
        range: second.range.lowerBound..<(words.last ?? second).range.upperBound)
    }
    if let id, Mistake.named(id.text) == nil {
      throw Diagnostic(
        "there is no mistake '\(id.text.prefix(40))'", at: [id.range],
        hint: Suggestions.nearest(to: id.text, in: Mistake.all.map(\.id)).map { "did you mean \($0)?" }
          ?? "'help hunt' lists them")
    }
    var report = Report()
    let plant = hunt.open.first { $0.step == step }
    if let plant, let id, plant.ids.contains(id.text) {
      hunt.noteFound(plant)
      report.say("found: \(name: step), \(id.text)", .success)
      HuntCommand.tell(plant, &report)
      report.note(
        hunt.isOver
          ? "That was all: the pass is right again." : "One is still hidden; this line is right again.")
      report.scalar("correct", 1)
    } else if plant != nil, id == nil {
      report.say("yes, the mistake is in \(name: step); which is it?", .success)
      report.scalar("correct", 1)
      return report
    } else {
      hunt.noteMiss()
      report.say(
        plant == nil
          ? "no: \(name: step) does what its formula says" : "the line is right, the mistake is another",
        .failure)
      report.scalar("correct", 0)
    }
    report.scalar("misses", Double(hunt.misses))
    workspace.session.withhold(hunt)
    return report
  }
}
