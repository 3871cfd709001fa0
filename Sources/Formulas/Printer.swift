import LinearAlgebra

extension Expression: CustomStringConvertible {
  /// NumPy notation with no more brackets than needed; parses back to the same formula.
  package var description: String { Printer().text(self) }
}

/// Formula → text.
package struct Printer {
  private let naming: Naming

  package init(_ naming: Naming = .standard) { self.naming = naming }

  private enum Level: Int { case comparison, sum, product, sign, power, suffix }

  package func text(_ expression: Expression) -> String { text(expression, within: .comparison) }

  private func text(_ expression: Expression, within outer: Level) -> String {
    let inner = level(of: expression)
    let body = bare(expression)
    return inner.rawValue < outer.rawValue ? "(\(body))" : body
  }

  private func level(of expression: Expression) -> Level {
    switch expression {
    case .number(let value): value < 0 || (value == 0 && value.sign == .minus) ? .sign : .suffix
    case .name, .list, .transpose, .call, .derivative, .index: .suffix
    case .negative: .sign
    case .binary(let operation, _, _): level(of: operation)
    }
  }

  private func level(of operation: BinaryOperator) -> Level {
    switch operation {
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: .comparison
    case .add, .subtract: .sum
    case .multiply, .divide, .matrixProduct: .product
    case .power: .power
    }
  }

  private func bare(_ expression: Expression) -> String {
    switch expression {
    case .number(let value): return Printer.number(value)
    case .name(let name): return naming.symbol(name)
    case .list(let items): return "[" + items.map(text).joined(separator: ", ") + "]"
    case .negative(let a): return "-" + text(a, within: .sign)
    case .transpose(let a): return text(a, within: .suffix) + ".T"
    case .index(let a, let subscripts):
      return text(a, within: .suffix) + "[" + subscripts.map(subscriptText).joined(separator: ",")
        + "]"
    case .call(let f, let arguments, let options):
      let first = options.text.map { ["\"\($0)\""] } ?? []
      return "\(f.name)(" + (first + arguments.map(text) + options.texts).joined(separator: ", ") + ")"
    case .derivative(let f, let a, let options):
      return "\(f.name)'(" + ([text(a)] + options.texts).joined(separator: ", ") + ")"
    case .binary(let operation, let a, let b):
      switch operation {
      case .power: return text(a, within: .suffix) + "**" + text(b, within: .sign)
      case .add, .subtract:
        return "\(text(a, within: .sum)) \(operation.rawValue) \(text(b, within: .product))"
      case .matrixProduct:
        // As Python reads it `r * h @ U` is `(r * h) @ U`; a person takes the product of matrices first. So what is typed
        // without brackets shows how it was read.
        let left = isScaledEntrywise(a) ? "(\(bare(a)))" : text(a, within: .product)
        return "\(left) @ \(text(b, within: .sign))"
      case .multiply, .divide:
        return "\(text(a, within: .product)) \(operation.rawValue) \(text(b, within: .sign))"
      case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual:
        return "\(text(a, within: .sum)) \(operation.rawValue) \(text(b, within: .sum))"
      }
    }
  }

  /// A product or quotient of entries; not that with a number (2, m, sqrt(4)), which is the same wherever it stands.
  private func isScaledEntrywise(_ expression: Expression) -> Bool {
    func isNumber(_ part: Expression) -> Bool {
      switch part {
      case .number: true
      case .name: part == .sampleCount
      case .negative(let a): isNumber(a)
      case .binary(_, let a, let b): isNumber(a) && isNumber(b)
      case .call(let f, let arguments, _): f.name == "sqrt" && arguments.allSatisfy(isNumber)
      case .list, .transpose, .derivative, .index: false
      }
    }
    return switch expression {
    case .binary(.multiply, let a, let b):
      isNumber(a) ? isScaledEntrywise(b) : isNumber(b) ? isScaledEntrywise(a) : true
    case .binary(.divide, let a, let b): isNumber(b) ? isScaledEntrywise(a) : true
    default: false
    }
  }

  private func subscriptText(_ item: Subscript) -> String {
    switch item {
    case .at(let index): return String(index)
    case .slice(let from, let to, let step):
      let bounds = (from.map(String.init) ?? "") + ":" + (to.map(String.init) ?? "")
      return step == 1 ? bounds : bounds + ":\(step)"
    case .positions(let list): return text(list)
    }
  }

  /// The shortest text that reads back as the same double, whole numbers without a point.
  package static func number(_ value: Double) -> String {
    // A nan that a computation made may have its sign bit set.
    if value.isNaN { return "nan" }
    if value == value.rounded(), Swift.abs(value) < 1e15 { return String(Int(clamping: value)) }
    return "\(value)"
  }
}
