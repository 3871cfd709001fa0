import LinearAlgebra
import Platform

/// Three interleaved arms. Source: Karpathy, CS231n, "Putting it together: minimal neural network case study":
/// r from 0 to 1, angle from 4k to 4(k + 1) plus noise, point (r sin t, r cos t).
package enum Spiral: ToyDataSet {
  package static let name = "spiral"
  package static let summary = "three interleaved spiral arms in the plane, one class each (CS231n)"
  package static let defaultCount = 300
  package static let defaultNoise = 0.2

  package static func make(count: Int, noise: Double, using generator: inout RandomGenerator) -> ToySample {
    let arms = 3
    let longest = max(1, (count + arms - 1) / arms - 1)
    var inputs: [Double] = []
    for i in 0..<count {
      let along = Double(i / arms) / Double(longest)
      let angle = 4 * (Double(i % arms) + along) + noise * generator.normal()
      inputs += [along * sin(angle), along * cos(angle)]
    }
    return ToySample(
      features: 2, inputs: inputs,
      labels: .classes((0..<count).map { $0 % arms }, names: ["arm 0", "arm 1", "arm 2"]))
  }
}
