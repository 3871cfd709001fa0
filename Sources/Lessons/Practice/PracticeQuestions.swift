import Formulas
import LinearAlgebra
import NeuralNetworks
import Sessions

/// The questions of a topic, made from the program's equations and shapes.
struct PracticeQuestions {
  private let program: Program
  /// The session with its pass run and nothing hidden.
  private let session: Session
  private var generator: RandomGenerator

  /// Numbers that a person types in one go.
  private static let mostTyped = 24

  init(_ session: Session, round: Int) throws(Diagnostic) {
    var open = session
    open.practice = nil
    program = try open.readyProgram()
    self.session = try open.completed(forward: false)
    generator = RandomGenerator(
      seed: UInt64(bitPattern: Int64(session.settings.seed)) &* 1_000_003 &+ UInt64(round))
  }

  /// - Parameter topic: a step's name, already resolved, "forward", "backward" or "jacobian".
  mutating func make(_ topic: String, at range: Range<Int>) throws(Diagnostic) -> [PracticeQuestion] {
    switch topic {
    case "forward": return all(program.forward)
    case "backward":
      guard !program.backward.isEmpty else {
        throw program.missingLoss
          ?? Diagnostic("this model has no backward step to practise", hint: "param NAME = … makes some")
      }
      return all(program.backward)
    case "jacobian": return try jacobian()
    default:
      guard program.steps.contains(where: { $0.name == topic }) else {
        if session.leaves[topic] != nil {
          throw Diagnostic(
            "\(name: topic) is given and not computed, so there is nothing to practise", at: [range],
            hint: "its gradient is: practice \(name: topic.gradientName)")
        }
        let names = ["forward", "backward", "jacobian"] + program.steps.map(\.name)
        throw Diagnostic(
          "there is no step '\(topic.prefix(40))' to practise", at: [range],
          hint: Suggestions.nearest(to: topic, in: names).map { "did you mean \($0)?" }
            ?? "forward, backward, jacobian or a step: 'trace' lists them")
      }
      return questions(topic) + (isTypable(topic) ? [PracticeQuestion(topic, .matrix)] : [])
    }
  }

  /// Every step's questions in the order of the pass, and one whole matrix among them.
  private mutating func all(_ steps: [Equation]) -> [PracticeQuestion] {
    let typable = steps.map(\.name).filter(isTypable)
    let whole = typable.isEmpty ? nil : typable[generator.integer(below: typable.count)]
    var result: [PracticeQuestion] = []
    for step in steps {
      result += questions(step.name)
      if step.name == whole { result.append(PracticeQuestion(step.name, .matrix)) }
    }
    return result
  }

  private mutating func questions(_ name: String) -> [PracticeQuestion] {
    guard let value = session.computed(name), value.count > 0 else { return [] }
    // A loss is a number: its shape is no question.
    let shape = value.shape.isScalar ? [] : [PracticeQuestion(name, .shape)]
    // An entry that is 0 is too easily guessed.
    let telling = value.elements.indices.filter { value.elements[$0] != 0 }
    let choice = telling.isEmpty ? Array(value.elements.indices) : telling
    let position = choice[generator.integer(below: choice.count)]
    return shape + [
      PracticeQuestion(name, .equation), PracticeQuestion(name, .entry(value.index(at: position))),
    ]
  }

  private func isTypable(_ name: String) -> Bool {
    guard let shape = program.shapes[name] else { return false }
    return shape.rank <= 2 && (2...Self.mostTyped).contains(shape.count)
  }

  private mutating func jacobian() throws(Diagnostic) -> [PracticeQuestion] {
    guard let name = session.jacobianName, let J = SessionEnvironment(session).value(of: name),
      J.rank == 3, J.count > 0
    else {
      throw Diagnostic(
        "'practice jacobian' asks about softmax's J, and this model has none",
        hint: "'jacobian A1 Z1' shows the Jacobian of any other step")
    }
    let (samples, classes) = (J.shape.dimensions[0], J.shape.columns)
    var result = [PracticeQuestion(name, .shape)]
    func sample() -> Int { generator.integer(below: samples) }
    let k = generator.integer(below: classes)
    result.append(PracticeQuestion(name, .entry([sample(), k, k])))
    if classes > 1 {
      let j = (k + 1 + generator.integer(below: classes - 1)) % classes
      result.append(PracticeQuestion(name, .entry([sample(), k, j])))
    }
    result.append(PracticeQuestion(name, .rowSum([sample(), generator.integer(below: classes)])))
    return result
  }
}
