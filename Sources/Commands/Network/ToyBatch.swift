import LinearAlgebra
import NeuralNetworks

/// Inputs and targets for a new network, with one decimal, so that they can be worked by hand.
struct ToyBatch {
  let specification: NetworkSpecification
  let outputWidth: Int
  /// As many as nothing else in the network, so that a shape says what it is.
  let samples: Int
  /// Those of the inputs and parameters.
  private let extents: Set<Int>

  init(_ builder: NetworkBuilder) {
    specification = builder.specification
    outputWidth = builder.outputWidth
    let extents = Set(specification.input + builder.parameters.values.flatMap(\.shape.dimensions))
    self.extents = extents
    samples = (3...).first { !extents.contains($0) } ?? 3
  }

  private var columns: Bool { specification.layout == .columns }
  private var isImage: Bool { specification.input.count == 3 }

  /// Whether inputs of the session before, samples first, can be the new network's. Those of a toy batch
  /// are given up where their number is another extent of the network.
  func accepts(inputs X: Tensor, areToy: Bool) -> Bool {
    if areToy, let count = X.shape.dimensions.first, extents.contains(count) { return false }
    let sample = Array(X.shape.dimensions.dropFirst())
    return sample == specification.input || (isImage && sample == [specification.input.reduce(1, &*)])
  }

  /// Inputs with samples first, as this network has them.
  func arranged(inputs X: Tensor) -> Tensor {
    isImage ? X.reshaped(Shape([X.shape.dimensions.first ?? 0] + specification.input)) ?? X : turned(X)
  }

  /// Rows as this layout has its samples.
  func turned(_ rows: Tensor) -> Tensor { columns ? rows.transposed() : rows }

  /// A sample in every row.
  func inputs(using generator: inout RandomGenerator) -> Tensor {
    Initialisers.rounded(
      generator.uniform(shape: Shape([samples] + specification.input), -2, 2), decimals: 10)
  }

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
    return Tensor(unchecked: [samples, outputWidth], rows)
  }
}
