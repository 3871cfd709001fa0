import LinearAlgebra
import Platform

/// A circle of radius 1 around one of radius 0.5, with scikit-learn's `make_circles` geometry at factor 0.5.
package enum Circles: ToyDataSet {
  package static let name = "circles"
  package static let summary = "a circle inside another, one class each"
  package static let defaultCount = 200
  package static let defaultNoise = 0.05

  package static func make(count: Int, noise: Double, using generator: inout RandomGenerator) -> ToySample {
    let around = Double((count + 1) / 2)
    var inputs: [Double] = []
    for i in 0..<count {
      let angle = 2 * Double.pi * Double(i / 2) / around
      let radius = i % 2 == 0 ? 1 : 0.5
      inputs.append(radius * cos(angle) + noise * generator.normal())
      inputs.append(radius * sin(angle) + noise * generator.normal())
    }
    return ToySample(
      features: 2, inputs: inputs,
      labels: .classes((0..<count).map { $0 % 2 }, names: ["outer", "inner"]))
  }
}
