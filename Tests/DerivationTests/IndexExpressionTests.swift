import Explanations
import Formulas
import LinearAlgebra
import Testing

@Suite struct IndexExpressionTests {
  private typealias E = IndexExpression

  /// The only value of a formula without free indices.
  private func value(
    _ formula: IndexExpression, _ tensors: [String: Tensor], definitions: [DerivationDefinition] = [],
    extents: [String: Int] = [:]
  ) throws -> Double {
    var derivation = Derivation("")
    derivation.tensors = tensors
    derivation.extents = extents.merging(["one": 1]) { a, _ in a }
    derivation.definitions = definitions
    derivation.chains = [.init(["one"], .index(formula), [.init(formula as IndexExpression, "")])]
    return try #require(try CheckedDerivation(derivation).chains.first?.values.first?.first)
  }

  @Test func sumsAndEntries() throws {
    let A = Tensor(unchecked: [2, 3], [1, 2, 3, 4, 5, 6])
    let trace = E.sum(["i", "j"], .entry("A", ["i", "j"]) * .delta("i", "j"))
    #expect(try value(trace, ["A": A], extents: ["i": 2, "j": 3]) == 6)
    // Outside of the tensor: 0, as at the border of an image.
    #expect(try value(.entry("A", [IndexTerm([], constant: 1), IndexTerm([], constant: 3)]), ["A": A]) == 0)
    #expect(try value(.entry("A", [IndexTerm([], constant: -1), IndexTerm([], constant: 0)]), ["A": A]) == 0)
  }

  /// d/dx x² e^x at 0.5 = (2x + x²) e^x = 2.06090158837516 (Python, decimal with 40 digits), by dual numbers and by differences.
  @Test func derivatives() throws {
    let x = E.entry("x", [])
    let f = E.square(x) * .exp(x)
    let tensors = ["x": Tensor(0.5)]
    #expect(abs(try value(.partial(f, by: "x", []), tensors) - 2.06090158837516) < 1e-13)
    #expect(abs(try value(.difference(f, by: "x", [], step: 1e-5), tensors) - 2.06090158837516) < 1e-8)
    let log = E.partial(.log(x) / x, by: "x", [])
    // (1 - log x) / x² = 6.772588722239782, made the same way.
    #expect(abs(try value(log, tensors) - 6.772588722239782) < 1e-13)
    // Through a definition, and through one that does not contain x.
    let y = DerivationDefinition("y", [], f)
    #expect(
      abs(try value(.partial(.entry("y", []), by: "x", []), tensors, definitions: [y]) - 2.06090158837516)
        < 1e-13)
    #expect(try value(.partial(.entry("y", []), by: "z", []), tensors, definitions: [y]) == 0)
  }

  @Test func printing() {
    let (S, Z) = (E.entry("S", ["i", "k"]), E.entry("Z", ["i", "j"]))
    func text(_ e: E, hiding: Set<String> = []) -> String { IndexPrinter(hiding: hiding).text(e) }
    #expect(text(S * (.delta("k", "j") - Z)) == "S[i,k]·(δ(k,j) - Z[i,j])")
    #expect(text(S * (.delta("k", "j") - Z), hiding: ["i"]) == "S[k]·(δ(k,j) - Z[j])")
    #expect(text(.partial(S, by: "Z", ["i", "j"])) == "∂S[i,k]/∂Z[i,j]")
    #expect(text(.partial(S / Z, by: "Z", ["i", "j"])) == "∂/∂Z[i,j] (S[i,k] / Z[i,j])")
    #expect(text(.sum(["i", "j"], S * Z) / .square(Z)) == "(Σ_i Σ_j S[i,k]·Z[i,j]) / Z[i,j]²")
    #expect(text(S - (Z - 1)) == "S[i,k] - (Z[i,j] - 1)")
    #expect(text(S / (Z * 2)) == "S[i,k] / (Z[i,j]·2)")
    #expect(text(S * -Z) == "S[i,k]·(-Z[i,j])")
    #expect(text(.sum("j", Z) - S) == "Σ_j Z[i,j] - S[i,k]")
    #expect(text(.sum("j", Z - S)) == "Σ_j (Z[i,j] - S[i,k])")
    #expect(IndexTerm([("i", 2), ("p", 1)], constant: -1).description == "2i+p-1")
    #expect(IndexTerm([("r", 1), ("p", -1)]).description == "r-p")
  }
}
