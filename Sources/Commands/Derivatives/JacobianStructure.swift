import Explanations
import Formulas

/// A Jacobian's structure in words, read off its deltas.
struct JacobianStructure {
  let isDiagonal: Bool
  let sentence: Prose

  init(_ formula: JacobianFormula, tied: [Index], sample: String?) {
    let (a, b) = (formula.output, formula.input)
    let outer = IndexFormula.entry(.name(a), formula.outputIndex)
    let inner = IndexFormula.entry(.name(b), tied)
    let free = Set(formula.inputAxes.map(\.name)).filter { name in tied.contains { $0.factors[name] != nil } }
    let places = formula.terms.count == 1 ? formula.terms[0].coefficient.placeFactors : []
    let mask: Prose =
      places.isEmpty ? "" : ", and only where \(places.map { "\($0)" as Prose }.joined(separator: " and "))"
    let isOneToOne =
      free.isEmpty
      && formula.outputAxes.allSatisfy { axis in
        tied.contains { $0.onlyVariable == axis.name }
      }
    isDiagonal = isOneToOne && tied == formula.outputIndex
    if isDiagonal {
      sentence =
        "Diagonal: each \(outer) depends on \(inner) alone; the diagonal is shown in the shape of \(name: a)."
    } else if isOneToOne {
      sentence = "A permutation: each \(outer) depends on \(inner) alone."
    } else if formula.formula.readsAtSums {
      sentence =
        "Sparse: each \(outer) depends on the entries of \(b) under its window only; an entry outside of its value counts as 0."
    } else if free.count == formula.inputAxes.count {
      sentence =
        mask.isEmpty
        ? "Dense: each \(outer) depends on every entry of \(name: b)."
        : "Sparse: each \(outer) depends on \(inner)\(mask)."
    } else if sample != nil {
      sentence =
        "Block per sample: \(outer) depends on \(inner), of the same sample, and on no other sample\(mask)."
    } else {
      sentence = "\(outer) depends on \(inner) only\(mask)."
    }
  }

  func zeros(possible: Int, of all: Int) -> String {
    possible < all ? " The other \(all - possible) of \(all) entries are 0." : ""
  }
}
