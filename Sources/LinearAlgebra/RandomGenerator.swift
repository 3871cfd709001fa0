import Platform

/// xoshiro256** of Blackman and Vigna, seeded through SplitMix64: the same seed gives the same numbers on
/// every machine. Swift's own generator cannot be seeded.
package struct RandomGenerator: RandomNumberGenerator, Sendable, Hashable {
  private var s0: UInt64, s1: UInt64, s2: UInt64, s3: UInt64

  package static let name = "xoshiro256**"

  package init(seed: UInt64) {
    var z = seed
    func splitMix() -> UInt64 {
      z &+= 0x9E37_79B9_7F4A_7C15
      var x = z
      x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
      x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
      return x ^ (x >> 31)
    }
    s0 = splitMix()
    s1 = splitMix()
    s2 = splitMix()
    s3 = splitMix()
  }

  package mutating func next() -> UInt64 {
    func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    let result = rotate(s1 &* 5, 7) &* 9
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = rotate(s3, 45)
    return result
  }

  /// Uniform in [0, 1), 53 bits.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  package mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

  /// Standard normal by Box and Muller's transform, one of its two values used: simple, and exact in its tails.
  package mutating func normal() -> Double {
    let u = 1 - uniform()
    let v = uniform()
    return (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
  }

  /// - Parameter progress: told how much is done, as a share, now and then.
  package mutating func normal(
    shape: Shape, deviation: Double = 1, progress: ((Double) -> Void)? = nil
  ) -> Tensor {
    filled(shape, progress) { deviation * $0.normal() }
  }

  package mutating func uniform(
    shape: Shape, _ low: Double, _ high: Double, progress: ((Double) -> Void)? = nil
  ) -> Tensor {
    filled(shape, progress) { $0.uniform(low, high) }
  }

  private mutating func filled(
    _ shape: Shape, _ progress: ((Double) -> Void)?, _ draw: (inout RandomGenerator) -> Double
  ) -> Tensor {
    Tensor(writing: shape, shape.count) { out in
      Interruption.inStretches(shape.count) { stretch in
        for i in stretch { out[i] = draw(&self) }
        if stretch.lowerBound > 0 { progress?(Double(stretch.upperBound) / Double(shape.count)) }
      }
    }
  }

  /// An unbiased integer in 0..<bound (bound > 0).
  /// Positive numbers that sum to 1 along an axis.
  package mutating func distributions(shape: Shape, axis: Int) -> Tensor {
    normal(shape: shape).softmax(axis: axis)
  }

  package mutating func integer(below bound: Int) -> Int { Int.random(in: 0..<max(1, bound), using: &self) }

  package mutating func permutation(_ count: Int) -> [Int] { Array(0..<max(0, count)).shuffled(using: &self) }
}
