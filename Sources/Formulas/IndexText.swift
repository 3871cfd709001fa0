import LinearAlgebra
import Platform

/// An index formula as text: `Σ_i X[i,0]·dZ1[i,2]`.
package struct IndexText {
  /// Decimals of numbers that are not whole; nil for all there are.
  package var precision: Int?
  /// Indices that are the same everywhere and not written: `S[k]` for `S[i,k]`.
  private let hidden: Set<String>
  private let naming: Naming

  package init(precision: Int? = 4, hiding hidden: Set<String> = [], naming: Naming = .standard) {
    self.precision = precision
    self.hidden = hidden
    self.naming = naming
  }

  private enum Level: Int { case comparison, sum, fold, product, sign, power, atom }

  /// What stands around a part.
  private struct Place {
    var outer = Level.comparison
    /// Nothing behind it binds more tightly: a sum at the very end needs no brackets.
    var isOpen = true
    /// Inside brackets or a product a quotient is written without blanks.
    var isTight = false

    func within(_ level: Level, open: Bool? = nil, tight: Bool = false) -> Place {
      Place(outer: level, isOpen: open ?? isOpen, isTight: isTight || tight)
    }
  }

  package func text(_ formula: IndexFormula) -> String {
    var locals: [String] = []
    let body = text(formula, Place(), &locals)
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

  private func text(_ formula: IndexFormula, _ place: Place, _ locals: inout [String]) -> String {
    guard level(formula).rawValue < place.outer.rawValue else { return bare(formula, place, &locals) }
    return "(\(bare(formula, Place(isTight: true), &locals)))"
  }

  /// An operand on the right: a negative number stands in brackets.
  private func right(_ formula: IndexFormula, _ place: Place, _ locals: inout [String]) -> String {
    let body = text(formula, place, &locals)
    return body.hasPrefix("-") ? "(\(body))" : body
  }

  private func bare(_ formula: IndexFormula, _ place: Place, _ locals: inout [String]) -> String {
    switch formula {
    case .number(let value): return number(value)
    case .local(let name): return name
    case .entry(let value, let index):
      let name = Printer(naming).text(.index(value, [])).dropLast(2)
      let items = brackets(index)
      return items.isEmpty && place.outer == .comparison ? Printer(naming).text(value) : name + items
    case .delta(let a, let b): return "δ(\(a.text),\(b.text))"
    case .position(let a): return a.text
    case .count(let variables): return "|\(variables.map(\.name).joined(separator: ","))|"
    case .partial(let a, let name, let index):
      let by = "∂\(naming.operand(name))\(brackets(index))"
      if case .entry(.name(let value), let own) = a {
        return "∂\(naming.operand(value))\(brackets(own))/\(by)"
      }
      if case .atom = level(a) { return "∂\(text(a, Place(outer: .atom), &locals))/\(by)" }
      return "∂/\(by) (\(text(a, Place(), &locals)))"
    case .difference(let a, let name, let index, _):
      let (x, f) = (naming.symbol(name) + brackets(index), text(a, Place(outer: .atom), &locals))
      return "(\(f)(\(x) + h) - \(f)(\(x) - h)) / 2h"
    case .negative(let a): return "-" + right(a, place.within(.product), &locals)
    case .call(let f, let a): return "\(f.name)(\(text(a, Place(), &locals)))"
    case .choice(let kind, let parts):
      let inner = parts.map { text($0, Place(), &locals) }
      return "\(kind.rawValue)(\(inner.joined(separator: ", ")))"
    case .fold(let kind, let variables, let body):
      var names = variables.map { range($0, in: body) }.joined(separator: ",")
      var inner = body
      // Σ over all values but one.
      if variables.count == 1, let (a, b, rest) = body.exclusion, a.onlyVariable == variables[0].name {
        names = variables[0].name + "≠" + b.text
        inner = rest
      }
      return "\(kind.rawValue)_\(names) " + text(inner, place.within(.product), &locals)
    case .terms(let parts):
      guard let first = parts.first else { return "0" }
      var result = text(first, place.within(.sum, open: true), &locals)
      for part in parts.dropFirst() {
        result += " + " + right(part, place.within(.fold, open: true), &locals)
      }
      return result
    case .letting(let name, let value, let body):
      let result = bare(body, place, &locals)
      locals.append("\(name) = \(text(value, Place(), &locals))")
      return result
    case .binary(let operation, let a, let b): return binary(operation, a, b, place, &locals)
    }
  }

  private func binary(
    _ operation: BinaryOperator, _ a: IndexFormula, _ b: IndexFormula, _ place: Place,
    _ locals: inout [String]
  ) -> String {
    switch operation {
    case .add, .subtract:
      let left = text(a, place.within(.sum, open: true), &locals)
      return "\(left) \(operation.rawValue) \(right(b, place.within(.fold, open: true), &locals))"
    case .multiply, .matrixProduct:
      let left = text(a, place.within(.product, open: false, tight: true), &locals)
      if case .fold = b, place.isOpen { return "\(left)·\(bare(b, place, &locals))" }
      return "\(left)·\(right(b, place.within(.sign, tight: true), &locals))"
    case .divide:
      let left = text(a, place.within(.product, open: false, tight: a.hasFractionAsFactor), &locals)
      let slash = place.isTight || a.hasFractionAsFactor ? "/" : " / "
      return left + slash + right(b, place.within(.power, open: false, tight: true), &locals)
    case .power:
      let base = text(a, place.within(.atom), &locals)
      return b == .number(2) ? base + "²" : base + "**" + text(b, place.within(.atom), &locals)
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual:
      var sign = operation.rawValue
      if case .position = a, operation == .notEqual { sign = "≠" }
      return "\(text(a, place.within(.sum), &locals)) \(sign) \(text(b, place.within(.sum), &locals))"
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

  func brackets(_ index: [Index]) -> String {
    let shown = index.filter { $0.onlyVariable.map { !hidden.contains($0) } ?? true }
    return shown.isEmpty ? "" : "[\(shown.map(\.text).joined(separator: ","))]"
  }

  /// Whole numbers as they are, others with fixed decimals, and with an exponent what would print as zero.
  package func number(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    if value == 0 { return "0" }
    guard let precision else { return Printer.number(value) }
    if value == value.rounded(), abs(value) < 1e9 { return String(Int(clamping: value)) }
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

extension IndexFormula {
  /// Of `(k ≠ j)·a·b / c`: k, j and the rest.
  fileprivate var exclusion: (Index, Index, IndexFormula)? {
    guard case .binary(let operation, let a, let b) = self, operation == .multiply || operation == .divide
    else {
      return nil
    }
    if operation == .multiply, case .binary(.notEqual, .position(let i), .position(let j)) = a {
      return (i, j, b)
    }
    return a.exclusion.map { ($0.0, $0.1, .binary(operation, $0.2, b)) }
  }

  /// `a/T·b`
  fileprivate var hasFractionAsFactor: Bool {
    switch self {
    case .binary(.multiply, .binary(.divide, _, _), _): true
    case .binary(.multiply, let a, _), .binary(.divide, let a, _): a.hasFractionAsFactor
    default: false
    }
  }
}
