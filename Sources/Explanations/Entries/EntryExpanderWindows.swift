import Formulas
import LinearAlgebra

// Entries of convolution and pooling: forwards the patch that made an output, backwards every output that a pixel or
// a weight reached. Images m×C×H×W, kernels O×C×h×w.

extension EntryExpander {
  mutating func window(
    _ f: Builtin, _ arguments: [Expression], _ options: CallOptions, _ index: [EntryIndex]
  ) throws(Diagnostic) -> EntryFormula? {
    guard index.count == 4, arguments.count >= 2 else { return nil }
    let (stride, pad) = (options.stride ?? 1, options.pad ?? 0)
    /// An entry that is 0 outside the value.
    func padded(_ value: Expression, _ at: [EntryIndex]) -> EntryFormula { .entry(value, at, isPadded: true) }
    func v(_ variable: EntryFormula.Variable) -> EntryIndex { .variable(variable.name) }
    /// Where output position p reads with kernel offset r.
    func reads(_ p: EntryIndex, _ r: EntryIndex) -> EntryIndex { p.scaled(by: stride) + r + -pad }
    func extents(_ expression: Expression) throws(Diagnostic) -> [Int] {
      let shape = try shape(expression)
      guard shape.rank == 4 else { throw Diagnostic("\(f.rawValue) works on tensors of rank 4") }
      return shape.dimensions
    }
    switch f {
    case .conv2d:
      let w = try extents(arguments[1])
      let (c, r, s) = (fresh("c", w[1]), fresh("r", w[2]), fresh("s", w[3]))
      let x = [index[0], v(c), reads(index[2], v(r)), reads(index[3], v(s))]
      return .sum(
        [c, r, s],
        .product(padded(arguments[0], x), padded(arguments[1], [index[1], v(c), v(r), v(s)])))
    case .conv2dInputGradient:
      // dX[n,c,y,x]: the output (p, q) reached the pixel with the weight at (y + pad - p·stride, …), if there is one.
      let g = try extents(arguments[0])
      let (o, p, q) = (fresh("o", g[1]), fresh("p", g[2]), fresh("q", g[3]))
      let weight = [
        v(o), index[1], index[2] + pad - v(p).scaled(by: stride), index[3] + pad - v(q).scaled(by: stride),
      ]
      return .sum(
        [o, p, q],
        .product(padded(arguments[0], [index[0], v(o), v(p), v(q)]), padded(arguments[1], weight)))
    case .conv2dWeightGradient:
      let g = try extents(arguments[0])
      let (n, p, q) = (fresh("n", g[0]), fresh("p", g[2]), fresh("q", g[3]))
      let x = [v(n), index[1], reads(v(p), index[2]), reads(v(q), index[3])]
      return .sum(
        [n, p, q], .product(padded(arguments[0], [v(n), index[0], v(p), v(q)]), padded(arguments[1], x)))
    case .maxpool, .avgpool:
      guard let size = try size(arguments[1]) else { return nil }
      let step = options.stride ?? size
      let (r, s) = (fresh("r", size), fresh("s", size))
      let body = try expand(
        arguments[0],
        [index[0], index[1], index[2].scaled(by: step) + v(r), index[3].scaled(by: step) + v(s)])
      if f == .maxpool { return .fold(.max, [r, s], body) }
      return .binary(.divide, .fold(.sum, [r, s], body), .number(Double(size * size)))
    case .maxpoolGradient, .avgpoolGradient:
      return try pooledGradient(f, arguments, options, index)
    case .sum, .mean, .max, .min, .argmax, .softmax, .logsumexp, .maximum, .minimum, .where, .clip, .onehot,
      .diag, .outer, .eye, .zeros, .ones, .linspace, .arange, .randn, .rand, .reshape, .flatten, .contract,
      .scatter:
      return nil
    }
  }

  private func size(_ expression: Expression) throws(Diagnostic) -> Int? {
    try Evaluator(environment).value(of: expression).scalarValue.flatMap { Int(exactly: $0) }
  }

  /// The windows that hold a pixel, each with what it hands to it.
  private mutating func pooledGradient(
    _ f: Builtin, _ arguments: [Expression], _ options: CallOptions, _ index: [EntryIndex]
  ) throws(Diagnostic) -> EntryFormula? {
    guard arguments.count == 3, let size = try size(arguments[2]), size > 0 else { return nil }
    let fixed = index.compactMap(\.fixed)
    let outputs = try shape(arguments[0])
    let step = options.stride ?? size
    guard fixed.count == 4, outputs.rank == 4, step > 0 else { return nil }
    let pixels = f == .maxpoolGradient ? try Evaluator(environment).value(of: arguments[1]) : nil
    var terms: [EntryFormula] = []
    for p in 0..<outputs.dimensions[2] where p * step <= fixed[2] && fixed[2] < p * step + size {
      for q in 0..<outputs.dimensions[3] where q * step <= fixed[3] && fixed[3] < q * step + size {
        let handed = try expand(arguments[0], [index[0], index[1], EntryIndex(p), EntryIndex(q)])
        guard let pixels else {
          terms.append(.binary(.divide, handed, .number(Double(size * size))))
          continue
        }
        if Self.isFirstLargest(pixels, fixed, p * step, q * step, size) { terms.append(handed) }
      }
    }
    return terms.count > 1 ? .terms(terms) : terms.first ?? .number(0)
  }

  /// Whether a pixel is the first of the largest of its window, in row-major order.
  private static func isFirstLargest(
    _ x: Tensor, _ index: [Int], _ top: Int, _ left: Int, _ size: Int
  ) -> Bool {
    var best: (position: Int, value: Double)?
    for row in top..<top + size {
      for column in left..<left + size {
        guard let at = x.position(of: [index[0], index[1], row, column]) else { continue }
        if best == nil || x.elements[at] > best?.value ?? 0 { best = (at, x.elements[at]) }
      }
    }
    return best?.position == x.position(of: index)
  }
}
