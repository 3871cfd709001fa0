import Explanations
import Formulas
import Operations
import Sessions

/// Says where nan, infinity and clipping come from, at the step where they first appear.
enum NumericalNotes {
  static func notes(_ equation: Equation, in session: Session) -> [Prose] {
    let environment = SessionEnvironment(session)
    var result: [Prose] = []
    if let origin = NumericalOrigin(environment, session.model.equations)
      .explain(equation.evaluated, as: equation.name)
    {
      result.append(origin)
    }
    if let note = equation.expression.eachWithEachNote(in: environment) { result.append(note) }
    if let tie = TieNotes.note(equation, environment) { result.append(tie) }
    if let clipped = clippedLogarithm(equation, environment) {
      result.append(clipped)
    }
    if equation.name == session.model.lossName {
      for warning in [session.misplacedClasses, session.turnedLoss] {
        if let warning { result.append(warning) }
      }
    }
    return result
  }

  private static func clippedLogarithm(_ equation: Equation, _ environment: SessionEnvironment) -> Prose? {
    guard equation.computedAs == nil else { return nil }
    var found: Prose?
    func visit(_ expression: Expression) {
      if case .call(let f, let arguments, _) = expression, arguments.count == 2, found == nil,
        let loss = Operation.loss(f), loss.loss?.isClassification == true,
        case .name(let name) = arguments[1], let P = environment.value(of: name),
        let Y = try? Evaluator(environment).value(of: arguments[0]), Y.shape == P.shape
      {
        for (i, (y, p)) in zip(Y.elements, P.elements).enumerated() {
          let isLow = y != 0 && p < LossTraits.clip
          let isHigh = loss.loss?.averaging == .entries && y != 1 && 1 - p < LossTraits.clip
          if isLow || isHigh {
            let entry = Expression.name(name).entry(P.index(at: i))
            let argument: Prose = isLow ? "\(entry)" : "1 - \(entry)"
            found =
              "\(name: equation.name): log(\(argument)) was taken at \(LossTraits.clip), the smallest that a loss takes it at, instead of \(Printer.number(isLow ? p : 1 - p)): in \(name: name) the loss stays the same around here, and a gradient check finds no slope"
            return
          }
        }
      }
      expression.children.forEach(visit)
    }
    visit(equation.expression)
    return found
  }
}
