import Formulas

/// A part of a line of Python.
package struct PythonPiece {
  package enum Level: Int { case comparison, sum, product, sign, power, suffix }

  package enum Kind {
    /// A number of Python's own.
    case number
    /// What comparisons give: it can be multiplied by, and nothing else.
    case truth
    case integer
    case real
  }

  package var text: String
  var level = Level.suffix
  var kind = Kind.real

  func within(_ outer: Level) -> String { level.rawValue < outer.rawValue ? "(\(text))" : text }

  /// The same as floating-point numbers.
  package var asReal: PythonPiece {
    switch kind {
    case .number, .real: self
    case .truth, .integer: PythonPiece(text: "1.0 * \(within(.sign))", level: .product)
    }
  }

  /// Truth as 1 and 0.
  var counted: PythonPiece { kind == .truth ? asReal : self }

  static func number(_ value: Double) -> PythonPiece {
    let text =
      switch value {
      case _ where value.isNaN: "math.nan"
      case _ where value.isInfinite: value < 0 ? "-math.inf" : "math.inf"
      case _
      where value == value.rounded() && Swift.abs(value) < 0x1p31 && !(value == 0 && value.sign == .minus):
        Printer.number(value)
      default: "\(value)"
      }
    return PythonPiece(text: text, level: text.hasPrefix("-") ? .sign : .suffix, kind: .number)
  }

  static func negative(_ a: PythonPiece) -> PythonPiece {
    let a = a.counted
    return PythonPiece(text: "-" + a.within(.sign), level: .sign, kind: a.kind)
  }

  static func call(_ function: String, _ arguments: [String], _ kind: Kind = .real) -> PythonPiece {
    PythonPiece(text: "\(function)(\(arguments.joined(separator: ", ")))", kind: kind)
  }

  static func binary(
    _ operation: BinaryOperator, _ first: PythonPiece, _ second: PythonPiece, _ language: PythonLanguage
  ) -> PythonPiece {
    var (a, b) = (first, second)
    func made(_ left: Level, _ right: Level, _ level: Level, _ kind: Kind) -> PythonPiece {
      PythonPiece(
        text: "\(a.within(left)) \(operation.rawValue) \(b.within(right))", level: level, kind: kind)
    }
    let areNumbers = a.kind == .number && b.kind == .number
    let areWhole = a.kind != .real && b.kind != .real
    switch operation {
    case .multiply:
      if a.kind == .truth, b.kind != .real { a = a.asReal }
      if b.kind == .truth, a.kind != .real { b = b.asReal }
      let kind: Kind = areNumbers ? .number : a.kind == .real || b.kind == .real ? .real : .integer
      return made(.product, .sign, .product, kind)
    case .add, .subtract:
      (a, b) = (a.counted, b.counted)
      return made(
        .sum, .product, .sum,
        areNumbers ? .number : areWhole && a.kind != .real && b.kind != .real ? .integer : .real)
    case .divide:
      (a, b) = (a.counted, b.counted)
      let isSafe = b.text.contains { "123456789m".contains($0) } && b.level == .suffix
      if areNumbers, !isSafe { a = PythonPiece(text: language.scalar(a.text)) }
      return made(.product, .sign, .product, areNumbers && isSafe ? .number : .real)
    case .matrixProduct:
      (a, b) = (a.asReal, b.asReal)
      return made(.product, .sign, .product, .real)
    case .power:
      (a, b) = (a.asReal, b.asReal)
      let isSafe = b.level == .suffix && b.text.allSatisfy(\.isNumber)
      if areNumbers, !isSafe { a = PythonPiece(text: language.scalar(a.text)) }
      return PythonPiece(
        text: a.within(.suffix) + "**" + b.within(.sign), level: .power,
        kind: areNumbers && isSafe ? .number : .real)
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual:
      (a, b) = (a.counted, b.counted)
      if areNumbers { a = PythonPiece(text: language.scalar(a.text)) }
      return made(.sum, .sum, .comparison, .truth)
    }
  }
}
