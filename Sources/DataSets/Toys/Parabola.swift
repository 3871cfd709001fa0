import LinearAlgebra

/// Points near a polynomial of degree 2, to find w₀, w₁, w₂ again. Source: Taura, "Neural Networks", linear
/// regression with f(x) = w₂x² + w₁x + w₀ and squared error. x is evenly spaced over −1…1.
package enum Parabola: ToyDataSet {
  package static let name = "parabola"
  package static let summary = "regression: t = 2x² − x + 0.5 plus noise, x from −1 to 1"
  package static let defaultCount = 50
  package static let defaultNoise = 0.1
  /// w₀, w₁, w₂.
  package static let coefficients = [0.5, -1.0, 2.0]

  package static func make(count: Int, noise: Double, using generator: inout RandomGenerator) -> ToySample {
    let inputs = (0..<count).map { count == 1 ? 0 : -1 + 2 * Double($0) / Double(count - 1) }
    let targets = inputs.map { x in
      coefficients[0] + coefficients[1] * x + coefficients[2] * x * x + noise * generator.normal()
    }
    return ToySample(features: 1, inputs: inputs, labels: .values(Tensor(unchecked: [count, 1], targets)))
  }
}
