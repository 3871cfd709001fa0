import LinearAlgebra

/// First values of weights. Rounded to four decimals, so that the printed number is the number, and so that a last
/// bit of some machine's logarithm cannot make two sessions differ.
package enum Initialisers {
  package static func weights(
    _ kind: NetworkSpecification.Initialiser, shape: Shape, inputs: Int, outputs: Int,
    using generator: inout RandomGenerator, progress: ((Double) -> Void)? = nil
  ) -> Tensor {
    switch kind {
    case .he:
      rounded(
        generator.normal(shape: shape, deviation: (2 / Double(inputs)).squareRoot(), progress: progress))
    case .xavier:
      rounded(
        generator.normal(
          shape: shape, deviation: (2 / Double(inputs + outputs)).squareRoot(), progress: progress))
    case .uniform:
      rounded(
        generator.uniform(
          shape: shape, -1 / Double(inputs).squareRoot(), 1 / Double(inputs).squareRoot(), progress: progress)
      )
    case .zeros: Tensor(repeating: 0, shape: shape)
    }
  }

  package static func rounded(_ tensor: Tensor, decimals: Double = 1e4) -> Tensor {
    tensor.map { ($0 * decimals).rounded() / decimals }
  }
}
