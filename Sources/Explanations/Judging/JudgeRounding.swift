import Differentiation
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

extension Judge {
  /// Of the largest entry, in sums of tens of terms.
  private static let usualRoundings = 16.0

  /// The coarser format that numbers were computed in, the session's or the one in which PyTorch computes and prints them:
  /// each is as near as rounding in it may bring it. Of float32 all digits are typed, and as many roundings are allowed as do
  /// happen: its worst case would excuse a slip in the sixth digit.
  func coarserFormat(of given: GivenValue, at positions: [Int]) -> NumberFormat? {
    guard let numbers = given.numbers, given.value.shape == right.shape,
      positions.allSatisfy(numbers.indices.contains)
    else { return nil }
    let isLong = positions.allSatisfy { numbers[$0].significant >= 7 }
    return ([format, .float32].filter { $0 != .float64 && ($0 == format || isLong) }).first { format in
      guard let errors = try? roundingErrors(in: format), errors.shape == right.shape else { return false }
      let usual =
        format == self.format
        ? Double.infinity : Self.usualRoundings * format.roundoff * right.largestMagnitude
      return positions.allSatisfy { position in
        // What was typed may have been rounded once more.
        let limit = min(errors.elements[position], usual) + numbers[position].unit
        return limit.isFinite && abs(given.value.elements[position] - right.elements[position]) <= limit
      }
    }
  }

  /// How far each entry of what is asked for may be off in a format, by the equations that lead to it.
  private func roundingErrors(in format: NumberFormat) throws(Diagnostic) -> Tensor? {
    guard let step = question.step, question.following == nil else { return nil }
    var bound = RoundingBound(format, over: scene)
    var seen: Set<String> = []
    func add(_ name: String) throws(Diagnostic) {
      guard seen.insert(name).inserted, scene.leaves[name] == nil, let equation = scene.equation(of: name)
      else { return }
      try Interruption.check()
      for operand in equation.evaluated.names.sorted() { try add(operand) }
      try bound.run(equation)
    }
    try add(step)
    guard let errors = bound.error(of: step) else { return nil }
    return try Evaluator(Overlay([step: errors], over: scene)).value(of: question.right)
  }
}
