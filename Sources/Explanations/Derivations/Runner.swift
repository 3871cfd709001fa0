import Differentiation
import Formulas
import LinearAlgebra
import Operations

/// Makes a derivation of the equations that it is about, by a route.
package struct Runner {
  let subject: Subject
  let route: Route
  /// Steps that change nothing are left out, and the last line is what the backward pass writes: a route that serves
  /// any operation.
  private let isByRules: Bool
  var scope = Scope()
  var result: Derivation
  /// Letters of what `…` stands for, and where it stands for other samples.
  let rest: [String]
  let other: [String]
  /// Of every letter in the route's texts.
  var extents: [String: Int] = [:]
  /// Parts of the route, and its letters, whose names are taken here.
  var renamed: [String: String] = [:]
  var renamedLetters: [String: String] = [:]

  init(
    _ subject: Subject, _ route: Route, title: Prose? = nil, byRules isByRules: Bool = false
  ) throws(Diagnostic) {
    let isSeeded =
      subject.sites.last?.operation.loss == nil && route.chains.contains { $0.left.contains("∂L/") }
    self.subject = isSeeded ? subject.seeded() : subject
    self.route = route
    self.isByRules = isByRules
    result = Derivation(title ?? "\(route.title)", source: route.source)
    let used = route.letters.union(subject.letters).union(subject.values.keys).union(subject.shown)
    var pool = ["i", "j", "k", "l", "h", "g", "f"].filter { !used.contains($0) }
    while pool.count < 4 { pool.append(IndexLetters.fresh(avoiding: used.union(pool))) }
    let others = ["e", "b", "d", "a"].filter { !used.contains($0) } + pool
    (rest, other) = (Array(pool.prefix(4)), others)
    let moved = route.chains.flatMap { $0.lines.joined() }.compactMap {
      if case .moved(let c) = $0 { c } else { nil }
    }
    for word in moved where self.subject.values[word] != nil {
      renamed[word] = IndexLetters.fresh(avoiding: used)
    }
    var taken = used
    for letter in route.letters.sorted() where self.subject.values[letter] != nil {
      let other = IndexLetters.fresh(avoiding: taken)
      renamedLetters[letter] = other
      taken.insert(other)
    }
    try define(bound: isByRules ? pool : others)
  }

  /// ∂L/∂x for operands, or the slope of a function of each entry, by definition and rules alone.
  static func byRules(_ subject: Subject, of operands: [String]? = nil) throws(Diagnostic) -> Runner {
    guard let site = subject.sites.last else { throw Diagnostic("there is no operation") }
    let (operation, value) = (site.operation, site.operation.resultName)
    let all = zip(operation.signature.operands.map(\.name), site.call.operands).compactMap { word, operand in
      if case .name(let name) = operand { operands?.contains(name) ?? true ? word : nil } else { nil }
    }
    // Of a loss the predictions' gradient; of others those that there are, or of a step that there is none.
    let seeded = operation.loss == nil ? subject.seeded() : subject
    var flowing: [String] = []
    for word in all where try seeded.backward(subject.name(word)) != nil { flowing.append(word) }
    let wanted =
      operands == nil && operation.loss != nil ? Array(all.suffix(1)) : flowing.isEmpty ? all : flowing
    var lines: [[Route.Step]] = [
      [.definition(value)], [.rules(.all)], [.deltas], [.cancelled], [.recognised(value)],
    ]
    if operation.loss == nil, operation.slope == nil { lines.insert([.chainRule(value)], at: 0) }
    let isSlope = operation.slope != nil
    let title: Prose =
      isSlope
      ? "the derivative of \(operation.name)" : "what \(site.call.source) hands back, by its definition"
    let route = Route(
      "definition", "", hidesRest: isSlope,
      chains: wanted.map { .init(isSlope ? "∂\(value)[…]/∂\($0)[…]" : "∂L/∂\($0)", lines) })
    return try Runner(subject, route, title: title, byRules: true)
  }

  /// The index form of one gradient of a product.
  static func products(_ subject: Subject, of name: String) throws(Diagnostic) -> Runner {
    guard let site = subject.sites.last else { throw Diagnostic("there is no product") }
    // In the letters of the definition: a model may call its own values A and B, too.
    let operands = zip(site.operation.signature.operands, site.call.operands)
    let word = operands.first { $0.1 == .name(name) }?.0.name ?? name
    let lines: [[Route.Step]] = [
      [.chainRule(site.operation.resultName)], [.workedOut], [.maybe(.deltas)], [.asWritten],
    ]
    return try Runner(subject, Route("", "", chains: [.init("∂L/∂\(word)", lines)]))
  }

  // MARK: Chains

  func derivation() throws(Diagnostic) -> Derivation {
    var runner = self
    for chain in route.chains where chain.isForOneHot == nil || chain.isForOneHot == subject.isOneHot {
      try runner.add(chain)
    }
    let samples = scope.definitions.map(\.left).first { left in
      left.ownIndices.count > 1
        && left.ownIndices.contains { $0.onlyVariable.map(scope.hidden.contains) == true }
    }
    if let left = samples, subject.sites.last?.operation.slope == nil {
      runner.result.remarks.insert(
        "for each sample \(rest[0]): \(scope.text(left)) is \(left)", at: 0)
    }
    runner.conclude()
    return runner.result
  }

  /// What is found: the left side, and the last line that is written in indices.
  private func lemma() throws(Diagnostic) -> (left: IndexFormula, right: IndexFormula)? {
    guard let chain = try derivation().chains.last else { return nil }
    let right = chain.lines.map(\.formula).last { !$0.contains { $0.isMatrixEntry } }
    return right.map { (chain.left, $0) }
  }

  private mutating func add(_ chain: Route.Chain) throws(Diagnostic) {
    let left = try read(chain.left)
    var scope = scope
    for text in chain.conditions { scope.conditions.append(try read(text)) }
    let free = ([left] + scope.conditions).reduce(into: Set<String>()) { $0.formUnion($1.freeVariables) }
    let order = (rest + other + free.sorted()).filter(free.contains).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    var made = Derivation.Chain(left)
    made.free = order.map { .init(name: $0, extent: extents[$0] ?? 1) }
    made.conditions = scope.conditions
    made.reference = try reference(left)
    for case .moved(let word) in chain.lines.joined() { result.tensors[name(word)] = Tensor(0) }
    var rewriter = Rewriter(left, scope)
    rewriter.earlier = result.chains.map { ($0.left, $0.conditions, $0.lines.last?.formula ?? $0.left) }
    configure(&rewriter, left)
    let goal = try goal(left)
    var isWhole = true
    for steps in chain.lines where isWhole {
      if isByRules {
        if let line = try? rewriter.line(steps), line.formula != made.lines.last?.formula {
          made.lines.append(.init(line.formula.tidied, line.reason))
        }
      } else if let (formula, reason) = try rewriter.line(steps) {
        // For a single sample some steps have nothing to do.
        if formula != made.lines.last?.formula ?? left { made.lines.append(.init(formula, reason)) }
      } else {
        isWhole = false
        for case .sumsToOne(let word) in steps {
          let why: Prose =
            "what follows needs the classes of \(name: name(word)) to sum to 1 for every sample, and here they do not"
          if !result.conclusion.contains(why) { result.conclusion.append(why) }
        }
      }
    }
    if let goal, isWhole, scope.conditions.isEmpty {
      let last = made.lines.last?.formula ?? left
      let isSame = last.tidied.isSame(as: goal.formula.tidied)
      let isReached = goal.line.isMatrixEntry ? last == goal.line : isSame || last.isMatrixEntry
      guard isReached || isByRules else {
        throw Diagnostic(
          "\(route.name) ends at \(scope.text(rewriter.formula)), not at \(scope.text(goal.formula))")
      }
      if isByRules, goal.line != made.lines.last?.formula {
        made.lines.append(
          .init(
            goal.line,
            isSame ? "as the backward pass writes it" : "as the backward pass writes it: the same numbers"))
      }
    }
    if case .entry(let product, _) = made.lines.last?.formula, case .binary(.matrixProduct, _, _) = product,
      case .partial(_, let x, _) = left
    {
      result.products.append((x.gradientName, product))
    }
    result.chains.append(made)
  }

  private func configure(_ rewriter: inout Rewriter, _ left: IndexFormula) {
    let runner = self
    rewriter.written = { () throws(Diagnostic) in try runner.goal(left) }
    rewriter.named = { runner.name($0) }
    rewriter.sumsToOne = { [subject] in subject.sumsToOne($0) }
    rewriter.operation = { [subject] in subject.pattern($0) }
    rewriter.lemma = { [subject] (name, wanted) throws(Diagnostic) in
      guard let site = subject.sites.first(where: { $0.operation.name == name }) else { return nil }
      let alone = try subject.alone(site)
      guard let route = site.operation.derivations.first(where: { wanted == nil || $0.name == wanted }) else {
        return try Runner.byRules(alone).lemma()
      }
      return try Runner(alone, route).lemma()
    }
  }

  /// Where a derivation is to end: the gradient as the backward pass writes it, or what the operation states.
  private func goal(_ left: IndexFormula) throws(Diagnostic) -> (line: IndexFormula, formula: IndexFormula)? {
    guard case .partial(.entry(.name(let y), let at), let x, let index) = left else { return nil }
    if y == subject.equations.last?.name, subject.arriving != nil || subject.isOneHot != nil || at.isEmpty {
      guard let expression = try subject.backward(x) else { return nil }
      return (.entry(expression, index), try subject.expanded(expression, index))
    }
    guard let site = subject.sites.first(where: { $0.name == y }), site.call.operands.first == .name(x) else {
      return nil
    }
    let (value, argument) = (IndexFormula.entry(.name(y), at), IndexFormula.entry(.name(x), index))
    if at == index { return site.operation.slopeFormula(of: argument, value: value).map { ($0, $0) } }
    guard at.count == index.count, let axis = at.indices.first(where: { at[$0] != index[$0] }) else {
      return nil
    }
    let partial = try site.operation.partialEntry(
      of: .name(y), operand: .name(x), axes: [axis], at: at, [index[axis]])
    return at.indices.allSatisfy { $0 == axis || at[$0] == index[$0] } ? partial.map { ($0, $0) } : nil
  }

  /// The same by forward mode, for ∂ of one value by another.
  private mutating func reference(_ left: IndexFormula) throws(Diagnostic) -> IndexFormula? {
    guard case .partial(.entry(.name(let y), let at), let x, let index) = left,
      subject.equations.contains(where: { $0.name == y })
    else { return nil }
    let name = "∂\(y)/∂\(x)"
    if result.tensors[name] == nil { result.tensors[name] = try subject.forwardMode(of: y, by: x) }
    return .entry(.name(name), at + index)
  }

  private mutating func conclude() {
    guard let site = subject.sites.last,
      let slope = site.operation.slope(at: site.call.operands.first ?? 0, value: .name(site.name)),
      case .name(let u)? = site.call.operands.first
    else {
      if let conclusion = route.conclusion { result.conclusion.append("\(conclusion)") }
      return
    }
    let (v, f) = (site.name, site.operation.scalarFunction)
    result.remarks.insert("\(name: v) = \(site.call.source)", at: 0)
    if !site.operation.kinks.isEmpty {
      let places = site.operation.kinks.map { Printer.number($0) }.joined(separator: ", ")
      let taken = site.operation.kinks.map { Printer.number(f?.derivative($0) ?? .nan) }.joined(
        separator: ", ")
      result.conclusion.append(
        "at \(name: u) = \(places) there is no derivative; the value taken there is \(taken)")
    }
    result.conclusion.append(
      "backwards: \(name: u.gradientName) = \(Expression.name(v.gradientName) * slope), entry by entry")
  }

}

extension Route {
  /// Letters of indices in its texts: one small letter for itself.
  var letters: Set<String> {
    let texts = chains.flatMap { [$0.left] + $0.conditions }
    // Between brackets, or around ≠.
    let indices = texts.flatMap { text in
      text.contains("≠")
        ? [text[...]] : text.split(separator: "[").dropFirst().map { $0.prefix { $0 != "]" } }
    }
    return Set(indices.flatMap { $0.filter { $0.isLetter } }.map(String.init))
  }
}

extension IndexFormula {
  /// An entry of a formula of matrices.
  var isMatrixEntry: Bool {
    if case .entry(let value, _) = self, case .name = value {
      false
    } else if case .entry = self {
      true
    } else {
      false
    }
  }

  /// A sum over several indices as a sum of sums.
  var nested: IndexFormula {
    rewriting { part in
      guard case .fold(.sum, let variables, let body) = part, let last = variables.last, variables.count > 1
      else { return nil }
      return .fold(.sum, Array(variables.dropLast()), .fold(.sum, [last], body))
    }
  }

  /// Free indices in the order in which they are met.
  var indicesInOrder: [Index] {
    let free = freeVariables
    var result: [Index] = []
    _ = contains { part in
      result += part.ownIndices.filter { $0.onlyVariable.map(free.contains) == true && !result.contains($0) }
      return false
    }
    return result
  }
}
