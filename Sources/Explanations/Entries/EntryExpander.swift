import Differentiation
import Formulas
import LinearAlgebra

/// A formula of matrices and an index → the formula of that one entry, down to named values. One case for every
/// operation; what the operation computes is read from the evaluator's definitions.
package struct EntryExpander {
  let environment: any Environment
  /// How counts are written: `m` where they are the number of samples.
  let context: Node.Context
  /// Softmax and log-sum-exp stay entries of their value, for differentiation.
  let keepsNormalizers: Bool
  /// Names of formulas that are whole equations: softmax(Z2) is S.
  let named: [Expression: String]
  private var used: Set<String>

  package init(
    _ environment: any Environment, context: Node.Context = .init(), keepsNormalizers: Bool = false,
    named: [Expression: String] = [:], reserved: Set<String> = []
  ) {
    self.environment = environment
    self.context = context
    self.keepsNormalizers = keepsNormalizers
    self.named = named
    used = reserved
  }

  func shape(_ expression: Expression) throws(Diagnostic) -> Shape {
    try ShapeInference(environment).shape(of: expression)
  }

  /// An index variable that is not in use yet.
  mutating func fresh(_ preferred: String, _ extent: Int) -> EntryFormula.Variable {
    let letters = [preferred] + ["i", "j", "k", "l", "p", "q", "r", "s", "t", "u", "v", "w"]
    var name = letters.first { !used.contains($0) } ?? preferred
    var number = 1
    while used.contains(name) {
      name = "\(preferred)\(number)"
      number += 1
    }
    used.insert(name)
    return .init(name: name, extent: extent)
  }

  mutating func freshLocal(_ preferred: String) -> String {
    var name = preferred
    while used.contains(name) { name += "'" }
    used.insert(name)
    return name
  }

  package mutating func expand(
    _ expression: Expression, _ index: [EntryIndex]
  ) throws(Diagnostic) -> EntryFormula {
    switch expression {
    case .number(let value): return .number(value)
    case .name: return .entry(expression, index)
    case .negative(let a): return .negative(try expand(a, index))
    case .transpose(let a): return try expand(a, index.reversed())
    case .list(let items):
      guard let first = index.first?.fixed, items.indices.contains(first) else { break }
      return try expand(items[first], Array(index.dropFirst()))
    case .index(let a, let subscripts):
      guard let inner = try selected(subscripts, in: shape(a), index) else { break }
      return try expand(a, inner)
    case .binary(.matrixProduct, let a, let b): return try product(a, b, index)
    case .binary(let operation, let a, let b):
      let full = try shape(expression)
      let left = try expand(a, Self.project(index, from: full, to: shape(a)))
      let right = try expand(b, Self.project(index, from: full, to: shape(b)))
      return operation == .multiply ? .product(left, right) : .binary(operation, left, right)
    case .derivative(let f, let a, let options):
      switch f {
      case .elementwise(let f):
        return try expand(f.derivative.substituting(["u": a, "v": .call(f, a)]), index, shapedLike: a)
      case .builtin(.softmax):
        if let entry = try softmaxJacobian(a, options, index) { return entry }
      case .builtin, .loss: break
      }
    case .call(let f, let arguments, let options):
      switch f {
      case .elementwise(let f):
        return .call(f, try expand(arguments.first ?? 0, index))
      case .loss(let loss): return try self.loss(loss, arguments, options)
      case .builtin(let builtin):
        if let entry = try self.builtin(builtin, arguments, options, expression, index) { return entry }
      }
    }
    return .entry(expression, index)
  }

  /// The slope of an elementwise function may be a constant, of no shape.
  private mutating func expand(
    _ expression: Expression, _ index: [EntryIndex], shapedLike a: Expression
  ) throws(Diagnostic) -> EntryFormula {
    try expand(expression, Self.project(index, from: shape(a), to: shape(expression)))
  }

  /// Which entry of an operand a broadcast entry reads.
  static func project(_ index: [EntryIndex], from full: Shape, to own: Shape) -> [EntryIndex] {
    let missing = full.rank - own.rank
    guard missing >= 0, index.count == full.rank else { return index }
    return own.dimensions.enumerated().map { axis, extent in
      extent == 1 ? EntryIndex(0) : index[axis + missing]
    }
  }

  private mutating func product(
    _ a: Expression, _ b: Expression, _ index: [EntryIndex]
  ) throws(Diagnostic) -> EntryFormula {
    let (left, right) = (try shape(a), try shape(b))
    // A transposed left factor meets the right one row by row: the sum runs over the samples, i.
    var preferred = "k"
    if case .transpose = a { preferred = "i" }
    let k = fresh(preferred, left.columns)
    let row = left.rank == 2 ? Array(index.prefix(1)) : []
    let column = right.rank == 2 ? Array(index.suffix(1)) : []
    let inner = EntryIndex.variable(k.name)
    return .sum([k], .product(try expand(a, row + [inner]), try expand(b, [inner] + column)))
  }

  /// The index in the source of an entry of a selection; nil when a variable meets a position list.
  private func selected(
    _ subscripts: [Subscript], in shape: Shape, _ index: [EntryIndex]
  ) -> [EntryIndex]? {
    var rest = index[...]
    var result: [EntryIndex] = []
    for (axis, extent) in shape.dimensions.enumerated() {
      guard axis < subscripts.count else {
        guard let next = rest.popFirst() else { return nil }
        result.append(next)
        continue
      }
      guard let positions = subscripts[axis].positions(extent: extent) else { return nil }
      switch subscripts[axis] {
      case .at:
        guard let only = positions.first else { return nil }
        result.append(EntryIndex(only))
      case .slice(_, _, let step):
        guard let next = rest.popFirst(), let first = positions.first else { return nil }
        result.append(next.scaled(by: step) + first)
      }
    }
    return result
  }

  private mutating func loss(
    _ loss: LossFunction, _ arguments: [Expression], _ options: CallOptions
  ) throws(Diagnostic) -> EntryFormula {
    guard arguments.count == 2 else { throw Diagnostic("\(loss.name) takes two values") }
    let count = Evaluator.divisor(
      of: loss, shape: try shape(arguments[1]), axis: options.axis, reduction: options.reduction)
    let definition = loss.definition(
      targets: arguments[0], predictions: arguments[1], divisor: count.map(context.count))
    let clipped = definition.clippingLogarithms
    // Where the clip of log's argument does not bite, the plain formula is the same numbers.
    let evaluator = Evaluator(environment)
    let isSame = (try? evaluator.value(of: definition)) == (try? evaluator.value(of: clipped))
    return try expand(isSame ? definition : clipped, [])
  }

  /// J[i,k,j] = S[k]·δ(k,j) - S[k]·S[j] for sample i, as `SoftmaxJacobian` computes it.
  private mutating func softmaxJacobian(
    _ z: Expression, _ options: CallOptions, _ index: [EntryIndex]
  ) throws(Diagnostic) -> EntryFormula? {
    guard index.count == 3 else { return nil }
    let call = Expression.call(.builtin(.softmax), [z], options)
    // Differentiated, S is a function of z and no value of its own.
    let value = keepsNormalizers ? call : named[call].map(Expression.name) ?? call
    let shape = try shape(z)
    func entry(_ k: EntryIndex) -> EntryFormula {
      let isColumns = shape.rank == 2 && shape.axis(options.axis ?? -1) == 0
      return .entry(value, shape.rank == 1 ? [k] : isColumns ? [k, index[0]] : [index[0], k])
    }
    let (k, j) = (index[1], index[2])
    let across = EntryFormula.product(.negative(entry(k)), entry(j))
    if k == j { return .binary(.add, across, entry(k)) }
    if k.fixed != nil, j.fixed != nil { return across }
    return .binary(.add, across, .product(entry(k), .delta(k, j)))
  }

  /// Indices replaced by numbers, and what could only be said of a fixed entry said.
  package mutating func concretize(
    _ formula: EntryFormula, _ values: [String: Int]
  ) throws(Diagnostic) -> EntryFormula {
    if case .entry(let expression, let index, let isPadded) = formula {
      let index = index.map { $0.substituting(values) }
      if case .name = expression { return .entry(expression, index, isPadded: isPadded) }
      guard !isPadded, index.allSatisfy({ $0.fixed != nil }) else {
        return .entry(expression, index, isPadded: isPadded)
      }
      return try expand(expression, index)
    }
    if case .delta(let a, let b) = formula {
      let (a, b) = (a.substituting(values), b.substituting(values))
      if let x = a.fixed, let y = b.fixed { return .number(x == y ? 1 : 0) }
      return .delta(a, b)
    }
    var parts: [EntryFormula] = []
    for child in formula.children { parts.append(try concretize(child, values)) }
    var next = parts.makeIterator()
    return formula.mapChildren { next.next() ?? $0 }
  }
}
