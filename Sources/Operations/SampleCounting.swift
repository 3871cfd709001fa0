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

  /// A count in those shapes as it is written: `m`, `m * 3`, or a number.
  package func expression(_ n: Int) -> Expression {
    guard extent > 1, n > 0, n % extent == 0 else { return .number(Double(n)) }
    return n == extent ? .sampleCount : .sampleCount * .number(Double(n / extent))
  }
}
