import Explanations
import LinearAlgebra
import Platform

/// Typed numbers beside the right ones, entry by entry, to the decimals that were asked for.
struct NumberComparison {
  private(set) var right = 0
  private(set) var tooFew = 0
  /// How much of a matrix was worked out, as a share: zeros that are right earn nothing and cost when they are wrong, and
  /// less than half is nothing.
  private(set) var share = 0.0
  /// Some numbers have fewer decimals than are asked for.
  private(set) var isCoarse = false

  init(_ given: GivenValue, _ right: Tensor, digits: Int?) {
    self.init(given.numbers?.map { $0 } ?? [], right, digits: digits)
  }

  init(_ numbers: [TypedNumber?], _ right: Tensor, digits: Int?) {
    var (worked, lost, there) = (0, 0, 0)
    for (number, value) in zip(numbers, right.elements) {
      if value != 0 { there += 1 }
      if let digits, let number, number.unit > pow(10, -Double(digits)) * 1.01 { isCoarse = true }
      switch number.map({ Self.compare($0, value, digits) }) {
      case .equal?, .rightToTheDigits?:
        self.right += 1
        if value != 0 { worked += 1 }
      case .tooFewDigits?: tooFew += 1
      case .different?, nil: if value == 0 { lost += 1 }
      }
    }
    let part = there == 0 ? 0 : Double(max(0, worked - lost)) / Double(there)
    share = part >= 0.5 && right.count > 1 ? part : 0
  }

  static func compare(_ number: TypedNumber, _ right: Double, _ digits: Int?) -> TypedNumber.Comparison {
    let typed = number.comparison(with: right)
    guard let digits, typed != .equal else { return typed }
    let asked = pow(10, -Double(digits))
    if number.unit > asked * 1.01 { return typed == .different ? .different : .tooFewDigits }
    let isNear = abs(number.value - right) <= asked * 0.500001
    return isNear || typed != .different ? .rightToTheDigits : .different
  }
}

extension GivenValue {
  /// In a shape; a value of more than two axes is written as its blocks below one another.
  func blocks(_ shape: Shape) -> GivenValue? {
    if let fitted = fitted(to: shape) { return fitted }
    guard shape.rank > 2, value.rank == 2, value.shape.columns == shape.columns, value.count == shape.count,
      let numbers,
      let tensor = value.reshaped(shape)
    else { return nil }
    return GivenValue(tensor, numbers: numbers)
  }
}
