import Differentiation
import Formulas
import LinearAlgebra
import Operations

/// What a derivation is about: equations with numbers, the session's own where it has the operation, else an example's.
package struct Subject {
  /// An operation that is the whole right side of an equation.
  struct Site {
    let name: String
    let call: OperationCall
    let application: Application

    var operation: Operation { call.operation }

    /// What stands here for the names of the definition.
    var names: [String: Expression] {
      var result = Dictionary(
        zip(operation.signature.operands.map(\.name), call.operands), uniquingKeysWith: { first, _ in first })
      result[operation.resultName] = .name(name)
      return result
    }
  }

  private(set) var equations: [Equation]
  private(set) var values: [String: Tensor]
  /// Shapes in which the samples have an extent that nothing else has, and how many there are here.
  private var shapes: [String: Shape]
  private var samples: (generic: Int, here: Int)
  var remarks: [Prose]
  /// Names in use as they are printed.
  var shown: Set<String> = []
  private var hasLetterForEveryAxis = false
  private(set) var sites: [Site] = []
  /// The gradient that the session has for the last value.
  var gradient: Tensor?
  /// L = Σ dC·C for what is no loss.
  private(set) var arriving: (loss: String, value: String, gradient: String)?

  init(
    _ equations: [Equation], values: [String: Tensor], shapes: [String: Shape],
    samples: (generic: Int, here: Int),
    remarks: [Prose] = []
  ) throws(Diagnostic) {
    (self.equations, self.values, self.shapes) = (equations, values, shapes)
    (self.samples, self.remarks) = (samples, remarks)
    self.values["m"] = Tensor(Double(samples.here))
    for equation in equations {
      let value = try Evaluator(Bindings(self.values)).value(of: equation.expression)
      self.values[equation.name] = value
      self.shapes[equation.name] = try ShapeInference(environment).shape(of: equation.expression)
      guard let call = OperationCall(equation.expression) else { continue }
      let application = try ShapeInference(environment).application(of: call).application
      let here = try ShapeInference(Bindings(self.values)).application(of: call).application
      // Another definition may hold for another number of samples; what is written with other operations, and what picks
      // entries out, has the sizes of one batch in it.
      let isGeneral =
        application.choice.sameMeaning(as: here.choice) && extents(equation.name) == value.shape.dimensions
      if samples.generic > 1, !isGeneral || application.isSized {
        let own = self.values.mapValues(\.shape)
        self = try Subject(equations, values: values, shapes: own, samples: (1, 1), remarks: remarks)
        return
      }
      sites.append(Site(name: equation.name, call: call, application: application))
    }
  }

  /// With a loss that has the session's gradient, or some numbers: L = Σ dC·C.
  func seeded() -> Subject {
    guard let name = equations.last?.name, let value = values[name] else { return self }
    var (result, loss) = (self, "L")
    while values[loss] != nil { loss += "'" }
    result.arriving = (loss, name, name.gradientName)
    var random = RandomGenerator(seed: 5)
    let own = gradient.flatMap { $0.shape == value.shape ? $0 : nil }
    result.values[name.gradientName] =
      own ?? random.normal(shape: value.shape).map { ($0 * 10).rounded() / 10 }
    result.shapes[name.gradientName] = shapes[name]
    result.shapes[loss] = .scalar
    result.equations.append(Equation(loss, .call("sum", .name(name.gradientName) * .name(name))))
    return result
  }

  /// One of its operations for itself, at letters of which each may become any index.
  func alone(_ site: Site) throws(Diagnostic) -> Subject {
    var result = try Subject(
      equations.filter { $0.name == site.name }, values: values, shapes: shapes, samples: samples)
    result.hasLetterForEveryAxis = true
    return result
  }

  private var environment: ShapeEnvironment {
    var result = ShapeEnvironment(shapes: shapes) { Diagnostic("there is no '\($0)'") }
    result.shapes["m"] = .scalar
    result.sampleCount = samples.generic
    return result
  }

  private var counting: SampleCounting { SampleCounting(shapes: environment, extent: samples.generic) }

  /// An extent of the shapes above as it is here.
  func real(_ n: Int) -> Int {
    samples.generic > 1 && n > 0 && n % samples.generic == 0 ? n / samples.generic * samples.here : n
  }

  func extents(_ name: String) -> [Int] {
    (shapes[name] ?? values[name]?.shape ?? .scalar).dimensions.map(real)
  }

  /// Letters of the definitions.
  var letters: Set<String> {
    sites.reduce(into: []) { result, site in
      guard case .formula(let definition) = site.application.body else { return }
      result.formUnion(definition.body.letters.union(definition.left.letters))
    }
  }

  /// Axes that are repeated along, not counted.
  func isRepeated(_ name: String, _ axis: Int) -> Bool {
    !hasLetterForEveryAxis && shapes[name]?.dimensions[axis] == 1
  }

  /// Terms of the largest sum that an entry takes, times its entries.
  var work: Int {
    sites.map { site in
      site.application.letterExtents.values.joined().reduce(1.0) { $0 * Double(max(1, real($1))) }
    }.max().map { Int(clamping: $0) } ?? 1
  }

  /// The result's name, or an operand's, for a name of a definition.
  func name(_ word: String) -> String {
    for site in sites.reversed() { if case .name(let name)? = site.names[word] { return name } }
    return word
  }

  /// Whether targets are one class for every sample; nil where there are none.
  var isOneHot: Bool? {
    sites.last { $0.operation.loss != nil }.flatMap { $0.call.operands.first?.names.first }.map { y in
      values[y]?.elements.allSatisfy { $0 == 0 || $0 == 1 } == true && sumsToOne(y)
    }
  }

  /// Whether a value's entries sum to 1 along the axis of the last operation.
  func sumsToOne(_ name: String) -> Bool {
    guard let value = values[name], let axis = value.shape.axis(sites.last?.call.options.axis ?? -1) else {
      return false
    }
    return value.sum(axis: axis).elements.allSatisfy { abs($0 - 1) < 1e-9 }
  }

  // MARK: Definitions

  /// An equation in index form. The letters of `…` on the left are `rest`, those under a sum come from `bound`.
  func definition(_ equation: Equation, rest: [String], bound: [String]) throws(Diagnostic) -> IndexDefinition
  {
    var taken = Set(values.keys)
    func letter(_ preferred: String) -> String {
      let name =
        taken.contains(preferred)
        ? IndexLetters.fresh(avoiding: taken, from: bound + IndexLetters.usual) : preferred
      taken.insert(name)
      return name
    }
    let site = sites.first { $0.name == equation.name && $0.call.operands.allSatisfy(\.isPlain) }
    let axes = shapes[equation.name]?.rank ?? 0
    let own = site?.application.resultIndex { rest[min($0, rest.count - 1)] }
    let index = (own.flatMap { $0.count == axes ? $0 : nil } ?? rest.prefix(axes).map { .variable($0) }).map {
      item in
      item.onlyVariable.map { .variable(letter($0)) } ?? item
    }
    if let site, case .formula(let plain) = site.application.body {
      let body = site.application.entry(
        plain, at: index,
        fresh: { word, _, extent in
          let isMany = word == "…" || site.application.letterExtents[word]?.count ?? 1 > 1
          let free = isMany ? bound.first { !taken.contains($0) } : nil
          return .init(name: letter(free ?? word), extent: extent)
        }, local: { $0 })
      if let body { return IndexDefinition(equation.name, index, here(reading(body, site.names)).tidied) }
    }
    var expansion = IndexExpansion(environment, counting: counting, isForDerivatives: true, reserved: taken)
    let body = try entry(expansion.expand(equation.expression, index))
    return IndexDefinition(equation.name, index, here(body).tidied)
  }

  /// A formula in index form, written with its operations' definitions.
  func expanded(_ expression: Expression, _ index: [Index]) throws(Diagnostic) -> IndexFormula {
    let used = Set(index.flatMap(\.factors.letters))
    var expansion = IndexExpansion(environment, counting: counting, isForDerivatives: true, reserved: used)
    return try here(entry(expansion.expand(expression, index)))
  }

  /// Entries of formulas that stand at a place that is no index of theirs: one of a list's parts by its number, the
  /// same entries in another shape by their place in line.
  private func entry(_ formula: IndexFormula) throws(Diagnostic) -> IndexFormula {
    guard case .entry(let expression, let index) = formula, let call = OperationCall(expression),
      let (application, shape) = try? ShapeInference(environment).application(of: call),
      case .move(let move) = application.body
    else { return try formula.mapChildren { (part) throws(Diagnostic) in try entry(part) } }
    if call.operation.signature.operands.first?.isRepeated == true {
      // The axis whose index tells which part it is.
      for axis in index.indices {
        let parts = (0..<shape.dimensions[axis]).compactMap { i -> IndexFormula? in
          var at = index
          at[axis] = Index(i)
          guard let (operand, source) = move.source(at), case .name = call.operands[operand] else {
            return nil
          }
          return .delta(index[axis], Index(i)) * .entry(call.operands[operand], source)
        }
        if parts.count == shape.dimensions[axis], !parts.isEmpty { return .terms(parts) }
      }
      return formula
    }
    guard call.operation.isReordering, let operand = call.operands.first else { return formula }
    let source = try ShapeInference(environment).shape(of: operand)
    var taken = formula.letters.union(values.keys)
    let variables = source.dimensions.map { extent -> IndexFormula.Variable in
      let letter = IndexLetters.fresh(avoiding: taken, from: ["s", "t"] + IndexLetters.usual)
      taken.insert(letter)
      return .init(name: letter, extent: extent)
    }
    func place(_ index: [Index], _ shape: Shape) -> Index {
      zip(index, shape.dimensions).reduce(Index(0)) { $0.scaled(by: real($1.1)) + $1.0 }
    }
    let own = variables.map { Index.variable($0.name) }
    return .sum(variables, try entry(.entry(operand, own)) * .delta(place(index, shape), place(own, source)))
  }

  /// The definition's names by those of the equation, its counts by numbers or m.
  private func reading(_ formula: IndexFormula, _ names: [String: Expression]) -> IndexFormula {
    switch formula {
    case .entry(.name(let name), let index):
      if case .number(let value)? = names[name] {
        .number(value)
      } else {
        .entry(names[name] ?? .name(name), index)
      }
    case .count(let variables):
      counting.expression(variables.reduce(1) { $0 * $1.extent }).formula(["m": .entry(.name("m"), [])])
        ?? formula
    default: formula.mapChildren { reading($0, names) }
    }
  }

  /// Sums over as many values as there are here.
  private func here(_ formula: IndexFormula) -> IndexFormula {
    let inner = formula.mapChildren { here($0) }
    guard case .fold(let kind, let variables, let body) = inner else { return inner }
    return .fold(kind, variables.map { .init(name: $0.name, extent: real($0.extent)) }, body)
  }

  /// An operation at the operand of this one, and its definition there.
  func pattern(_ name: String) -> (name: IndexFormula, definition: IndexFormula, match: Match)? {
    guard let operation = Operation.named(name), let site = sites.last, let z = site.call.operands.first
    else { return nil }
    if operation.slope != nil, case .formula(let text)? = operation.cases.first?.meaning,
      let known = try? IndexFormulaParser.definition(text, values: [operation.argumentName])
    {
      let argument = IndexFormula.entry(.name(operation.argumentName), [])
      return (
        .call(Function(name), argument), known.definition.body.withoutIndices,
        Match(values: [operation.argumentName])
      )
    }
    // The Jacobian of a function is made from its value.
    let isOwn = name == site.operation.name + "'"
    let call = Expression.call(Function(name), [isOwn ? .name(site.name) : z], site.call.options)
    guard let other = try? Subject([Equation("%", call)], values: values, shapes: shapes, samples: samples),
      let definition = try? other.definition(
        other.equations[0], rest: ["i", "j", "l", "h"], bound: ["e", "b"])
    else { return nil }
    let own = isOwn ? Expression.derivative(Function(site.operation.name), z, site.call.options) : call
    let letters = definition.body.letters
    let index = definition.index.map { letters.isSuperset(of: $0.factors.letters) ? $0 : Index(0) }
    return (
      .entry(own, index), definition.body, Match(letters: Set(definition.index.compactMap(\.onlyVariable)))
    )
  }

  // MARK: Gradients

  /// The gradient of a value as the backward pass writes it; nil where nothing flows back.
  func backward(_ name: String) throws(Diagnostic) -> Expression? {
    guard let output = arriving?.value ?? sites.last?.name else { return nil }
    let result = try BackwardPass.derive(
      equations.filter { $0.name != arriving?.loss }, output: output,
      seed: arriving.map { .name($0.gradient) } ?? 1,
      targets: [name], environment: environment, settings: .init(isFused: true, counting: counting))
    // Without the gradients in between.
    var known: [String: Expression] = [:]
    for step in result { known[step.name] = step.expression.substituting(known) }
    return result.contains { $0.rules == [BackwardPass.unreached] } ? nil : known[name.gradientName]
  }

  /// The same by forward mode, shape of the output followed by that of the value.
  func forwardMode(of output: String, by name: String) throws(Diagnostic) -> Tensor {
    try Jacobian.byForwardMode(of: output, by: name, equations: equations, environment: Bindings(values))
  }
}

extension Application {
  fileprivate var isSized: Bool {
    if case .written = choice.meaning { return true }
    switch body {
    case .expression, .move: return true
    case .formula, .filled, .made: return false
    }
  }
}

extension Expression {
  /// A name or a number.
  fileprivate var isPlain: Bool {
    switch self {
    case .name, .number: true
    case .derivative, .list, .negative, .binary, .transpose, .call, .index: false
    }
  }
}

extension Operation {
  /// All entries of one operand in their order, under another shape.
  fileprivate var isReordering: Bool { if case .reshape? = kernel { true } else { false } }
}

extension Operation.Case {
  fileprivate func sameMeaning(as other: Operation.Case) -> Bool {
    if case .formula(let a) = meaning, case .formula(let b) = other.meaning {
      a == b && backward == other.backward
    } else {
      true
    }
  }
}

extension IndexFormula {
  /// Every entry without an index, for a formula of one entry alone.
  fileprivate var withoutIndices: IndexFormula {
    if case .entry(let value, _) = self { return .entry(value, []) }
    return mapChildren { $0.withoutIndices }
  }
}
