import Formulas
import Operations

/// Where a division comes from: the mean in the loss or in a forward equation that put it there.
extension FormulaOrigins {
  mutating func add(division count: Expression) {
    let averages = equation.telling.contains { rule in
      Operation.all.contains {
        $0.title == rule
          && ($0.name == "mean" || $0.name == "var" || $0.loss.map { $0.averaging != .none } == true)
      }
    }
    let isMean = averages || count.contains(name: .sampleCount)
    let reason = isMean ? origins(of: equation).compactMap(Self.mean).first : nil
    add(
      .init(
        kind: .division, part: "/ \(Self.bracketed(count))",
        reason: "from \(reason ?? "the rule of \(equation.telling.joined(separator: "; "))")", name: nil))
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

  /// The division that came in with an earlier gradient and is not written here any more.
  var carried: Part? {
    var path: [String] = []
    var current = equation
    var seen: Set<String> = [equation.name]
    while let next = current.expression.names.compactMap({ name in backward.first { $0.name == name } })
      .first(where: { seen.insert($0.name).inserted })
    {
      var count: Expression?
      _ = next.expression.contains { part in
        if case .binary(.divide, _, let b) = part, Self.isCount(b) { count = count ?? b }
        return false
      }
      if let count, let reason = origins(of: next).compactMap(Self.mean).first {
        let way: Prose = path.isEmpty ? "" : ", carried through \(names: path.reversed())"
        return Part(
          kind: .division, part: "1/\(Self.bracketed(count))",
          reason: "not written here: from \(reason); it came in with \(next)\(way)", name: next.name)
      }
      path.append(next.name)
      current = next
    }
    return nil
  }

  /// `the mean over the samples in L = …`; nil where a formula divides by nothing.
  static func mean(in origin: Equation) -> Prose? {
    var found: Prose?
    func visit(_ expression: Expression) {
      guard found == nil else { return }
      if case .call(let f, _, let options) = expression {
        if let loss = Operation.loss(f)?.loss, options.reduction != .sum {
          switch loss.averaging {
          case .samples: found = "the mean over the samples in \(origin)"
          case .entries: found = "the mean over all entries in \(origin)"
          case .none: break
          }
        } else if f == "mean" || f == "var" {
          found = "the mean in \(origin)"
        }
      }
      if case .binary(.divide, _, let b) = expression, isCount(b) { found = "the division in \(origin)" }
      expression.children.forEach(visit)
    }
    visit(origin.expression)
    return found
  }
}
