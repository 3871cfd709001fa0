import Differentiation
import Formulas
import LinearAlgebra
import Operations

/// Makes a derivation of the equations that it is about, by a route.
package struct Runner {
  private let subject: Subject
  private let route: Route
  /// Steps that change nothing are left out, and the last line is what the backward pass writes: a route that serves
  /// any operation.
  private let isByRules: Bool
  private var scope = Scope()
  private var result: Derivation
  /// Letters of what `…` stands for, and where it stands for other samples.
  private let rest: [String]
  private let other: [String]
  /// Of every letter in the route's texts.
  private var extents: [String: Int] = [:]
  /// Letters and parts of the route whose names are taken here.
  private var renamed: [String: String] = [:]

  init(
    _ subject: Subject, _ route: Route, title: Prose? = nil, byRules isByRules: Bool = false
  ) throws(Diagnostic) {
    let isSeeded =
      subject.sites.last?.operation.loss == nil && route.chains.contains { $0.left.contains("∂L/") }
    self.subject = isSeeded ? subject.seeded() : subject
    self.route = route
    self.isByRules = isByRules
    result = Derivation(title ?? "\(route.title)", source: route.source)
    let used = route.letters.union(subject.letters).union(subject.values.keys)
    let pool = ["i", "j", "k", "l", "h", "g", "f"].filter { !used.contains($0) }
    let others = ["e", "b", "d", "a"].filter { !used.contains($0) } + pool
    (rest, other) = (Array(pool.prefix(4)), others)
    let moved = route.chains.flatMap { $0.lines.joined() }.compactMap {
      if case .moved(let c) = $0 { c } else { nil }
    }
    for word in route.letters.union(moved) where self.subject.values[word] != nil {
      renamed[word] = IndexLetters.fresh(avoiding: used)
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
    let lines: [[Route.Step]] = [
      [.chainRule(subject.sites.last?.name ?? "")], [.workedOut], [.deltas], [.asWritten],
    ]
    return try Runner(subject, Route("", "", chains: [.init("∂L/∂\(name)", lines)]))
  }

  private mutating func define(bound: [String]) throws(Diagnostic) {
    for name in subject.values.keys { scope.extents[name] = subject.extents(name) }
    scope.arriving = subject.arriving
    if route.hidesRest { scope.hidden = Set(rest) }
    for equation in subject.equations.reversed() {
      guard equation.name != subject.arriving?.loss else { continue }
      var definition = try subject.definition(equation, rest: rest, bound: bound)
      let at = scope.definitions.count
      for part in route.parts {
        guard let own = try name(part, in: &definition) else { continue }
        scope.definitions.append(own)
        scope.parts.insert(own.name)
      }
      scope.definitions.insert(definition, at: at)
      let kinks = subject.sites.first { $0.name == definition.name }?.operation.kinks
      scope.hasKinks = scope.hasKinks || kinks?.isEmpty == false
    }
    if let (loss, value, gradient) = subject.arriving, let own = scope.definition(of: value) {
      let variables = zip(own.index, subject.extents(value)).compactMap { item, extent in
        item.onlyVariable.map { IndexFormula.Variable(name: $0, extent: extent) }
      }
      let body = IndexFormula.sum(variables, .entry(.name(gradient), own.index) * own.left)
      scope.definitions.insert(IndexDefinition(loss, [], body), at: 0)
      scope.extents[loss] = []
    }
    result.definitions = scope.definitions
    result.hidden = scope.hidden
    result.tensors = subject.values
    for part in route.parts.isEmpty ? [] : scope.definitions where result.tensors[part.name] == nil {
      result.tensors[part.name] = try DerivationEvaluator(result).tensor(part, scope.extents[part.name] ?? [])
    }
    result.remarks = subject.remarks
  }

  /// A part of a definition under a name of its own: `T[…] = Σ_n exp(Z[…,n])`.
  private mutating func name(_ part: String, in definition: inout IndexDefinition) throws(Diagnostic)
    -> IndexDefinition?
  {
    let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
    let name = String(sides[0].prefix { $0 != "[" })
    var word = name
    while subject.values[word] != nil { word += "'" }
    guard sides.count == 2, !scope.definitions.contains(where: { $0.name == word }),
      let body = try? read(sides[1])
    else { return nil }
    renamed[name] = word
    let index = body.indicesInOrder
    let own = IndexDefinition(word, index, body.tidied)
    let match = Match(letters: Set(index.compactMap(\.onlyVariable)))
    var isFound = false
    // A sum over samples and classes is one of sums over classes.
    for nested in [definition.body, definition.body.nested] where !isFound {
      let named = nested.rewriting { part in
        guard let found = match.matched(body, part) else { return nil }
        isFound = true
        return found.filled(own.left)
      }
      if isFound { definition.body = named }
    }
    scope.extents[word] = index.map { extents[$0.onlyVariable ?? ""] ?? 1 }
    return isFound ? own : nil
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
      of: .name(y), operand: .name(x), rank: at.count, axis: axis, at: at, index[axis])
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

  // MARK: Texts

  /// A text in the names of the definition: `Z[…,j]` is `Z2[i,j]`, or `Z2[j,i]` where the samples are columns.
  private mutating func read(_ text: String) throws(Diagnostic) -> IndexFormula {
    let names = Set(subject.sites.flatMap { $0.names.keys }).union(scope.definitions.map(\.name))
    return try read(IndexFormulaParser.formula(text, values: names))
  }

  private mutating func read(_ formula: IndexFormula) throws(Diagnostic) -> IndexFormula {
    switch formula {
    case .entry(.name(let word), let items): return .entry(.name(name(word)), try index(word, items))
    case .position(let index): return .position(renaming(index))
    case .partial(let a, let word, let items):
      let inner = try read(a)
      let name = name(word)
      let open = items.isEmpty && scope.extents[name]?.isEmpty == false
      return .partial(inner, by: name, open ? fresh(name) : try index(word, items))
    case .fold(let kind, let variables, let body):
      let inner = try read(body)
      return .fold(
        kind, variables.map { .init(name: name($0.name), extent: extents[name($0.name)] ?? 0) }, inner)
    default: return try formula.mapChildren { (part) throws(Diagnostic) in try read(part) }
    }
  }

  /// What a name or a letter of the route is called here.
  private func name(_ word: String) -> String { renamed[word] ?? subject.name(word) }

  private func renaming(_ index: Index) -> Index {
    index.onlyVariable.flatMap { renamed[$0] }.map { .variable($0) } ?? index
  }

  /// Letters of their own for every axis.
  private mutating func fresh(_ name: String) -> [Index] {
    var taken = scope.definitions.reduce(into: Set(subject.values.keys)) {
      $0.formUnion($1.body.letters)
      $0.formUnion($1.left.letters)
    }
    return subject.extents(name).enumerated().map { axis, extent in
      guard !subject.isRepeated(name, axis) else { return Index(0) }
      let letter = IndexLetters.fresh(avoiding: taken, from: ["p", "q", "u", "v"] + IndexLetters.usual)
      taken.insert(letter)
      extents[letter] = extent
      return .variable(letter)
    }
  }

  private mutating func index(_ word: String, _ items: [Index]) throws(Diagnostic) -> [Index] {
    let name = name(word)
    let letters = items.contains(.otherRest) ? other : rest
    let written = items.map { $0 == .otherRest ? Index.rest : renaming($0) }
    var result: [Index] = []
    if let definition = scope.definition(of: name) {
      var explicit = written.filter { $0 != .rest }[...]
      result = definition.index.map { item in
        guard let letter = item.onlyVariable else { return item }
        return rest.firstIndex(of: letter).map { .variable(letters[$0]) } ?? explicit.popFirst() ?? item
      }
    } else if let own = scope.extents[name] {
      let site = subject.sites.first { $0.names[word] == .name(name) }
      result = (site?.application.axes(written, rank: own.count) ?? []).map { axis in
        axis.rest.map { .variable(letters[min($0, letters.count - 1)]) } ?? axis.index
      }
    }
    guard let own = scope.extents[name], result.count == own.count else {
      throw Diagnostic("\(word) has other axes")
    }
    for (item, extent) in zip(result, own) { if let letter = item.onlyVariable { extents[letter] = extent } }
    return result
  }
}

extension Route {
  /// Letters of indices in its texts: one small letter for itself.
  fileprivate var letters: Set<String> {
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
  fileprivate var nested: IndexFormula {
    rewriting { part in
      guard case .fold(.sum, let variables, let body) = part, let last = variables.last, variables.count > 1
      else { return nil }
      return .fold(.sum, Array(variables.dropLast()), .fold(.sum, [last], body))
    }
  }

  /// Free indices in the order in which they are met.
  fileprivate var indicesInOrder: [Index] {
    let free = freeVariables
    var result: [Index] = []
    _ = contains { part in
      result += part.ownIndices.filter { $0.onlyVariable.map(free.contains) == true && !result.contains($0) }
      return false
    }
    return result
  }
}
