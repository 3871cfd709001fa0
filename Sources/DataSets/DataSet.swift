import LinearAlgebra

/// Samples with what they are to be mapped to, and which of them are kept apart for testing.
package struct DataSet: Sendable {
  package let name: String
  /// One line for people: what the rows are.
  package let description: String
  /// Authors, source and licence, for data that others made.
  package let attribution: String?
  /// The inputs as they lie in memory; `inputs` gives them as one tensor.
  package internal(set) var storage: Storage
  /// C×H×W when a row is an image.
  package let imageShape: Shape?
  package let labels: Labels
  /// One name a feature, when the file had a header.
  package let featureNames: [String]?
  package private(set) var trainingIndices: [Int]
  package private(set) var testIndices: [Int]
  /// What was done to the inputs, in words: `divided by 16`, `standardised`.
  package internal(set) var scaling: String?

  /// Refuses inputs and labels that differ in number, an empty set, and an image of another size than a row.
  init(
    name: String, description: String, attribution: String? = nil, storage: Storage, imageShape: Shape? = nil,
    labels: Labels, featureNames: [String]? = nil, testIndices: Range<Int>? = nil, scaling: String? = nil
  ) throws(DataError) {
    guard storage.count == labels.count else {
      throw DataError("\(storage.count) inputs but \(labels.count) labels: the counts must be equal")
    }
    guard storage.count > 0, storage.features > 0 else { throw DataError("there are no samples in it") }
    if let imageShape, imageShape.checkedCount != storage.features {
      throw DataError("\(storage.features) features are not an image of \(imageShape) pixels")
    }
    self.name = name
    self.description = description
    self.attribution = attribution
    self.storage = storage
    self.imageShape = imageShape
    self.labels = labels
    self.featureNames = featureNames
    self.scaling = scaling
    let test = testIndices ?? storage.count..<storage.count
    self.testIndices = Array(test)
    trainingIndices = (0..<storage.count).filter { !test.contains($0) }
  }

  /// N, training and test rows together.
  package var count: Int { storage.count }
  package var features: Int { storage.features }
  package var trainingCount: Int { trainingIndices.count }
  package var testCount: Int { testIndices.count }

  /// All inputs, N×features. Image sets are expanded to doubles: use `batch` or `storage.gather` in a loop.
  package var inputs: Tensor { storage.tensor }
  /// All targets: N×K one-hot, or N×K values of a regression.
  package var targets: Tensor { targets(Array(0..<count)[...]) }

  package var classNames: [String]? {
    if case .classes(_, let names) = labels { names } else { nil }
  }

  /// The class number of a row; nil for a regression or outside the set.
  package func label(of row: Int) -> Int? {
    guard case .classes(let labels, _) = labels, labels.indices.contains(row) else { return nil }
    return labels[row]
  }

  /// One row of inputs, nil outside the set.
  package func input(_ row: Int) -> [Double]? {
    guard row >= 0, row < count else { return nil }
    return inputs([row][...]).elements
  }

  /// Rows of inputs, |indices| × features.
  package func inputs(_ indices: ArraySlice<Int>) -> Tensor {
    var result = Tensor(repeating: 0, shape: [indices.count, features])
    result.withUnsafeMutableElements { storage.gather(indices, into: $0) }
    return result
  }

  /// Rows of targets. `width` must be one of `labels.widths`; without it the usual one.
  package func targets(_ indices: ArraySlice<Int>, width: Int? = nil) -> Tensor {
    let width = width ?? labels.widths[0]
    var result = Tensor(repeating: 0, shape: [indices.count, width])
    result.withUnsafeMutableElements { labels.gather(indices, width: width, into: $0) }
    return result
  }

  /// Inputs (|indices| × features) and targets (|indices| × width).
  package func batch(_ indices: ArraySlice<Int>, width: Int? = nil) -> (inputs: Tensor, targets: Tensor) {
    (inputs(indices), targets(indices, width: width))
  }

  /// The training rows in a new order, for one epoch.
  package func shuffledTrainingIndices(using generator: inout RandomGenerator) -> [Int] {
    generator.permutation(trainingIndices.count).map { trainingIndices[$0] }
  }

  /// The same samples with a random part kept for testing. `testFraction` in 0..<1; at least one training row
  /// stays. Both parts are in ascending order: the split is random, the order of the rows is the file's.
  package func split(testFraction: Double, seed: UInt64) -> DataSet {
    var generator = RandomGenerator(seed: seed)
    let fraction = testFraction.isFinite ? min(max(testFraction, 0), 1) : 0
    let testCount = min(Int(clamping: (fraction * Double(count)).rounded()), count - 1)
    let order = generator.permutation(count)
    var copy = self
    // In the order of the rows, without sorting them.
    var isTest = [Bool](repeating: false, count: count)
    for row in order[..<testCount] { isTest[row] = true }
    copy.testIndices = isTest.indices.filter { isTest[$0] }
    copy.trainingIndices = isTest.indices.filter { !isTest[$0] }
    return copy
  }
}
