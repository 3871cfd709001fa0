import Formulas

extension Equation {
  /// With the words for several steps in it written out, a step each: `N = layer_norm(X, g, b)` becomes N_mean,
  /// N_centred, … and N.
  /// - Parameter stream: a number that no other equation of the model has, for what is drawn.
  package func writtenOut(stream: Int) throws(Diagnostic) -> [Equation] {
    var made: [Equation] = []
    func writtenOut(_ expression: Expression, _ base: String, isWhole: Bool) throws(Diagnostic) -> Expression
    {
      var parts: [Expression] = []
      for child in expression.children { parts.append(try writtenOut(child, base, isWhole: false)) }
      var next = parts.makeIterator()
      let inner = expression.mapChildren { next.next() ?? $0 }
      guard case .call(let f, let operands, let given) = inner, let operation = Operation.of(f),
        let steps = operation.steps
      else { return inner }
      var own = isWhole ? base : "\(base)_\(f.name)"
      while !isWhole, made.contains(where: { $0.name == own }) { own += "'" }
      var names: [String: Expression] = [:]
      for (i, (operand, expression)) in zip(operation.signature.operands, operands).enumerated() {
        if case .name = expression {
          names[operand.name] = expression
        } else {
          let name = "\(own)_\(i == 0 ? "in" : operand.name)"
          made.append(Equation(name, expression))
          names[operand.name] = .name(name)
        }
      }
      var options = given
      if operation.signature.options.contains(where: { $0.name == "seed" }) {
        if given.seed == nil { options["seed"] = .integer(stream + made.count) } else { names["draw"] = 0 }
      }
      for option in operation.signature.options {
        let usual = Double(option.usual).map { Expression.number($0) }
        names[option.name] = options.number(option.name).map { .number($0) } ?? usual
      }
      guard let call = OperationCall(.call(f, operands, options)) else { return inner }
      var value = inner
      let texts = steps(operands.count)
      for (i, text) in texts.enumerated() {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { continue }
        value = try operation.template(parts[1]).filled(names: names, lists: [:], call, rank: 0)
        guard i < texts.count - 1 else { break }
        let name = "\(own)_\(parts[0].filter { $0 != " " })"
        made.append(Equation(name, value))
        names[parts[0].filter { $0 != " " }] = .name(name)
      }
      if isWhole { return value }
      made.append(Equation(own, value))
      return .name(own)
    }
    let whole = try writtenOut(expression, name, isWhole: true)
    return made + [Equation(name, whole)]
  }
}
