import Explanations
import Formulas
import LinearAlgebra
import Testing

@Suite struct IndexLanguageTests {
  private typealias E = IndexFormula

  private func read(_ text: String) throws -> E {
    try IndexFormulaParser.formula(text, values: ["A", "S", "Z", "x", "y", "T"])
  }

  /// The only value of a formula without free indices.
  private func value(
    _ formula: E, _ tensors: [String: Tensor], definitions: [IndexDefinition] = []
  ) throws -> Double {
    var derivation = Derivation("")
    derivation.tensors = tensors
    derivation.definitions = definitions
    derivation.chains = [.init(formula, [.init(formula, "")])]
    return try #require(try CheckedDerivation(derivation).chains.first?.values.first?.first)
  }

  @Test func sumsAndEntries() throws {
    let A = Tensor(unchecked: [2, 3], [1, 2, 3, 4, 5, 6])
    let trace = E.fold(
      .sum, [.init(name: "i", extent: 2), .init(name: "j", extent: 3)], try read("A[i,j]·δ(i,j)"))
    #expect(try value(trace, ["A": A]) == 6)
    // Outside of the tensor: 0, as at the border of an image.
    #expect(try value(read("A[1,3]"), ["A": A]) == 0)
    #expect(try value(read("A[-1,0]"), ["A": A]) == 0)
  }

  /// d/dx x² e^x at 0.5 = (2x + x²) e^x = 2.06090158837516 (Python, decimal with 40 digits), by dual numbers and by differences.
  @Test func derivatives() throws {
    let f = try read("x²·exp(x)")
    let tensors = ["x": Tensor(0.5)]
    #expect(abs(try value(.partial(f, by: "x", []), tensors) - 2.06090158837516) < 1e-13)
    #expect(abs(try value(.difference(f, by: "x", [], step: 1e-5), tensors) - 2.06090158837516) < 1e-8)
    // (1 - log x) / x² = 6.772588722239782, made the same way.
    #expect(abs(try value(.partial(read("log(x) / x"), by: "x", []), tensors) - 6.772588722239782) < 1e-13)
    // Through a definition, and through one that does not contain x.
    let y = IndexDefinition("y", [], f)
    let slope = try value(read("∂y/∂x"), tensors, definitions: [y])
    #expect(abs(slope - 2.06090158837516) < 1e-13)
    #expect(try value(.partial(read("y"), by: "z", []), tensors, definitions: [y]) == 0)
  }

  @Test(arguments: [
    "S[i,k]·(δ(k,j) - Z[i,j])", "∂S[i,k]/∂Z[i,j]", "(Σ_i,j S[i,k]·Z[i,j]) / Z[i,j]²", "S[i,k] - (Z[i,j] - 1)",
    "S[i,k] / (Z[i,j]·2)", "S[i,k]·(-Z[i,j])", "Σ_j Z[i,j] - S[i,k]", "Σ_j (Z[i,j] - S[i,k])",
    "S[i,k]·Σ_n Z[i,n] - Z[i,j]", "exp(Z[i,k])/T·(1 - exp(Z[i,k])/T)", "exp(Z[i,k]) / T - 1",
    "exp(Z[i,k])·(T - exp(Z[i,k])) / T²", "-S[i,k]/T·S[i,j]/T", "A[2·i+p-1,r-p]", "j ≠ k",
  ]) func whatIsPrintedIsRead(_ text: String) throws {
    #expect(IndexText().text(try read(text)) == text)
  }

  @Test func indicesThatAreTheSameEverywhereAreLeftOut() throws {
    #expect(IndexText(hiding: ["i"]).text(try read("S[i,k]·(δ(k,j) - Z[i,j])")) == "S[k]·(δ(k,j) - Z[j])")
    #expect(IndexText().text(.partial(try read("S[i,k] / Z[i,j]"), by: "Z", [])) == "∂/∂Z (S[i,k] / Z[i,j])")
    let others = try E.fold(.sum, [.init(name: "k", extent: 3)], read("A[k,i]")).text(apart: "j")
    #expect(others == "Σ_k≠j A[k,i]")
  }
}

extension IndexFormula {
  fileprivate func text(apart letter: String) -> String {
    guard case .fold(let kind, let variables, let body) = self else { return "" }
    let mask = IndexFormula.binary(
      .notEqual, .position(.variable(variables[0].name)), .position(.variable(letter)))
    return IndexText().text(.fold(kind, variables, mask * body))
  }
}
