import Formulas
import LinearAlgebra
import Operations

/// The one judge of answers: `check`, exercises of lessons and practice ask it.
///
/// Typed numbers are judged by `TypedNumber` and values of formulas by `Agreement`; what their tolerances mean is said
/// there as properties. A formula that is right here is tried at random numbers, with another number of samples, and
/// at other sizes of all that the model lets change, when that is asked for. What could not be tried is part of the
/// judgement.
package struct Judge {
  let question: Question
  let scene: any AnswerScene
  let right: Tensor
  /// The session's: numbers may come from a pass in it.
  let format: NumberFormat
  private(set) var untried: [(what: Prose, why: Diagnostic)] = []

  /// - Parameters:
  ///   - line: the typed line, in which the answer's marks count.
  ///   - format: of the session; the pass of the scene is float64's.
  ///   - mayPropose: whether an error may name the formula that was meant.
  /// - Throws: what keeps the answer, or the value that is asked for, from having a value.
  package static func judge(
    _ typed: Parsed, line: String, as question: Question, in scene: any AnswerScene, mayPropose: Bool,
    format: NumberFormat = .float64
  ) throws(Diagnostic) -> Judgement {
    var judge = Judge(
      question: question, scene: scene, right: try scene.evaluated(question.right), format: format)
    let value: Tensor
    do { value = try Evaluator(scene).checkedValue(of: typed) } catch {
      var diagnostic = error
      diagnostic.source = diagnostic.source ?? line
      if let part = scene.unfitOperation(in: typed.expression) {
        diagnostic.hint = mayPropose ? judge.proposal(for: part, in: typed.expression) : nil
      }
      throw diagnostic
    }
    let given =
      TypedNumber.all(in: typed, line: line, computed: true).map { GivenValue(value, numbers: $0) }
      ?? GivenValue(value, formula: typed.expression)
    let fitted = given.fitted(to: judge.right.shape)
    let verdict = fitted.map { judge.verdict($0) } ?? judge.verdict(ofAnotherShape: given)
    try Interruption.check()
    return Judgement(
      question: question, right: judge.right, given: (fitted ?? given).value, verdict: verdict,
      untried: judge.untried)
  }

  mutating func note(_ what: Prose, _ why: Diagnostic) {
    if !untried.contains(where: { $0.what == what }) { untried.append((what, why)) }
  }

  private mutating func verdict(_ answer: GivenValue) -> Verdict {
    guard scene.mayBeJudged(right) else { return .notFinite(right.positions { !$0.isFinite }) }
    var given = answer
    if !given.matches(right) {
      do throws(Diagnostic) { given.noise = try scene.noise(of: question) } catch {
        note("what rounding may do to \(question.title)", error)
      }
    }
    let comparisons = given.comparisons(with: right) ?? []
    func positions(_ wanted: TypedNumber.Comparison) -> [Int] {
      Interruption.indices(comparisons.count) { comparisons[$0] == wanted }
    }
    let different = positions(.different)
    guard different.isEmpty else {
      if let format = coarserFormat(of: given, at: different) { return .rightToTheDigits(of: format) }
      return .wrong(deviation(of: given, at: different))
    }
    let tooFew = positions(.tooFewDigits)
    guard tooFew.isEmpty else { return .tooFewDigits(tooFew) }
    guard positions(.rightToTheDigits).isEmpty else { return .rightToTheDigits(of: .float64) }
    guard question.isGeneral else { return .right(.here(because: nil)) }
    guard let formula = given.formula else { return .right(.here(because: "these are numbers")) }
    return reach(of: formula)
  }
}
