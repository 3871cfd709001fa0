import Formulas
import LinearAlgebra
import Operations

/// ∂S/∂Z of the softmax, by the routes of the sources.
enum SoftmaxDerivations {
  private typealias E = IndexExpression

  /// By cases. Sources: Datta, *Neural Networks*, "Gradient" of softmax; Taura, *Neural Networks*, "Derivative of
  /// softmax".
  static func quotient(_ x: DerivationSubject) throws(Diagnostic) -> Derivation {
    var result = try begin(
      x, "the derivative of softmax by the quotient rule, case by case",
      "Datta, Neural Networks, Softmax: Gradient; Taura, Derivative of softmax")
    let (S, expZ, T) = (x.sampleEntry(x.output), { E.exp(x.sampleEntry(x.logits)($0)) }, E.entry("T", ["i"]))
    func left(_ j: IndexTerm) -> E { .partial(S("k"), by: x.logits, x.position("i", j)) }
    func quotient(_ j: IndexTerm) -> E { .partial(expZ("k") / T, by: x.logits, x.position("i", j)) }
    result.chains = [
      .init(
        ["i", "k"], .index(left("k")),
        [
          .init(quotient("k"), "the definition; case j = k"),
          .init(
            (expZ("k") * T - expZ("k") * expZ("k")) / .square(T),
            "quotient rule: ∂exp(u)/∂u = exp(u), and T has one term with \(x.logits)[k]"),
          .init(expZ("k") * (T - expZ("k")) / .square(T), "exp(\(x.logits)[k]) taken out"),
          .init(expZ("k") / T * (1 - expZ("k") / T), "one T under each factor"),
          .init(S("k") * (1 - S("k")), "S[k] recognised"),
        ], reference: reference(x, "k", "k")),
      .init(
        ["i", "k", "j"], if: .notEqual("j", "k"), .index(left("j")),
        [
          .init(quotient("j"), "the definition; case j ≠ k"),
          .init(
            (0 * T - expZ("k") * expZ("j")) / .square(T),
            "quotient rule: the numerator does not contain \(x.logits)[j]"),
          .init(-(expZ("k") / T * (expZ("j") / T)), "one T under each factor"),
          .init(-(S("k") * S("j")), "S recognised twice"),
        ], reference: reference(x, "k", "j")),
      .init(
        ["i", "k", "j"], .index(left("j")),
        [.init(S("k") * (.delta("k", "j") - S("j")), "both cases, δ(k,j) = 1 where k = j and 0 elsewhere")],
        reference: reference(x, "k", "j")),
    ]
    return result
  }

  /// Source: *On a simple matrix based neural network model*, appendix F.
  static func logarithmic(_ x: DerivationSubject) throws(Diagnostic) -> Derivation {
    var result = try begin(
      x, "the derivative of softmax by logarithmic differentiation",
      "On a simple matrix based neural network model, appendix F")
    let (S, T) = (x.sampleEntry(x.output), E.entry("T", ["i"]))
    let Z = x.sampleEntry(x.logits)
    func by(_ e: E) -> E { .partial(e, by: x.logits, x.position("i", "j")) }
    result.chains = [
      .init(
        ["i", "k", "j"], .index(by(.log(S("k")))),
        [.init(1 / S("k") * by(S("k")), "chain rule: ∂log(u) = ∂u / u")]),
      .init(
        ["i", "k", "j"], .index(by(S("k"))),
        [
          .init(S("k") * by(.log(S("k"))), "the line above times S[k], which is never 0"),
          .init(S("k") * by(Z("k") - .log(T)), "log(exp(a) / T) = a - log(T)"),
          .init(S("k") * (.delta("k", "j") - by(.log(T))), "∂\(x.logits)[k]/∂\(x.logits)[j] = δ(k,j)"),
          .init(
            S("k") * (.delta("k", "j") - .exp(Z("j")) / T),
            "∂log(T) = ∂T / T, and only one term of T has \(x.logits)[j]"),
          .init(S("k") * (.delta("k", "j") - S("j")), "S[j] recognised"),
        ], reference: reference(x, "k", "j")),
    ]
    return result
  }

  /// Both cases carried along by δ; the result is a Jacobian for every sample. Source: *Simple Neural Network*,
  /// "Softmax Derivative".
  static func kronecker(_ x: DerivationSubject) throws(Diagnostic) -> Derivation {
    var result = try begin(
      x, "the derivative of softmax with the Kronecker delta", "Simple Neural Network, Softmax Derivative")
    let (S, expZ, T) = (x.sampleEntry(x.output), { E.exp(x.sampleEntry(x.logits)($0)) }, E.entry("T", ["i"]))
    func by(_ e: E) -> E { .partial(e, by: x.logits, x.position("i", "j")) }
    let delta = E.delta("k", "j")
    result.tensors[x.jacobianText] = try x.jacobians()
    result.chains = [
      .init(
        ["i", "k", "j"], .index(by(S("k"))),
        [
          .init(by(expZ("k") / T), "the definition"),
          .init((by(expZ("k")) * T - expZ("k") * by(T)) / .square(T), "quotient rule"),
          .init(
            (delta * expZ("k") * T - expZ("k") * expZ("j")) / .square(T),
            "∂exp(\(x.logits)[k])/∂\(x.logits)[j] is 0 unless k = j; T always has \(x.logits)[j]"),
          .init(expZ("k") / T * (delta - expZ("j") / T), "one T under each factor"),
          .init(S("k") * (delta - S("j")), "S recognised twice"),
          .init(
            S("k") * delta - S("k") * S("j"),
            "multiplied out"),
          .init(
            .entry(x.jacobianText, ["i", "k", "j"]),
            "a K×K matrix for every sample i: J = softmax'(\(x.logits)) is m×K×K"),
        ], reference: reference(x, "k", "j"))
    ]
    return result
  }

  /// The whole batch at once, four indices. Source: *Cross entropy, softmax and cross entropy with softmax
  /// gradients*, which has the samples in the columns.
  static func index(_ x: DerivationSubject) throws(Diagnostic) -> Derivation {
    var result = x.derivation(
      "the derivative of softmax over the whole batch, in index notation",
      source: "Cross entropy, softmax and cross entropy with softmax gradients, softmax gradient",
      hidesSample: false)
    result.definitions = x.softmaxDefinitions(sample: "b", index: "a")
    result.tensors[x.logits] = x.Z
    result.tensors["∂S/∂Z"] = try x.softmaxReference()
    result.remarks.insert(
      x.classAxis == 0
        ? "class a and sample b of \(x.output), class c and sample e of \(x.logits)"
        : "sample b and class a of \(x.output), sample e and class c of \(x.logits) (the source: samples in columns)",
      at: 0)
    let (S, expZ) = (
      { (k: IndexTerm) in x.at(x.output, "b", k) }, { (k: IndexTerm) in E.exp(x.at(x.logits, "b", k)) }
    )
    let T = E.entry("T", ["b"])
    func by(_ e: E, _ sample: IndexTerm) -> E { .partial(e, by: x.logits, x.position(sample, "c")) }
    let (batch, same) = (E.delta("e", "b"), E.delta("c", "a"))
    result.chains = [
      .init(
        ["a", "b", "c", "e"], .index(by(S("a"), "e")),
        [
          .init(batch * by(S("a"), "b"), "another sample's logits do not enter: 0 where e ≠ b"),
          .init(
            batch * ((by(expZ("a"), "b") * T - expZ("a") * by(T, "b")) / .square(T)), "quotient rule"),
          .init(
            batch * ((same * expZ("a") * T - expZ("a") * expZ("c")) / .square(T)),
            "∂exp(\(x.logits)) of another class is 0; T has every class"),
          .init(
            batch * ((S("a") - .square(S("a"))) * same - S("a") * S("c") * (1 - same)),
            "case c = a, case c ≠ a, with S recognised"),
          .init(batch * (S("a") * (same - S("c"))), "both cases in one: S[c] = S[a] where δ(c,a) = 1"),
        ], reference: .entry("∂S/∂Z", x.position("b", "a") + x.position("e", "c")))
    ]
    return result
  }

  private static func begin(
    _ x: DerivationSubject, _ title: String, _ source: String
  ) throws(Diagnostic) -> Derivation {
    var result = x.derivation(title, source: source, hidesSample: true)
    result.definitions = x.softmaxDefinitions(sample: "i", index: "k")
    result.tensors[x.logits] = x.Z
    result.tensors["∂S/∂Z"] = try x.softmaxReference()
    return result
  }

  private static func reference(_ x: DerivationSubject, _ k: IndexTerm, _ j: IndexTerm) -> E {
    .entry("∂S/∂Z", x.position("i", k) + x.position("i", j))
  }
}

extension DerivationSubject {
  var jacobianText: String {
    let row = classAxis == 1 ? "\(output)[i]" : "\(output)[:,i]"
    return classAxis == 1
      ? "(diag(\(row)) - \(row).T @ \(row))" : "(diag(\(row)) - \(row) @ \(row).T)"
  }

  /// diag(s) - s.T @ s for every sample, s its row. Source: Datta, "Computing ∂L/∂Z".
  func jacobians() throws(Diagnostic) -> Tensor {
    let rows = classAxis == 1 ? S : S.transposed()
    let K = classCount
    var elements: [Double] = []
    for i in 0..<sampleCount {
      let s = Array(rows.elements[i * K..<(i + 1) * K])
      let bindings = Bindings(["s": Tensor(unchecked: [1, K], s), "v": Tensor(unchecked: [K], s)])
      elements += try Evaluator(bindings).value(
        of: .call("diag", "v") - Expression.name("s").T.times("s")
      ).elements
    }
    guard let result = Tensor(shape: [sampleCount, K, K], elements: elements) else {
      throw Diagnostic("the Jacobians do not fit")
    }
    return result
  }

  /// Entries of sample i.
  func sampleEntry(_ name: String) -> (IndexTerm) -> IndexExpression {
    { k in self.at(name, "i", k) }
  }
}
