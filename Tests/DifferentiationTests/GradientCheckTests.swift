import Formulas
import LinearAlgebra
import Operations
import Testing

@testable import Differentiation

/// What a check says of entries: which step they have, which are kinks, ties or rounding, which is the worst.
@Suite struct GradientCheckTests {
  private func check(_ text: [(String, String)], _ W: Tensor, _ gradient: [Double]) throws
    -> GradientCheck.Result
  {
    var values = Bindings(["W": W])
    let equations = try text.map { Equation($0.0, try Parser.parse($0.1).expression) }
    for step in equations { values.values[step.name] = try Evaluator(values).value(of: step.expression) }
    return try GradientCheck(forward: equations, loss: "L", environment: values).check(
      "W", gradient: Tensor(unchecked: W.shape, gradient), method: .central(step: nil))
  }

  /// 6e-6 added to 3e8 is half lost; a step grows with its number.
  @Test func aLargeNumberHasALargeStep() throws {
    #expect(try check([("L", "sum(W * W)")], Tensor(unchecked: [1, 1], [3e8]), [6e8]).maximalError < 1e-8)
  }

  /// A change of 6e-15 in a loss of 1 has two digits at best: too few to refute a gradient of 1e-9.
  @Test func whatRoundingOfTheLossHidesIsNoError() throws {
    let result = try check([("L", "1 + sum(1e-9 * W)")], Tensor(unchecked: [1, 1], [0.3]), [1e-9])
    #expect(result.maximalError < 1e-6)
    #expect(abs(try #require(result.worst).numeric / 1e-9 - 1) > 1e-3)
  }

  @Test func whatDoesNotLeadToTheLossHasNoKinks() throws {
    let W = Tensor(unchecked: [1, 2], [0, 0])
    #expect(try check([("R", "relu(W)"), ("L", "sum(W * W)")], W, [0, 0]).kinks.isEmpty)
    #expect(try check([("R", "relu(W)"), ("L", "sum(R)")], W, [0, 0]).kinks.count == 2)
  }

  /// The slope of max to the right of a tie is 1 and 0 to its left; of min the other way round.
  @Test(arguments: ["max", "min"]) func aTieIsToldFromAMistake(_ f: String) throws {
    let W = Tensor(unchecked: [1, 3], f == "max" ? [3, 1, 3] : [1, 3, 1])
    let right = try check([("L", "sum(\(f)(W, axis=1))")], W, [1, 0, 0])
    #expect(right.entries.map(\.isTie) == [true, false, true])
    #expect(right.kinks.count == 2)
    let wrong = try check([("L", "sum(\(f)(W, axis=1))")], W, [2, 0, 0])
    #expect(wrong.entries.map(\.isTie) == [false, false, true])
    #expect(wrong.maximalError > 0.5)
  }

  /// What is told of many entries.
  @Test func theWorstIsTheLargestThatSpeaksAgainstTheGradient() {
    func entry(_ error: Double, kink: Bool = false) -> GradientCheck.Entry {
      .init(
        position: 0, analytic: 1, numeric: 1, relativeError: error, kink: kink ? .name("Z") : nil)
    }
    func result(_ entries: [GradientCheck.Entry]) -> GradientCheck.Result {
      .init(name: "W", shape: [entries.count], entries: entries)
    }
    #expect(result([entry(1e-3), entry(5e-3), entry(2e-3)]).maximalError == 5e-3)
    #expect(result([entry(1e-3), entry(.nan), entry(2e-3)]).maximalError == .infinity)
    #expect(result([entry(1e-3), entry(1, kink: true)]).maximalError == 1e-3)
    var ofStep = entry(1)
    ofStep.isOfStep = true
    var rounding = entry(2)
    rounding.isRounding = true
    // What the step explains counts where nothing else disagrees.
    #expect(result([ofStep, entry(1e-9)]).isOfStep)
    #expect(result([ofStep, entry(1e-3), rounding]).maximalError == 1e-3)
    #expect(result([rounding]).worst == nil)
    #expect(result([rounding, ofStep, ofStep]).roundingCount == 1)
    #expect(result([rounding, ofStep, ofStep]).ofStepCount == 2)
    #expect(!result([entry(1)]).isUndefined)
  }
}
