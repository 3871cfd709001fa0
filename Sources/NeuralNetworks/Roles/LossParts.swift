import Formulas

extension Model {
  /// The loss, and the parts that it is a sum of: beside one of them a penalty may stand.
  ///
  /// A step is looked at once, however often it is added: of steps that each add the one before to itself, twenty have a
  /// million parts.
  /// - Parameter isScaled: what a number multiplies or divides is a part as well.
  func lossParts(isScaled: Bool) -> [(equation: String, term: Expression)] {
    var result: [(String, Expression)] = []
    var seen: Set<String> = []
    func visit(_ expression: Expression, _ equation: String) {
      if case .name(let name) = expression {
        if seen.insert(name).inserted, let definition = equations.last(where: { $0.name == name }) {
          visit(definition.expression, name)
        }
        return
      }
      result.append((equation, expression))
      switch expression {
      case .binary(.add, let a, let b), .binary(.subtract, let a, let b):
        visit(a, equation)
        visit(b, equation)
      case .negative(let a): visit(a, equation)
      case .binary(.multiply, .number, let a) where isScaled,
        .binary(.multiply, let a, .number) where isScaled,
        .binary(.divide, let a, .number) where isScaled:
        visit(a, equation)
      case .number, .name, .list, .binary, .transpose, .call, .derivative, .index: break
      }
    }
    visit(.name(lossName), lossName)
    return result
  }
}
