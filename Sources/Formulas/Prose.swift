/// Words with names and formulas among them, as a command says them. None of it is finished text: names and formulas stay
/// what they are until a renderer prints them, so that a notation is a way of printing.
package struct Prose: Sendable, Equatable {
  package enum Run: Sendable {
    case words(String)
    /// A name of the program: `dW1`.
    case name(String)
    case formula(Expression)
    /// The first so many characters of a formula, and `…` for the rest.
    case beginning(Expression, Int)
    case entries(IndexFormula)
    /// A line of a derivation, its constants in full, some indices not written.
    case line(IndexFormula, hiding: Set<String>)
    /// A number with as many decimals as numbers of index formulas have.
    case figure(Double)
    /// The derivative of one value or entry by another, as a value: `dZ2/dW2`.
    case derivative(NamedEntry, by: NamedEntry)
  }

  package private(set) var runs: [Run]

  package init(_ runs: [Run] = []) { self.runs = runs }

  /// As it is printed.
  /// - Parameter precision: decimals of numbers in index formulas that are not whole.
  package func text(_ naming: Naming = .standard, precision: Int = 4) -> String {
    var result = ""
    for run in runs { result += text(run, naming, precision) }
    return result
  }

  private func text(_ run: Run, _ naming: Naming, _ precision: Int) -> String {
    switch run {
    case .words(let words): return words
    case .name(let name): return naming.symbol(name)
    case .formula(let formula): return Printer(naming).text(formula)
    case .beginning(let formula, let count):
      let text = Printer(naming).text(formula)
      return text.count <= count ? text : text.prefix(count) + "…"
    case .entries(let formula): return IndexText(precision: precision, naming: naming).text(formula)
    case .line(let formula, let hidden):
      return IndexText(precision: nil, hiding: hidden, naming: naming).text(formula)
    case .figure(let value): return IndexText(precision: precision).number(value)
    case .derivative(let value, let other):
      return naming.differential(value) + "/" + naming.differential(other)
    }
  }

  /// Equal are those that read the same.
  package static func == (a: Prose, b: Prose) -> Bool { a.text() == b.text() }

  package static func + (a: Prose, b: Prose) -> Prose { Prose(a.runs + b.runs) }
  package static func += (a: inout Prose, b: Prose) { a.runs += b.runs }

  package var isEmpty: Bool { text().isEmpty }
}

extension Prose: ExpressibleByStringInterpolation {
  package init(stringLiteral value: String) { runs = value.isEmpty ? [] : [.words(value)] }
  package init(stringInterpolation: StringInterpolation) { runs = stringInterpolation.runs }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var runs: [Run] = []

    package init(literalCapacity: Int, interpolationCount: Int) {
      runs.reserveCapacity(2 * interpolationCount + 1)
    }

    package mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { runs.append(.words(literal)) }
    }

    /// Text that is no name and no formula: a number, a shape, what was typed.
    package mutating func appendInterpolation(_ words: some CustomStringConvertible) {
      runs.append(.words(words.description))
    }

    package mutating func appendInterpolation(_ prose: Prose) { runs += prose.runs }
    package mutating func appendInterpolation(_ formula: Expression) { runs.append(.formula(formula)) }
    package mutating func appendInterpolation(_ formula: IndexFormula) { runs.append(.entries(formula)) }

    package mutating func appendInterpolation(_ formula: IndexFormula, hiding hidden: Set<String>) {
      runs.append(.line(formula, hiding: hidden))
    }

    package mutating func appendInterpolation(_ equation: Equation) {
      runs += [.name(equation.name), .words(" = "), .formula(equation.expression)]
    }

    package mutating func appendInterpolation(_ entry: NamedEntry) {
      runs.append(.entries(.entry(.name(entry.name), entry.index.map { Index($0) })))
    }

    package mutating func appendInterpolation(name: String) { runs.append(.name(name)) }

    /// Names with commas between them.
    package mutating func appendInterpolation(names: [String]) {
      runs += names.map { Prose([.name($0)]) }.joined(separator: ", ").runs
    }

    package mutating func appendInterpolation(figure: Double) { runs.append(.figure(figure)) }

    package mutating func appendInterpolation(beginning formula: Expression, _ count: Int) {
      runs.append(.beginning(formula, count))
    }

    package mutating func appendInterpolation(derivativeOf value: NamedEntry, by other: NamedEntry) {
      runs.append(.derivative(value, by: other))
    }
  }
}

extension Prose: CustomStringConvertible {
  package var description: String { text() }
}

extension Sequence where Element == Prose {
  package func joined(separator: Prose = "") -> Prose {
    var result = Prose()
    for (i, part) in enumerated() {
      if i > 0 { result += separator }
      result += part
    }
    return result
  }
}
