import Commands
import Formulas
import Lessons
import LinearAlgebra
import Rendering
import Sessions
import Testing

@Suite struct PracticeTopicTests {
  /// ∂S[k]/∂z[j] = S[k](δ_kj − S[j]): what every text on softmax has.
  @Test(arguments: ["net 2 4:relu 3:softmax", "net 2 4:tanh 5:softmax layout=columns"])
  func jacobian(_ network: String) throws {
    var w = Workspace(commands: .withLessons)
    _ = output(network, &w)
    let isColumns = network.contains("columns")
    // As many samples as no other extent.
    let (K, m) = network.contains("5:") ? (5, 3) : (3, 5)
    _ = output("practice jacobian", &w)
    #expect(output("J", &w).contains("error: J is what practice asks for"))
    #expect(report("jacobian softmax", &w) == nil)
    #expect(report("answer \(K)x\(K)", &w)?.figure("correct") == 0)
    #expect(report("answer \(m)x\(K)x\(K)", &w)?.figure("correct") == 1)
    for isDiagonal in [true, false] {
      guard case .entry(let index)? = w.session.practice?.question?.kind, index.count == 3 else {
        Issue.record("no entry is asked for")
        return
      }
      #expect((index[1] == index[2]) == isDiagonal)
      func S(_ k: Int) -> String { isColumns ? "S[\(k), \(index[0])]" : "S[\(index[0]), \(k)]" }
      #expect(report("answer \(S(index[1])) * \(S(index[2]))", &w)?.figure("correct") == 0)
      let right = "\(S(index[1])) * (\(isDiagonal ? 1 : 0) - \(S(index[2])))"
      #expect(report("answer \(right)", &w)?.figure("correct") == 1)
    }
    #expect(report("answer 1", &w)?.figure("correct") == 0)
    let end = try #require(report("answer 0", &w))
    #expect(end.figure("correct") == 1 && end.figure("asked") == 4 && w.session.hidden.isEmpty)
  }

  /// On paper: Z = [[1, 0], [3, 0]], Z − Y = [[0, 0], [3, −1]], over m = 2: dZ = [[0, 0], [1.5, −0.5]], and
  /// dW = Xᵀ dZ = [[4.5, −1.5], [6, −2]].
  @Test func numbersWorkedByHand() throws {
    var w = paperWorkspace()
    _ = output("practice dW; skip; skip", &w)
    guard case .entry(let index)? = w.session.practice?.question?.kind, index.count == 2 else {
      Issue.record("no entry is asked for")
      return
    }
    let figures = [["4.5", "-1.5"], ["6", "-2"]]
    #expect(report("answer 5.5", &w)?.figure("correct") == 0)
    #expect(report("answer \(figures[index[0]][index[1]])", &w)?.figure("correct") == 1)
    // The gradient of the sum: twice as much.
    let wrong = try #require(report("answer [[9, -3], [12, -4]]", &w))
    #expect(wrong.figure("correct") == 0)
    #expect(report("answer [[4.5, -1.5], [6, -2]]", &w)?.figure("correct") == 1)
  }

  @Test(arguments: ["forward", "backward"])
  func everyStepOfAPass(_ topic: String) throws {
    var w = Workspace(commands: .withLessons)
    _ = output("practice \(topic)", &w)
    let program = try w.session.readyProgram()
    let steps = topic == "forward" ? program.forward : program.backward
    let questions = try #require(w.session.practice?.questions)
    #expect(questions.count { $0.kind == .matrix } == 1)
    for step in steps {
      let kinds = questions.filter { $0.name == step.name }.map(\.kind)
      #expect(kinds.contains(.equation) && kinds.contains(.shape) == !(step.name == "L"))
      #expect(kinds.contains { if case .entry = $0 { true } else { false } })
    }
    // Each step's own equation is the right answer of its question, and what is before it may be looked at.
    for (number, question) in questions.enumerated() {
      #expect(w.session.practice?.position == number)
      let equation = try #require(steps.first { $0.name == question.name })
      #expect(output(question.name, &w).contains("is what practice asks for"))
      if question.kind == .equation {
        #expect(report("answer \(equation.expression)", &w)?.figure("correct") == 1)
      } else {
        _ = output("reveal", &w)
      }
    }
    let practice = try #require(w.session.practice)
    #expect(practice.isFinished && practice.score.firstTries == steps.count)
    #expect(practice.score.asked == questions.count)
  }

  @Test func oneDigitIsNoAnswer() throws {
    var w = Workspace(commands: .withLessons)
    _ = output("practice dW1; skip; skip", &w)
    // Every entry is between −0.5 and 0.5: one digit would be a guess.
    let before = w.session.practice
    _ = output("answer 0.", &w)
    #expect(w.session.practice?.position == before?.position)
  }

  @Test func theSameSeedAsksTheSame() throws {
    var (a, b) = (Workspace(commands: .withLessons), Workspace(commands: .withLessons))
    _ = output("practice backward", &a)
    _ = output("practice backward", &b)
    #expect(a.session.practice?.questions == b.session.practice?.questions)
    var others: Set<[PracticeQuestion]> = []
    for _ in 0..<4 {
      _ = output("practice forward; practice backward", &a)
      others.insert(try #require(a.session.practice?.questions))
    }
    #expect(others.count > 1)
  }

  @Test(arguments: [
    ("practice W1", "W1 is given"), ("practice dW9", "there is no step 'dW9'"),
    ("practice dW1 dW2", "one thing"),
    ("practice leave", "no practice"), ("practice score", "no practice"), ("answer 3", "no lesson is open"),
  ])
  func refusals(_ command: String, _ message: String) {
    var w = Workspace(commands: .withLessons)
    #expect(output(command, &w).contains("error: " + message))
    #expect(w.session.practice == nil)
  }

  @Test func linesFitAndOddInputIsHarmless() {
    for network in [
      "net 2 4:relu 3:softmax", "net 1x6x6 conv(2,3x3):relu flatten 3:softmax", "net 1 1:linear",
    ] {
      var w = Workspace(commands: .withLessons)
      _ = output(network, &w)
      for topic in ["forward", "backward", "jacobian"] {
        var text = output("practice \(topic)", &w)
        for _ in 0..<80 where w.session.practice?.question != nil {
          for odd in [
            "nan", "1/0", "-1", "[[]]", "99999999999999999999x2", "x", "1,,2", "X[9]", "=", "3 = 4",
          ] {
            text += output("answer \(odd)", &w)
          }
          for _ in 0..<4 { text += output("hint", &w) }
          text += output("reveal", &w)
        }
        for line in text.split(separator: "\n") where !line.hasPrefix("error:") {
          #expect(line.count <= 80, "\(line)")
        }
      }
    }
  }
}
