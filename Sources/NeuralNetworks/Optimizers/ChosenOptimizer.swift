import Formulas
import LinearAlgebra
import Operations
import Plans

/// An optimiser with its options.
package struct ChosenOptimizer: Sendable, Equatable {
  package let name: String
  private var numbers: [String: Double] = [:]
  private var words: [String: String] = [:]

  package init(_ optimizer: Optimizer = .sgd) { name = optimizer.name }

  package var optimizer: Optimizer { Optimizer.named(name) ?? .sgd }

  package func number(_ option: String) -> Double {
    numbers[option] ?? optimizer.numbers.first { $0.name == option }?.usual ?? 0
  }

  package func word(_ option: String) -> String {
    words[option] ?? optimizer.choices.first { $0.name == option }?.words.first ?? ""
  }

  /// Takes an option as it was typed.
  package mutating func set(_ option: String, to text: String, at range: Range<Int>) throws(Diagnostic) {
    if let number = optimizer.numbers.first(where: { $0.name == option }) {
      guard let value = Double(text), number.range.contains(value) else {
        throw Diagnostic(
          "\(option)=\(text.prefix(20)): a number from \(Printer.number(number.range.lowerBound)) to \(Printer.number(number.range.upperBound)) expected",
          at: [range], hint: "\(option) \(number.summary)")
      }
      numbers[option] = value == number.usual ? nil : value
    } else if let choice = optimizer.choices.first(where: { $0.name == option }) {
      guard choice.words.contains(text) else {
        throw Diagnostic(
          "\(option) is \(choice.words.joined(separator: " or ")), not '\(text.prefix(20))'", at: [range],
          hint: "\(choice.summary)")
      }
      words[option] = text == choice.words.first ? nil : text
    } else {
      let own = optimizer.numbers.map(\.name) + optimizer.choices.map(\.name)
      throw Diagnostic(
        "\(name) has no option '\(option.prefix(20))'", at: [range],
        hint: own.isEmpty ? "it has none" : "it has \(own.joined(separator: ", "))")
    }
  }

  /// As it is typed: the name and the options that are not the usual ones.
  package var text: String {
    let own = optimizer
    let parts =
      own.numbers.compactMap { option in numbers[option.name].map { "\(option.name)=\(Printer.number($0))" } }
      + own.choices.compactMap { option in words[option.name].map { "\(option.name)=\($0)" } }
    return ([name] + parts).joined(separator: " ")
  }

  /// The equations with the options' names in them, as they are told of no parameter in particular.
  package var statement: [String] { optimizer.equations(self) }

  /// The equations with numbers for the options, of a parameter `W` and its gradient `dW`.
  private func equations() throws(Diagnostic) -> [Equation] {
    let values = Dictionary(
      optimizer.numbers.map { ($0.name, Expression.number(number($0.name))) }, uniquingKeysWith: { $1 })
    var result: [Equation] = []
    for line in statement {
      guard let sign = line.firstRange(of: " = ") else { continue }
      let formula = try Parser.parse(String(line[sign.upperBound...])).expression
      result.append(Equation(String(line[..<sign.lowerBound]), formula.substituting(values)))
    }
    return result
  }

  /// What one of its values is called for a parameter: `v_W1`.
  package static func valueName(_ letter: String, of parameter: String) -> String { "\(letter)_\(parameter)" }

  package func memoryNames(of parameter: String) -> [String] {
    optimizer.memory.map { Self.valueName($0, of: parameter) }
  }

  /// The equations of one parameter as they are shown and evaluated in step `t`.
  package func shown(for parameter: String, step t: Int) throws(Diagnostic) -> [Equation] {
    try named(parameter, rate: .name(.learningRate), step: .number(Double(t)))
  }

  /// The equations of one parameter for the plan.
  package func update(_ parameter: String, shape: Shape) throws(Diagnostic) -> ParameterUpdate {
    var memory: [(String, Shape)] = [(Optimizer.rate, .scalar), (Optimizer.step, .scalar)]
    for name in memoryNames(of: parameter) { memory.append((Self.planName(name), shape)) }
    let own = Set(memoryNames(of: parameter))
    let equations = try named(parameter, rate: .name(Optimizer.rate), step: .name(Optimizer.step))
    let letters = Dictionary(own.map { ($0, Expression.name(Self.planName($0))) }, uniquingKeysWith: { $1 })
    return ParameterUpdate(
      parameter: parameter, gradientName: parameter.gradientName,
      equations: equations.map { equation in
        Equation(
          own.contains(equation.name) ? Self.planName(equation.name) : equation.name,
          equation.expression.substituting(letters))
      }, memory: memory)
  }

  /// What the plan calls a value: a name that no model has.
  static func planName(_ name: String) -> String { "%\(name)" }

  private func named(
    _ parameter: String, rate: Expression, step: Expression
  ) throws(Diagnostic) -> [Equation] {
    let equations = try equations()
    var names: [String: Expression] = [
      "W": .name(parameter), "dW": .name(parameter.gradientName), "lr": rate, "t": step,
    ]
    for letter in optimizer.memory + equations.map(\.name) where letter != "W" {
      names[letter] = .name(Self.valueName(letter, of: parameter))
    }
    return equations.map { equation in
      let name = equation.name == "W" ? parameter : Self.valueName(equation.name, of: parameter)
      return Equation(name, equation.expression.substituting(names))
    }
  }

  /// The gradient that the equations go on with: `dW`, or with l2 regularisation a value of its own.
  func gradient() -> (lines: [String], name: String) {
    number("l2") == 0 ? ([], "dW") : (["g = dW + l2 * W"], "g")
  }
}

/// How often an optimiser has stepped, and what it remembers, by the names of the values.
package struct OptimizerState: Sendable, Equatable {
  package var chosen: ChosenOptimizer
  package var steps = 0
  package var memory: [String: Tensor] = [:]

  package init(_ chosen: ChosenOptimizer) { self.chosen = chosen }
}
