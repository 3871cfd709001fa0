import LinearAlgebra
import NeuralNetworks

/// Inputs and targets for a new network, with one decimal, so that they can be worked by hand.
struct ToyBatch {
  let specification: NetworkSpecification
  let outputWidth: Int
  static let samples = 3

  init(_ specification: NetworkSpecification, outputWidth: Int) {
    self.specification = specification
    self.outputWidth = outputWidth
  }

  private var columns: Bool { specification.layout == .columns }
  private var isImage: Bool { specification.input.count == 3 }

  /// Whether inputs of the session before can be the new network's.
  func accepts(inputs X: Tensor, wasColumns: Bool) -> Bool {
    if isImage {
      return Array(X.shape.dimensions.dropFirst()) == specification.input
        || (X.rank == 2 && !wasColumns && X.shape.columns == specification.input.reduce(1, &*))
    }
    guard X.rank == 2 else { return false }
    return (wasColumns ? X.shape.rows : X.shape.columns) == specification.input[0]
  }

  /// The same numbers with samples where this layout has them.
  func turned(_ tensor: Tensor, wasColumns: Bool) -> Tensor {
    tensor.rank == 2 && wasColumns != columns ? tensor.transposed() : tensor
  }

  func arranged(_ X: Tensor?, wasColumns: Bool) -> Tensor {
    guard let X else { return Tensor(0) }
    if isImage, X.rank == 2 { return X.reshaped(Shape([X.shape.rows] + specification.input)) ?? X }
    return turned(X, wasColumns: wasColumns)
  }

  func inputs(using generator: inout RandomGenerator) -> Tensor {
    let shape: Shape =
      isImage
      ? Shape([Self.samples] + specification.input)
      : columns ? [specification.input[0], Self.samples] : [Self.samples, specification.input[0]]
    return Initialisers.rounded(generator.uniform(shape: shape, -2, 2), decimals: 10)
  }

  func targetShape(samples: Int) -> Shape { columns ? [outputWidth, samples] : [samples, outputWidth] }

  /// One-hot rows for classes, 0 or 1 for yes/no, numbers for regression.
  func targets(samples: Int, using generator: inout RandomGenerator) -> Tensor {
    var rows: [Double] = []
    let activation = specification.layers.last?.activation ?? "linear"
    for _ in 0..<samples {
      switch activation {
      case "softmax":
        let label = generator.integer(below: outputWidth)
        rows += (0..<outputWidth).map { $0 == label ? 1 : 0 }
      case "sigmoid": rows += (0..<outputWidth).map { _ in generator.uniform() < 0.5 ? 0 : 1 }
      default: rows += (0..<outputWidth).map { _ in (generator.uniform(-1, 1) * 10).rounded() / 10 }
      }
    }
    let Y = Tensor(unchecked: [samples, outputWidth], rows)
    return columns ? Y.transposed() : Y
  }
}
