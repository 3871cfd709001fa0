import DataSets
import LinearAlgebra
import NeuralNetworks

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
      && a.orderSeed == b.orderSeed && a.order == b.order
  }
}

/// How a model wants its samples: rows or columns, flat or as images, and how wide the targets are.
package struct BatchForm: Sendable, Equatable {
  package var layout: Model.Layout
  /// C×H×W when X holds images.
  package var imageShape: Shape?
  package var targetWidth: Int

  package init(layout: Model.Layout, imageShape: Shape?, targetWidth: Int) {
    self.layout = layout
    self.imageShape = imageShape
    self.targetWidth = targetWidth
  }

  /// The form that a session's X and target have now; nil when one of them is missing or does not fit the set.
  package init?(_ session: Session, _ set: DataSet) {
    guard let X = session.leaves["X"]?.shape, let Y = session.leaves[session.model.targetName ?? "Y"]?.shape
    else { return nil }
    self.init(layout: session.model.layout, X: X, Y: Y, set)
  }

  /// - Parameters:
  ///   - X: m×F or m×C×H×W, F×m in the layout of columns.
  ///   - Y: m×K, K×m in the layout of columns.
  package init?(layout: Model.Layout, X: Shape, Y: Shape, _ set: DataSet) {
    let isColumns = layout == .columns
    guard X.rank == 2 || (X.rank == 4 && !isColumns), Y.rank == 2 else { return nil }
    let features = X.rank == 4 ? Shape(Array(X.dimensions[1...])).count : X.dimensions[isColumns ? 0 : 1]
    let width = Y.dimensions[isColumns ? 0 : 1]
    guard features == set.features, set.labels.widths.contains(width) else { return nil }
    self.layout = layout
    imageShape = X.rank == 4 ? Shape(Array(X.dimensions[1...])) : nil
    targetWidth = width
  }

  /// Shape of the inputs of so many samples.
  package func inputShape(samples m: Int, features: Int) -> Shape {
    if let imageShape { return Shape([m] + imageShape.dimensions) }
    return layout == .columns ? [features, m] : [m, features]
  }

  package func targetShape(samples m: Int) -> Shape {
    layout == .columns ? [targetWidth, m] : [m, targetWidth]
  }

  /// Rows of a set as the model's X and target.
  package func tensors(_ rows: ArraySlice<Int>, of set: DataSet) -> (X: Tensor, Y: Tensor) {
    let (inputs, targets) = set.batch(rows, width: targetWidth)
    guard layout == .rows else { return (inputs.transposed(), targets.transposed()) }
    return (inputs.reshaped(inputShape(samples: rows.count, features: set.features)) ?? inputs, targets)
  }
}
