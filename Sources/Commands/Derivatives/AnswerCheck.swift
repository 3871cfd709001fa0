import Explanations
import Formulas
import LinearAlgebra
import Sessions

/// A student's answer for a value of the session, judged: what `check` and `practice` both say comes from here.
package struct AnswerCheck {
  /// "dW1", or "dW1[0, 1]" when an entry was asked for.
  package let title: String
  package let name: String
  package let equation: Equation?
  package let right: Tensor
  package let given: Tensor
  /// Nil when the shapes differ.
  package let answer: StudentAnswer?
  package let differing: [Int]
  package let largestDifference: Double
  package let diagnosis: Diagnosis
  package let reach: Reach

  package var isRight: Bool { answer != nil && differing.isEmpty }

  /// How far beyond the session's numbers an answer holds.
  package enum Reach {
    /// Typed numbers, or a formula with the student's own values in it.
    case theseNumbers(because: String)
    case everywhere(draws: Int, sampleCounts: [Int])
    case coincidence(Diagnosis)
    case onlyThisSampleCount(Int, other: Int, Diagnosis)
  }

  /// - Parameter source: the typed line, in which the assignment's marks count.
  package init(_ assignment: Assignment, source: String, in session: Session) throws(Diagnostic) {
    try self.init(
      assignment.target.name, assignment.target.target, is: assignment.formula, source: source, in: session)
  }

  /// - Parameter source: the typed line, in which the formula's marks count.
  package init(
    _ name: String, _ subscripts: [Subscript] = [], is typed: Parsed, source: String, in session: Session
  ) throws(Diagnostic) {
    // The learning rate is a setting and no value of the pass; in an answer it may stand as a name.
    let formula = Parsed(
      expression: session.leaves["lr"] == nil && session.scratch["lr"] == nil
        ? typed.expression.substituting(["lr": .number(session.settings.learningRate)]) : typed.expression,
      ranges: typed.ranges)
    let whole = try session.completed(forward: false)
    let environment = SessionEnvironment(whole)
    let resolved = session.model.resolve(name)
    guard let target = environment.value(of: resolved) else { throw environment.missing(name) }
    guard session.leaves[resolved] == nil, session.scratch[resolved] == nil, resolved != "m" else {
      throw Diagnostic(
        "\(name) is given and not computed, so there is nothing to check",
        hint: "check a step or a gradient: 'trace' lists them")
    }
    func select(_ value: Tensor) -> Tensor? {
      guard !subscripts.isEmpty else { return value }
      guard let (shape, positions) = Evaluator.selection(subscripts, in: value.shape) else { return nil }
      return Tensor(unchecked: shape, positions.map { value.elements[$0] })
    }
    guard let right = select(target) else {
      throw Diagnostic("\(name) (\(target.shape)) has no such entry", hint: "indices count from 0")
    }
    let value: Tensor
    do {
      value = try Evaluator(TargetEnvironment(base: environment, name: name, shape: right.shape))
        .checkedValue(of: formula)
    } catch {
      var diagnostic = error
      if diagnostic.source == nil { diagnostic.source = source }
      throw diagnostic
    }
    let expression = formula.expression
    let own = expression.names.filter { session.scratch[$0] != nil }
    let isReevaluable = own.isEmpty && !expression.contains { if case .list = $0 { true } else { false } }
    let scale = right.elements.reduce(0) { max($0, $1.isFinite ? abs($1) : 0) }
    func judged(_ value: Tensor, scale: Double) -> StudentAnswer {
      StudentAnswer.isTyped(expression)
        ? StudentAnswer(value, typed: formula, text: source, scale: scale)
        : StudentAnswer(value, formula: isReevaluable ? expression : nil, scale: scale)
    }
    let asGiven = judged(value, scale: scale)
    let fitted = Self.fitted(asGiven, to: right.shape)

    self.name = name
    title = subscripts.isEmpty ? name : Expression.index(.name(name), subscripts).description
    equation = environment.equation(of: resolved)
    self.right = right
    given = value
    answer = fitted
    differing = fitted?.differences(from: right) ?? Array(right.elements.indices)
    largestDifference = fitted?.largestDifference(from: right) ?? .nan

    func passes(_ session: Session) -> [MistakePass] {
      MistakePass.passes(
        to: resolved, model: session.model, leaves: session.leaves,
        learningRate: session.settings.learningRate, isFused: session.isFused,
        mayFuse: session.targetsAreDistributions)
    }
    var trials: [Trial] = []
    if isReevaluable, !StudentAnswer.isTyped(expression) {
      for seed in 0..<3 {
        guard let trial = Trial(session, resolved, formula, seed: seed, samples: nil, select) else {
          continue
        }
        trials.append(trial)
      }
    }
    func diagnose(_ answer: StudentAnswer, _ session: Session, _ trials: [Trial]) -> Diagnosis {
      Diagnosis.find(
        answer, passes: passes(session),
        confirmations: trials.map {
          .init(
            leaves: $0.session.leaves,
            answer: Self.fitted($0.answer, to: $0.right.shape) ?? $0.answer)
        }, selecting: select)
    }
    guard let fitted, differing.isEmpty else {
      diagnosis = diagnose(fitted ?? asGiven, session, trials)
      reach = .theseNumbers(because: "")
      return
    }
    diagnosis = Diagnosis()
    guard !StudentAnswer.isTyped(expression) else {
      reach = .theseNumbers(because: fitted.digits == 0 ? "" : "typed numbers")
      return
    }
    guard isReevaluable else {
      let reason = own.isEmpty ? "it has numbers of this session in it" : "\(own[0]) keeps its value"
      reach = .theseNumbers(because: reason)
      return
    }
    if let failed = trials.first(where: { !$0.isRight }) {
      reach = .coincidence(diagnose(failed.answer, failed.session, trials.filter { $0.seed != failed.seed }))
      return
    }
    var counts: [Int] = []
    if let m = environment.value(of: "m")?.scalarValue.flatMap({ Int(exactly: $0) }) {
      for (seed, other) in [(11, m + 2), (12, m == 1 ? 2 : 1)] {
        guard let trial = Trial(session, resolved, formula, seed: seed, samples: other, select) else {
          continue
        }
        if !trial.isRight, other > 1 {
          reach = .onlyThisSampleCount(m, other: other, diagnose(trial.answer, trial.session, []))
          return
        }
        if trial.isRight { counts.append(other) }
      }
    }
    reach = .everywhere(draws: trials.count, sampleCounts: counts.sorted())
  }

  /// A list for a row or a column, a number for a 1×1 matrix.
  private static func fitted(_ answer: StudentAnswer, to shape: Shape) -> StudentAnswer? {
    if answer.value.shape == shape { return answer }
    let isLine = answer.value.rank == 1 && shape.rank == 2 && (shape.rows == 1 || shape.columns == 1)
    guard answer.value.count == shape.count, isLine || shape.count == 1 else { return nil }
    return answer.reshaped(shape)
  }

  /// The same formula in a session with other numbers.
  private struct Trial {
    let seed: Int
    let session: Session
    let right: Tensor
    let answer: StudentAnswer

    var isRight: Bool { AnswerCheck.fitted(answer, to: right.shape)?.matches(right) ?? false }

    init?(
      _ session: Session, _ name: String, _ formula: Parsed, seed: Int, samples: Int?,
      _ select: (Tensor) -> Tensor?
    ) {
      guard let leaves = RandomLeaves(session.model, session.leaves).drawn(seed: seed, samples: samples)
      else {
        return nil
      }
      var other = Session(model: session.model, leaves: leaves)
      if !session.isFused { other.setFused(false) }
      other.settings = session.settings
      guard let whole = try? other.completed(forward: false) else { return nil }
      let environment = SessionEnvironment(whole)
      guard let target = environment.value(of: name), let right = select(target),
        let value = try? Evaluator(environment).checkedValue(of: formula)
      else { return nil }
      self.seed = seed
      self.session = other
      self.right = right
      let scale = right.elements.reduce(0) { max($0, $1.isFinite ? abs($1) : 0) }
      answer = StudentAnswer(value, formula: formula.expression, scale: scale)
    }
  }
}

/// A session in which hints name the shape that is asked for.
private struct TargetEnvironment: Environment {
  let base: SessionEnvironment
  let name: String
  let shape: Shape
  func shape(of name: String) -> Shape? { base.shape(of: name) }
  func value(of name: String) -> Tensor? { base.value(of: name) }
  func missing(_ name: String) -> Diagnostic { base.missing(name) }
  func example(ofShape shape: Shape) -> String? { shape == self.shape ? name : nil }
}
