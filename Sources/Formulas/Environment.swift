import LinearAlgebra

/// What names mean: the shape of each is known before its value is.
package protocol Environment {
  func shape(of name: String) -> Shape?
  func value(of name: String) -> Tensor?
  /// What to say about a name that has no shape here: unknown, or not computed yet.
  func missing(_ name: String) -> Diagnostic
  /// A parameter or step of this shape, to be named in a hint: "the shape of W2".
  func example(ofShape shape: Shape) -> String?
  /// What the result of every operation is rounded to.
  var format: NumberFormat { get }
}

/// Names with values and nothing more.
package struct Bindings: Environment {
  package var values: [String: Tensor]
  package var format: NumberFormat

  package init(_ values: [String: Tensor], format: NumberFormat = .float64) {
    self.values = values
    self.format = format
  }

  package func shape(of name: String) -> Shape? { values[name]?.shape }
  package func value(of name: String) -> Tensor? { values[name] }
  package func missing(_ name: String) -> Diagnostic {
    let guess = Suggestions.nearest(to: name, in: values.keys.sorted())
    return Diagnostic("there is no '\(name)'", hint: guess.map { "did you mean \($0)?" })
  }
  package func example(ofShape shape: Shape) -> String? {
    values.keys.sorted().first { values[$0]?.shape == shape }
  }
}
