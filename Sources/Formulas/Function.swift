/// Whatever can be called by name. Rows of three tables; parser, help, completion and "did you mean" read them.
package enum Function: Hashable, Sendable {
  case elementwise(ElementwiseFunction)
  case loss(LossFunction)
  case builtin(Builtin)

  package var name: String {
    switch self {
    case .elementwise(let f): f.name
    case .loss(let f): f.name
    case .builtin(let f): f.rawValue
    }
  }

  package var summary: String {
    switch self {
    case .elementwise(let f): f.summary
    case .loss(let f): f.summary
    case .builtin(let f): f.signature.summary
    }
  }

  package static let all: [Function] =
    ElementwiseFunction.all.map(Function.elementwise) + LossFunction.all.map(Function.loss)
    + Builtin.allCases.map(Function.builtin)

  private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  package static func named(_ name: String) -> Function? { byName[name] }
}

/// A function applied to every entry on its own. One file and one line in `all` each.
package struct ElementwiseFunction: Sendable, Hashable {
  package let name: String
  /// One line for help: `max(0, u), entry by entry`.
  package let summary: String
  package let value: @Sendable (Double) -> Double
  /// f′ as a formula of the argument `u` and the value `v` = f(u). What the backward pass prints and computes.
  package let derivative: Expression
  /// f′ again, for forward mode, written down independently so that one can check the other.
  package let tangent: @Sendable (Double) -> Double
  /// Arguments at which the function has no derivative.
  package let kinks: [Double]
  /// How `derivative` follows from the definition; neighbouring lines are equal for every u away from kinks.
  package let derivation: [DerivationLine]
  /// May stand behind a layer's width in `net`.
  package let isActivation: Bool

  package static func == (a: ElementwiseFunction, b: ElementwiseFunction) -> Bool { a.name == b.name }
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }

  package static let all: [ElementwiseFunction] = [
    .relu, .leakyReLU, .sigmoid, .tanh, .softplus, .exp, .log, .sqrt, .abs, .sign,
  ]
}

/// One line of a derivation: a formula, and why it equals the line above.
package struct DerivationLine: Sendable, Hashable {
  package let expression: Expression
  package let reason: String

  package init(_ expression: Expression, _ reason: String) {
    self.expression = expression
    self.reason = reason
  }
}

/// A loss: a term for every entry, summed, and divided by what it is averaged over.
package struct LossFunction: Sendable, Hashable {
  package enum Averaging: Sendable { case samples, entries, none }
  package let name: String
  package let summary: String
  /// The term of one entry, a formula of the target `Y` and the prediction `P`.
  package let term: Expression
  package let averaging: Averaging

  package static func == (a: LossFunction, b: LossFunction) -> Bool { a.name == b.name }
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }

  package static let all: [LossFunction] = [
    .crossEntropy, .binaryCrossEntropy, .mse, .halfMSE, .sse, .halfSSE,
  ]
}
