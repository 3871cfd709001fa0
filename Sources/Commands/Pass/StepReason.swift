import Explanations
import Formulas
import Operations
import Sessions

/// Where the formula of a step comes from: the shapes that meet in it, and for a backward step the forward equations
/// and the rules that gave it.
enum StepReason {
  static func lines(_ equation: Equation, in session: Session) throws(Diagnostic) -> [Prose] {
    let program = try session.readyProgram()
    var result: [Prose] = []
    let environment = SessionEnvironment(session)
    let shapes = try GradientDerivation.shapes(equation, ShapeInference(environment))
    if !shapes.isEmpty { result.append("shapes: \(shapes)") }
    guard !equation.rules.isEmpty else { return result }
    let origins = equation.origins.compactMap { origin in program.forward.last { $0.name == origin } }
    let rules = equation.telling.map {
      RuleStatements.reason($0, of: equation, from: origins, in: environment)
    }
    let from: Prose =
      origins.isEmpty ? "" : "from \(origins.map { "\($0)" as Prose }.joined(separator: " and ")), by "
    result.append("\(from)\(rules.joined(separator: "; "))")
    return result
  }
}
