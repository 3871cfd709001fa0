import Explanations
import Formulas
import Operations

extension Session {
  /// How names are shown and read.
  package var naming: Naming {
    settings.notation.naming(of: model, roles: roles, others: Set(scratch.keys).union(model.aliases.keys))
  }

  /// A step's equation as it is shown: in index notation that of one entry.
  package func shown(_ equation: Equation) -> Prose {
    guard let (left, _, _) = entry(of: equation) else { return "\(equation)" }
    return "\(left) = \(rightSide(of: equation))"
  }

  /// Its right side beside the value; nil where it is that number.
  package func shownFormula(of equation: Equation) -> Prose? {
    if case .number = equation.expression { nil } else { rightSide(of: equation) }
  }

  private func rightSide(of equation: Equation) -> Prose {
    guard let (_, right, padded) = entry(of: equation) else { return "\(equation.expression)" }
    guard !padded.isEmpty else { return "\(right)" }
    let values = padded.map { "\($0)" as Prose }.joined(separator: " and ")
    return "\(right), where \(values) outside of its extents is 0"
  }

  private func entry(of equation: Equation) -> (
    left: IndexFormula, right: IndexFormula, padded: [Expression]
  )? {
    guard settings.notation == .index, case .success(let program) = program,
      program.steps.contains(where: { $0.name == equation.name })
    else { return nil }
    return Notation.entry(
      of: equation, shape: program.shapes[equation.name] ?? .scalar,
      environment: program.shapeEnvironment,
      counting: program.counting, named: namedFormulas, reserved: naming.shown)
  }
}
