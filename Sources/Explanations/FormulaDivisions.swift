import Formulas
import Operations

/// Where a division comes from: the mean in the loss or in a forward equation that put it there.
extension FormulaOrigins {
  /// What a forward equation divides by, and in which words that is said.
  struct Mean {
    let reason: Prose
    /// The samples, what a mean runs over, or the number that is written.
    let count: Count

    enum Count: Equatable { case samples, extent, written(Expression) }
  }

  mutating func add(division count: Expression) {
    add(
      .init(
        kind: .division, part: "/ \(Self.bracketed(count))",
        reason:
          "from \(Self.reason(count, in: equation, origins(of: equation)) ?? "the rule of \(equation.telling.joined(separator: "; "))")",
        name: nil, divisor: count))
  }

  mutating func add(factor part: Prose) {
    add(
      .init(
        kind: .slope, part: part, reason: "from the rule of \(equation.telling.joined(separator: "; "))",
        name: nil))
  }

  private static func bracketed(_ count: Expression) -> Prose {
    if case .binary = count { "(\(count))" } else { "\(count)" }
  }

  /// The mean that a division of a backward equation is by; nil where no mean of its origins fits.
  private static func reason(_ count: Expression, in equation: Equation, _ origins: [Equation]) -> Prose? {
    let averages =
      count.contains(name: .sampleCount)
      || equation.telling.contains { rule in
        Operation.all.contains {
          $0.title == rule
            && ($0.name == "mean" || $0.name == "var" || $0.loss != nil)
        }
      }
    return origins.flatMap(means).first { mean in
      switch mean.count {
      case .samples: count.contains(name: .sampleCount)
      case .extent: averages
      case .written(let own): own == count
      }
    }?.reason
  }

  /// The divisions that came in with earlier gradients and are not written here any more, the nearest first; of two by
  /// the same number, the one that is nearer.
  var carried: [Part] {
    var result: [Part] = []
    var queue: [(equation: Equation, way: [String])] = [(equation, [])]
    var seen: Set<String> = [equation.name]
    while !queue.isEmpty {
      let (current, way) = queue.removeFirst()
      for name in current.expression.names where seen.insert(name).inserted {
        guard let next = backward.first(where: { $0.name == name }) else { continue }
        for count in next.divisors {
          guard !result.contains(where: { $0.divisor == count }),
            let reason = Self.reason(count, in: next, origins(of: next))
          else { continue }
          let through: Prose = way.isEmpty ? "" : ", carried through \(names: way.reversed())"
          result.append(
            Part(
              kind: .division, part: "1/\(Self.bracketed(count))",
              reason: "not written here: from \(reason); it came in with \(next)\(through)",
              name: next.name, divisor: count))
        }
        queue.append((next, way + [next.name]))
      }
    }
    return result
  }

  /// `the mean over the samples in L = …`, of everything in a formula that divides.
  static func means(in origin: Equation) -> [Mean] {
    var found: [Mean] = []
    func visit(_ expression: Expression) {
      if case .call(let f, _, let options) = expression {
        if let loss = Operation.loss(f)?.loss {
          switch loss.averaging(options) {
          case .samples: found.append(Mean(reason: "the mean over the samples in \(origin)", count: .samples))
          case .entries: found.append(Mean(reason: "the mean over all entries in \(origin)", count: .extent))
          case .none: break
          }
        } else if f == "mean" || f == "var" {
          found.append(Mean(reason: "the \(f == "var" ? "variance" : "mean") in \(origin)", count: .extent))
        }
      }
      if case .binary(.divide, _, let b) = expression, isCount(b) {
        found.append(Mean(reason: "the division in \(origin)", count: .written(b)))
      }
      expression.children.forEach(visit)
    }
    visit(origin.expression)
    return found
  }
}

extension Equation {
  /// The numbers and counts that its formula divides by.
  fileprivate var divisors: [Expression] {
    var result: [Expression] = []
    func visit(_ expression: Expression) {
      if case .binary(.divide, _, let b) = expression, FormulaOrigins.isCount(b) { result.append(b) }
      expression.children.forEach(visit)
    }
    visit(expression)
    return result
  }
}
