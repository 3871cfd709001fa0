import Formulas
import LinearAlgebra

/// A network as what it is: an ordered list of equations, the last one the loss, and the names that are trained.
package struct Model: Sendable, Hashable {
  package var equations: [Equation]
  package var parameters: [String]
  /// Parameters that are taken for such by their names alone.
  package var guessed: Set<String> = []
  /// How a person says that samples lie; nil when it follows from the equations.
  package var samples: Roles.Samples?
  /// Other names for values: A0 for X, Yhat for the output.
  package var aliases: [String: String] = [:]
  /// The words behind `net` that wrote the equations, nil when they were typed.
  package var specification: String?
  /// What was written as a `repeat`, in the order of the equations that it stands for.
  package var repetitions: [Repetition] = []
  /// Titles of parts, by the name of the equation before which each stands.
  package var headings: [String: String] = [:]

  /// After how many steps of a `repeat` no gradient goes back further; nil: all the way.
  package var truncation: Int?
  /// The equations before that.
  var untruncated: [Equation]?

  package init(equations: [Equation], parameters: [String]) {
    self.equations = equations
    self.parameters = parameters
  }

  /// Equations that were written once for several steps.
  package struct Repetition: Sendable, Hashable {
    /// The equations that it stands for.
    package var equations: Range<Int>
    /// As it is typed in a block, its own `end` included.
    package var lines: [String]

    package init(equations: Range<Int>, lines: [String]) {
      (self.equations, self.lines) = (equations, lines)
    }
  }

  /// A line of the model as it is typed.
  package enum Line: Sendable {
    case equation(Equation), heading(String)
    case repetition(String)
  }

  /// The equations as they were written, each `repeat` once.
  package var lines: [Line] {
    var result: [Line] = []
    var position = 0
    var rest = repetitions[...]
    while equations.indices.contains(position) {
      if let next = rest.first, next.equations.lowerBound == position {
        result += next.lines.map(Line.repetition)
        position = next.equations.upperBound
        rest.removeFirst()
        continue
      }
      if let title = headings[equations[position].name] { result.append(.heading(title)) }
      result.append(.equation(equations[position]))
      position += 1
    }
    return result
  }

  package var lossName: String { equations.last?.name ?? .loss }

  /// The usual other names for the input and the output, where the equations do not use them.
  package mutating func addAliases(input: String?, output: String?) {
    let taken = Set(leaves + equations.map(\.name))
    for (alias, name) in [(String.inputAlias, input), (.outputAlias, output)] where !taken.contains(alias) {
      if let name { aliases[alias] = name }
    }
  }

  /// Names that the equations use and do not define: inputs, targets, parameters.
  package var leaves: [String] {
    var defined: Set<String> = []
    var seen: Set<String> = []
    var result: [String] = []
    for equation in equations {
      for name in equation.expression.names where !defined.contains(name) && name != .sampleCount {
        if seen.insert(name).inserted { result.append(name) }
      }
      defined.insert(equation.name)
    }
    return result
  }

  /// The name that a name stands for; gradients follow their value (dA2 is dS).
  package func resolve(_ name: String) -> String {
    if let target = aliases[name] { return target }
    if let value = name.gradientOf, let target = aliases[value] { return target.gradientName }
    return name
  }
}
