import LinearAlgebra
import Platform

/// Two half circles that reach into each other, with scikit-learn's `make_moons` geometry.
package enum Moons: ToyDataSet {
  package static let name = "moons"
  package static let summary = "two interleaved half circles, one class each"
  package static let defaultCount = 200
  package static let defaultNoise = 0.1

  package static func make(count: Int, noise: Double, using generator: inout RandomGenerator) -> ToySample {
    let last = Double(max(1, (count + 1) / 2 - 1))
    var inputs: [Double] = []
    for i in 0..<count {
      let angle = Double.pi * Double(i / 2) / last
      let x = i % 2 == 0 ? cos(angle) : 1 - cos(angle)
      let y = i % 2 == 0 ? sin(angle) : 0.5 - sin(angle)
      inputs.append(x + noise * generator.normal())
      inputs.append(y + noise * generator.normal())
    }
    return ToySample(
      features: 2, inputs: inputs,
      labels: .classes((0..<count).map { $0 % 2 }, names: ["upper", "lower"]))
  }
}
