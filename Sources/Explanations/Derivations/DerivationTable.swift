import Formulas
import LinearAlgebra
import Operations

/// What a derivation can be asked of: every operation that has a gradient, and every loss with the activation that it is
/// one step with. Their routes are the derivations that stand with them, else their definition and the rules.
package enum DerivationTable {
  package struct Row: Sendable {
    package let name: String
    package var synonyms: [String] = []
    let operation: Operation
    /// The activation before a loss.
    var activation: Operation?
    /// The product after an activation: one layer and the next.
    var isLayer = false
    package var derivations: [Route]

    /// The first is the usual one.
    package var routes: [String] { derivations.isEmpty ? ["definition"] : derivations.map(\.name) }

    /// - Throws: where the numbers at hand do not suit it.
    package func derivation(_ route: String, _ search: SubjectSearch) throws(Diagnostic) -> Derivation {
      var subject =
        try isLayer ? search.layer(operation) : search.subject(operation, activation: activation)
      subject.shown = search.shown
      let result = try derivation(route, of: subject)
      // Where two are equal and the larger is taken there is no derivative.
      guard operation.hasTies, (try? CheckedDerivation(result))?.isRight != true else { return result }
      var other = try derivation(route, of: search.example(operation))
      other.remarks = ["the numbers of this model have no derivative here: evaluated on an example"]
      return other
    }

    func derivation(_ route: String, of subject: Subject) throws(Diagnostic) -> Derivation {
      if isLayer, let f = subject.sites.first?.operation.name {
        return try Runner(subject, .layer(f)).derivation()
      }
      guard let script = derivations.first(where: { $0.name == route }) else {
        return try Runner.byRules(subject).derivation()
      }
      // A script is written for matrices and one axis; beyond them it may not hold.
      guard subject.sites.contains(where: \.isBeyondMatrices) else {
        return try Runner(subject, script).derivation()
      }
      if let result = try? Runner(subject, script).derivation(),
        (try? CheckedDerivation(result))?.isRight == true
      {
        return result
      }
      return try Runner.byRules(subject).derivation()
    }
  }

  package static let rows: [Row] =
    Operation.all.filter(\.hasGradient).map { operation in
      let title = operation.title.split(separator: " ").joined(separator: "_")
      return Row(
        name: operation.name, synonyms: [title], operation: operation, derivations: operation.derivations)
    }
    + Operation.losses.compactMap { loss in
      guard let fusion = loss.loss?.fusion else { return nil }
      return Row(
        name: "\(fusion.activation.name)_\(loss.name)", operation: loss,
        activation: Operation.of(fusion.activation),
        derivations: fusion.derivations)
    }
    + [
      Row(
        name: "layer", synonyms: ["delta"], operation: .matrixProduct, isLayer: true,
        derivations: [.layer("f")])
    ]

  package static func row(named name: String) -> Row? {
    rows.first { $0.name == name } ?? rows.first { $0.synonyms.contains(name) }
  }
}

extension Subject.Site {
  fileprivate var isBeyondMatrices: Bool {
    if call.options.axes?.count ?? 1 > 1 || !call.options.keepsAxes { return true }
    // Letters for every axis are a definition of that rank alone, and so is what is derived from it.
    if case .formula(let definition) = application.body, !definition.index.contains(.rest) { return false }
    return application.setting.shapes.contains { $0.rank > 2 }
  }
}

extension Operation {
  fileprivate var hasGradient: Bool {
    // Several steps are derived one by one; what is drawn has no formula, and what is cut has no slope by its definition.
    guard steps == nil, self !== Operation.detach,
      !cases.contains(where: { if case .made = $0.meaning { true } else { false } })
    else {
      return false
    }
    return cases.contains { if case .expression = $0.meaning { true } else { $0.backward != nil } }
      && signature.operands.contains { !$0.isSize } && sizeFromValue == nil
  }

  /// The larger of several.
  fileprivate var hasTies: Bool {
    hasKinkWhereEqual || definitionText.contains("max_") || definitionText.contains("min_")
  }
}

extension Route {
  /// From δ to δ: Z' = A @ W + b after A = f(Z).
  fileprivate static func layer(_ f: String) -> Route {
    Route(
      "recursion", "from the gradient of one layer's pre-activations to those of the layer below",
      source: "On a simple matrix based neural network model, appendix E",
      conclusion: "with δ for these gradients: δ of a layer from δ of the next, whatever comes behind that",
      chains: [
        Chain(
          "∂L/∂Z[…]",
          [
            [.chainRule("C")], [.chainRule("A")], [.sameSample], [.known(f)], [.workedOut], [.pulledOut],
            [.asWritten],
          ])
      ])
  }
}
