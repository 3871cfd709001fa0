import LinearAlgebra
import Platform

/// An index formula as text: `Σ_i X[i,0]·dZ1[i,2]`.
package struct IndexText {
  /// Decimals of numbers that are not whole; nil for all there are.
  package var precision: Int?
  private let naming: Naming

  package init(precision: Int? = 4, naming: Naming = .standard) {
    self.precision = precision
    self.naming = naming
  }

  private enum Level: Int { case comparison, sum, fold, product, sign, power, atom }

  package func text(_ formula: IndexFormula) -> String {
    var locals: [String] = []
    let body = text(formula, within: .comparison, &locals)
    return locals.isEmpty ? body : body + ", where " + locals.joined(separator: ", ")
  }

  private func level(_ formula: IndexFormula) -> Level {
    switch formula {
    case .number(let value): value < 0 ? .sign : .atom
    case .entry, .delta, .position, .count, .call, .choice, .local, .partial: .atom
    case .difference: .product
    case .negative: .sign
    case .fold: .fold
    case .terms(let parts): parts.count > 1 ? .sum : .atom
    case .letting(_, _, let body): level(body)
    case .binary(let operation, _, _):
      switch operation {
      case .add, .subtract: .sum
      case .multiply, .divide, .matrixProduct: .product
      case .power: .power
      case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: .comparison
      }
    }
  }

  private func text(_ formula: IndexFormula, within outer: Level, _ locals: inout [String]) -> String {
    let body = bare(formula, &locals)
    return level(formula).rawValue < outer.rawValue ? "(\(body))" : body
  }

  /// An operand on the right: a negative number stands in brackets.
  private func right(_ formula: IndexFormula, within outer: Level, _ locals: inout [String]) -> String {
    let body = text(formula, within: outer, &locals)
    return body.hasPrefix("-") ? "(\(body))" : body
  }

  private func bare(_ formula: IndexFormula, _ locals: inout [String]) -> String {
    switch formula {
    case .number(let value): return number(value)
    case .local(let name): return name
    case .entry(let value, let index):
      let name = Printer(naming).text(.index(value, [])).dropLast(2)
      return name + Self.brackets(index)
    case .delta(let a, let b): return "δ(\(a.text),\(b.text))"
    case .position(let a): return a.text
    case .count(let variables): return "|\(variables.map(\.name).joined(separator: ","))|"
    case .partial(let a, let name, let index):
      let by = "∂\(naming.operand(name))\(Self.brackets(index))"
      if case .entry(.name(let value), let own) = a {
        return "∂\(naming.operand(value))\(Self.brackets(own))/\(by)"
      }
      if case .atom = level(a) { return "∂\(text(a, within: .atom, &locals))/\(by)" }
      return "∂/\(by) (\(text(a, within: .comparison, &locals)))"
    case .difference(let a, let name, let index, _):
      let (x, f) = (naming.symbol(name) + Self.brackets(index), text(a, within: .atom, &locals))
      return "(\(f)(\(x) + h) - \(f)(\(x) - h)) / 2h"
    case .negative(let a): return "-" + right(a, within: .product, &locals)
    case .call(let f, let a): return "\(f.name)(\(text(a, within: .comparison, &locals)))"
    case .choice(let kind, let parts):
      let inner = parts.map { text($0, within: .comparison, &locals) }
      return "\(kind.rawValue)(\(inner.joined(separator: ", ")))"
    case .fold(let kind, let variables, let body):
      return
        "\(kind.rawValue)_\(variables.map { range($0, in: body) }.joined(separator: ",")) "
        + text(body, within: .product, &locals)
    case .terms(let parts):
      guard let first = parts.first else { return "0" }
      var result = text(first, within: .sum, &locals)
      for part in parts.dropFirst() { result += " + " + right(part, within: .fold, &locals) }
      return result
    case .letting(let name, let value, let body):
      let result = bare(body, &locals)
      locals.append("\(name) = \(text(value, within: .comparison, &locals))")
      return result
    case .binary(let operation, let a, let b):
      switch operation {
      case .add, .subtract:
        return
          "\(text(a, within: .sum, &locals)) \(operation.rawValue) \(right(b, within: .fold, &locals))"
      case .multiply, .matrixProduct:
        return "\(text(a, within: .product, &locals))·\(right(b, within: .sign, &locals))"
      case .divide: return "\(text(a, within: .product, &locals)) / \(right(b, within: .sign, &locals))"
      case .power:
        let base = text(a, within: .atom, &locals)
        return b == .number(2) ? base + "²" : base + "**" + text(b, within: .atom, &locals)
      case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual:
        return "\(text(a, within: .sum, &locals)) \(operation.rawValue) \(text(b, within: .sum, &locals))"
      }
    }
  }

  /// An index with its range, where no value shows it by having the index for an axis: `r<2` in a window.
  private func range(_ variable: IndexFormula.Variable, in body: IndexFormula) -> String {
    if variable.isBounded { return "\(variable.name)<\(variable.extent)" }
    let isEvident =
      !body.contains { $0.ownIndices.contains { $0.factors[variable.name] != nil } }
      || body.contains { $0.ownIndices.contains { $0.onlyVariable == variable.name } }
    return isEvident ? variable.name : "\(variable.name)<\(variable.extent)"
  }

  static func brackets(_ index: [Index]) -> String {
    index.isEmpty ? "" : "[\(index.map(\.text).joined(separator: ","))]"
  }

  /// Whole numbers as they are, others with fixed decimals, and with an exponent what would print as zero.
  package func number(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    if value == 0 { return "0" }
    guard let precision else { return Printer.number(value) }
    if value == value.rounded(), abs(value) < 1e9 { return String(Int(value)) }
    let digits = max(0, min(17, precision))
    if abs(value) >= 1e6 { return Self.format(value, "%.*e", max(1, digits)) }
    let text = Self.format(value, "%.*f", digits)
    let isZero = text.allSatisfy { "-0.".contains($0) }
    return isZero ? Self.format(value, "%.*e", max(1, digits - 3)) : text
  }

  private static func format(_ value: Double, _ pattern: String, _ digits: Int) -> String {
    withVaList([Int32(clamping: digits), value]) { list in
      var buffer = [CChar](repeating: 0, count: 64)
      let length = Int(vsnprintf(&buffer, buffer.count, pattern, list))
      let bytes = buffer.prefix(max(0, min(63, length))).map { UInt8(bitPattern: $0) }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
