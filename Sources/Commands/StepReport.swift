import Formulas
import LinearAlgebra
import NeuralNetworks

/// A step as it is shown: value, shape, formula, and a word where its numbers went wrong.
enum StepReport {
  static func add(_ equation: Equation, _ value: Tensor, to report: inout Report, in session: Session) {
    var block = Report.TensorBlock(equation.name, value, formula: equation.expression.description)
    if let computed = equation.computedAs { block.remark = "computed as \(computed)" }
    block.showsRowSums = equation.name == "J"
    block.labelSlices(parameters: session.model.parameters, own: equation.name)
    report.add(.tensor(block))
    for note in NumericalNotes.notes(equation, value, in: session) { report.say(note, .warning) }
  }
}

/// Says where nan, infinity and clipping come from, at the step where they first appear.
enum NumericalNotes {
  static func notes(_ equation: Equation, _ value: Tensor, in session: Session) -> [String] {
    let environment = SessionEnvironment(session)
    var result: [String] = []
    func firstBad(_ tensor: Tensor) -> Int? { tensor.elements.firstIndex { !$0.isFinite } }
    func entry(_ name: String, _ tensor: Tensor, _ position: Int) -> String {
      let index = tensor.index(at: position).map(String.init).joined(separator: ",")
      return index.isEmpty ? name : "\(name)[\(index)]"
    }
    if let position = firstBad(value) {
      let operands = equation.evaluated.names.compactMap { name in
        environment.value(of: name).map { (name, $0) }
      }
      let what = value.elements[position].isNaN ? "nan" : "infinity"
      if let (name, tensor) = operands.first(where: { firstBad($0.1) != nil }), let at = firstBad(tensor) {
        result.append(
          "\(what) in \(entry(equation.name, value, position)) comes from \(entry(name, tensor, at))")
      } else {
        var reason = ""
        for (name, tensor) in operands where equation.evaluated.dividesOrTakesLogarithm(of: name) {
          if let zero = tensor.elements.firstIndex(of: 0) {
            let operation = equation.evaluated.dividesBy(name) ? "a division by" : "the logarithm of"
            reason = ": \(operation) \(entry(name, tensor, zero)), which is 0"
            reason += underflow(name, in: session)
          } else if let negative = tensor.elements.firstIndex(where: { $0 < 0 }),
            !equation.evaluated.dividesBy(name)
          {
            reason = ": the logarithm or root of \(entry(name, tensor, negative)), which is negative"
          }
          if !reason.isEmpty { break }
        }
        if reason.isEmpty, what == "infinity" { reason = ": larger than any double (about 1.8e308)" }
        result.append("\(what) first appears in \(entry(equation.name, value, position))\(reason)")
      }
    }
    if let clipped = clippedLogarithm(equation, environment) {
      result.append(clipped + underflow(nil, in: session))
    }
    return result
  }

  /// A zero in a softmax is an underflow: exp of something far below the maximum.
  private static func underflow(_ name: String?, in session: Session) -> String {
    let softmax = session.model.equations.first {
      if case .call(.builtin(.softmax), _, _) = $0.expression {
        name == nil || $0.name == name
      } else {
        false
      }
    }
    guard softmax != nil else { return "" }
    return " (it underflowed: exp of less than about -745 is 0)"
  }

  private static func clippedLogarithm(_ equation: Equation, _ environment: SessionEnvironment) -> String? {
    guard equation.computedAs == nil else { return nil }
    var found: String?
    func visit(_ expression: Expression) {
      if case .call(.loss(let loss), let arguments, _) = expression, arguments.count == 2, found == nil,
        loss.term.contains({ if case .call(.elementwise(.log), _, _) = $0 { true } else { false } }),
        case .name(let name) = arguments[1], let P = environment.value(of: name),
        let Y = try? Evaluator(environment).value(of: arguments[0]), Y.shape == P.shape
      {
        for (i, (y, p)) in zip(Y.elements, P.elements).enumerated() {
          let isLow = y != 0 && p < LossFunction.clip
          let isHigh = loss == .binaryCrossEntropy && y != 1 && 1 - p < LossFunction.clip
          if isLow || isHigh {
            let index = P.index(at: i).map(String.init).joined(separator: ",")
            let argument = isLow ? "\(name)[\(index)]" : "1 - \(name)[\(index)]"
            found =
              "\(equation.name): log(\(argument)) was taken at \(LossFunction.clip) instead of \(isLow ? p : 1 - p)"
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

extension Expression {
  fileprivate func dividesBy(_ name: String) -> Bool {
    contains { if case .binary(.divide, _, let b) = $0 { b.contains(name: name) } else { false } }
  }

  fileprivate func dividesOrTakesLogarithm(of name: String) -> Bool {
    dividesBy(name)
      || contains {
        if case .call(.elementwise(let f), let arguments, _) = $0, f == .log || f == .sqrt {
          arguments.contains { $0.contains(name: name) }
        } else {
          false
        }
      }
  }
}
