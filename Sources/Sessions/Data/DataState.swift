import DataSets
import LinearAlgebra

/// The data set of a session: its rows, the order in which they are drawn, and where the drawing stands.
package struct DataState: Sendable, Equatable {
  package let set: DataSet
  /// Rows a batch.
  package var batchSize: Int
  /// How many training rows of the present order have been drawn.
  package var position: Int
  /// What the present order was drawn with; nil while the rows stand in the file's order.
  package private(set) var orderSeed: Int?
  /// The training rows, as row numbers of the set, in the order in which they are drawn.
  package private(set) var order: [Int]
  /// The rows that are X and the target now, as row numbers of the set.
  package var rows: [Int] = []
  /// What was typed behind `data`, so that a saved session can load the set again.
  package var source: String?

  package init(_ set: DataSet, batchSize: Int) {
    self.set = set
    self.batchSize = max(1, batchSize)
    position = 0
    order = set.trainingIndices
  }

  /// A new order of the training rows, the same for the same seed; drawing begins again.
  package mutating func shuffle(seed: Int) {
    var generator = RandomGenerator(seed: UInt64(bitPattern: Int64(seed)))
    order = set.shuffledTrainingIndices(using: &generator)
    orderSeed = seed
    position = 0
  }

  /// The rows of the next batch, as many as asked for or the batch size; at the end of the order what is left of
  /// it, then from its beginning.
  package mutating func nextRows(_ count: Int? = nil) -> ArraySlice<Int> {
    guard !order.isEmpty else { return [] }
    if position >= order.count || position < 0 { position = 0 }
    let end = min(order.count, position + max(1, count ?? batchSize))
    defer { position = end }
    return order[position..<end]
  }

  /// Equal when the same rows are drawn next. A set is known by its name, its extent and its scaling.
  package static func == (a: DataState, b: DataState) -> Bool {
    a.set.name == b.set.name && a.set.count == b.set.count && a.set.features == b.set.features
      && a.set.scaling == b.set.scaling && a.batchSize == b.batchSize && a.position == b.position
      && a.orderSeed == b.orderSeed && a.order == b.order && a.rows == b.rows
  }
}
