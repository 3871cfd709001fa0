import Differentiation
import Formulas
import LinearAlgebra
import Operations

/// Where every part of a formula comes from: each factor, transpose, sum and division of a backward equation, back to the
/// line of the loss or the broadcast that put it there.
package struct FormulaOrigins {
  package enum Kind: Sendable { case value, slope, transpose, sum, division, addition }

  package struct Part: Sendable {
    package let kind: Kind
    /// What stands in the formula: `X.T`, `/ m`.
    package let part: Prose
    package let reason: Prose
    /// The value to go on with, or nil.
    package let name: String?
    /// What a division is by.
    package var divisor: Expression?
  }

  package internal(set) var parts: [Part] = []
  /// The forward equations and the rules that gave the formula; nil for an equation of the model.
  package private(set) var derivation: Prose?

  let equation: Equation
  let forward: [Equation]
  let backward: [Equation]
  private let environment: any Environment
  private let counting: SampleCounting?
  private let role: (String) -> String?
  /// The equation entry by entry.
  private let entries: Prose?

  /// - Parameters:
  ///   - role: what a name without an equation is: "input", "parameter".
  ///   - entries: the equation entry by entry, as it is shown.
  package init(
    of equation: Equation, forward: [Equation], backward: [Equation], environment: any Environment,
    counting: SampleCounting?, entries: Prose?, role: @escaping (String) -> String?
  ) {
    (self.equation, self.forward, self.backward) = (equation, forward, backward)
    (self.environment, self.counting, self.entries, self.role) = (environment, counting, entries, role)
    let origins = self.origins(of: equation)
    if equation.rules.isEmpty {
      for name in equation.expression.names where name != .sampleCount { add(read: name) }
      for mean in Self.means(in: equation) {
        let count: Expression = if case .written(let own) = mean.count { own } else { .name(.sampleCount) }
        let part: Prose = mean.count == .extent ? "1/count" : "1/\(count)"
        add(.init(kind: .division, part: part, reason: "from \(mean.reason)", name: nil, divisor: count))
      }
      return
    }
    let rules = equation.telling.map {
      RuleStatements.reason($0, of: equation, from: origins, in: environment)
    }
    let from: Prose =
      origins.isEmpty ? "" : "from \(origins.map { "\($0)" as Prose }.joined(separator: " and ")), "
    derivation = "\(from)by \(rules.joined(separator: "; "))"
    visit(equation.expression)
    let own = parts.filter { $0.kind == .division }.map(\.divisor)
    parts += carried.filter { !own.contains($0.divisor) }
  }

  func origins(of equation: Equation) -> [Equation] {
    equation.origins.compactMap { origin in forward.last { $0.name == origin } }
  }

  private var target: String { equation.name.gradientOf ?? equation.name }

  // MARK: Parts

  private func isBackward(_ expression: Expression) -> Bool {
    expression.names.contains { name in backward.contains { $0.name == name } }
  }

  /// A number, m, or a product of them.
  package static func isCount(_ expression: Expression) -> Bool {
    switch expression {
    case .number, .name(.sampleCount): true
    case .binary(.multiply, let a, let b): isCount(a) && isCount(b)
    case .name, .list, .negative, .binary, .transpose, .call, .derivative, .index: false
    }
  }

  private mutating func visit(_ expression: Expression) {
    switch expression {
    case .negative(let a): visit(a)
    case .binary(let operation, let a, let b) where operation == .add || operation == .subtract:
      guard isBackward(a) || isBackward(b) else { return add(slope: expression) }
      if equation.origins.count > 1 {
        parts.append(
          .init(
            kind: .addition, part: "\(operation.rawValue)",
            reason:
              "\(name: target) is read by \(names: equation.origins): what comes back from each is added",
            name: nil))
      }
      visit(a)
      visit(b)
    case .binary(.divide, let a, let b):
      visit(a)
      if Self.isCount(b) { add(division: b) } else if !add(denominator: b) { visit(b) }
    case .binary(.multiply, let a, let b):
      if Self.isCount(a) { add(factor: "\(a) *") } else { visit(a) }
      if Self.isCount(b) { add(factor: "* \(b)") } else { visit(b) }
    case .binary(.matrixProduct, let a, let b):
      visit(a)
      visit(b)
      add(product: a, b)
    case .transpose(let a):
      visit(a)
      let shape: Prose = shape(of: a).map { " (\($0))" } ?? ""
      let index: Prose = entries.map { ": \($0)" } ?? ""
      parts.append(
        .init(
          kind: .transpose, part: "\(expression)",
          reason: "turned, so that what is summed meets: \(a)\(shape) holds it along its other axis\(index)",
          name: nil))
    case .call("sum", let arguments, _):
      var summed = arguments.first
      while case .call("sum", let inner, _)? = summed { summed = inner.first }
      summed.map { visit($0) }
      add(sum: expression)
    case .name(let name): add(name: name)
    case .number: break
    case .list, .binary, .call, .derivative, .index: add(slope: expression)
    }
  }

  private func shape(of expression: Expression) -> Shape? {
    try? ShapeInference(environment).shape(of: expression)
  }

  mutating func add(_ part: Part) {
    if !parts.contains(where: { $0.part == part.part && $0.kind == part.kind }) { parts.append(part) }
  }

  private mutating func add(read name: String) {
    let shape: Prose = shape(of: .name(name)).map { $0.isScalar ? "" : " (\($0))" } ?? ""
    let reason: Prose
    if let made = forward.last(where: { $0.name == name }) {
      reason = "computed before: \(made)"
    } else {
      reason = role(name).map { "given: \($0)" } ?? "given"
    }
    add(.init(kind: .value, part: "\(name: name)\(shape)", reason: reason, name: name))
  }

  private mutating func add(name: String) {
    let origins = self.origins(of: equation)
    let reason: Prose
    if name == target {
      reason =
        readsEntries(of: name)
        ? "its own value, on which the slope depends"
        : "its shape, which the gradient has; no number of it is read"
    } else if let made = backward.first(where: { $0.name == name }) {
      reason =
        name.gradientOf.map { "what the loss changes by \(name: $0), computed before: \(made)" } ?? "\(made)"
    } else if let origin = origins.first(where: {
      $0.expression.contains(name: name) && $0.expression.contains(name: target)
    }) {
      reason =
        "stands beside \(name: target) in \(origin): by it \(name: origin.name) changes with \(name: target)"
    } else if let made = forward.last(where: { $0.name == name }) {
      reason = "a value of the forward pass: \(made)"
    } else {
      reason = role(name).map { "given: \($0)" } ?? "given"
    }
    add(.init(kind: .value, part: "\(name: name)", reason: reason, name: name))
  }

  /// Whether a number of it is read, and not its shape alone, as the gradient of a convolution's kernel does.
  private func readsEntries(of name: String) -> Bool {
    func visit(_ expression: Expression) -> Bool {
      guard let call = OperationCall(expression) else { return expression == .name(name) }
      return call.operands.enumerated().contains { i, operand in
        operand == .name(name) ? call.operation.readsEntries(ofOperand: i) : visit(operand)
      }
    }
    return visit(equation.expression)
  }

  /// What a function or a fused loss makes of values of the forward pass.
  private mutating func add(slope expression: Expression) {
    let names = expression.names.filter { $0 != .sampleCount }
    let isGradient = isBackward(expression)
    add(
      .init(
        kind: .slope, part: "\(expression)", reason: "from \(source(of: expression))",
        name: isGradient ? nil : names.first))
    if isGradient { for name in names { add(name: name) } }
  }

  /// The function, and the equation in which it stands, of whose slope this is a part. Where several rules met and it is
  /// a part of none's slope alone, all of them: to guess would put it to the wrong one.
  private func source(of slope: Expression) -> Prose {
    let origins = origins(of: equation)
    let ofFunctions = equation.rules.filter { rule in
      Operation.all.contains { $0.title == rule && $0.slope != nil } || RuleStatements.isStep(rule)
    }
    for origin in origins {
      var title: String?
      _ = origin.expression.contains { part in
        guard let call = OperationCall(part), let argument = call.operands.first,
          part.contains(name: target)
        else { return false }
        let value: Expression = part == origin.expression ? .name(origin.name) : part
        guard call.operation.slope(at: argument, value: value)?.contains({ $0 == slope }) == true else {
          return false
        }
        title = call.operation.title
        return true
      }
      if let title { return "\(title) in \(origin)" }
    }
    let rules = Set(ofFunctions).count == 1 ? ofFunctions.suffix(1) : equation.telling[...]
    let named = origins.filter { origin in
      origin.expression.contains { OperationCall($0).map { rules.contains($0.operation.title) } ?? false }
    }
    let places = (named.isEmpty ? origins : named).map { "\($0)" as Prose }.joined(separator: " and ")
    return "\(rules.joined(separator: "; "))\(origins.isEmpty ? "" : " in \(places)" as Prose)"
  }

  /// What a formula of the model divides by stands below its gradients as it is, and squared below what comes of it.
  private mutating func add(denominator: Expression) -> Bool {
    var isSquare = false
    let origin = origins(of: equation).first { origin in
      origin.expression.contains { part in
        guard case .binary(.divide, _, let below) = part else { return false }
        isSquare = denominator == .binary(.power, below, 2)
        return isSquare || denominator == below
      }
    }
    guard let origin else { return false }
    add(
      .init(
        kind: .slope, part: "/ \(denominator)",
        reason:
          "from the division in \(origin)\(isSquare ? ": the quotient rule squares what is divided by" : "")",
        name: denominator.names.first { $0 != .sampleCount }))
    return true
  }

  // MARK: Sums

  private mutating func add(product a: Expression, _ b: Expression) {
    let isOverSamples =
      counting.map { counting in
        // Of a gradient no shape is known there; in columns it stands first.
        let (own, other) = (
          try? ShapeInference(counting.shapes).shape(of: a), try? ShapeInference(counting.shapes).shape(of: b)
        )
        return (own?.dimensions.last ?? other?.dimensions.dropLast().last) == counting.extent
      } ?? false
    let origin: Prose =
      origins(of: equation).first { origin in
        origin.expression.contains { part in
          if case .binary(.matrixProduct, _, _) = part { part.contains(name: target) } else { false }
        }
      }.map { " in \($0)" } ?? ""
    let why: Prose =
      isOverSamples
      ? "over the samples: every sample reads the same \(name: target)\(origin), and what each asks of it is added"
      : "every entry of \(name: target) is read several times\(origin), and what comes back is added"
    let index: Prose = parts.contains { $0.kind == .transpose } ? "" : entries.map { ": \($0)" } ?? ""
    add(.init(kind: .sum, part: "sum in @", reason: "\(why)\(index)", name: nil))
  }

  private mutating func add(sum expression: Expression) {
    add(
      .init(
        kind: .sum, part: "\(expression)",
        reason: broadcast(among: Set(expression.names.compactMap(\.gradientOf)))
          ?? "from \(equation.telling.joined(separator: "; ")): each entry is read by several, and what comes back is added",
        name: nil))
  }

  /// `b1 (1×5) was copied to every row of Z1 (4×5) in …`; nil where nothing was copied.
  package var broadcast: Prose? { broadcast(among: []) }

  /// - Parameter values: the steps whose gradients are summed, where a value is read by several.
  private func broadcast(among values: Set<String>) -> Prose? {
    let origins = origins(of: equation)
    let own = origins.filter { values.contains($0.name) }
    for origin in own.isEmpty ? origins : own {
      guard origin.expression.reachesEntries(target), let own = shape(of: .name(target)),
        let whole = shape(of: .name(origin.name))
      else { continue }
      let lead = whole.rank - own.rank
      let axes = whole.dimensions.indices.filter { axis in
        whole.dimensions[axis] > 1 && (axis < lead || own.dimensions[axis - lead] == 1)
      }
      guard !axes.isEmpty else { continue }
      let place: String
      switch (axes, whole.rank) {
      case (let axes, _) where axes.count == whole.rank: place = "every entry"
      case ([0], 2): place = "every row"
      case ([1], 2): place = "every column"
      default: place = "every place along axis \(axes.map(String.init).joined(separator: ", "))"
      }
      return
        "\(name: target) (\(own)) was copied to \(place) of \(name: origin.name) (\(whole)) in \(origin), and every copy moves the loss: their gradients add up"
    }
    return nil
  }
}

extension Expression {
  /// Whether a name meets other values entry by entry: as a factor of a matrix product it is not copied.
  fileprivate func reachesEntries(_ name: String) -> Bool {
    switch self {
    case .name(let own): own == name
    case .binary(.matrixProduct, _, _): false
    default: children.contains { $0.reachesEntries(name) }
    }
  }
}

extension Equation {
  /// The rules that say something of the formula: a sum hands on what reaches it, and is named where nothing else is.
  package var telling: [String] {
    let others = rules.filter { $0 != Operation.add.title && $0 != "copy" }
    return others.isEmpty ? rules : others
  }
}
