import DataSets
import LinearAlgebra
import NeuralNetworks
import Sessions

/// Where training takes its samples from: a data set, or the session's own X and Y.
enum BatchSource {
  case data(DataSet, BatchForm)
  case values(X: Tensor?, Y: Tensor?, Model.Layout)

  /// Rows to train on.
  var rows: [Int] {
    switch self {
    case .data(let set, _): set.trainingIndices
    case .values(let X, let Y, let layout): Array(0..<(Self.count(X ?? Y, layout) ?? 1))
    }
  }

  var testRows: [Int] {
    switch self {
    case .data(let set, _): set.testIndices
    case .values: []
    }
  }

  private static func count(_ tensor: Tensor?, _ layout: Model.Layout) -> Int? {
    guard let shape = tensor?.shape, shape.rank >= 2 else { return nil }
    return shape.dimensions[layout == .columns ? 1 : 0]
  }

  /// Shapes of X and target for so many samples.
  func shapes(samples m: Int) -> (X: Shape, Y: Shape) {
    switch self {
    case .data(let set, let form):
      return (form.inputShape(samples: m, features: set.features), form.targetShape(samples: m))
    case .values(let X, let Y, let layout):
      func shape(_ tensor: Tensor?) -> Shape {
        guard let tensor, tensor.rank >= 2 else { return tensor?.shape ?? .scalar }
        var dimensions = tensor.shape.dimensions
        dimensions[layout == .columns ? 1 : 0] = m
        return Shape(dimensions)
      }
      return (shape(X), shape(Y))
    }
  }

  /// Writes samples into a plan's buffers. `scratch` is grown to what a turned batch needs.
  func fill(_ rows: ArraySlice<Int>, X: PlanBuffer?, Y: PlanBuffer?, scratch: inout [Double]) {
    switch self {
    case .data(let set, let form):
      let width = max(set.features, form.targetWidth)
      let isColumns = form.layout == .columns
      if isColumns, scratch.count < rows.count * width {
        scratch = [Double](repeating: 0, count: rows.count * width)
      }
      if let X {
        if isColumns {
          scratch.withUnsafeMutableBufferPointer {
            set.storage.gather(rows, into: $0)
            Self.turn($0, rows: rows.count, columns: set.features, into: X)
          }
        } else {
          set.storage.gather(rows, into: X.elements)
        }
      }
      if let Y {
        if isColumns {
          scratch.withUnsafeMutableBufferPointer {
            set.labels.gather(rows, width: form.targetWidth, into: $0)
            Self.turn($0, rows: rows.count, columns: form.targetWidth, into: Y)
          }
        } else {
          set.labels.gather(rows, width: form.targetWidth, into: Y.elements)
        }
      }
    case .values(let x, let y, let layout):
      if let X, let x { Self.take(rows, of: x, layout, into: X) }
      if let Y, let y { Self.take(rows, of: y, layout, into: Y) }
    }
  }

  private static func turn(
    _ source: UnsafeMutableBufferPointer<Double>, rows: Int, columns: Int, into target: PlanBuffer
  ) {
    guard let base = source.baseAddress, target.count == rows * columns else { return }
    BlockKernels.transpose(rows: rows, columns: columns, base, target.pointer)
  }

  /// Samples of a tensor: its rows (images), or its columns.
  private static func take(
    _ samples: ArraySlice<Int>, of tensor: Tensor, _ layout: Model.Layout, into target: PlanBuffer
  ) {
    guard tensor.rank >= 2 else { _ = target.load(tensor); return }
    let isColumns = layout == .columns && tensor.rank == 2
    let total = isColumns ? tensor.shape.columns : tensor.shape.dimensions[0]
    let width = total == 0 ? 0 : tensor.count / total
    guard target.count == samples.count * width else { return }
    for (i, sample) in samples.enumerated() {
      for j in 0..<width {
        if isColumns {
          target.pointer[j * samples.count + i] = tensor.elements[j * total + sample]
        } else {
          target.pointer[i * width + j] = tensor.elements[sample * width + j]
        }
      }
    }
  }
}
