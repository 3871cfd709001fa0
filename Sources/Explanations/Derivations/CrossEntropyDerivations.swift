import Formulas
import LinearAlgebra
import Operations
import Platform

/// Gradients of the cross-entropy, by the probabilities and by the logits.
enum CrossEntropyDerivations {
  private typealias E = IndexExpression

  /// ∂L/∂S entry by entry. Source: *Simple Neural Network*, "Categorical Cross-Entropy Derivative".
  static func entries(_ x: DerivationSubject) throws(Diagnostic) -> Derivation {
    var result = x.derivation(
      "the gradient of cross-entropy by the probabilities",
      source: "Simple Neural Network, Categorical Cross-Entropy Derivative", hidesSample: false)
    result.definitions = [loss(x, "e", "n")]
    result.tensors["(\(x.matrixGradient))"] = try Evaluator(Bindings(result.tensors)).value(
      of: x.matrixGradient)
    result.tensors["∂L"] = try x.lossReference(throughSoftmax: false)
    let (Y, S) = (x.sampleEntry(x.target), x.sampleEntry(x.output))
    func by(_ e: E) -> E { .partial(e, by: x.output, x.position("i", "k")) }
    result.chains = [
      .init(
        ["i", "k"], .index(by(.entry("L", []))),
        [
          .init(
            x.averaged(-.sum(["e", "n"], x.at(x.target, "e", "n") * by(.log(x.at(x.output, "e", "n"))))),
            "a derivative goes into a sum; Y is constant"),
          .init(
            x.averaged(-(Y("k") * by(.log(S("k"))))),
            "only the term e = i, n = k has \(x.output)[\(x.pair("i", "k"))]"),
          .init(x.averaged(-(Y("k") * (1 / S("k")))), "∂log(u)/∂u = 1 / u"),
          .init(x.averaged(-(Y("k") / S("k"))), "one fraction"),
          .init(
            .entry("(\(x.matrixGradient))", x.position("i", "k")), "for all entries at once, elementwise"),
        ], reference: .entry("∂L", x.position("i", "k")))
    ]
    return result
  }

  /// The same over the whole batch with deltas. Source: *Cross entropy, softmax and cross entropy with softmax
  /// gradients*, "Cross entropy gradient".
  static func index(_ x: DerivationSubject) throws(Diagnostic) -> Derivation {
    var result = x.derivation(
      "the gradient of cross-entropy in index notation, through g = log(\(x.output))",
      source: "Cross entropy, softmax and cross entropy with softmax gradients, cross entropy gradient",
      hidesSample: false)
    let g = { (sample: IndexTerm, k: IndexTerm) in x.at("g", sample, k) }
    result.definitions = [
      DerivationDefinition(
        "L", [], x.averaged(-.sum(["b", "n"], x.at(x.target, "b", "n") * g("b", "n")))),
      DerivationDefinition("g", x.classAxis == 1 ? ["e", "p"] : ["p", "e"], .log(x.at(x.output, "e", "p"))),
    ]
    result.tensors["g"] = x.S.map { log($0) }
    result.tensors["∂L"] = try x.lossReference(throughSoftmax: false)
    let (Y, S) = (x.sampleEntry(x.target), x.sampleEntry(x.output))
    let by = { (e: E) in E.partial(e, by: x.output, x.position("i", "j")) }
    let L = E.entry("L", [])
    let (delta, batch) = (E.delta("p", "j"), E.delta("e", "i"))
    result.chains = [
      .init(
        ["i", "j"], .index(by(L)),
        [
          .init(
            .sum(["p", "e"], .partial(L, by: "g", x.position("e", "p")) * by(g("e", "p"))),
            "chain rule over every entry of g"),
          .init(
            .sum(["p", "e"], x.averaged(-x.at(x.target, "e", "p")) * by(g("e", "p"))),
            "L is linear in g"),
          .init(
            .sum(
              ["p", "e"],
              x.averaged(-x.at(x.target, "e", "p")) * (1 / x.at(x.output, "e", "p")) * delta * batch),
            "∂g of entry (p,e) is 1 / \(x.output), and only for itself"),
          .init(x.averaged(-(Y("j") / S("j"))), "the deltas leave p = j, e = i"),
        ], reference: .entry("∂L", x.position("i", "j")))
    ]
    return result
  }

  /// ∂L/∂Z by contracting with the Jacobian. Sources: *Simple Neural Network*, "Softmax Cross-Entropy"; Datta,
  /// "Computing ∂L/∂Z".
  static func throughJacobian(_ x: DerivationSubject) throws(Diagnostic) -> Derivation {
    var result = x.derivation(
      "softmax with cross-entropy, through the Jacobian of softmax",
      source: "Simple Neural Network, Softmax Cross-Entropy; Datta, Computing ∂L/∂Z", hidesSample: true)
    result.definitions = [loss(x, "e", "p")] + x.softmaxDefinitions(sample: "i", index: "k")
    result.tensors[x.logits] = x.Z
    result.tensors["∂L"] = try x.lossReference(throughSoftmax: true)
    let (Y, S) = (x.sampleEntry(x.target), x.sampleEntry(x.output))
    let by = { (e: E) in E.partial(e, by: x.logits, x.position("i", "j")) }
    let delta = E.delta("k", "j")
    result.chains = [
      .init(
        ["i", "j"], .index(by(.entry("L", []))),
        [
          .init(
            .sum("k", .partial(.entry("L", []), by: x.output, x.position("i", "k")) * by(S("k"))),
            "chain rule over every \(x.output)[k] that \(x.logits)[j] affects"),
          .init(
            .sum("k", x.averaged(-(Y("k") / S("k"))) * by(S("k"))), "'derive cross_entropy'"),
          .init(
            .sum("k", x.averaged(-(Y("k") / S("k"))) * (S("k") * (delta - S("j")))), "'derive softmax'"),
          .init(x.averaged(-.sum("k", Y("k") * (delta - S("j")))), "\(x.output)[k] cancels"),
          .init(x.averaged(S("j") * .sum("k", Y("k")) - Y("j")), "δ(k,j) leaves \(x.target)[j]"),
        ] + shortcut(x, S("j"), Y("j")), reference: .entry("∂L", x.position("i", "j")))
    ]
    return x.warned(result)
  }

  /// Cases of the log-sum-exp form. Source: Datta, *Neural Networks*, "Softmax and Cross-Entropy Fusion".
  static func logSumExp(_ x: DerivationSubject) throws(Diagnostic) -> Derivation {
    var result = x.derivation(
      "softmax with cross-entropy, by cases of the log-sum-exp form",
      source: "Datta, Neural Networks, Softmax and Cross-Entropy Fusion", hidesSample: true)
    let (Y, S, Z) = (x.sampleEntry(x.target), x.sampleEntry(x.output), x.sampleEntry(x.logits))
    let T = E.entry("T", ["i"])
    let l = E.entry("l", ["i"])
    result.definitions =
      [
        DerivationDefinition("l", ["i"], -.sum("p", Y("p") * (Z("p") - .log(T))))
      ] + x.softmaxDefinitions(sample: "i", index: "k")
    result.tensors[x.logits] = x.Z
    result.tensors["∂L"] = try x.lossReference(throughSoftmax: true)
    result.remarks.append(
      x.divisor == nil
        ? "l is the loss of one sample; L is their sum" : "l is the loss of one sample; L is their mean")
    let by = { (e: E) in E.partial(e, by: x.logits, x.position("i", "k")) }
    let isDistribution = x.targetsAreDistributions
    let start = isDistribution ? "" : ", if \(x.target) is one-hot"
    if isDistribution {
      result.chains = [
        .init(
          ["i", "k"], if: .value(Y("k"), 1), .index(by(l)),
          [
            .init(by(.log(T) - Z("k")), "k is the true class: l = log(T) - \(x.logits)[k]\(start)"),
            .init(by(.log(T)) - 1, "∂\(x.logits)[k]/∂\(x.logits)[k] = 1"),
            .init(.exp(Z("k")) / T - 1, "∂log(T) = ∂T / T"),
            .init(S("k") - 1, "S recognised"),
          ]),
        .init(
          ["i", "k"], if: .value(Y("k"), 0), .index(by(l)),
          [
            .init(by(.log(T)), "k is another class: only T has \(x.logits)[k]"),
            .init(.exp(Z("k")) / T, "∂log(T) = ∂T / T"),
            .init(S("k"), "S recognised"),
          ]),
        .init(
          ["i", "k"], .index(by(l)),
          [.init(S("k") - Y("k"), "both cases: \(x.target)[k] is 1 for the true class, 0 for others")]),
      ]
    }
    let total: E = .partial(.entry("L", []), by: x.logits, x.position("i", "k"))
    result.definitions.append(DerivationDefinition("L", [], x.averaged(.sum("e", .entry("l", ["e"])))))
    result.chains.append(
      .init(
        ["i", "k"], .index(total),
        isDistribution
          ? [
            .init(
              x.averaged(S("k") - Y("k")), x.divisor == nil ? "l is a term of L" : "L is the mean of the l")
          ]
          : [
            .init(
              x.averaged(S("k") * .sum("p", Y("p")) - Y("k")), "∂log(T) = S[k], once for every \(x.target)[p]"
            )
          ],
        reference: .entry("∂L", x.position("i", "k"))))
    return x.warned(result)
  }

  /// The double sum over the whole batch. Source: *Cross entropy, softmax and cross entropy with softmax gradients*.
  static func wholeBatch(_ x: DerivationSubject) throws(Diagnostic) -> Derivation {
    var result = x.derivation(
      "softmax with cross-entropy over the whole batch, in index notation",
      source: "Cross entropy, softmax and cross entropy with softmax gradients, softmax", hidesSample: false)
    result.definitions = [loss(x, "b", "p")] + x.softmaxDefinitions(sample: "e", index: "k")
    result.tensors[x.logits] = x.Z
    result.tensors["∂L"] = try x.lossReference(throughSoftmax: true)
    let by = { (e: E) in E.partial(e, by: x.logits, x.position("i", "j")) }
    func at(_ name: String, _ sample: IndexTerm, _ k: IndexTerm) -> E { x.at(name, sample, k) }
    let (Y, S) = (x.target, x.output)
    let (same, batch) = (E.delta("k", "j"), E.delta("e", "i"))
    result.chains = [
      .init(
        ["i", "j"], .index(by(.entry("L", []))),
        [
          .init(
            .sum(
              ["k", "e"], .partial(.entry("L", []), by: S, x.position("e", "k")) * by(at(S, "e", "k"))),
            "chain rule over every entry of \(S)"),
          .init(
            .sum(["k", "e"], x.averaged(-(at(Y, "e", "k") / at(S, "e", "k"))) * by(at(S, "e", "k"))),
            "'derive cross_entropy index'"),
          .init(
            .sum(
              ["k", "e"],
              x.averaged(-(at(Y, "e", "k") / at(S, "e", "k"))) * batch
                * (same * at(S, "e", "k") - at(S, "e", "j") * at(S, "e", "k"))),
            "'derive softmax index'"),
          .init(
            .sum("k", x.averaged(-at(Y, "i", "k")) * (same - at(S, "i", "j"))),
            "δ(e,i) leaves e = i; \(S) cancels"),
          .init(
            x.averaged(at(S, "i", "j") * .sum("k", at(Y, "i", "k")) - at(Y, "i", "j")),
            "δ(k,j) leaves \(Y)[\(x.pair("i", "j"))]"),
        ] + shortcut(x, at(S, "i", "j"), at(Y, "i", "j")), reference: .entry("∂L", x.position("i", "j")))
    ]
    return x.warned(result)
  }

  private static func shortcut(_ x: DerivationSubject, _ S: E, _ Y: E) -> [Derivation.Line] {
    guard x.targetsAreDistributions else { return [] }
    return [.init(x.averaged(S - Y), "the classes of \(x.target) sum to 1")]
  }

  /// The loss as a double sum: mean over samples unless it is a sum.
  private static func loss(_ x: DerivationSubject, _ sample: IndexTerm, _ k: IndexTerm)
    -> DerivationDefinition
  {
    DerivationDefinition(
      "L", [],
      x.averaged(
        -.sum(
          [sample.description, k.description], x.at(x.target, sample, k) * .log(x.at(x.output, sample, k)))))
  }
}

extension DerivationSubject {
  func pair(_ sample: String, _ k: String) -> String {
    classAxis == 1 ? "\(sample),\(k)" : "\(k),\(sample)"
  }

  /// -Y / S / m
  var matrixGradient: Expression {
    let ratio = -Expression.name(target) / .name(output)
    return divisor == nil ? ratio : ratio / .name("m")
  }

  func warned(_ derivation: Derivation) -> Derivation {
    guard !targetsAreDistributions else { return derivation }
    var result = derivation
    result.conclusion.append(
      "\(output) - \(target) would need classes of \(target) that sum to 1 for every sample, and here they do not"
    )
    return result
  }
}
