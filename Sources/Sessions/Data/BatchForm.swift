import DataSets
import LinearAlgebra
import NeuralNetworks

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
