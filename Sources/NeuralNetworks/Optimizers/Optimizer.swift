import Formulas
import LinearAlgebra
import Operations

/// How a gradient becomes a step, as equations: what is shown is what the plan compiles. One file and one line in
/// `all` each.
package struct Optimizer: Sendable {
  package let name: String
  package let summary: String
  /// Where its equations are from, and what other sources do otherwise.
  package let source: String
  /// A learning rate that suits it when none is given.
  package let usualRate: Double
  /// Names of what it remembers for every parameter, shaped like it and 0 at first.
  package let memory: [String]
  package var numbers: [Number] = []
  package var choices: [Choice] = []
  /// Equations of the parameter `W`, its gradient `dW`, the learning rate `lr`, the number of the step `t` (from 1),
  /// the numbers of the options, and the memory. Those that give a new value to `W` or to a memory replace the old one.
  package let equations: @Sendable (ChosenOptimizer) -> [String]

  /// An option that is a number, under whose name it stands in the equations.
  package struct Number: Sendable {
    package let name: String
    package let usual: Double
    package let range: ClosedRange<Double>
    package let summary: String
  }

  /// An option that is one of some words, the usual one first.
  package struct Choice: Sendable {
    package let name: String
    package let words: [String]
    package let summary: String
  }

  package static let all: [Optimizer] = [
    .sgd, .momentum, .nesterov, .adagrad, .rmsprop, .adam, .adamw,
  ]

  package static func named(_ name: String) -> Optimizer? { all.first { $0.name == name } }

  /// Every option of any optimiser.
  package static let optionNames: [String] = {
    var seen: Set<String> = []
    return all.flatMap { $0.numbers.map(\.name) + $0.choices.map(\.name) }.filter { seen.insert($0).inserted }
  }()

  /// Names of values that are numbers, shared by all parameters.
  static let rate = "%lr"
  static let step = "%t"
}

extension Optimizer.Number {
  /// L2 regularisation: a part of the gradient, as PyTorch's weight_decay is in SGD and Adam.
  static let l2 = Optimizer.Number(
    name: "l2", usual: 0, range: 0...1e6,
    summary: "adds l2 * W to the gradient, as a penalty l2 * sum(W**2) / 2 in the loss would")
  static func epsilon(_ usual: Double) -> Optimizer.Number {
    Optimizer.Number(
      name: "epsilon", usual: usual, range: 0...1e6, summary: "keeps the division from one by 0")
  }
}
