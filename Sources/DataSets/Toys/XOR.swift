import LinearAlgebra

/// Exclusive or: four points that no straight line separates. More than four are noisy copies of them.
package enum XOR: ToyDataSet {
  package static let name = "xor"
  package static let summary = "exclusive or: two inputs, class 1 when exactly one of them is 1"
  package static let defaultCount = 4
  package static let defaultNoise = 0.1

  package static func make(count: Int, noise: Double, using generator: inout RandomGenerator) -> ToySample {
    var inputs: [Double] = []
    var labels: [Int] = []
    for i in 0..<count {
      let a = i >> 1 & 1
      let b = i & 1
      // The first four are exact: the truth table itself.
      let deviation = i < 4 ? 0 : noise
      inputs.append(Double(a) + deviation * generator.normal())
      inputs.append(Double(b) + deviation * generator.normal())
      labels.append(a ^ b)
    }
    return ToySample(features: 2, inputs: inputs, labels: .classes(labels, names: ["0", "1"]))
  }
}
