import Formulas
import LinearAlgebra
import Operations

/// Central differences for many entries of one parameter at once: every perturbed batch is stacked on the others as
/// more samples, so that what lies behind the parameter's own equation is one pass over a tall matrix. The
/// parameter's own equation is not computed again: W[i,j] + h adds h·A[:,i] to column j of A @ W.
///
/// Works where samples are rows and every step behind the parameter works row by row; nil otherwise, and the check
/// falls back to one pass for every perturbation.
struct StackedPerturbations {
  private let name: String
  private let base: Tensor
  private let first: Equation
  private let source: Source
  private let rest: [Equation]
  private let loss: Equation
  private let environment: any Environment
  private let m: Int
  private let kinks: [KinkSource]
  private let head: NarrowHead?
  private let tiles = Tiles()

  /// How the parameter enters its equation.
  private enum Source {
    /// A @ W: A, m×k.
    case weight(Tensor)
    /// + b, added to every row.
    case bias
  }

  /// Entries of stacked values that one chunk may have: it stays in the second-level cache, and is enough for several
  /// threads.
  private static let chunk = 48_000

  init?(name: String, path: [Equation], loss: String, environment: any Environment, kinks: [KinkSource]) {
    guard let base = environment.value(of: name), base.rank == 2, let first = path.first, path.count > 1,
      let last = path.last, last.name == loss,
      path.dropFirst().allSatisfy({ !$0.evaluated.contains(name: name) }),
      let Z = environment.value(of: first.name), Z.rank == 2,
      let source = Self.source(of: name, in: first, environment)
    else { return nil }
    m = Z.shape.rows
    guard m > 0 else { return nil }
    self.name = name
    self.base = base
    self.first = first
    self.source = source
    self.environment = environment
    rest = Array(path.dropFirst().dropLast())
    self.loss = last
    var stacked: Set<String> = [first.name]
    let head = NarrowHead(first: first, rest: rest, loss: last, kinks: kinks, environment)
    self.head = head
    self.kinks =
      head.map { head in kinks.filter { kink in !head.kinks.contains { $0.argument == kink.argument } } }
      ?? kinks
    for step in rest {
      guard Self.isRowwise(step.evaluated, stacked, m, environment) else { return nil }
      stacked.insert(step.name)
    }
    guard Self.isSumOfRows(last.evaluated, stacked, m, environment),
      kinks.allSatisfy({ Self.isRowwise($0.argument, stacked, m, environment) })
    else { return nil }
  }

  private static func source(of name: String, in equation: Equation, _ environment: any Environment)
    -> Source?
  {
    var product = equation.evaluated
    if case .binary(.add, let a, let b) = product {
      if b == .name(name), !a.contains(name: name), environment.value(of: name)?.shape.rows == 1 {
        return .bias
      }
      guard !b.contains(name: name) else { return nil }
      product = a
    }
    guard case .binary(.matrixProduct, let a, .name(name)) = product, !a.contains(name: name),
      let A = try? Evaluator(environment).value(of: a), A.rank == 2
    else { return nil }
    return .weight(A)
  }

  // MARK: What may be stacked

  /// A value of one row for each sample that is not itself stacked: it is repeated for every perturbation.
  private static func isTiled(_ expression: Expression, _ m: Int, _ environment: any Environment) -> Bool {
    guard let shape = environment.value(of: expression.description)?.shape else { return false }
    return shape.rank == 2 && shape.rows == m && m > 1
  }

  private static func isRowwise(
    _ expression: Expression, _ stacked: Set<String>, _ m: Int, _ environment: any Environment
  ) -> Bool {
    func inner(_ e: Expression) -> Bool { isRowwise(e, stacked, m, environment) }
    func isFree(_ e: Expression) -> Bool { !e.names.contains { stacked.contains($0) } }
    switch expression {
    case .number, .name: return m > 1
    case .negative(let a): return inner(a)
    case .binary(.matrixProduct, let a, let b):
      // The right factor is the same for every sample.
      return inner(a) && isFree(b) && !b.names.contains { isTiled(.name($0), m, environment) }
    case .binary(_, let a, let b): return inner(a) && inner(b)
    case .call(let f, let arguments, let options):
      guard let operation = Operation.of(f), operation.loss == nil, !arguments.isEmpty else { return false }
      if operation.worksAlongAxis {
        // Along the row of each sample.
        let usual = operation.signature.options.first { $0.name == "axis" }.flatMap { Int($0.usual) }
        let axis = options.axes?.count == 1 ? options.axis : options.axes == nil ? usual : nil
        return (axis == 1 || axis == -1) && options.keepsAxes && arguments.allSatisfy(inner)
      }
      return operation.isEntrywise && arguments.allSatisfy(inner)
    case .list, .transpose, .derivative, .index: return false
    }
  }

  /// Sums of rowwise values, combined as numbers.
  private static func isSumOfRows(
    _ expression: Expression, _ stacked: Set<String>, _ m: Int, _ environment: any Environment
  ) -> Bool {
    if !expression.names.contains(where: stacked.contains) { return true }
    switch expression {
    case .negative, .binary(.add, _, _), .binary(.subtract, _, _), .binary(.multiply, _, _),
      .binary(.divide, _, _):
      return expression.children.allSatisfy { isSumOfRows($0, stacked, m, environment) }
    case .call(let f, let arguments, let options):
      if Operation.of(f)?.total != nil {
        return options.isEmpty && arguments.allSatisfy { isRowwise($0, stacked, m, environment) }
      }
      return definition(expression, environment).map { isSumOfRows($0, stacked, m, environment) } ?? false
    default: return false
    }
  }

  /// A loss over rows written out as sums of entries.
  private static func definition(_ expression: Expression, _ environment: any Environment) -> Expression? {
    guard case .call(let f, let arguments, let options) = expression, let loss = Operation.loss(f),
      arguments.count == 2, options.axis == nil || options.axis == 1 || options.axis == -1,
      let shape = try? ShapeInference(environment).shape(of: arguments[1]),
      let total = try? loss.total(arguments[0], predictions: arguments[1], options, rank: shape.rank)
    else { return nil }
    return loss.divisor(shape, options).map { total / .number(Double($0)) } ?? total
  }

  // MARK: Evaluating

  struct Difference {
    let numeric: Double
    let high: Double
    let step: Double
    let kink: Expression?
  }

  /// (L(x + h) − L(x − h)) / 2h for every position, in their order.
  func differences(at positions: [Int], step: (Double) -> Double) throws(Diagnostic) -> [Difference] {
    guard let Z = environment.value(of: first.name) else { throw environment.missing(first.name) }
    // With a narrow head the first wide value is the next product's.
    let widest =
      (head.map { [$0.product] + $0.rest } ?? [first] + rest).map {
        environment.value(of: $0.name)?.shape.columns ?? 1
      }.max() ?? 1
    let perChunk = max(1, Self.chunk / max(1, 2 * m * widest))
    var result: [Difference] = []
    var from = 0
    while from < positions.count {
      let part = Array(positions[from..<min(positions.count, from + perChunk)])
      result += try chunk(part, Z, step)
      from += perChunk
    }
    return result
  }

  /// The first half of the stack is x + h for each position, the second x − h.
  private func chunk(_ part: [Int], _ Z: Tensor, _ step: (Double) -> Double) throws(Diagnostic)
    -> [Difference]
  {
    let count = part.count
    let moved = part.map { position -> (above: Double, below: Double, h: Double) in
      let x = base.elements[position]
      let h = step(x)
      return (x + h, x - h, h)
    }
    var headCrossings: [Expression?]?
    let stack: StackedEnvironment
    if let head {
      let columns = StackedEnvironment(
        base: environment, m: m, copies: 2 * count, tiles: tiles,
        values: [first.name: self.moved(part, moved, Z, isNarrow: true)])
      for equation in head.chain {
        columns.values[equation.name] = try Evaluator(columns).value(
          of: equation.evaluated)
      }
      let last = head.chain.last?.name ?? first.name
      guard let changed = columns.values[last], let before = environment.value(of: last),
        let next = environment.value(of: head.product.name),
        let value = head.product(
          changed: changed.elements, before: before, next: next, columns: part.map { $0 % base.shape.columns }
        )
      else { throw Diagnostic("the stack of \(name) does not fit") }
      stack = StackedEnvironment(
        base: environment, m: m, copies: 2 * count, tiles: tiles, values: [head.product.name: value])
      headCrossings = try crossings(head.kinks, columns, count) { $0 + [part[$1] % base.shape.columns] }
    } else {
      stack = StackedEnvironment(
        base: environment, m: m, copies: 2 * count, tiles: tiles,
        values: [first.name: self.moved(part, moved, Z, isNarrow: false)])
    }
    for equation in head?.rest ?? rest {
      stack.values[equation.name] = try Evaluator(stack).value(of: equation.evaluated)
    }
    let losses = try total(loss.evaluated, stack, 2 * count)
    guard losses.count == 2 * count else { throw Diagnostic("the perturbed losses do not fit the stack") }
    let later = try crossings(kinks, stack, count) { entry, _ in entry }
    let crossings = zip(headCrossings ?? later, later).map { $0 ?? $1 }
    return part.indices.map { b in
      let (up, down) = (losses[b], losses[count + b])
      let (above, below, h) = moved[b]
      return Difference(
        numeric: above == below ? .nan : (up - down) / (above - below), high: up, step: h, kink: crossings[b])
    }
  }

  /// How far an entry moves each of the m rows of its column: h·A[:,i], or h for a bias.
  private func shifts(_ position: Int) -> [Double] {
    switch source {
    case .bias: return [Double](repeating: 1, count: m)
    case .weight(let A):
      let (column, width) = (position / base.shape.columns, A.shape.columns)
      return A.elements.withUnsafeBufferPointer { a in (0..<m).map { a[$0 * width + column] } }
    }
  }

  /// Z of every copy, or the changed column of it alone, below each other. What is moved is by what was added: x + h
  /// rounded.
  private func moved(
    _ part: [Int], _ moved: [(above: Double, below: Double, h: Double)], _ Z: Tensor, isNarrow: Bool
  ) -> Tensor {
    let (n, width) = (Z.shape.columns, isNarrow ? 1 : Z.shape.columns)
    var result = Tensor(repeating: 0, shape: [2 * part.count * m, width])
    result.withUnsafeMutableElements { out in
      Z.elements.withUnsafeBufferPointer { z in
        for (b, position) in part.enumerated() {
          let (shifts, j) = (shifts(position), position % base.shape.columns)
          for (copy, x) in [(b, moved[b].above), (part.count + b, moved[b].below)] {
            let change = x - base.elements[position]
            let start = copy * m * width
            if !isNarrow { for i in 0..<m * n { out[start + i] = z[i] } }
            for r in 0..<m { out[start + r * width + (isNarrow ? 0 : j)] = z[r * n + j] + change * shifts[r] }
          }
        }
      }
    }
    return result
  }

  /// A loss for every copy: sums are taken copy by copy, everything else is arithmetic on them.
  private func total(_ expression: Expression, _ stack: StackedEnvironment, _ copies: Int) throws(Diagnostic)
    -> [Double]
  {
    if !expression.names.contains(where: { stack.values[$0] != nil }) {
      let value = try Evaluator(environment).value(of: expression).elements.first ?? .nan
      return [Double](repeating: value, count: copies)
    }
    switch expression {
    case .negative(let a): return try total(a, stack, copies).map { -$0 }
    case .binary(let operation, let a, let b):
      let (x, y) = (try total(a, stack, copies), try total(b, stack, copies))
      switch operation {
      case .add: return zip(x, y).map(+)
      case .subtract: return zip(x, y).map(-)
      case .multiply: return zip(x, y).map(*)
      case .divide: return zip(x, y).map(/)
      default: throw Diagnostic("no stacked loss for \(expression)")
      }
    case .call(let f, let arguments, _):
      guard let kind = Operation.of(f)?.total, let argument = arguments.first else {
        guard let spelled = Self.definition(expression, environment) else {
          throw Diagnostic("no stacked loss for \(expression)")
        }
        return try total(spelled, stack, copies)
      }
      let value = try Evaluator(stack).value(of: argument)
      let size = value.count / max(1, copies)
      return value.elements.withUnsafeBufferPointer { entries in
        (0..<copies).map { copy in
          var sum = 0.0
          for i in copy * size..<(copy + 1) * size { sum += entries[i] }
          return kind == .mean ? sum / Double(size) : sum
        }
      }
    default: throw Diagnostic("no stacked loss for \(expression)")
    }
  }

  /// For every position the first entry that lies on different sides of a kink in its two copies. `place` completes
  /// its index from its own and from the position's number.
  private func crossings(
    _ kinks: [KinkSource], _ stack: StackedEnvironment, _ count: Int, _ place: ([Int], Int) -> [Int]
  ) throws(Diagnostic) -> [Expression?] {
    var result = [Expression?](repeating: nil, count: count)
    for source in kinks {
      let value = try Evaluator(stack).value(of: source.argument)
      let size = value.count / max(1, 2 * count)
      let columns = max(1, value.shape.columns)
      value.elements.withUnsafeBufferPointer { entries in
        for b in 0..<count where result[b] == nil {
          let (high, low) = (b * size, (count + b) * size)
          search: for i in 0..<size where entries[high + i] != entries[low + i] {
            for point in source.points where (entries[high + i] - point) * (entries[low + i] - point) <= 0 {
              let own = columns == 1 ? [i] : [i / columns, i % columns]
              result[b] = source.argument.entry(place(own, b))
              break search
            }
          }
        }
      }
    }
    return result
  }
}
