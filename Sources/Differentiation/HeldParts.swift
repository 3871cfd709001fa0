import Formulas
import Operations

extension [Equation] {
  /// The equations with a name for everything that is detached, and the values of these names: differences of what is
  /// computed from them leave it where it is, whatever moves.
  func holdingDetached(in environment: any Environment) -> ([Equation], any Environment) {
    var held = Overlay([:], over: environment)
    var equations = self
    for i in equations.indices {
      for part in equations[i].evaluated.detachedParts {
        guard let value = try? Evaluator(environment).value(of: part) else { continue }
        let name = "%detached\(held.values.count)"
        held.values[name] = value
        equations[i].expression = equations[i].expression.replacing(part, with: .name(name))
        equations[i].computedAs = equations[i].computedAs?.replacing(part, with: .name(name))
      }
    }
    return (equations, held.values.isEmpty ? environment : held)
  }
}
