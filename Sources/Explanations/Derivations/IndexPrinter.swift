import Formulas
import Operations

/// Index formula → text. Indices that are the same everywhere (the sample) may be left out: `S[k]` for `S[i,k]`.
package struct IndexPrinter: Sendable {
  package var hidden: Set<String>

  package init(hiding hidden: Set<String> = []) { self.hidden = hidden }

  /// Σ binds weaker than a product and stronger than a sum.
  private enum Level: Int { case sum, sigma, product, power, atom }

  package func text(_ expression: IndexExpression) -> String { text(expression, within: .sum) }

  package func text(_ condition: IndexCondition) -> String {
    switch condition {
    case .equal(let a, let b): "\(a) = \(b)"
    case .notEqual(let a, let b): "\(a) ≠ \(b)"
    case .value(let a, let value): "\(text(a)) = \(Printer.number(value))"
    }
  }

  private func text(_ expression: IndexExpression, within outer: Level) -> String {
    let body = bare(expression, outer)
    return level(of: expression).rawValue < outer.rawValue ? "(\(body))" : body
  }

  private func level(of expression: IndexExpression) -> Level {
    switch expression {
    case .number(let value): value < 0 ? .sum : .atom
    case .entry, .delta, .exp, .log, .partial: .atom
    case .negative, .add, .subtract: .sum
    case .sum: .sigma
    case .multiply, .divide, .difference: .product
    case .square: .power
    }
  }

  private func bare(_ expression: IndexExpression, _ outer: Level) -> String {
    switch expression {
    case .number(let value): return Printer.number(value)
    case .entry(let name, let indices): return name + brackets(indices)
    case .delta(let a, let b): return "δ(\(a),\(b))"
    case .sum(let index, let a): return "Σ_\(index) " + text(a, within: .sigma)
    case .negative(let a): return "-" + text(a, within: .sigma)
    case .add(let a, let b): return text(a, within: .sum) + " + " + text(b, within: .sigma)
    case .subtract(let a, let b): return text(a, within: .sum) + " - " + text(b, within: .sigma)
    case .multiply(let a, let b):
      // A sum at the very end needs no brackets.
      return text(a, within: .product) + "·"
        + text(b, within: outer.rawValue <= Level.sigma.rawValue ? .sigma : .product)
    case .divide(let a, let b):
      let slash = outer == .sum ? " / " : "/"
      return text(a, within: .product) + slash + text(b, within: .power)
    case .square(let a): return text(a, within: .atom) + "²"
    case .exp(let a): return "exp(\(text(a)))"
    case .log(let a): return "log(\(text(a)))"
    case .partial(let a, let name, let indices):
      let by = "∂" + name + brackets(indices)
      switch a {
      case .entry, .exp, .log: return "∂\(text(a))/\(by)"
      default: return "∂/\(by) (\(text(a)))"
      }
    case .difference(let a, let name, let indices, _):
      let x = name + brackets(indices)
      return "(\(text(a))(\(x) + h) - \(text(a))(\(x) - h)) / 2h"
    }
  }

  private func brackets(_ indices: [IndexTerm]) -> String {
    let shown = indices.map(\.description).filter { !hidden.contains($0) }
    return shown.isEmpty ? "" : "[" + shown.joined(separator: ",") + "]"
  }
}
