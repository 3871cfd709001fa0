import Formulas
import LinearAlgebra

/// Values laid over an environment.
package struct Overlay: Environment {
  package var values: [String: Tensor]
  private let base: any Environment

  package init(_ values: [String: Tensor], over base: any Environment) {
    self.values = values
    self.base = base
  }

  package func shape(of name: String) -> Shape? { values[name]?.shape ?? base.shape(of: name) }
  package func value(of name: String) -> Tensor? { values[name] ?? base.value(of: name) }
  package func missing(_ name: String) -> Diagnostic { base.missing(name) }
  package var format: NumberFormat { base.format }
  package func example(ofShape shape: Shape) -> String? { base.example(ofShape: shape) }
}
