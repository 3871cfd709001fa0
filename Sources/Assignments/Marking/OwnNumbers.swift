import Explanations
import Formulas
import LinearAlgebra
import Operations
import Platform
import Sessions

/// What a student gave for a step: later answers may follow from it, rounded as it is or wrong as it is.
struct OwnNumbers {
  let name: String
  let given: GivenValue
  let right: Tensor
  let isRight: Bool

  /// Whether work can follow from it: of a single number again and again everything does.
  var carries: Bool {
    let entries = given.value.elements
    guard given.value.isFinite, let first = entries.first else { return false }
    return entries.count == 1 ? first != 0 : entries.contains { $0 != first }
  }

  /// Whether a later answer is what comes of earlier ones.
  /// - Parameters:
  ///   - all: those that are taken as they were given; right ones are taken as they are where `causes` are wrong.
  ///   - causes: without these the answer would be another.
  static func explain(
    _ answer: GivenValue, _ question: AssignedQuestion, _ all: [OwnNumbers], by causes: [OwnNumbers]
  ) -> Bool {
    guard !causes.isEmpty, let right = question.right, let numbers = answer.numbers else { return false }
    var values: [String: Tensor] = [:]
    for own in all { values[own.name] = own.isRight && !causes[0].isRight ? own.right : own.given.value }
    guard let center = value(of: question, with: values), center.shape == right.shape, center.isFinite else {
      return false
    }
    // It follows from them at all, and is more than zeros.
    guard zip(center.elements, right.elements).contains(where: { $0 != $1 }),
      center.elements.contains(where: { $0 != 0 })
    else { return false }
    var slack = [Double](repeating: 0, count: center.count)
    var generator = RandomGenerator(seed: 16)
    for _ in 0..<16 {
      guard !Interruption.isRequested else { return false }
      var moved = values
      for own in all {
        guard let units = own.given.numbers?.map(\.unit), let value = values[own.name],
          units.count == value.count
        else {
          continue
        }
        // Whole numbers and one decimal are rarely rounded: they are what they say.
        let entries = zip(value.elements, units).map { entry, unit in
          unit > 0.05 ? entry : entry + (generator.uniform() < 0.5 ? unit : -unit) / 2
        }
        moved[own.name] = Tensor(unchecked: value.shape, entries)
      }
      guard let there = value(of: question, with: moved), there.shape == center.shape else { return false }
      for (i, (a, b)) in zip(center.elements, there.elements).enumerated() {
        slack[i] = max(slack[i], 1.25 * abs(a - b))
      }
    }
    let largest = center.elements.reduce(0) { max($0, abs($1)) }
    let asked = question.worth.digits.map { pow(10, -Double($0)) } ?? 0
    return center.elements.indices.allSatisfy { i in
      guard slack[i] <= 0.05 * largest, numbers.indices.contains(i) else { return false }
      let number = numbers[i]
      guard
        number.significant >= 2 || number.unit <= asked * 1.01
          || abs(number.value - center.elements[i]) <= 1e-9 * largest
      else { return false }
      return abs(answer.value.elements[i] - center.elements[i]) <= 0.500001 * max(number.unit, asked)
        + slack[i] + 1e-9 * largest
    }
  }

  /// What is asked for, where the pass goes on from a student's own values.
  private static func value(of question: AssignedQuestion, with values: [String: Tensor]) -> Tensor? {
    do throws(Diagnostic) {
      var session = try question.session.following(values)
      for (name, value) in values where session.scratch[name] != nil { session.letName(name, value) }
      return try AssignedQuestion.value(question.exercise, in: session)
    } catch {
      // Numbers from which no pass comes explain nothing.
      return nil
    }
  }
}
