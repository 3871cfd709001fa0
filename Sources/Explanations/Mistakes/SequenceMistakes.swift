import Formulas
import LinearAlgebra
import Operations

// Mistakes about what is used again and again: weights in every step of a sequence, rows of a table of embeddings.

extension Mistake {
  static let lastStepOnly = Mistake(
    id: "last-step-only",
    explanation:
      "Only one step was counted: the same weights are used in every step, and the gradients of all of them are added.",
    making: .inOneEquation { pass, step, right in
      guard step == pass.target, pass.isParameterGradient(step) else { return [] }
      // The backward pass meets the last step first; what each step overwrites is left from the first.
      let terms = right.terms
      return terms.count > 1 ? [terms[0], terms[terms.count - 1]] : []
    })

  static let staleValue = Mistake(
    id: "stale-value",
    explanation:
      "A value of another step stands here: each product takes the values of the step in which the weights were used.",
    making: .inOneEquation { pass, step, right in
      guard pass.isBackward, step >= pass.forwardCount else { return [] }
      // In every step of a sequence the value of the step behind it, or of the one before.
      let all = [1, -1].compactMap { shift -> Expression? in
        let changed = right.rewritingAll { node in
          guard case .binary(.matrixProduct, let a, let b) = node else { return nil }
          let others = a.names.reduce(into: [String: Expression]()) { others, name in
            let line = pass.sequence(of: name)
            if let at = line.firstIndex(of: name), line.indices.contains(at + shift) {
              others[name] = .name(line[at + shift])
            }
          }
          return others.isEmpty ? nil : a.substituting(others).times(b)
        }
        return changed == right ? nil : changed
      }
      return all
        + right.rewritings { node in
          switch node {
          case .binary(.matrixProduct, let a, let b):
            a.names.flatMap { name in
              pass.siblings(of: name).map { a.substituting([name: .name($0)]).times(b) }
            }
          // A state that a gate let through.
          case .binary(.multiply, let a, .name(let name)) where name.gradientOf == nil:
            pass.sequence(of: name).filter { $0 != name && $0.stem == name.stem }.map { a * .name($0) }
          default: []
          }
        }
    })

  static let embeddingOverwritten = Mistake(
    id: "embedding-overwritten",
    explanation:
      "A row that was taken twice got one gradient alone: what comes back to it is added up, where an assignment keeps the last.",
    making: .inOneEquation { pass, step, right in
      guard pass.isBackward, step >= pass.forwardCount else { return [] }
      return right.rewritings { node in
        switch node {
        case .binary(.matrixProduct, .transpose(let rows), let g):
          guard case .name(let name) = rows, let value = pass.values[name], value.rank == 2,
            value.isCounting, value.sum(axis: 1).elements.allSatisfy({ $0 == 1 })
          else { return [] }
          return [Expression.transpose(rows.lastOfEach).times(g)]
        case .call(let f, let arguments, _) where f.name == "scatter" && arguments.count == 2:
          guard case .index(let table, let subscripts) = arguments[1], subscripts.count == 1,
            case .positions(let positions) = subscripts[0],
            let count = pass.shape(ifFitting: table)?.dimensions.first
          else { return [] }
          let rows = Expression.call(Function("onehot"), [positions, .number(Double(count))], .none)
          return [Expression.transpose(rows.lastOfEach).times(arguments[0])]
        default: return []
        }
      }
    })
}

extension Expression {
  /// One-hot rows, of which only the last of each kind is kept.
  fileprivate var lastOfEach: Expression {
    let all = Expression.call(Function("sum"), [self], CallOptions(axis: 0))
    let sofar = Expression.call(Function("cumsum"), [self], CallOptions(axis: 0))
    return self * .binary(.equal, all - sofar, 0)
  }
}

extension String {
  /// A name without the number at its end: h of h2.
  fileprivate var stem: Substring { dropLast(reversed().prefix(while: \.isNumber).count) }
}

extension MistakePass {
  /// A value among those that are made in the same way, in their order, behind what the first of them begins with.
  fileprivate func sequence(of name: String) -> [String] {
    let all = Set(siblings(of: name) + [name])
    let line = inputs.filter(all.contains) + steps[..<forwardCount].map(\.name).filter(all.contains)
    // Of states and cells of one shape those that are called alike.
    let own = line.filter { $0.stem == name.stem }
    return own.count > 1 ? own : line
  }

  /// Values of the same shape that are made in the same way, and what stands in their place in the first step.
  fileprivate func siblings(of name: String) -> [String] {
    guard let own = steps[..<forwardCount].first(where: { $0.name == name }), let shape = shapes[name] else {
      guard inputs.contains(name) else { return [] }
      // The first state is given, and those that follow are called after it.
      let later = steps[..<forwardCount].map(\.name).filter {
        $0 != $0.stem && $0.stem == name.stem && shapes[$0] == shapes[name]
      }
      return inputs.filter { $0 != name && shapes[$0] == shapes[name] } + later
    }
    func kind(_ expression: Expression) -> String {
      switch expression {
      case .call(let f, _, _): f.name
      case .binary(let op, _, _): op.rawValue
      default: ""
      }
    }
    let others = steps[..<forwardCount].filter {
      $0.name != name && shapes[$0.name] == shape && kind($0.expression) == kind(own.expression)
    }.map(\.name)
    return others + inputs.filter { shapes[$0] == shape }
  }
}
