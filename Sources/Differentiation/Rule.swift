import Formulas
import LinearAlgebra
import Operations

/// One operation of a formula, as its rule of differentiation sees it.
package struct Node {
  package let expression: Expression
  package let call: OperationCall
  package let application: Application
  /// The operation's value: its name where it is the whole right side of an equation, else the operation itself.
  package let value: Expression
  package let shape: Shape
  package let operands: [Operand]
  package let counting: SampleCounting?
  /// Shapes of everything that an operand may name.
  let environment: any Environment

  package struct Operand {
    package let expression: Expression
    package let shape: Shape
  }

  /// A count as it is written: `m`, `m * 3`, or a number.
  func count(_ n: Int) -> Expression { counting?.expression(n) ?? .number(Double(n)) }

  /// Extents as the sizes of a call: `m, 4`.
  func sizes(_ shape: Shape) -> [Expression] { shape.dimensions.map(count) }

  /// What reaches operand i of an elementwise operation: summed over the axes along which it was broadcast.
  package func reaching(_ i: Int, _ cotangent: Cotangent) -> Cotangent {
    cotangent.summed(from: shape, to: operands[i].shape, sizes: sizes)
  }
}

/// How the gradient of an operation's value becomes the gradients of its operands.
package struct Rule: Sendable {
  package typealias Backward =
    @Sendable (_ node: Node, _ cotangent: Cotangent, _ operand: Int) throws(Diagnostic)
    -> Cotangent?

  /// "matrix product"
  package let name: String
  /// Gradient of operand i from the gradient of the value; nil where none flows (a comparison, a count).
  package let backward: Backward

  package init(_ name: String, _ backward: @escaping Backward) {
    self.name = name
    self.backward = backward
  }
}

/// The rules in force: those that stand with the operations, but for the ones that are replaced.
package struct RuleTable: Sendable {
  private var planted: [String: Rule] = [:]

  package static let standard = RuleTable()

  /// The name under which the rules of all functions of each entry alone are replaced.
  package static let elementwise = "elementwise"
  /// The name under which the rules of all functions with a Jacobian for every sample are replaced.
  package static let jacobian = "jacobian"

  /// The same table with one rule replaced: how a mistake is planted.
  package func replacing(_ operation: String, with rule: Rule) -> RuleTable {
    var copy = self
    copy.planted[operation] = rule
    return copy
  }

  package func rule(for expression: Expression) -> Rule? {
    guard let operation = OperationCall(expression)?.operation else { return nil }
    if let own = planted[operation.name] { return own }
    if operation.slope != nil, let own = planted[Self.elementwise] { return own }
    if operation.jacobian != nil, let own = planted[Self.jacobian] { return own }
    return operation.rule
  }
}

extension Operation {
  /// The rule as it stands with the operation; nil when it cannot be differentiated.
  package var rule: Rule? {
    guard cases.contains(where: { $0.backward != nil || $0.isWrittenOut }) else { return nil }
    return Rule(title) { (node, dC, i) throws(Diagnostic) in try node.gradient(dC, of: i) }
  }

  package var statement: String { statement(of: nil, isSummed: true, in: nil) }

  /// The rule as one says it: `C = A @ B: dA = dC @ B.T, dB = A.T @ dC`, printed from what is computed.
  /// - Parameters:
  ///   - wanted: the positions of the operands whose gradients are said; nil for all.
  ///   - isSummed: whether it is said what becomes of an operand that was copied to several places.
  ///   - application: the shapes that it is said of, since vectors and ties have rules of their own; nil for the first.
  package func statement(of wanted: Set<Int>?, isSummed: Bool, in application: Application?) -> String {
    let names = signature.operands.map(\.name)
    let operands = names.map { Expression.name($0) }
    let left: String
    switch (symbol, operands.count) {
    case (nil, _) where signature.takesText:
      left = "\(name)(\"\(signature.example ?? "")\", \(names.prefix(2).joined(separator: ", ")))"
    case (nil, _): left = "\(name)(\(names.joined(separator: ", ")))"
    case (let symbol?, 2): left = "\(names[0]) \(symbol) \(names[1])"
    case (let symbol?, _) where symbol.hasPrefix("["): left = "\(names.first ?? "")\(symbol)"
    case (let symbol?, _):
      left = symbol.hasPrefix(".") ? "\(names.first ?? "")\(symbol)" : "\(symbol)\(names.first ?? "")"
    }
    let applied = application.flatMap { own in
      (try? own.choice.rules?(own.setting)) ?? own.choice.backward
    }
    // Of two that may be equal, what is done where they are: the other cases are those of a number.
    let usual = hasKinkWhereEqual ? cases.last : cases.first { $0.backward != nil }
    let rules = applied ?? usual?.backward ?? []
    let repeated = repeatedBackward.map { [$0(0), $0(1).replacingFirst("dA", by: "dB")] } ?? []
    var all = (rules + repeated).compactMap { printed($0) }
    // Of any number of operands each has its own: what is said is that of the one that is meant.
    if signature.operands.first?.isRepeated == true, let wanted, applied != nil {
      all = wanted.sorted().compactMap { rules.indices.contains($0) ? printed(rules[$0]) : nil }
    } else if all.isEmpty {
      all = rules
    }
    guard !all.isEmpty else { return "a step: its derivative is 0 wherever it has one" }
    let lefts = wanted?.compactMap { names.indices.contains($0) ? names[$0].gradientName + " =" : nil } ?? []
    let some = all.filter { rule in lefts.contains { rule.hasPrefix($0) } }
    let right = some.isEmpty ? all : some
    let isAdded = self === Operation.add || self === Operation.subtract
    let copies =
      isSummed && isEntrywise && operands.count > 1
      ? "; summed where \(isAdded ? "a row was added to every row" : "one entry met several")" : ""
    return "\(resultName) = \(left): \(right.joined(separator: ", "))" + copies
  }

  /// A rule's text as the formula that it is.
  private func printed(_ rule: String) -> String? {
    let parts = rule.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, let template = try? template(String(parts[1])) else { return nil }
    // Sizes and counts are filled in where the rule is used; said of no particular shape, they are letters.
    var letters: [String: Expression] = [
      "count_rest": loss?.averaging == .samples ? .sampleCount : "n", "count_k": "n",
    ]
    for operand in signature.operands {
      letters["sizes_" + operand.name] = .name("\(operand.name).shape")
      letters["kept_" + operand.name] = .name("\(operand.name).shape")
      letters["count_" + operand.name] = "n"
    }
    letters["count_" + resultName] = "n"
    letters["expression"] = .name("\(signature.operands.first?.name ?? "A")[…]")
    let formula = Simplifier { $0 == .sampleCount || $0 == "n" }.simplify(template.substituting(letters))
    return "\(parts[0].filter { $0 != " " }) = \(formula)"
  }
}

extension Operation.Case {
  fileprivate var isWrittenOut: Bool { if case .expression = meaning { true } else { false } }
}

extension String {
  fileprivate func replacingFirst(_ part: String, by other: String) -> String {
    hasPrefix(part) ? other + dropFirst(part.count) : self
  }
}

extension Node {
  /// What a rule calls the entries of the gradient at the operation's subscripts.
  private static let place = "place"

  /// The gradient of one operand by the rule that stands with the operation.
  fileprivate func gradient(_ dC: Cotangent, of i: Int) throws(Diagnostic) -> Cotangent? {
    let operation = call.operation
    guard let operand = operation.signature.operand(i) else { return nil }
    var texts = try application.choice.rules?(application.setting) ?? application.choice.backward ?? []
    if let repeated = operation.repeatedBackward { texts = [repeated(i)] }
    var left: String? = operation.repeatedBackward == nil ? operand.name.gradientName : nil
    if operand.isRepeated, application.choice.rules != nil {
      texts = texts.indices.contains(i) ? [texts[i]] : []
      left = nil
    }
    var right: String?
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { continue }
      if left == nil || parts[0].filter({ $0 != " " }) == left { right = String(parts[1]) }
    }
    guard let right else { return nil }
    let template = try operation.template(right)
    var own: Shape?
    // Entries are taken from a gradient that has all of them.
    if dC.shape == shape
      || !template.names.contains(Self.place)
        && (dC.shape.isScalar || template.isEntrywise(in: .name(operation.resultName.gradientName)))
    {
      own = try? shape(of: template, arriving: dC.shape)
      if let found = own, found.broadcast(with: operands[i].shape) == nil { own = nil }
    }
    let result: Cotangent
    if let own {
      result = Cotangent(filled(template, dC.expression), own)
    } else {
      result = Cotangent(
        filled(template, dC.materialized(shape, sizes: sizes)), try shape(of: template, arriving: shape))
    }
    if application.isEntrywise { return reaching(i, result) }
    // Leading axes along which an operand was repeated.
    let target = operands[i].shape
    guard result.shape != target, result.shape.broadcast(with: target) == result.shape else { return result }
    return result.summed(from: result.shape, to: target, sizes: sizes)
  }

  /// The shape of what a rule gives for a gradient of some shape.
  private func shape(of template: Expression, arriving: Shape) throws(Diagnostic) -> Shape {
    let known = ArrivingShape(shape: arriving, base: environment)
    return try ShapeInference(known).shape(of: filled(template, .name(ArrivingShape.name)))
  }

  private func filled(_ template: Expression, _ dC: Expression) -> Expression {
    let operation = call.operation
    var names: [String: Expression] = [
      operation.resultName: value, operation.resultName.gradientName: dC, "expression": expression,
      "count_" + operation.resultName: count(shape.count),
    ]
    for option in operation.signature.options {
      let usual = Double(option.usual).map { Expression.number($0) }
      names[option.name] = call.options.number(option.name).map { .number($0) } ?? usual
    }
    if case .index(_, let subscripts)? = call.source.children.last, !call.subscripts.isEmpty {
      names[Self.place] = .index(dC, subscripts)
    }
    for (letter, extents) in application.letterExtents {
      names["count_" + (letter == "…" ? "rest" : letter)] = count(extents.reduce(1, *))
    }
    var lists = ["sizes_" + operation.resultName: sizes(shape)]
    for (i, operand) in operation.signature.operands.enumerated() where operands.indices.contains(i) {
      names[operand.name] = operands[i].expression
      lists["sizes_" + operand.name] = sizes(operands[i].shape)
      lists["kept_" + operand.name] = sizes(application.keptShape(of: operands[i].shape))
    }
    return template.filled(names: names, lists: lists, call, rank: operands.first?.shape.rank ?? 0)
  }
}

extension Expression {
  /// Whether a name stands in it only where operations work entry by entry, so that it may broadcast.
  fileprivate func isEntrywise(in name: Expression) -> Bool {
    if self == name { return true }
    guard contains({ $0 == name }) else { return true }
    guard children.allSatisfy({ $0.isEntrywise(in: name) }) else { return false }
    return switch self {
    case .binary(.matrixProduct, _, _): !children.contains(name)
    case .negative, .binary: true
    default: !children.contains(name)
    }
  }
}

/// The gradient that arrives, as a name of known shape.
private struct ArrivingShape: Environment {
  static let name = "%dC"
  let shape: Shape
  let base: any Environment

  func shape(of name: String) -> Shape? { name == Self.name ? shape : base.shape(of: name) }
  func value(of name: String) -> Tensor? { base.value(of: name) }
  func missing(_ name: String) -> Diagnostic { base.missing(name) }
  func example(ofShape shape: Shape) -> String? { nil }
  var format: NumberFormat { base.format }
}
