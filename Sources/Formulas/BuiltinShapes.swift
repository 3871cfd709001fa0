import LinearAlgebra

// Shapes of the builtin functions' results.

extension ShapeInference {
  func builtin(
    _ f: Builtin, _ arguments: [Expression], _ options: CallOptions, _ ranges: RangeTree?
  ) throws(Diagnostic) -> Shape {
    func shape(_ i: Int) throws(Diagnostic) -> Shape {
      guard arguments.indices.contains(i) else { return .scalar }
      return try self.shape(of: arguments[i], ranges?.child(i))
    }
    func sizes(from first: Int) throws(Diagnostic) -> Shape {
      var result: [Int] = []
      for i in arguments.indices.dropFirst(first) { result.append(try size(arguments[i], ranges?.child(i))) }
      return Shape(result)
    }
    func fail(_ message: String, hint: String? = nil) -> Diagnostic {
      Diagnostic(message, at: marks(ranges), hint: hint)
    }
    switch f {
    case .sum, .mean, .max, .min, .argmax:
      let inner = try shape(0)
      guard let axis = options.axis else {
        if inner.count == 0, f != .sum { throw fail("\(f.rawValue) of nothing: \(arguments[0]) is empty") }
        return .scalar
      }
      let resolved = try resolve(axis, of: inner, named: arguments[0], ranges)
      if inner.dimensions[resolved] == 0, f != .sum {
        throw fail("\(f.rawValue) of nothing: that axis is empty")
      }
      return inner.reducing(axis: resolved)
    case .softmax, .logsumexp:
      let inner = try shape(0)
      if inner.isScalar { throw fail("\(f.rawValue) works along an axis, and \(arguments[0]) is a scalar") }
      let axis = try resolve(options.axis ?? -1, of: inner, named: arguments[0], ranges)
      return f == .softmax ? inner : inner.reducing(axis: axis)
    case .maximum, .minimum:
      let (a, b) = (try shape(0), try shape(1))
      guard let result = a.broadcast(with: b) else {
        throw fail("\(f.rawValue) of \(a) and \(b): the shapes do not meet")
      }
      return result
    case .where:
      let (c, a, b) = (try shape(0), try shape(1), try shape(2))
      guard let result = a.broadcast(with: b)?.broadcast(with: c) else {
        throw fail("where of \(c), \(a) and \(b): the shapes do not meet")
      }
      return result
    case .clip:
      guard try shape(1).isScalar, try shape(2).isScalar else { throw fail("clip's bounds are numbers") }
      return try shape(0)
    case .onehot:
      let labels = try shape(0)
      guard labels.rank <= 1 || (labels.rank == 2 && Swift.min(labels.rows, labels.columns) <= 1) else {
        throw fail("onehot takes a list of labels, not \(labels)")
      }
      let classes: Int
      if arguments.count == 2 {
        classes = try size(arguments[1], ranges?.child(1))
      } else {
        let largest = try Evaluator(environment).value(of: arguments[0]).elements.max() ?? -1
        classes = largest >= 0 && largest < 1e9 ? Int(largest) + 1 : 0
      }
      return [labels.count, classes]
    case .diag:
      let inner = try shape(0)
      switch inner.rank {
      case 1: return [inner.columns, inner.columns]
      case 2 where inner.rows == 1 || inner.columns == 1: return [inner.count, inner.count]
      case 2: return [Swift.min(inner.rows, inner.columns)]
      default: throw fail("diag takes a vector or a matrix, not \(inner)")
      }
    case .outer: return [try shape(0).count, try shape(1).count]
    case .eye:
      let n = try size(arguments[0], ranges?.child(0))
      return [n, n]
    case .zeros, .ones, .randn, .rand: return try sizes(from: 0)
    case .arange: return [try size(arguments[0], ranges?.child(0))]
    case .linspace: return [try size(arguments[2], ranges?.child(2))]
    case .reshape:
      let inner = try shape(0)
      var dimensions: [Int] = []
      var open: Int?
      for i in arguments.indices.dropFirst() {
        if arguments[i] == .negative(1) || arguments[i] == .number(-1), open == nil {
          open = i - 1
          dimensions.append(1)
        } else {
          dimensions.append(try size(arguments[i], ranges?.child(i)))
        }
      }
      if let open, let known = Shape(dimensions).checkedCount, known > 0 {
        dimensions[open] = inner.count / known
      }
      let result = Shape(dimensions)
      guard result.checkedCount == inner.count else {
        throw fail("cannot reshape \(arguments[0]) (\(inner), \(inner.count) entries) to \(result)")
      }
      return result
    case .flatten:
      let inner = try shape(0)
      guard inner.rank > 1 else { return [1, inner.count] }
      return [inner.dimensions[0], inner.dimensions.dropFirst().reduce(1, &*)]
    case .contract:
      let (g, j) = (try shape(0), try shape(1))
      let axis = try resolve(options.axis ?? -1, of: g, named: arguments[0], ranges)
      let classes = g.dimensions[axis]
      guard g.rank <= 2, j == [g.rank == 1 ? 1 : g.dimensions[1 - axis], classes, classes] else {
        throw fail(
          "contract needs a Jacobian of \(classes)×\(classes) for every sample of \(arguments[0]) (\(g)), not \(j)"
        )
      }
      return g
    case .scatter:
      let inner = try shape(0)
      guard arguments.count == 2, case .index(let base, _) = arguments[1] else {
        throw fail("scatter's second value is an indexed one: scatter(dY, X[0:2, :])")
      }
      guard inner.broadcast(with: try shape(1)) == (try shape(1)) else {
        throw fail("scatter puts \(inner) where \(try shape(1)) is selected")
      }
      return try self.shape(of: base)
    case .conv2d, .conv2dInputGradient, .conv2dWeightGradient, .maxpool, .avgpool, .maxpoolGradient,
      .avgpoolGradient:
      return try window(f, arguments, options, ranges)
    }
  }
}
