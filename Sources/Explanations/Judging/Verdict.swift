import Formulas
import LinearAlgebra

/// What an answer is.
package enum Verdict: Sendable {
  case right(Reach)
  /// Numbers, each the right one rounded or cut off where it ends, or as a coarser format may round on the way to it.
  case rightToTheDigits(of: NumberFormat)
  /// Nothing speaks against the answer, and at these positions fewer than two digits speak for it.
  case tooFewDigits([Int])
  /// Right with the numbers at hand and not in general, which is what was asked for.
  case rightHereOnly(Limit)
  case wrong(Deviation)
  case otherShape(Remedy?, Diagnosis)
  /// At these positions the value that is asked for is nan or infinite: nothing can agree with it.
  case notFinite([Int])

  /// How far a right answer is known to hold.
  package enum Reach: Sendable {
    /// Why it was not tried anywhere else; nil when nothing else was asked for.
    case here(because: Prose?)
    /// - Parameters:
    ///   - draws: sessions of the same shapes with random numbers.
    ///   - samples: another batch's size.
    ///   - sizes: whether other numbers of features, units, classes were tried as well.
    ///   - counts: numbers in the formula that were read as the counts that they are in the printed equations.
    case everywhere(draws: Int, samples: Int?, sizes: Bool, counts: [Double] = [])
    /// Worked out for one pass: what is 0 or 1 in its data is put in, and perhaps which units are on. Equal in as many
    /// sessions in which that is so.
    case sameData(draws: Int, units: Bool)
    /// The value is 0 up to rounding, in as many other sessions as well, so that any multiple of it fits.
    /// - Parameter isSame: whether the formula is the right one for other gradients behind it too; nil where that cannot be told.
    case vanishing(draws: Int, isSame: Bool?)
  }

  /// Where a right answer stops to be right.
  package struct Limit: Sendable {
    package enum Kind: Sendable {
      case theseNumbers
      /// The value of a leaf that is a number is written where the leaf is meant.
      case leaf(String, Double)
      case samples(Int, other: Int)
      /// With these leaves of other shapes it is wrong.
      case sizes([(name: String, shape: Shape)])
    }
    package let kind: Kind
    /// Which mistake it is, seen at the other numbers.
    package var diagnosis: Diagnosis
    /// Why it has no value there at all, if so.
    package let failure: Diagnostic?
    /// The number of samples, or the extent that was changed, is written as this number; with m, or the new extent, instead
    /// the answer holds there.
    package var literal: Int?
    /// The number of samples is written where another count, the same here, is meant.
    package var isOtherCount = false
  }

  /// How a wrong value of the right shape differs.
  package struct Deviation: Sendable {
    package let positions: [Int]
    package let size: Size?
    package let diagnosis: Diagnosis
    package var convention: Convention?

    /// Courses that keep dZ without the 1/m of the loss, and divide in dW and db.
    package enum Convention: Sendable {
      /// The answer is m times the right one, a gradient that is kept so there.
      case keepsCount
      /// The answer is right where these are kept so.
      case behind([String])
    }

    package enum Size: Sendable {
      case negated
      /// Every entry is this times the right one.
      case factor(Double)
      /// A step with this learning rate, where it is the other one.
      case rate(Double, Double)
      /// At most this many units of the last digit typed.
      case lastDigit(Int)
      /// It is another value of the pass, or that one's transpose.
      case another(String, isTransposed: Bool)
      /// Right for targets whose classes sum to 1, which these do not.
      case improperTargets([String])
      /// Few of many typed numbers are wrong.
      case slip
      /// Of a single number.
      case otherSign, tooSmall, tooLarge
      /// Of the answer, not of what is asked for.
      case notFinite
    }
  }

  /// What turns an answer of another shape into the right one; only said when it does.
  package enum Remedy: Sendable { case transpose, sum(axis: Int) }
}

/// A verdict with what it is about.
package struct Judgement: Sendable {
  package let question: Question
  package let right: Tensor
  /// In the shape of the right one where it fits.
  package let given: Tensor
  package let verdict: Verdict
  /// What could not be tried, and why: other numbers at which the pass has no value, a mistake that has none.
  package var untried: [(what: Prose, why: Diagnostic)] = []

  /// Right with the numbers at hand; nil when that is not known.
  package var isRight: Bool? {
    switch verdict {
    case .right, .rightToTheDigits, .rightHereOnly: true
    case .wrong, .otherShape, .notFinite: false
    case .tooFewDigits: nil
    }
  }

  /// Right at other numbers too; nil when that is not known.
  package var isGeneral: Bool? {
    switch verdict {
    case .right(.everywhere): true
    case .right(.vanishing(_, let isSame)): isSame == false ? nil : true
    case .rightHereOnly: false
    case .right(.here), .right(.sameData), .rightToTheDigits, .wrong, .otherShape, .notFinite, .tooFewDigits:
      nil
    }
  }

  /// Nil where there are no entries to compare.
  package var largestDifference: Double? {
    guard right.shape == given.shape, !right.isFinite else { return given.largestDifference(from: right) }
    // Two infinities that are one do not differ.
    let masked = zip(given.elements, right.elements).map { $0 == $1 ? 0 : $0 - $1 }
    return Tensor(unchecked: right.shape, masked).largestDifference(
      from: Tensor(repeating: 0, shape: right.shape))
  }
}
