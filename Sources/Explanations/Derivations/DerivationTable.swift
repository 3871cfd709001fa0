import Formulas
import LinearAlgebra
import Operations

/// The functions whose derivation can be asked for, with their routes. One row each.
package struct DerivationTable: Sendable {
  package struct Route: Sendable {
    package let name: String
    package let make:
      @Sendable (_ equations: [Equation], _ environment: any Environment) throws(Diagnostic) -> Derivation
  }

  package struct Row: Sendable {
    package let name: String
    package var synonyms: [String] = []
    /// The first is the usual one.
    package let routes: [Route]
  }

  package static let rows: [Row] =
    [
      Row(
        name: "softmax",
        routes: [
          softmax("quotient", SoftmaxDerivations.quotient),
          softmax("logarithmic", SoftmaxDerivations.logarithmic),
          softmax("kronecker", SoftmaxDerivations.kronecker), softmax("index", SoftmaxDerivations.index),
        ]),
      Row(
        name: "cross_entropy",
        routes: [
          loss("entries", CrossEntropyDerivations.entries), loss("index", CrossEntropyDerivations.index),
        ]),
      Row(
        name: "softmax_cross_entropy",
        routes: [
          both("jacobian", CrossEntropyDerivations.throughJacobian),
          both("logsumexp", CrossEntropyDerivations.logSumExp),
          both("index", CrossEntropyDerivations.wholeBatch),
        ]),
      Row(
        name: "matmul", synonyms: ["matrix_product"],
        routes: [
          matmul("indices", MatrixProductDerivations.indices),
          matmul("shapes", MatrixProductDerivations.shapes),
          matmul("differences", MatrixProductDerivations.differences),
        ]),
      Row(
        name: "convolution", synonyms: ["conv2d"],
        routes: [
          Route(name: "indices") {
            (equations: [Equation], environment: any Environment) throws(Diagnostic) -> Derivation in
            try ConvolutionDerivations.make(equations, environment)
          }
        ]),
    ]
    + Operation.functionsOfOne.map { f in
      Row(
        name: f.name,
        routes: [
          Route(name: "definition") {
            (equations: [Equation], environment: any Environment) throws(Diagnostic) -> Derivation in
            ElementwiseDerivations.make(f, equations, environment)
          }
        ])
    }

  package static func row(named name: String) -> Row? {
    rows.first { $0.name == name || $0.synonyms.contains(name) }
  }

  private typealias Maker = @Sendable (DerivationSubject) throws(Diagnostic) -> Derivation

  private static func softmax(_ name: String, _ make: @escaping Maker) -> Route {
    route(name, needsSoftmax: true, needsLoss: false, make)
  }

  private static func loss(_ name: String, _ make: @escaping Maker) -> Route {
    route(name, needsSoftmax: false, needsLoss: true, make)
  }

  private static func both(_ name: String, _ make: @escaping Maker) -> Route {
    route(name, needsSoftmax: true, needsLoss: true, make)
  }

  private static func route(
    _ name: String, needsSoftmax: Bool, needsLoss: Bool, _ make: @escaping Maker
  ) -> Route {
    Route(name: name) {
      (equations: [Equation], environment: any Environment) throws(Diagnostic) -> Derivation in
      try make(
        .find(in: equations, environment, needsSoftmax: needsSoftmax, needsLoss: needsLoss))
    }
  }

  private static func matmul(
    _ name: String,
    _ make: @escaping @Sendable (MatrixProductSubject) throws(Diagnostic) -> Derivation
  ) -> Route {
    Route(name: name) {
      (equations: [Equation], environment: any Environment) throws(Diagnostic) -> Derivation in
      try make(.find(in: equations, environment))
    }
  }
}
