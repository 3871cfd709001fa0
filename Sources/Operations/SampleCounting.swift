import Formulas

/// How counts are written: `m` where samples are counted, a number where something else happens to be as many. Told by
/// shapes in which the samples have an extent that nothing else has.
package struct SampleCounting: Sendable {
  /// Shapes in which every sample axis has `extent` entries.
  package let shapes: ShapeEnvironment
  package let extent: Int

  package init(shapes: ShapeEnvironment, extent: Int) {
    self.shapes = shapes
    self.extent = extent
  }

  /// A count in those shapes as it is written: `m`, `m * 3`, of every sample with every other `m * m`, or a number.
  package func expression(_ n: Int) -> Expression {
    guard extent > 1, n > 0 else { return .number(Double(n)) }
    var (rest, factors) = (n, [Expression]())
    while rest % extent == 0 {
      rest /= extent
      factors.append(.sampleCount)
    }
    if rest != 1 || factors.isEmpty { factors.append(.number(Double(rest))) }
    return factors.dropFirst().reduce(factors[0]) { $0 * $1 }
  }
}
