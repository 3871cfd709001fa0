import Formulas
import LinearAlgebra
import Operations

/// One mistake that people make in a backward pass: its id, what to tell the student, and every way to make it on
/// the way to a value, as other right sides for some of the equations.
package struct Mistake: Sendable {
  /// What `check` reports and JSON lists: "missing-mean".
  package let id: String
  /// One sentence for the student: what happened, and what holds.
  package let explanation: String
  package let making: Making
  /// The same in the step of an optimiser: its equations written differently, with the pass to the gradient that it takes.
  var updating: @Sendable (_ pass: MistakePass, _ equations: [Equation]) -> [[Equation]] = { _, _ in [] }

  package enum Making: Sendable {
    /// Within one equation, whatever it has become by another mistake: other forms of the right side of a step.
    case inOneEquation(@Sendable (_ pass: MistakePass, _ step: Int, _ right: Expression) -> [Expression])
    /// Seen from the whole pass.
    case inThePass(@Sendable (_ pass: MistakePass) -> [MistakeEdit])
  }

  /// The table: a new mistake is one line here and its rule beside the others. Order is the order of report.
  package static let all: [Mistake] = [
    .transposed, .swappedFactors, .missingMean, .doubleMean, .wrongSign, .missingActivationDerivative,
    .activationForDerivative, .activationDerivativeAtWrongArgument, .wrongLayerMask, .softmaxWrongAxis,
    .biasNotSummed, .biasAveraged,
    .updatedWeights, .sumForMean, .hadamardForProduct, .diagonalJacobian, .sigmoidDerivativeOnSoftmax,
    .missingFactor, .extraFactor, .missingBrackets, .exponentNotLowered, .missingInnerDerivative,
    .varianceCount,
    .missingScale, .meanOverClasses, .meanForSum, .wrongSumAxis, .missingAxis,
    .onePathOnly, .lastStepOnly, .statisticsHeldConstant, .unnormalisedInGamma, .inputForActivation,
    .activationForPreactivation, .staleValue, .softmaxTwice, .logOfLogits, .gradientOfSumLoss,
    .shapeBroadcast,
    .maskAfterSoftmax, .maskForgotten, .maskForgottenInBackward, .dropoutNotScaled, .wrongGateDerivative,
    .unflippedKernel,
    .wrongPadding, .strideIgnored, .argmaxSpread, .embeddingOverwritten, .regularisedBias,
    .decayInLossAndUpdate, .adamWithoutBiasCorrection, .epsilonPlacement,
  ]

  package static func named(_ id: String) -> Mistake? { all.first { $0.id == id } }

  func edits(in pass: MistakePass) -> [MistakeEdit] {
    switch making {
    case .inThePass(let make): make(pass)
    case .inOneEquation(let make):
      pass.editable.flatMap { step in
        make(pass, step, pass.steps[step].expression).map { MistakeEdit([step: $0]) }
      }
    }
  }
}

extension Mistake {
  /// The mistake made alike in all equations of one form, as in every step of a sequence.
  func repeatedEdits(in pass: MistakePass) -> [MistakeEdit] {
    guard case .inOneEquation(let make) = making else { return [] }
    var alike: [Expression: [Int]] = [:]
    for step in pass.editable { alike[pass.steps[step].expression.withoutNames, default: []].append(step) }
    return alike.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }.flatMap { steps in
      let made = steps.map { make(pass, $0, pass.steps[$0].expression) }
      let count = made[0].count
      guard made.allSatisfy({ $0.count == count }) else { return [MistakeEdit]() }
      return (0..<count).map { way in
        MistakeEdit(Dictionary(uniqueKeysWithValues: zip(steps, made.map { $0[way] })))
      }
    }
  }
}

extension Expression {
  /// The form of a formula: the same for `U.T @ dh2` and `U.T @ dh1`.
  fileprivate var withoutNames: Expression {
    if case .name = self { return .name("_") }
    return mapChildren(\.withoutNames)
  }
}

/// Other right sides for some steps of a pass.
package struct MistakeEdit: Sendable, Hashable {
  package var changes: [Int: Expression]
  /// Counts only against typed numbers: whoever writes a formula would have written this one.
  package var needsTypedNumbers = false

  init(_ changes: [Int: Expression], needsTypedNumbers: Bool = false) {
    self.changes = changes
    self.needsTypedNumbers = needsTypedNumbers
  }
}
