import Formulas
import LinearAlgebra
import Operations

/// When two computed numbers are the same number. Both are values of formulas, exact up to rounding.
///
/// What it promises; a test holds each:
/// 1. Symmetric in the two, and in sign.
/// 2. Scale invariant: units of measurement change no verdict. No absolute tolerance, so that a gradient of 1e-20
///    is told from twice as much.
/// 3. Equal up to `relative` is equal: far above rounding (2.2e-16 for each operation), far below any mistake.
/// 4. Where terms cancel, as far apart as rounding can take them is equal too (`noise`): a sum that is 0 on paper
///    comes out as 1e-17.
/// 5. nan and infinity agree with nothing, not with themselves either: what has overflowed is no answer.
package enum Agreement {
  package static let relative = 1e-9

  package static func holds(_ a: Double, _ b: Double, noise: Double = 0) -> Bool {
    guard a.isFinite, b.isFinite else { return false }
    let difference = abs(a - b)
    return difference <= relative * max(abs(a), abs(b)) || difference <= noise
  }

  /// Relative: the last four bits of a double.
  private static let nudge = 0x1p-48

  /// How far rounding may move a formula's value: measured by moving the last bits of everything it reads, one by one
  /// and at random. What cancels in exact arithmetic does not cancel then, so that the size of the terms shows.
  static func noise(of formula: Expression, in environment: any Environment) throws(Diagnostic) -> Double {
    var operands: [String: Tensor] = [:]
    for name in formula.names { operands[name] = environment.value(of: name) }
    let value = try Evaluator(environment).value(of: formula)
    var generator = RandomGenerator(seed: 48)
    var result = 0.0
    for _ in 0..<4 {
      var moved = operands
      for name in operands.keys.sorted() {
        // Counts and labels have no last bits that rounding could have touched.
        guard let operand = operands[name], !operand.isCounting else { continue }
        moved[name] = operand.map { $0 * (1 + nudge * generator.uniform(-1, 1)) }
      }
      let there = try Evaluator(Overlay(moved, over: environment)).value(of: formula)
      result = max(result, value.largestDifference(from: there, whereFinite: true) ?? 0)
    }
    // A mask that switches is no rounding.
    let largest = operands.values.reduce(value.largestMagnitude) { max($0, $1.largestMagnitude) }
    return min(8 * result, relative * largest)
  }
}
