import LinearAlgebra

/// A small data set made by formula and seeded noise. No default implementations: a new one must say everything.
package protocol ToyDataSet: Sendable {
  static var name: String { get }
  static var summary: String { get }
  static var defaultCount: Int { get }
  /// Standard deviation of the noise, in the units of the inputs (of the target for a regression).
  static var defaultNoise: Double { get }
  /// `count` samples, `count` > 0.
  static func make(count: Int, noise: Double, using generator: inout RandomGenerator) -> ToySample
}

/// What a generator gives: N×features inputs, row-major, with labels for the N rows.
package struct ToySample: Sendable {
  var features: Int
  var inputs: [Double]
  var labels: Labels
}

extension ToyDataSet {
  /// The set with all rows for training.
  package static func dataSet(count: Int, noise: Double, seed: UInt64) throws(DataError) -> DataSet {
    guard (1...1_000_000).contains(count) else {
      throw DataError("cannot make \(count) samples of \(name)", hint: "n is a number from 1 to 1000000")
    }
    guard noise.isFinite, noise >= 0 else {
      throw DataError(
        "the noise of \(name) cannot be \(noise)", hint: "noise is a standard deviation, 0 or more")
    }
    var generator = RandomGenerator(seed: seed)
    let sample = make(count: count, noise: noise, using: &generator)
    return try DataSet(
      name: name, description: summary,
      storage: .dense(Tensor(unchecked: [count, sample.features], sample.inputs)), labels: sample.labels)
  }
}
