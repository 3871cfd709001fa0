import Formulas
import LinearAlgebra

/// Shapes without values.
package struct ShapeEnvironment: Environment, Sendable {
  package var shapes: [String: Shape]
  package var sampleCount: Int?
  package var missing: @Sendable (String) -> Diagnostic

  package init(shapes: [String: Shape], missing: @escaping @Sendable (String) -> Diagnostic) {
    self.shapes = shapes
    self.missing = missing
  }

  package func shape(of name: String) -> Shape? { shapes[name] }
  package func value(of name: String) -> Tensor? {
    name == .sampleCount ? sampleCount.map { Tensor(Double($0)) } : nil
  }
  package func missing(_ name: String) -> Diagnostic { missing(name) }
  package var format: NumberFormat { .float64 }
  package func example(ofShape shape: Shape) -> String? { shapes.keys.sorted().first { shapes[$0] == shape } }
}
