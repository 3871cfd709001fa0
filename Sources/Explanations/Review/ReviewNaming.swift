import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

// A model is written in longer lines than a program: what an activation is applied to is a value of the program and has a
// gradient there. A product that is only scaled has no name: its gradient is a multiple of another, which a forgotten factor
// would give as well.

extension Model {
  /// The same model with a name for each argument of an activation that has none: `Z_h` is what `h = tanh(…)` is applied
  /// to. The loss stays as it is read.
  var withNamedParts: Model {
    guard specification == nil, truncation == nil, equations.count < 200 else { return self }
    var taken = Set(leaves + equations.map(\.name))
    var result: [Equation] = []
    for (position, equation) in equations.enumerated() {
      var parts: [Equation] = []
      func named(_ part: Expression) -> Expression {
        let plain = "Z_\(equation.name)"
        guard let name = ([plain] + (2...9).map { plain + "_\($0)" }).first(where: { !taken.contains($0) })
        else { return part }
        taken.insert(name)
        parts.append(Equation(name, part))
        return .name(name)
      }
      func visited(_ formula: Expression) -> Expression {
        switch formula.mapChildren(visited) {
        case .call(let f, let arguments, let options)
        where Operation.of(f)?.isActivation ?? false && arguments.count == 1 && arguments[0].isCompound:
          .call(f, [named(arguments[0])], options)
        case let other: other
        }
      }
      guard position < equations.count - 1 else {
        result.append(equation)
        continue
      }
      var whole = equation
      whole.expression = visited(equation.expression)
      if !parts.isEmpty { whole.computedAs = nil }
      result += parts + [whole]
    }
    guard result.count > equations.count else { return self }
    var model = self
    model.equations = result
    model.repetitions = []
    return model
  }
}

extension Expression {
  fileprivate var isCompound: Bool { !names.isEmpty && !children.isEmpty }
}

extension ReviewLeaves {
  /// Leaves that the program moves as it moves a parameter, or has a gradient of under its name, though the model does not
  /// train them: a `c` or a `v`.
  func moved(_ replay: ReviewReplay) -> [String] {
    let m = batched.compactMap(samples).max()
    return matches.filter { match in
      let own = trace.values[match.position]
      guard !model.parameters.contains(match.leaf), !roles.targets.contains(match.leaf),
        own.precision != .whole, m == nil || samples(match) != m || m == 1
      else { return false }
      return trace.values[(match.position + 1)...].contains { later in
        if later.tensor.count == own.tensor.count, later.precision != .whole,
          VariableName.likeness(later.variable, match.leaf.gradientName) == 3
        {
          return true
        }
        return later.variable == own.variable && later.holder == own.holder && later.tensor != own.tensor
          && later.tensor.count == own.tensor.count && later.formula.contains("-")
          && later.records.first.map { record in
            replay.ancestors(of: replay.source(of: record), through: { _ in true }, depth: 1).contains {
              replay.value($0)?.tensor.elements == own.tensor.elements
            }
          } ?? false
      }
    }.map(\.leaf)
  }
}
