import Explanations
import Formulas
import Operations

extension Session {
  /// How names are shown and read.
  package var naming: Naming {
    settings.notation.naming(of: model, roles: roles, others: Set(scratch.keys).union(model.aliases.keys))
  }

  /// Sums of more terms than this are shown with Σ where each is one step of a `repeat`.
  private static let mostTerms = 4

  /// The sum that a gradient of something used in every step of a `repeat` is.
  package func repeatSum(of equation: Equation) -> RepeatSum? {
    let origins = Set(equation.terms.map(\.origin))
    guard origins.count > 1 else { return nil }
    let steps = model.equations.filter { origins.contains($0.name) }.compactMap { equation in
      equation.steps.last.map { (equation.name, $0) }
    }
    let known = Dictionary(steps, uniquingKeysWith: { first, _ in first })
    return RepeatSum(equation.terms, naming: naming) { known[$0] }
  }

  /// A step's equation as it is shown: in index notation that of one entry.
  package func shown(_ equation: Equation) -> Prose {
    let left = entry(of: equation).map { "\($0.left)" as Prose } ?? "\(name: equation.name)"
    return "\(left) = \(rightSide(of: equation))"
  }

  /// Its right side beside the value; nil where it is that number.
  package func shownFormula(of equation: Equation) -> Prose? {
    switch equation.expression {
    case .number, .negative(.number): nil
    case .name, .derivative, .list, .negative, .binary, .transpose, .call, .index: rightSide(of: equation)
    }
  }

  private func rightSide(of equation: Equation) -> Prose {
    guard let (_, right, padded) = entry(of: equation) else {
      if equation.terms.count > Self.mostTerms, let sum = repeatSum(of: equation) { return "\(sum.text)" }
      return "\(equation.expression)"
    }
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
