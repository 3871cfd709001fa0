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
        // Of a slice with a step: 2·i + 1.
        tied.contains { $0.factors.count == 1 && $0.factors[axis.name] != nil }
      }
    isDiagonal = isOneToOne && tied == formula.outputIndex && formula.outputShape == formula.inputShape
    if isDiagonal {
      sentence =
        "Diagonal: each \(outer) depends on \(inner) alone; the diagonal is shown in the shape of \(name: a)."
    } else if isOneToOne {
      // Every entry of A reads one of B that no other reads: all of them, or some.
      let isMoved = formula.terms.count == 1 && formula.terms[0].coefficient == .number(1)
      let kind = formula.outputShape.count == formula.inputShape.count ? "permutation" : "selection"
      sentence = "\(isMoved ? "A \(kind): each" : "Each") \(outer) depends on \(inner) alone."
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
