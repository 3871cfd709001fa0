import Formulas
import LinearAlgebra

// Entries of the builtin functions. Nil: the entry has no formula at a variable index, and stays an entry.

extension EntryExpander {
  mutating func builtin(
    _ f: Builtin, _ arguments: [Expression], _ options: CallOptions, _ call: Expression,
    _ index: [EntryIndex]
  ) throws(Diagnostic) -> EntryFormula? {
    guard let a = arguments.first else {
      return f == .zeros ? .number(0) : f == .ones ? .number(1) : nil
    }
    switch f {
    case .sum: return try folded(.sum, a, options.axis, index)
    case .mean:
      let inner = try shape(a)
      let n = options.axis.flatMap(inner.axis).map { inner.dimensions[$0] } ?? inner.count
      return .binary(.divide, try folded(.sum, a, options.axis, index), count(n))
    case .max: return try folded(.max, a, options.axis, index)
    case .min: return try folded(.min, a, options.axis, index)
    case .argmax: return try folded(.argmax, a, options.axis, index)
    case .softmax, .logsumexp:
      return keepsNormalizers ? nil : try normalizer(f, a, options, index)
    case .maximum, .minimum:
      return .choice(f == .maximum ? .maximum : .minimum, try broadcast(arguments, of: call, index))
    case .where: return .choice(.where, try broadcast(arguments, of: call, index))
    case .clip:
      guard arguments.count == 3 else { return nil }
      return .choice(
        .clip, [try expand(a, index), try expand(arguments[1], []), try expand(arguments[2], [])])
    case .onehot:
      guard index.count == 2, let label = try flat(a, index[0]), let j = index[1].fixed else { return nil }
      return .binary(.equal, label, .number(Double(j)))
    case .diag: return try diagonal(a, index)
    case .outer:
      guard arguments.count == 2, index.count == 2, let x = try flat(a, index[0]),
        let y = try flat(arguments[1], index[1])
      else { return nil }
      return .product(x, y)
    case .eye:
      guard index.count == 2 else { return nil }
      guard let i = index[0].fixed, let j = index[1].fixed else { return .delta(index[0], index[1]) }
      return .number(i == j ? 1 : 0)
    case .zeros: return .number(0)
    case .ones: return .number(1)
    case .arange: return index.first?.fixed.map { .number(Double($0)) }
    case .linspace, .randn, .rand: return nil
    case .reshape, .flatten:
      guard let source = Self.relocated(index, from: try shape(call), to: try shape(a)) else { return nil }
      return try expand(a, source)
    case .contract: return try contraction(arguments, options, index)
    case .scatter:
      guard arguments.count == 2, case .index(let base, let subscripts) = arguments[1],
        let at = EntryEvaluator.position(index, in: try shape(base), [:]),
        let (selected, positions) = Evaluator.selection(subscripts, in: try shape(base))
      else { return nil }
      guard let found = positions.lastIndex(of: at) else { return .number(0) }
      let taken = Self.unravel(found, selected)
      return try expand(a, Self.project(taken, from: selected, to: shape(a)))
    case .conv2d, .conv2dInputGradient, .conv2dWeightGradient, .maxpool, .avgpool, .maxpoolGradient,
      .avgpoolGradient:
      return try window(f, arguments, options, index)
    }
  }

  private func count(_ n: Int) -> EntryFormula {
    if case .name = context.count(n) { return .entry(.name("m"), []) }
    return .number(Double(n))
  }

  private mutating func broadcast(
    _ arguments: [Expression], of call: Expression, _ index: [EntryIndex]
  ) throws(Diagnostic) -> [EntryFormula] {
    let full = try shape(call)
    var parts: [EntryFormula] = []
    for argument in arguments {
      parts.append(try expand(argument, Self.project(index, from: full, to: shape(argument))))
    }
    return parts
  }

  /// A reduction over one axis (which keeps extent 1) or over all.
  private mutating func folded(
    _ kind: EntryFormula.Fold, _ a: Expression, _ axis: Int?, _ index: [EntryIndex]
  ) throws(Diagnostic) -> EntryFormula {
    let inner = try shape(a)
    let letters = inner.rank == 4 ? ["n", "c", "y", "x"] : ["i", "j", "k", "l"]
    func letter(_ axis: Int) -> String { axis < letters.count ? letters[axis] : "k" }
    if let axis {
      guard let axis = inner.axis(axis), index.indices.contains(axis) else { return .entry(a, index) }
      let v = fresh(letter(axis), inner.dimensions[axis])
      var reading = index
      reading[axis] = .variable(v.name)
      return .fold(kind, [v], try expand(a, reading))
    }
    let variables = inner.dimensions.enumerated().map { axis, extent in fresh(letter(axis), extent) }
    let body = try expand(a, variables.map { .variable($0.name) })
    return variables.isEmpty ? body : .fold(kind, variables, body)
  }

  /// exp(z - M) / Σ exp(z - M), or M + log Σ exp(z - M), with M the largest: as it is computed.
  private mutating func normalizer(
    _ f: Builtin, _ z: Expression, _ options: CallOptions, _ index: [EntryIndex]
  ) throws(Diagnostic) -> EntryFormula? {
    let inner = try shape(z)
    guard let axis = inner.axis(options.axis ?? -1), index.indices.contains(axis) else { return nil }
    let largest = freshLocal("M")
    let v = fresh(inner.rank == 2 && axis == 0 ? "i" : "j", inner.dimensions[axis])
    var reading = index
    reading[axis] = .variable(v.name)
    let other = try expand(z, reading)
    func exponential(_ entry: EntryFormula) -> EntryFormula {
      .call(.exp, .binary(.subtract, entry, .local(largest)))
    }
    let total = EntryFormula.fold(.sum, [v], exponential(other))
    let body: EntryFormula =
      f == .softmax
      ? .binary(.divide, exponential(try expand(z, index)), total)
      : .binary(.add, .local(largest), .call(.log, total))
    return .letting(largest, .fold(.max, [v], other), body)
  }

  private mutating func diagonal(
    _ a: Expression, _ index: [EntryIndex]
  ) throws(Diagnostic) -> EntryFormula? {
    if index.count == 1 { return try expand(a, [index[0], index[0]]) }
    guard index.count == 2, let entry = try flat(a, index[0]) else { return nil }
    guard let i = index[0].fixed, let j = index[1].fixed else {
      return .product(entry, .delta(index[0], index[1]))
    }
    return i == j ? entry : .number(0)
  }

  private mutating func contraction(
    _ arguments: [Expression], _ options: CallOptions, _ index: [EntryIndex]
  ) throws(Diagnostic) -> EntryFormula? {
    guard arguments.count == 2 else { return nil }
    let inner = try shape(arguments[0])
    guard let axis = inner.axis(options.axis ?? -1), index.count == inner.rank else { return nil }
    let k = fresh("k", inner.dimensions[axis])
    let sample = inner.rank == 1 ? EntryIndex(0) : index[1 - axis]
    var reading = index
    reading[axis] = .variable(k.name)
    return .sum(
      [k],
      .product(
        try expand(arguments[0], reading), try expand(arguments[1], [sample, .variable(k.name), index[axis]]))
    )
  }

  /// The entry of a vector, or of a matrix that is one row or one column, by its position.
  private mutating func flat(_ a: Expression, _ position: EntryIndex) throws(Diagnostic) -> EntryFormula? {
    let inner = try shape(a)
    if inner.rank == 1 { return try expand(a, [position]) }
    if inner.rank == 0 { return try expand(a, []) }
    if inner.rank == 2, inner.rows == 1 { return try expand(a, [EntryIndex(0), position]) }
    if inner.rank == 2, inner.columns == 1 { return try expand(a, [position, EntryIndex(0)]) }
    guard let at = position.fixed else { return nil }
    return try expand(a, Self.unravel(at, inner))
  }

  /// The index of the same entry under another shape; nil for a variable that has to be divided.
  static func relocated(_ index: [EntryIndex], from shape: Shape, to other: Shape) -> [EntryIndex]? {
    if shape == other { return index }
    if let at = EntryEvaluator.position(index, in: shape, [:]) { return unravel(at, other) }
    // Axes of extent 1 come and go without any arithmetic.
    let kept = zip(index, shape.dimensions).filter { $0.1 != 1 }.map(\.0)
    guard shape.dimensions.filter({ $0 != 1 }) == other.dimensions.filter({ $0 != 1 }) else { return nil }
    var rest = kept[...]
    return other.dimensions.map { $0 == 1 ? EntryIndex(0) : rest.popFirst() ?? EntryIndex(0) }
  }

  static func unravel(_ position: Int, _ shape: Shape) -> [EntryIndex] {
    var rest = position
    var result: [EntryIndex] = []
    for extent in shape.dimensions.reversed() {
      result.append(EntryIndex(extent == 0 ? 0 : rest % extent))
      rest = extent == 0 ? 0 : rest / extent
    }
    return result.reversed()
  }
}
