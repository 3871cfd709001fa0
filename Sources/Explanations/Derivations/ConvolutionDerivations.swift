import Differentiation
import Formulas
import LinearAlgebra
import Operations

/// Y = conv2d(X, W), and what reaches X and W from ∂L/∂Y. Source: Taura, *Neural Networks*, "Convolution (Back
/// propagation)"; there without stride and padding.
enum ConvolutionDerivations {
  private typealias E = IndexExpression

  fileprivate struct Subject {
    var names = (x: "X", w: "W", y: "Y")
    var X: Tensor
    var W: Tensor
    var G: Tensor
    var options = CallOptions.none
    var remarks: [String] = []
    var stride: Int { max(1, options.stride ?? 1) }
    var pad: Int { max(0, options.pad ?? 0) }
  }

  /// Images, channels and pixels beyond these are left out of the evaluation.
  private static let most = [1, 2, 6, 6]

  static func make(_ equations: [Equation], _ environment: any Environment) throws(Diagnostic) -> Derivation {
    let x = find(equations, environment)
    let (X, W, Y) = x.names
    let G = Y.gradientName
    var result = Derivation(
      "the gradients of a convolution \(Y) = conv2d(\(X), \(W))",
      source: "Taura, Neural Networks, Convolution (Back propagation)")
    result.remarks =
      x.remarks + [
        "b sample, o output channel, c input channel, i,j output pixel, p,q place in the window",
        "\(G) is ∂L/∂\(Y); an entry outside an image counts as 0",
      ]
    result.tensors = [X: x.X, W: x.W, G: x.G]
    let (rows, columns) = (x.window("i", "p"), x.window("j", "q"))
    result.definitions = [
      DerivationDefinition(
        "L", [],
        .sum(["b", "o", "i", "j"], .entry(G, ["b", "o", "i", "j"]) * .entry(Y, ["b", "o", "i", "j"]))),
      DerivationDefinition(
        Y, ["b", "o", "i", "j"],
        .sum(["c", "p", "q"], .entry(X, ["b", "c", rows, columns]) * .entry(W, ["o", "c", "p", "q"]))),
    ]
    let (g, w, d) = (x.G.shape.dimensions, x.W.shape.dimensions, x.X.shape.dimensions)
    result.extents = [
      "b": g[0], "o": g[1], "i": g[2], "j": g[3], "f": w[0], "c": w[1], "p": w[2], "q": w[3], "r": d[2],
      "t": d[3],
    ]
    func reference(_ name: String) throws(Diagnostic) -> Tensor {
      try Jacobian.byForwardMode(
        of: "L", by: name,
        equations: [Equation("L", .call("sum", "G" * .call("conv2d", ["X", "W"], x.options)))],
        environment: Bindings(["X": x.X, "W": x.W, "G": x.G]))
    }
    result.tensors["∂W"] = try reference("W")
    result.tensors["∂X"] = try reference("X")
    let weights = Expression.call(
      "conv2d_weight_gradient", [.name(G), .name(X), .name(W)], x.options)
    let inputs = Expression.call(
      "conv2d_input_gradient", [.name(G), .name(W), .name(X)], x.options)
    for expression in [weights, inputs] {
      result.tensors[expression.description] = try Evaluator(Bindings(result.tensors)).value(of: expression)
    }
    func form(_ expression: Expression, _ indices: [IndexTerm]) -> E {
      .entry(expression.description, indices)
    }
    let L = E.entry("L", [])
    let out = E.entry(Y, ["b", "o", "i", "j"])
    let dY = E.entry(G, ["b", "o", "i", "j"])
    result.chains = [
      .init(
        ["f", "c", "p", "q"], .index(.partial(L, by: W, ["f", "c", "p", "q"])),
        [
          .init(
            .sum(["b", "o", "i", "j"], dY * .partial(out, by: W, ["f", "c", "p", "q"])),
            "chain rule over every output that the weight affects"),
          .init(
            .sum(["b", "o", "i", "j"], dY * .delta("o", "f") * .entry(X, ["b", "c", rows, columns])),
            "a weight of output channel f meets one input entry for every output"),
          .init(
            .sum(["b", "i", "j"], .entry(G, ["b", "f", "i", "j"]) * .entry(X, ["b", "c", rows, columns])),
            "δ leaves o = f"),
          .init(form(weights, ["f", "c", "p", "q"]), "as the backward pass writes it"),
        ], reference: .entry("∂W", ["f", "c", "p", "q"]))
    ]
    var lines: [Derivation.Line] = [
      .init(
        .sum(["o", "i", "j"], dY * .partial(out, by: X, ["b", "c", "r", "t"])),
        "chain rule; another sample's outputs do not see this pixel"),
      .init(
        .sum(
          ["o", "i", "j", "p", "q"],
          dY * .entry(W, ["o", "c", "p", "q"]) * .delta(rows, "r") * .delta(columns, "t")),
        "the weight at p,q carries pixel r,t to output i,j where the places agree"),
    ]
    if x.stride == 1 {
      let (i, j) = (x.output("r", "p"), x.output("t", "q"))
      lines.append(
        .init(
          .sum(["o", "p", "q"], .entry(G, ["b", "o", i, j]) * .entry(W, ["o", "c", "p", "q"])),
          "the deltas solved for i and j"))
    }
    lines.append(.init(form(inputs, ["b", "c", "r", "t"]), "as the backward pass writes it"))
    result.chains.append(
      .init(
        ["b", "c", "r", "t"], .index(.partial(L, by: X, ["b", "c", "r", "t"])), lines,
        reference: .entry("∂X", ["b", "c", "r", "t"])))
    return result
  }

  private static func find(_ equations: [Equation], _ environment: any Environment) -> Subject {
    for equation in equations {
      guard case .call(_, let arguments, let options)? = equation.expression.firstConvolution,
        case .name(let x) = arguments[0], case .name(let w) = arguments[1],
        let X = environment.value(of: x), let W = environment.value(of: w), X.rank == 4, W.rank == 4
      else { continue }
      let G = environment.value(of: equation.name.gradientName)
      if let subject = cut(X, W, G, options) {
        var result = subject
        result.names = (x, w, equation.name)
        return result
      }
    }
    var random = RandomGenerator(seed: 1)
    let (X, W) = (random.normal(shape: [1, 2, 4, 4]), random.normal(shape: [2, 2, 3, 3]))
    var example = Subject(X: X, W: W, G: random.normal(shape: [1, 2, 2, 2]))
    example.remarks = ["this model has no conv2d: evaluated on an example"]
    return example
  }

  private static func cut(_ X: Tensor, _ W: Tensor, _ G: Tensor?, _ options: CallOptions) -> Subject? {
    var limits = most
    limits[2] = max(limits[2], W.shape.dimensions[2])
    limits[3] = max(limits[3], W.shape.dimensions[3])
    let x = corner(X, limits)
    let w = corner(W, [most[1], most[1], Int.max, Int.max])
    guard
      let shape = try? ShapeInference(Bindings(["X": x, "W": w])).shape(
        of: .call("conv2d", ["X", "W"], options))
    else { return nil }
    // Any gradient of the output serves the rule; the session's own where there is one.
    var g = corner(G ?? Tensor(repeating: 1, shape: shape), shape.dimensions)
    if g.shape != shape { g = Tensor(repeating: 1, shape: shape) }
    var result = Subject(X: x, W: w, G: g, options: options)
    if x.shape != X.shape || w.shape != W.shape {
      result.remarks = [
        "evaluated on a corner: \(x.shape) of the \(X.shape) image, \(w.shape) of the \(W.shape) weights"
      ]
    }
    return result
  }

  private static func corner(_ tensor: Tensor, _ limits: [Int]) -> Tensor {
    let subscripts = limits.map { Subscript.slice(from: nil, to: $0, step: 1) }
    guard let (shape, positions) = Evaluator.selection(subscripts, in: tensor.shape) else { return tensor }
    return Tensor(unchecked: shape, positions.map { tensor.elements[$0] })
  }
}

extension ConvolutionDerivations.Subject {
  /// The input row that output row i meets at window row p.
  fileprivate func window(_ i: String, _ p: String) -> IndexTerm {
    IndexTerm([(i, stride), (p, 1)], constant: -pad)
  }

  /// The output row that input row r reaches by window row p, for stride 1.
  fileprivate func output(_ r: String, _ p: String) -> IndexTerm {
    IndexTerm([(r, 1), (p, -1)], constant: pad)
  }
}

extension Expression {
  fileprivate var firstConvolution: Expression? {
    if case .call("conv2d", let arguments, _) = self, arguments.count == 2 { return self }
    for child in children { if let found = child.firstConvolution { return found } }
    return nil
  }
}
