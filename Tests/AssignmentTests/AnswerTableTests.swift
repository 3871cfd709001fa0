import Explanations
import Formulas
import Lessons
import LinearAlgebra
import Operations
import Sessions
import Testing

@testable import Assignments

/// The questions of the table, each worth four points.
let tableAssignment: String = {
  func exercise(_ lines: String) -> String {
    "```exercise\nWhat is it?\n" + lines + "\npoints: 4\ncarried: 2\n```\n"
  }
  let questions = [
    "kind: value\nname: Z1\nanswer: X @ W1 + b1",
    "kind: value\nname: S\nanswer: softmax(Z2)\ndigits: 3",
    "kind: value\nname: L\nanswer: cross_entropy(Y, S)\ndigits: 3",
    "kind: value\nname: dZ2\nanswer: (S - Y) / m\ndigits: 4",
    "kind: value\nname: dW2\nanswer: A1.T @ dZ2\ndigits: 4",
    "kind: value\nname: db2\nanswer: sum(dZ2, axis=0)\ndigits: 4",
    "kind: equation\nname: dW2\nanswer: A1.T @ dZ2",
    "kind: equation\nname: dZ2\nanswer: (S - Y) / m",
    "kind: value\nanswer: 6400\nbecause: 80 * 80",
    "kind: shape\nname: dW1\nanswer: W1",
    "kind: choice\nchoice: s\nchoice: 1 - s\nchoice: s - 1\nanswer: b",
    "kind: sign\nanswer: negative",
    "kind: order\nitem: the logits\nitem: their softmax\nitem: the loss",
  ]
  return "# A table\n\n" + questions.map(exercise).joined(separator: "\n")
    + "\n```stepgrad\n> quiet hunt dZ1 missing-activation-derivative\n```\n\n"
    + exercise("kind: hunt\nanswer: dZ1 missing-activation-derivative")
}()

@Suite struct AnswerTableTests {
  private static let keys = ["z1", "s", "l", "dz", "w", "db", "fw", "fz", "n", "sh", "c", "sg", "o", "h"]

  static func sheet(_ text: String = tableAssignment, student: String = "ada") throws -> Sheet {
    let assignment = AssignmentText(text)
    #expect(assignment.faults.isEmpty, "\(assignment.faults)")
    return try Sheet.draw(assignment, secret: Secret(Array("0123456789abcdef".utf8)), student: student)
  }

  struct Entry {
    let question: Int
    let points: String
    let answer: String
  }

  private static func entries(_ table: String, _ order: String) -> [Entry] {
    table.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3, let key = keys.firstIndex(of: parts[0].filter { $0 != " " }) else { return nil }
      var answer = String(parts[2].dropFirst())
      if answer.hasPrefix("TEX ") {
        return Entry(
          question: key + 1, points: parts[1].filter { $0 != " " }, answer: String(answer.dropFirst(4)))
      }
      for (sign, plain) in [
        ("\\n", "\n"), ("\\t", "\t"), ("\\u001b", "\u{1B}"),
        ("ORDER_SPACED", order.map(String.init).joined(separator: " ")),
        ("ORDER_COMMA", order.map(String.init).joined(separator: ",")), ("ORDER", order),
      ] where !answer.contains("\\begin") || sign == "\\t" { answer = answer.replacing(sign, with: plain) }
      return Entry(question: key + 1, points: parts[1].filter { $0 != " " }, answer: answer)
    }
  }

  @Test func everyAnswerGetsWhatAFairTeacherGives() throws {
    let sheet = try Self.sheet()
    let right = LettersOf(sheet.questions[12].exercise).right
    let entries = Self.entries(answerTable, right)
    #expect(entries.count >= 300)
    for entry in entries {
      var answers = Answers()
      answers.given = [entry.question: .text(entry.answer)]
      let mark = Marking.marks(of: answers, on: sheet)[entry.question - 1]
      let points = entry.points == "-" ? 0 : Double(entry.points) ?? (entry.answer == right ? 4 : 0)
      #expect(
        mark.points == points && (mark.kind == .missing) == (entry.points == "-"),
        "\(Self.keys[entry.question - 1]): '\(entry.answer)' gets \(mark.points), not \(points): \(mark)")
    }
  }

  @Test func laterAnswersFollowFromEarlierOnes() throws {
    let sheet = try Self.sheet()
    for part in carriedTable.split(separator: "#") {
      let entries = Self.entries(String(part), "")
      var answers = Answers()
      for entry in entries { answers.given[entry.question] = .text(entry.answer) }
      let marks = Marking.marks(of: answers, on: sheet)
      for entry in entries {
        #expect(
          marks[entry.question - 1].points == Double(entry.points),
          "\(part.prefix { $0 != "\n" }), question \(Self.keys[entry.question - 1]): \(marks[entry.question - 1])"
        )
      }
    }
  }

  /// Each mistake that can be made in a step of these passes, handed in as numbers, is named and worth what a mistake is.
  @Test(arguments: [
    "net 2 3:sigmoid 4:tanh 5:softmax", "net 3 4:relu 2:linear loss=mse", "model layernorm",
    "model attention",
    "model rnn", "model embedding",
  ])
  func mistakesOfTheVocabularyAreNamed(_ command: String) throws {
    let plain = try Self.sheet(
      "# A pass\n```stepgrad\n> quiet \(command)\n```\n```exercise\nWhat?\nkind: value\nanswer: 1\nbecause: 1\n```\n"
    )
    let session = plain.questions[0].session
    let program = try session.readyProgram()
    var named: Set<String> = []
    for step in program.backward where !session.roles.inputs.map(\.gradientName).contains(step.name) {
      let sheet = try Self.sheet(
        "# A pass\n```stepgrad\n> quiet \(command)\n```\n```exercise\nWhat?\nkind: value\nname: \(step.name)\nanswer: \(step.expression)\npoints: 4\nmistake: 1.5\n```\n"
      )
      let plants = try Plant.all(
        model: session.model, leaves: session.leaves, steps: [step.name],
        learningRate: session.settings.learningRate, isFused: session.isFused,
        mayFuse: session.targetsAreDistributions)
      for plant in plants {
        let value = try Evaluator(SessionEnvironment(sheet.questions[0].session)).value(of: plant.wrong)
        var answers = Answers()
        answers.given[1] = .cells(
          stride(from: 0, to: value.count, by: max(1, value.shape.columns)).map { start in
            value.elements[start..<min(value.count, start + max(1, value.shape.columns))].map { "\($0)" }
          })
        let mark = Marking.marks(of: answers, on: sheet)[0]
        #expect(!Set(mark.mistakes).isDisjoint(with: plant.ids), "\(step.name), \(plant.ids): \(mark)")
        #expect(mark.points >= 1.5 && mark.points < 4, "\(step.name), \(plant.ids): \(mark)")
        named.formUnion(mark.mistakes)
      }
    }
    #expect(named.count >= 3, "\(named.sorted())")
  }
}
