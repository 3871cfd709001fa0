import Formulas
import LinearAlgebra
import Operations

/// Formulas, formulas of entries and words → mathematics.
package struct MathWriter {
  let environment: any Environment
  let naming: Naming

  package init(_ environment: any Environment, _ naming: Naming) {
    self.environment = environment
    self.naming = naming
  }

  private enum Level: Int { case comparison, sum, fold, product, sign, power, atom }

  // MARK: Names

  /// `Z1` is Z with index 1, `dW1` the same with a d before it.
  package func name(_ name: String) -> MathNode {
    let shown = naming.symbol(name)
    if shown == name, let value = name.gradientOf, environment.shape(of: value) != nil {
      return .row([.sign("d"), base(value)])
    }
    if shown.hasPrefix("∂L/∂") {
      return .fraction(
        .row([.sign("∂"), .variable("L")]), .row([.sign("∂"), base(String(shown.dropFirst(4)))]))
    }
    return shown.hasPrefix("∂") ? .row([.sign("∂"), base(String(shown.dropFirst()))]) : base(shown)
  }

  private func base(_ name: String) -> MathNode {
    let parts = name.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: true)
    if parts.count == 2, !parts[0].isEmpty, !name.hasPrefix("_") {
      return .below(.variable(String(parts[0])), .variable(String(parts[1])))
    }
    let digits = String(name.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
    guard !digits.isEmpty, digits.count < name.count else { return .variable(name) }
    return .below(.variable(String(name.dropLast(digits.count))), .number(digits))
  }

  // MARK: Formulas

  package func written(_ expression: Expression) -> MathNode { written(expression, within: .comparison) }

  private func written(_ expression: Expression, within outer: Level) -> MathNode {
    let node = bare(expression)
    return level(expression).rawValue < outer.rawValue ? .bracketed(node) : node
  }

  private func level(_ expression: Expression) -> Level {
    switch expression {
    case .number(let x): x < 0 ? .sign : .atom
    case .name, .list, .call, .derivative, .index: .atom
    case .transpose: .power
    case .negative: .sign
    case .binary(let operation, _, _): level(operation)
    }
  }

  private func level(_ operation: BinaryOperator) -> Level {
    switch operation {
    case .add, .subtract: .sum
    case .multiply, .matrixProduct: .product
    // A fraction holds its parts together.
    case .divide: .product
    case .power: .power
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: .comparison
    }
  }

  private func isScalar(_ expression: Expression) -> Bool {
    (try? ShapeInference(environment).shape(of: expression))?.isScalar ?? false
  }

  private func bare(_ expression: Expression) -> MathNode {
    switch expression {
    case .number(let value): return number(Printer.number(value))
    case .name(let name): return self.name(name)
    case .list(let items): return .row([.sign("["), .list(items.map { written($0) }), .sign("]")])
    case .negative(let a): return .row([.sign("-"), written(a, within: .sign)])
    case .transpose(let a): return .above(written(a, within: .atom), .sign("⊤"))
    case .index(let a, let subscripts):
      let inner = subscripts.map { text($0) }.joined(separator: ", ")
      return .row([written(a, within: .atom), .sign("["), .words(inner), .sign("]")])
    case .derivative(let f, let a, let options):
      return application(.above(.function(f.name), .sign("′")), [written(a)], options)
    case .call(let f, let arguments, let options):
      if f.name == "sqrt", arguments.count == 1 { return .root(written(arguments[0])) }
      return application(.function(f.name), arguments.map { written($0) }, options)
    case .binary(let operation, let a, let b): return binary(operation, a, b)
    }
  }

  private func binary(_ operation: BinaryOperator, _ a: Expression, _ b: Expression) -> MathNode {
    func joined(_ sign: String, _ left: Level, _ right: Level) -> MathNode {
      .row([written(a, within: left), .sign(sign), written(b, within: right)])
    }
    switch operation {
    case .add: return joined("+", .sum, .product)
    case .subtract: return joined("-", .sum, .product)
    case .matrixProduct:
      // What stands side by side is read first: (r ⊙ h) U without brackets would be r ⊙ (h U).
      let isEntrywise =
        if case .binary(.multiply, let x, let y) = a { !isScalar(x) && !isScalar(y) } else { false }
      let left: Level = isEntrywise ? .sign : .product
      return .row([written(a, within: left), .sign(" "), written(b, within: .sign)])
    case .multiply: return joined(isScalar(a) || isScalar(b) ? "·" : "⊙", .product, .sign)
    case .divide: return .fraction(written(a), written(b))
    case .power: return .above(written(a, within: .atom), written(b))
    case .less: return joined("<", .sum, .sum)
    case .lessOrEqual: return joined("≤", .sum, .sum)
    case .greater: return joined(">", .sum, .sum)
    case .greaterOrEqual: return joined("≥", .sum, .sum)
    case .equal: return joined("=", .sum, .sum)
    case .notEqual: return joined("≠", .sum, .sum)
    }
  }

  private func application(_ function: MathNode, _ arguments: [MathNode], _ options: CallOptions) -> MathNode
  {
    .row([function, .bracketed(.list(arguments + options.texts.map { .words($0) }))])
  }

  private func text(_ item: Subscript) -> String {
    switch item {
    case .at(let i): "\(i)"
    case .slice(let from, let to, let step):
      (from.map(String.init) ?? "") + ":" + (to.map(String.init) ?? "") + (step == 1 ? "" : ":\(step)")
    case .positions(let list): "\(list)"
    }
  }

  /// `1e-07` is 1·10⁻⁷.
  func number(_ text: String) -> MathNode {
    guard let e = text.firstIndex(where: { $0 == "e" || $0 == "E" }),
      let power = Int(text[text.index(after: e)...])
    else {
      return text.hasPrefix("-") ? .row([.sign("-"), .number(String(text.dropFirst()))]) : .number(text)
    }
    return .row([
      number(String(text[..<e])), .sign("·"), .above(.number("10"), number("\(power)")),
    ])
  }

  // MARK: Formulas of entries

  package func written(_ formula: IndexFormula, hiding hidden: Set<String> = []) -> MathNode {
    written(formula, within: .comparison, hidden)
  }

  private func written(_ formula: IndexFormula, within outer: Level, _ hidden: Set<String>) -> MathNode {
    let node = bare(formula, hidden)
    return level(formula).rawValue < outer.rawValue ? .bracketed(node) : node
  }

  private func level(_ formula: IndexFormula) -> Level {
    switch formula {
    case .number(let x): x < 0 ? .sign : .atom
    case .entry, .delta, .position, .count, .call, .choice, .local, .partial, .difference: .atom
    case .negative: .sign
    case .fold: .fold
    case .terms(let parts): parts.count > 1 ? .sum : .atom
    case .letting: .comparison
    case .binary(let operation, _, _): level(operation)
    }
  }

  private func bare(_ formula: IndexFormula, _ hidden: Set<String>) -> MathNode {
    func part(_ formula: IndexFormula, _ level: Level = .comparison) -> MathNode {
      written(formula, within: level, hidden)
    }
    switch formula {
    case .number(let value): return number(IndexText(precision: nil).number(value))
    case .local(let name): return base(name)
    case .entry(let value, let index): return entry(written(value, within: .atom), index, hidden)
    case .delta(let a, let b): return .below(.variable("δ"), .list([self.index(a), self.index(b)]))
    case .position(let a): return index(a)
    case .count(let variables):
      return .row([.sign("|"), .list(variables.map { .variable($0.name) }), .sign("|")])
    case .negative(let a): return .row([.sign("-"), part(a, .sign)])
    case .call(let f, let a):
      return f.name == "sqrt" ? .root(part(a)) : .row([.function(f.name), .bracketed(part(a))])
    case .choice(let kind, let parts):
      return .row([.function(kind.rawValue), .bracketed(.list(parts.map { part($0) }))])
    case .terms(let parts):
      var items: [MathNode] = []
      for (i, item) in parts.enumerated() {
        if i > 0 { items.append(.sign("+")) }
        items.append(part(item, .product))
      }
      return .row(items)
    case .letting(let name, let value, let body):
      return .row([part(body), .words(", where "), base(name), .sign("="), part(value)])
    case .partial(let a, let name, let index):
      return .fraction(
        .row([.sign("∂"), part(a, .atom)]), .row([.sign("∂"), entry(self.name(name), index, hidden)]))
    case .difference(let a, let name, let index, _):
      return .row([.function("Δ"), .bracketed(.list([part(a), entry(self.name(name), index, hidden)]))])
    case .fold(let kind, let variables, let body):
      let indices = variables.filter { !hidden.contains($0.name) }.map { MathNode.variable($0.name) }
      let sign: MathNode = .over(kind.rawValue, .list(indices))
      return .row([sign, part(body, .product)])
    case .binary(let operation, let a, let b):
      switch operation {
      case .add: return .row([part(a, .sum), .sign("+"), part(b, .product)])
      case .subtract: return .row([part(a, .sum), .sign("-"), part(b, .product)])
      case .multiply, .matrixProduct: return .row([part(a, .product), .sign("·"), part(b, .sign)])
      case .divide: return .fraction(part(a), part(b))
      case .power: return .above(part(a, .atom), part(b))
      case .less: return .row([part(a, .sum), .sign("<"), part(b, .sum)])
      case .lessOrEqual: return .row([part(a, .sum), .sign("≤"), part(b, .sum)])
      case .greater: return .row([part(a, .sum), .sign(">"), part(b, .sum)])
      case .greaterOrEqual: return .row([part(a, .sum), .sign("≥"), part(b, .sum)])
      case .equal: return .row([part(a, .sum), .sign("="), part(b, .sum)])
      case .notEqual: return .row([part(a, .sum), .sign("≠"), part(b, .sum)])
      }
    }
  }

  private func entry(_ value: MathNode, _ index: [Index], _ hidden: Set<String>) -> MathNode {
    let shown = index.filter { item in !(item.onlyVariable.map(hidden.contains) ?? false) }
    return shown.isEmpty ? value : .row([value, .sign("["), .list(shown.map { self.index($0) }), .sign("]")])
  }

  private func index(_ index: Index) -> MathNode {
    if let fixed = index.fixed { return number("\(fixed)") }
    if let only = index.onlyVariable { return .variable(only) }
    return .words(index.text)
  }

  // MARK: Words

  /// Words with mathematics among them.
  package enum Inline: Sendable {
    case words(String)
    /// As it is typed.
    case code(String)
    case math(MathNode)
  }

  package func inline(_ prose: Prose) -> [Inline] {
    prose.runs.map { run in
      switch run {
      case .words(let words): .words(words)
      case .name(let name): .math(self.name(name))
      case .formula(let formula), .beginning(let formula, _): .math(written(formula))
      case .entries(let formula): .math(written(formula))
      case .line(let formula, let hidden): .math(written(formula, hiding: hidden))
      case .figure(let value): .math(number(IndexText().number(value)))
      case .derivative(let value, let other):
        .math(.fraction(.row([.sign("∂"), named(value)]), .row([.sign("∂"), named(other)])))
      }
    }
  }

  private func named(_ value: NamedEntry) -> MathNode {
    entry(name(value.name), value.index.map { Index($0) }, [])
  }
}
