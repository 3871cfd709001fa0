import LinearAlgebra
import Platform

/// Three round clouds on the corners of an equilateral triangle at distance 2 from the origin: a set that a
/// single layer separates.
package enum Blobs: ToyDataSet {
  package static let name = "blobs"
  package static let summary = "three round clouds in the plane, one class each"
  package static let defaultCount = 150
  package static let defaultNoise = 0.6

  package static func make(count: Int, noise: Double, using generator: inout RandomGenerator) -> ToySample {
    var inputs: [Double] = []
    for i in 0..<count {
      let angle = Double.pi / 2 + 2 * Double.pi * Double(i % 3) / 3
      inputs.append(2 * cos(angle) + noise * generator.normal())
      inputs.append(2 * sin(angle) + noise * generator.normal())
    }
    return ToySample(
      features: 2, inputs: inputs,
      labels: .classes((0..<count).map { $0 % 3 }, names: ["top", "left", "right"]))
  }
}
