import Formulas
import LinearAlgebra

/// The words for shapes that do not meet.
enum ShapeMessages {
  /// A formula as a noun: short ones as they are.
  static func brief(_ expression: Expression) -> Prose {
    guard expression.description.count <= 32 else { return "(\(beginning: expression, 28))" }
    if case .binary = expression { return "(\(expression))" }
    return "\(expression)"
  }

  static func size(_ shape: Shape) -> String { shape.isScalar ? "a scalar" : "\(shape)" }

  static func named(_ expression: Expression, _ shape: Shape) -> Prose {
    shape.isScalar ? "\(brief(expression)) (a scalar)" : "\(brief(expression)) (\(shape))"
  }

  static func marks(_ ranges: RangeTree?) -> [Range<Int>] {
    guard let ranges else { return [] }
    guard let symbol = ranges.symbol, ranges.children.count == 2 else { return [ranges.range] }
    return [ranges.children[0].range, symbol, ranges.children[1].range]
  }

  static func product(
    _ a: Expression, _ left: Shape, _ b: Expression, _ right: Shape, _ ranges: RangeTree?,
    _ environment: any Environment
  ) -> Diagnostic {
    if left.isScalar || right.isScalar {
      return Diagnostic(
        "@ multiplies matrices, and \(brief(left.isScalar ? a : b)) is a scalar", at: marks(ranges),
        hint: "\(brief(a)) * \(brief(b)) scales every entry")
    }
    let inner = (left.columns, right.rank == 1 ? right.columns : right.rows)
    if left.rank > 2 || right.rank > 2 {
      guard inner.0 == inner.1 else {
        return Diagnostic(
          "cannot multiply \(named(a, left)) by \(named(b, right)): the inner dimensions \(inner.0) and \(inner.1) differ",
          at: marks(ranges),
          hint: left.columns == right.columns && right.rank > 1
            ? "\(brief(b)).mT exchanges the last two axes; .T reverses all of them" : nil)
      }
      return Diagnostic(
        "cannot multiply the stacks \(named(a, left)) and \(named(b, right)): their leading axes do not meet",
        at: marks(ranges), hint: "leading extents are equal or 1, counted from the right")
    }
    var diagnostic = Diagnostic(
      "cannot multiply \(named(a, left)) by \(named(b, right)): the inner dimensions \(inner.0) and \(inner.1) differ",
      at: marks(ranges))
    var candidates: [(Expression, Expression, Shape)] = []
    for (p, l, q, r) in [(a, left, b, right), (b, right, a, left)] {
      for (x, xs) in [(p.flipped, l.transposed), (p, l)] {
        for (y, ys) in [(q, r), (q.flipped, r.transposed)] {
          if let result = xs.product(with: ys) { candidates.append((x, y, result)) }
        }
      }
    }
    // Of the products that fit, one whose shape something here has.
    let like = candidates.first { environment.example(ofShape: $0.2) != nil } ?? candidates.first
    if let (x, y, result) = like, let l = try? ShapeInference(environment).shape(of: x),
      let r = try? ShapeInference(environment).shape(of: y)
    {
      let name: Prose = environment.example(ofShape: result).map { ", the shape of \(name: $0)" } ?? ""
      diagnostic.hint = "\(Expression.binary(.matrixProduct, x, y)) is (\(l)) @ (\(r)) = (\(result))\(name)"
    } else if left.rank == 1, right.rank == 1 {
      diagnostic.hint = "outer(\(brief(a)), \(brief(b))) is \(left.count)×\(right.count)"
    }
    if diagnostic.hint == nil, left == right {
      diagnostic.hint = "\(brief(a)) * \(brief(b)) multiplies entry by entry"
    }
    return diagnostic
  }

  static func elementwise(
    _ operation: BinaryOperator, _ a: Expression, _ left: Shape, _ b: Expression, _ right: Shape,
    _ ranges: RangeTree?
  ) -> Diagnostic {
    let verb: Prose
    switch operation {
    case .add: verb = "add \(named(b, right)) to \(named(a, left))"
    case .subtract: verb = "subtract \(named(b, right)) from \(named(a, left))"
    case .multiply: verb = "multiply \(named(a, left)) entry by entry by \(named(b, right))"
    case .divide: verb = "divide \(named(a, left)) by \(named(b, right))"
    case .power, .matrixProduct: verb = "raise \(named(a, left)) to \(named(b, right))"
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual:
      verb = "compare \(named(a, left)) with \(named(b, right))"
    }
    var hint: Prose = "shapes meet when each extent is equal or 1, counted from the right"
    if left.transposed.broadcast(with: right) != nil, left.rank == 2 {
      hint = "\(brief(a)).T is \(left.transposed)"
    } else if left.broadcast(with: right.transposed) != nil, right.rank == 2 {
      hint = "\(brief(b)).T is \(right.transposed)"
    } else if operation == .multiply, let result = left.product(with: right) {
      hint = "the matrix product \(brief(a)) @ \(brief(b)) is \(result)"
    }
    return Diagnostic("cannot \(verb)", at: marks(ranges), hint: hint)
  }

  static func outside(
    _ a: Expression, _ shape: Shape, _ subscripts: [Subscript], _ axis: Int, _ ranges: RangeTree?
  ) -> Diagnostic {
    guard case .at(let index) = subscripts[axis] else {
      return Diagnostic("this slice is outside \(brief(a)) (\(shape))", at: ranges.map { [$0.range] } ?? [])
    }
    let extent = shape.dimensions[axis]
    let noun = shape.rank == 2 ? (axis == 0 ? "row" : "column") : "index"
    return Diagnostic(
      "\(brief(a)) (\(shape)) has no \(noun) \(index)", at: ranges.map { [$0.range] } ?? [],
      hint: extent == 0
        ? "it is empty" : "\(noun == "index" ? "indices" : noun + "s") count from 0: 0 to \(extent - 1)")
  }

  static func targets(_ mismatch: Mismatch) -> Diagnostic {
    var (targets, predictions) = (mismatch.shapes[0], mismatch.shapes[1])
    var (y, p) = (brief(mismatch.arguments[0]), brief(mismatch.arguments[1]))
    // What is computed is no target.
    if mismatch.operation.loss?.isSymmetric == true, case .name = mismatch.arguments[1],
      !mismatch.arguments[0].children.isEmpty
    {
      (targets, predictions, y, p) = (predictions, targets, p, y)
    }
    var hint: Prose = "the targets need one entry for each prediction: set \(y) to the shape \(predictions)"
    // What is made of other values is set by setting those.
    if case .name = mismatch.arguments[0] {
    } else {
      hint = "the targets need one entry for each prediction: \(y) is to have the shape \(predictions)"
    }
    if targets.transposed == predictions { hint = "\(y).T has the shape of \(p)" }
    // A mean over words keeps its axis: 4×1×2 beside 4×2.
    if predictions.rank > targets.rank,
      predictions.dimensions.filter({ $0 != 1 }) == targets.dimensions.filter({ $0 != 1 })
    {
      hint = "\(p) has an axis of one that a sum or a mean kept: keepdims=False there, or squeeze"
    }
    if mismatch.operation.loss?.averaging == .samples, targets.rank == 2, targets.columns == 1,
      predictions.rank == 2
    {
      hint = "class numbers become rows with a single 1: set \(y) = onehot([…], \(predictions.columns))"
    }
    if mismatch.operation.loss?.averaging == .samples, targets.rank == 1, predictions.rank == 2,
      targets.count == predictions.rows
    {
      hint = "class numbers become rows with a single 1: onehot(\(y), \(predictions.columns))"
    }
    return Diagnostic(
      "\(mismatch.operation.name) compares \(y) (\(targets)) with \(p) (\(predictions)): the shapes differ",
      hint: hint)
  }
}

extension Expression {
  /// The transpose, without writing it twice.
  package var flipped: Expression {
    if case .transpose(let inner) = self { inner } else { .transpose(self) }
  }

  /// The same, for a product of matrices of which one is transposed already: `(A.T @ B).T` is `B.T @ A`.
  package var turned: Expression {
    if case .binary(.matrixProduct, let a, let b) = self, a.isTransposed || b.isTransposed {
      return .binary(.matrixProduct, b.flipped, a.flipped)
    }
    return flipped
  }

  private var isTransposed: Bool { if case .transpose = self { true } else { false } }
}
