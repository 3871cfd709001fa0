import Formulas
import LinearAlgebra
import Operations

/// The extents of a model's values as symbols: two axes have one symbol when the equations make them equally long,
/// however long they happen to be. Inner extents of a product are equal; extents that are added are equal, or one of
/// them is 1.
package struct ExtentUnification {
  /// One axis of a value.
  package struct Extent: Sendable, Hashable {
    var symbol: Int
    /// A 1 that is stretched to whatever it meets: of a parameter or a number, or of an axis that was summed over.
    var isBroadcast = false
  }

  private var parents: [Int] = []
  /// The size of a symbol where a leaf shows it, by root.
  private var sizes: [Int?] = []
  /// Extents of leaves and steps; nil where not even the number of axes is known.
  private(set) var extents: [String: [Extent]] = [:]
  /// Axes along which a softmax, a log-sum-exp or a cross-entropy runs: classes.
  private var classes: [Int] = []
  /// What `m` counts where it is used as a size: ones(m, 1).
  private var counted: Int?
  private let open: Set<String>
  /// What slices take out of an axis and joining puts behind each other.
  private var parts: [(part: Int, whole: Int)] = []
  /// Extents that others are together, by their symbols.
  private var sums: [(whole: Int, parts: [Int])] = []
  /// Names without a value that took the extents of what they are added to or compared with.
  private(set) var assumed: Set<String> = []
  /// Names without a value of which an operation tells how many axes they have.
  private(set) var guessed: Set<String> = []

  /// - Parameters:
  ///   - shapes: of the leaves that have a value.
  ///   - open: names of inputs and targets: a 1 among their extents is a batch or a layer of one, and what has no
  ///     value yet takes the extents that the equations ask for.
  package init(_ equations: [Equation], shapes: [String: Shape], open: Set<String>) {
    self.open = open
    var known = shapes
    known[.sampleCount] = .scalar
    for equation in equations {
      for name in equation.expression.names.sorted() where extents[name] == nil {
        guard let shape = shapes[name] else { continue }
        extents[name] = shape.dimensions.map { fresh($0, isBroadcast: $0 == 1 && !open.contains(name)) }
      }
      if let found = visit(equation.expression) { extents[equation.name] = found }
      // What no letter says, how long a flattened image is, follows where everything before it has a value.
      guard equation.expression.names.allSatisfy({ known[$0] != nil }),
        let shape = try? ShapeInference(ShapeEnvironment(shapes: known) { Diagnostic("\($0)") }).shape(
          of: equation.expression)
      else { continue }
      known[equation.name] = shape
      let own = extents[equation.name] ?? shape.dimensions.map { fresh($0) }
      extents[equation.name] = own
      for (extent, size) in zip(own, shape.dimensions) where own.count == shape.rank {
        sizes[root(extent.symbol)] = sizes[root(extent.symbol)] ?? size
      }
    }
    assumeNumbers(equations)
  }

  /// What goes into the loss entry by entry is a number as it is, where nothing says otherwise: w of `(w - 3)**2`, and not
  /// of `sum(w**2)`, which a w of any shape has.
  private mutating func assumeNumbers(_ equations: [Equation]) {
    var visited: Set<String> = []
    func numbers(_ expression: Expression) -> [String] {
      switch expression {
      case .name(let name):
        if let step = equations.last(where: { $0.name == name }) {
          return visited.insert(name).inserted ? numbers(step.expression) : []
        }
        return isUnknownName(expression) ? [name] : []
      case .negative(let a): return numbers(a)
      case .binary(let operation, let a, let b) where operation != .matrixProduct:
        return numbers(a) + numbers(b)
      case .call(let f, let operands, _) where Operation.of(f)?.slope != nil: return operands.flatMap(numbers)
      case .number, .list, .transpose, .binary, .call, .derivative, .index: return []
      }
    }
    let found = equations.last.map { numbers($0.expression) } ?? []
    guard !found.isEmpty else { return }
    for name in found { extents[name] = [] }
    for equation in equations where extents[equation.name] == nil {
      if let own = visit(equation.expression) { extents[equation.name] = own }
    }
  }

  // MARK: Symbols

  func root(_ symbol: Int) -> Int {
    var symbol = symbol
    while parents[symbol] != symbol { symbol = parents[symbol] }
    return symbol
  }

  /// The symbols of a value's axes.
  package func symbols(_ name: String) -> [Int]? { extents[name]?.map { root($0.symbol) } }
  package func size(_ symbol: Int) -> Int? { sizes[root(symbol)] }
  package var classSymbols: Set<Int> { Set(classes.map(root)) }
  package var countedSymbol: Int? { counted.map(root) }

  mutating func fresh(_ size: Int? = nil, isBroadcast: Bool = false) -> Extent {
    parents.append(parents.count)
    sizes.append(size)
    return Extent(symbol: parents.count - 1, isBroadcast: isBroadcast)
  }

  /// One symbol for both, also where sizes contradict each other: that is an error of the model or a value of before, which
  /// shape inference tells. A 1 may be stretched.
  mutating func unify(_ a: Extent, _ b: Extent) {
    let (x, y) = (root(a.symbol), root(b.symbol))
    guard x != y else { return }
    if let p = sizes[x], let q = sizes[y], p != q, p == 1 || q == 1 { return }
    sizes[x] = sizes[x] ?? sizes[y]
    parents[y] = x
  }

  /// Right-aligned, as NumPy broadcasts.
  mutating func broadcast(_ a: [Extent], _ b: [Extent]) -> [Extent] {
    let (long, short) = a.count >= b.count ? (a, b) : (b, a)
    var result = long
    for (offset, other) in zip(result.indices.suffix(short.count), short) {
      let own = result[offset]
      let (p, q) = (size(own.symbol), size(other.symbol))
      if own.isBroadcast || (p == 1 && q != nil && q != 1) {
        result[offset] = other
      } else if !other.isBroadcast, !(q == 1 && p != nil && p != 1) {
        unify(own, other)
      }
    }
    return result
  }

  mutating func join(_ part: Extent, into whole: Extent) { parts.append((part.symbol, whole.symbol)) }

  /// With the parts of these extents, and what they are parts of: the columns that weights meet are not the samples, nor is a
  /// gate's share of them.
  package func withParts(of symbols: Set<Int>) -> Set<Int> {
    var result = symbols
    var count: Int
    repeat {
      count = result.count
      for (part, whole) in parts where result.contains(root(part)) || result.contains(root(whole)) {
        result.formUnion([root(part), root(whole)])
      }
    } while result.count > count
    return result
  }

  /// As long as these together.
  mutating func summed(_ parts: [Extent]) -> Extent {
    let sizes = parts.map { size($0.symbol) }
    let whole = fresh(sizes.contains(nil) ? nil : sizes.reduce(0) { $0 &+ ($1 ?? 0) })
    sums.append((whole.symbol, parts.map(\.symbol)))
    return whole
  }

  /// What an extent is together, where no size is known.
  package func summands(_ symbol: Int) -> [Int]? {
    sums.first { root($0.whole) == root(symbol) && !$0.parts.contains { root($0) == root(symbol) } }?.parts
      .map(root)
  }

  mutating func markClasses(_ extent: Extent) { classes.append(extent.symbol) }

  /// What `m` counts where it is written as a size.
  mutating func countedExtent() -> Extent {
    if let counted { return Extent(symbol: counted) }
    let result = fresh()
    counted = result.symbol
    return result
  }

  // MARK: Formulas

  /// Extents of a formula's value; nil where not even their number is known.
  mutating func visit(_ expression: Expression) -> [Extent]? {
    switch expression {
    case .number: return []
    case .name(let name): return name == .sampleCount ? [] : extents[name]
    case .list(let items):
      let inner = items.map { visit($0) }
      return (inner.first ?? []).map { [fresh(items.count, isBroadcast: items.count == 1)] + $0 }
    case .negative(let a): return visit(a)
    case .derivative(let f, let a, _) where Operation.of(f)?.slope != nil: return visit(a)
    case .transpose(let a): return visit(a).map { $0.reversed() }
    case .index(let a, let subscripts) where subscripts.allSatisfy({ $0.list == nil }):
      return visit(a).map { select(subscripts, of: $0) }
    case .derivative(_, let a, _):
      return visit(a).map { inner in [fresh()] + inner.suffix(1) + inner.suffix(1) }
    case .binary(.matrixProduct, let a, let b):
      let (left, right) = (visit(a) ?? assumeMatrix(a), visit(b) ?? assumeMatrix(b))
      guard let left, let right else { return nil }
      return product(left, right)
    case .binary(_, let a, let b):
      let (left, right) = (visit(a), visit(b))
      // A number goes with any shape, and tells none.
      if left == nil && right == [] || left == [] && right == nil { return nil }
      switch (left, right) {
      case (let left?, let right?): return broadcast(left, right)
      case (let known?, nil): assume(b, known)
      case (nil, let known?): assume(a, known)
      case (nil, nil): return nil
      }
      return left ?? right
    case .call, .index: return OperationCall(expression).flatMap { relate($0) }
    }
  }

  private mutating func product(_ a: [Extent], _ b: [Extent]) -> [Extent]? {
    guard let inner = a.last, !b.isEmpty else { return nil }
    unify(inner, b[max(0, b.count - 2)])
    let stack = broadcast(Array(a.dropLast(2)), Array(b.dropLast(2)))
    return stack + a.dropLast().suffix(1) + (b.count >= 2 ? b.suffix(1) : [])
  }

  private mutating func select(_ subscripts: [Subscript], of extents: [Extent]) -> [Extent] {
    var result: [Extent] = []
    for (axis, extent) in extents.enumerated() {
      guard axis < subscripts.count else {
        result.append(extent)
        continue
      }
      switch subscripts[axis] {
      case .at: break
      // Every second one of the samples is no sample for what goes with all of them.
      case .slice(from: nil, to: nil, let step) where step.magnitude == 1: result.append(extent)
      case .slice, .positions:
        let own = fresh(subscripts[axis].count)
        parts.append((part: own.symbol, whole: extent.symbol))
        result.append(own)
      }
    }
    return result
  }

  // MARK: What has no value yet

  /// An input, target or parameter without a value is a matrix where it is multiplied as one.
  private mutating func assumeMatrix(_ expression: Expression) -> [Extent]? {
    switch expression {
    case .name(let name): return isUnknownName(expression) ? assumeAxes(name, 2) : nil
    case .transpose(let a): return assumeMatrix(a).map { $0.reversed() }
    case .number, .list, .negative, .binary, .call, .derivative, .index: return nil
    }
  }

  func isUnknownName(_ expression: Expression) -> Bool {
    if case .name(let name) = expression { name != .sampleCount && extents[name] == nil } else { false }
  }

  mutating func guessAxes(_ name: String, _ rank: Int) -> [Extent] {
    guessed.insert(name)
    return assumeAxes(name, rank)
  }

  mutating func assumeAxes(_ name: String, _ rank: Int) -> [Extent] {
    let own = (0..<rank).map { _ in fresh() }
    extents[name] = own
    return own
  }

  /// An input or target without a value has the extents of what it is added to or compared with; labels have its rows.
  mutating func assume(_ expression: Expression, _ extents: [Extent]) {
    if case .call(let f, let operands, _) = expression, Operation.of(f) === Operation.onehot,
      let labels = operands.first, extents.count == 2
    {
      if operands.count == 2, case .number(let classes) = operands[1] {
        unify(extents[1], fresh(Int(exactly: classes)))
      }
      return assume(labels, [extents[0]])
    }
    guard case .name(let name) = expression, open.contains(name), self.extents[name] == nil else { return }
    // What is added to images is a number for every channel, of one axis or of four.
    guard extents.count <= 3 else { return }
    self.extents[name] = extents
    assumed.insert(name)
  }
}
