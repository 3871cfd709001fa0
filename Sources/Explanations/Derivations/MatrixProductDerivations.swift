import Differentiation
import Formulas
import LinearAlgebra
import Operations

/// C = A @ B, and what reaches A and B from ∂L/∂C. Source: Datta, *Neural Networks*, "Backward Propagation".
package struct MatrixProductSubject: Sendable {
  package var a = "A"
  package var b = "B"
  package var c = "C"
  package var A: Tensor
  package var B: Tensor
  /// ∂L/∂C, shape of C.
  package var G: Tensor
  package var remarks: [String] = []

  package var g: String { c.gradientName }

  static let mostRows = 8

  /// The first product of two matrices in the session's equations, else an example.
  package static func find(in equations: [Equation], _ environment: any Environment) -> MatrixProductSubject {
    for equation in equations {
      guard let (a, b) = equation.expression.firstProductOfNames, let A = environment.value(of: a),
        let B = environment.value(of: b), A.rank == 2, B.rank == 2, a != b, A.count > 0, B.count > 0,
        let C = A.product(B)
      else { continue }
      var result = MatrixProductSubject(A: A, B: B, G: C)
      (result.a, result.b, result.c) = (a, b, equation.name)
      if let G = environment.value(of: equation.name.gradientName), G.shape == C.shape { result.G = G }
      if equation.expression != .binary(.matrixProduct, .name(a), .name(b)) {
        result.remarks.append(
          "\(equation.text): what is added to the product does not change its derivative")
      }
      return result.cut()
    }
    let A = Tensor(unchecked: [3, 2], [1, 2, 2, -1, -1, 1])
    let B = Tensor(unchecked: [2, 4], [0.5, -0.2, 0.3, 0.1, 0.1, 0.4, -0.3, 0.2])
    let G = Tensor(unchecked: [3, 4], (0..<12).map { 0.1 * Double($0) - 0.5 })
    var result = MatrixProductSubject(A: A, B: B, G: G)
    result.remarks = ["this model has no product of two named matrices: evaluated on an example"]
    return result
  }

  private func cut() -> MatrixProductSubject {
    let most = Self.mostRows
    guard A.shape.rows > most || A.shape.columns > most || B.shape.columns > most else { return self }
    var result = self
    result.A = A.prefix(most, axis: 0).prefix(most, axis: 1)
    result.B = B.prefix(most, axis: 0).prefix(most, axis: 1)
    result.G = G.prefix(most, axis: 0).prefix(most, axis: 1)
    result.remarks.append("evaluated on the first \(most) rows and columns")
    return result
  }
}

package enum MatrixProductDerivations {
  typealias E = IndexExpression

  static func begin(_ x: MatrixProductSubject, _ title: String, _ source: String) -> Derivation {
    var result = Derivation(title, source: source)
    result.remarks =
      x.remarks + ["\(x.g) is ∂L/∂\(x.c), shaped like \(x.c); L = Σ \(x.g)·\(x.c) has this gradient"]
    result.tensors = [x.a: x.A, x.b: x.B, x.g: x.G]
    for product in [rightProduct(x), leftProduct(x)] {
      result.tensors["(\(product))"] = try? Evaluator(Bindings(result.tensors)).value(of: product)
    }
    result.definitions = [
      DerivationDefinition("L", [], .sum(["i", "j"], .entry(x.g, ["i", "j"]) * .entry(x.c, ["i", "j"]))),
      product(x.a, x.b, x.c),
    ]
    result.extents = [
      "i": x.A.shape.rows, "n": x.A.shape.columns, "j": x.B.shape.columns, "k": x.B.shape.rows,
      "l": x.B.shape.columns, "p": x.A.shape.rows, "q": x.A.shape.columns,
    ]
    return result
  }

  static func product(_ a: String, _ b: String, _ c: String) -> DerivationDefinition {
    DerivationDefinition(c, ["i", "j"], .sum("n", .entry(a, ["i", "n"]) * .entry(b, ["n", "j"])))
  }

  /// A.T @ dC, the gradient of B.
  static func rightProduct(_ x: MatrixProductSubject) -> Expression {
    Expression.name(x.a).T.times(.name(x.g))
  }
  /// dC @ B.T, the gradient of A.
  static func leftProduct(_ x: MatrixProductSubject) -> Expression {
    Expression.name(x.g).times(.name(x.b).T)
  }

  /// An entry of the matrix form, `(X.T @ dZ1)[k,l]`: the value of the formula itself.
  private static func matrixForm(
    _ x: MatrixProductSubject, isRight: Bool, _ indices: [IndexTerm]
  ) -> E {
    .entry("(\(isRight ? rightProduct(x) : leftProduct(x)))", indices)
  }

  /// dB[k,l] by indices, the free indices k and l.
  static func right(_ x: MatrixProductSubject, left: IndexExpression, reference: E?) -> Derivation.Chain {
    let (G, A) = (E.entry(x.g, ["i", "j"]), E.entry(x.a, ["i", "k"]))
    let by = E.partial(.entry(x.c, ["i", "j"]), by: x.b, ["k", "l"])
    return .init(
      ["k", "l"], .index(left),
      [
        .init(.sum(["i", "j"], G * by), "chain rule over every entry of \(x.c)"),
        .init(
          .sum(["i", "j"], G * A * .delta("j", "l")),
          "∂\(x.c)[i,j]/∂\(x.b)[k,l] = \(x.a)[i,k]·δ(j,l): column l of \(x.b) only makes column l of \(x.c)"),
        .init(
          .sum("i", A * .entry(x.g, ["i", "l"])),
          "δ leaves j = l"),
        .init(matrixForm(x, isRight: true, ["k", "l"]), "the sum runs over the rows of both"),
      ], reference: reference)
  }

  /// dA[p,q] by indices, the free indices p and q.
  static func left(_ x: MatrixProductSubject, left: IndexExpression, reference: E?) -> Derivation.Chain {
    let G = E.entry(x.g, ["i", "j"])
    let B = E.entry(x.b, ["q", "j"])
    let by = E.partial(.entry(x.c, ["i", "j"]), by: x.a, ["p", "q"])
    return .init(
      ["p", "q"], .index(left),
      [
        .init(.sum(["i", "j"], G * by), "chain rule over every entry of \(x.c)"),
        .init(
          .sum(["i", "j"], G * .delta("i", "p") * B),
          "∂\(x.c)[i,j]/∂\(x.a)[p,q] = δ(i,p)·\(x.b)[q,j]: row p of \(x.a) only makes row p of \(x.c)"),
        .init(
          .sum("j", .entry(x.g, ["p", "j"]) * B),
          "δ leaves i = p"),
        .init(matrixForm(x, isRight: false, ["p", "q"]), "the sum runs over the columns of both"),
      ], reference: reference)
  }

  /// By indices. Sources: Datta, "Backward Propagation"; Taura, "Linear".
  static func indices(_ x: MatrixProductSubject) throws(Diagnostic) -> Derivation {
    var result = begin(
      x, "the gradients of a matrix product \(x.c) = \(x.a) @ \(x.b), by indices",
      "Datta, Neural Networks, Backward Propagation; Taura, Linear")
    let (dA, dB) = (try reference(x, x.a), try reference(x, x.b))
    result.tensors["∂A"] = dA
    result.tensors["∂B"] = dB
    let L = E.entry("L", [])
    result.chains = [
      right(x, left: .partial(L, by: x.b, ["k", "l"]), reference: .entry("∂B", ["k", "l"])),
      left(x, left: .partial(L, by: x.a, ["p", "q"]), reference: .entry("∂A", ["p", "q"])),
    ]
    return result
  }

  /// The matrix forms alone; which orders and transposes fit is told apart, by `ProductFit`.
  static func shapes(_ x: MatrixProductSubject) throws(Diagnostic) -> Derivation {
    var result = begin(
      x, "the gradients of a matrix product \(x.c) = \(x.a) @ \(x.b), by shapes",
      "Datta, Neural Networks, Backward Propagation")
    result.tensors["∂A"] = try reference(x, x.a)
    result.tensors["∂B"] = try reference(x, x.b)
    let L = E.entry("L", [])
    let reason = "the product of this shape, see below"
    result.chains = [
      .init(
        ["k", "l"], .index(.partial(L, by: x.b, ["k", "l"])),
        [.init(matrixForm(x, isRight: true, ["k", "l"]), reason)], reference: .entry("∂B", ["k", "l"])),
      .init(
        ["p", "q"], .index(.partial(L, by: x.a, ["p", "q"])),
        [.init(matrixForm(x, isRight: false, ["p", "q"]), reason)], reference: .entry("∂A", ["p", "q"])),
    ]
    return result
  }

  /// By difference quotients: L is linear in each entry, so that they are exact up to rounding.
  static func differences(_ x: MatrixProductSubject) throws(Diagnostic) -> Derivation {
    let h = 1e-3
    var result = begin(
      x, "the gradients of a matrix product \(x.c) = \(x.a) @ \(x.b), by finite differences",
      "Datta, Neural Networks, Backward Propagation")
    result.remarks.append("h = \(h): L is linear in each single entry, so that any h gives the derivative")
    result.tensors["∂A"] = try reference(x, x.a)
    result.tensors["∂B"] = try reference(x, x.b)
    let L = E.entry("L", [])
    result.chains = [
      .init(
        ["k", "l"], .index(.difference(L, by: x.b, ["k", "l"], step: h)),
        [
          .init(.partial(L, by: x.b, ["k", "l"]), "difference quotient"),
          .init(
            .sum("i", .entry(x.a, ["i", "k"]) * .entry(x.g, ["i", "l"])),
            "the formula of this entry, (k,l) of \(rightProduct(x))"),
        ], reference: .entry("∂B", ["k", "l"])),
      .init(
        ["p", "q"], .index(.difference(L, by: x.a, ["p", "q"], step: h)),
        [
          .init(.partial(L, by: x.a, ["p", "q"]), "difference quotient"),
          .init(
            .sum("j", .entry(x.g, ["p", "j"]) * .entry(x.b, ["q", "j"])),
            "the formula of this entry, (p,q) of \(leftProduct(x))"),
        ], reference: .entry("∂A", ["p", "q"])),
    ]
    return result
  }

  /// ∂L/∂A or ∂L/∂B of L = sum(G * (A @ B)) by forward mode.
  static func reference(_ x: MatrixProductSubject, _ name: String) throws(Diagnostic) -> Tensor {
    let product = Expression.name("A").times(.name("B"))
    return try Jacobian.byForwardMode(
      of: "L", by: name == x.a ? "A" : "B", equations: [Equation("L", .call("sum", "G" * product))],
      environment: Bindings(["A": x.A, "B": x.B, "G": x.G]))
  }
}

extension Expression {
  /// The first product of two names in a formula.
  fileprivate var firstProductOfNames: (String, String)? {
    if case .binary(.matrixProduct, .name(let a), .name(let b)) = self { return (a, b) }
    for child in children { if let found = child.firstProductOfNames { return found } }
    return nil
  }
}
