import Formulas
import LinearAlgebra
import Platform

/// One value of a compiled program: an operation and the values that it reads.
struct PlanNode: Hashable {
  enum Operation: Hashable {
    /// Known when the plan is made.
    case constant(Tensor)
    case leaf(String)
    /// Entry by entry, operands broadcast.
    case entries(EntryOperation)
    /// op(A) @ op(B); a vector is a row on the left and a column on the right.
    case product(transposeA: Bool, transposeB: Bool)
    case transpose
    /// The same numbers in the same order: costs nothing.
    case reshape
    case reduction(Builtin, axis: Int?)
    case softmax(axis: Int)
    /// Convolution and pooling, and their gradients. `other` is the shape of the operand that only lends its shape.
    case window(Builtin, CallOptions, size: Int, other: Shape?)
    /// Entries at flat positions.
    case select([Int])
    /// Entries put at flat positions, 0 elsewhere.
    case scatter([Int])
    /// No kernel: the formula of names `%0`, `%1` … is evaluated as the stepper does.
    case evaluated(Expression)
  }

  let operation: Operation
  let inputs: [Int]
  let shape: Shape

  var isEntries: Bool { if case .entries = operation { true } else { false } }
  var isStored: Bool {
    switch operation {
    case .constant, .leaf: true
    case .entries, .product, .transpose, .reshape, .reduction, .softmax, .window, .select, .scatter,
      .evaluated:
      false
    }
  }
}

/// What is done to entries: an operation with a kernel, or a function called number by number.
enum EntryOperation: Hashable {
  case block(BlockOperation)
  case function(ElementwiseFunction)
  case power

  /// - Parameters: as `BlockOperation.run`.
  func run(
    _ n: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ z: UnsafePointer<Double>,
    _ out: UnsafeMutablePointer<Double>
  ) {
    switch self {
    case .block(let operation): operation.run(n, x, y, z, out)
    case .function(let f): for i in 0..<n { out[i] = f.value(x[i]) }
    case .power: for i in 0..<n { out[i] = pow(x[i], y[i]) }
    }
  }

  static func of(_ operation: BinaryOperator) -> EntryOperation? {
    switch operation {
    case .add: .block(.add)
    case .subtract: .block(.subtract)
    case .multiply: .block(.multiply)
    case .divide: .block(.divide)
    case .power: .power
    case .less: .block(.less)
    case .lessOrEqual: .block(.lessOrEqual)
    case .greater: .block(.greater)
    case .greaterOrEqual: .block(.greaterOrEqual)
    case .equal: .block(.equal)
    case .notEqual: .block(.notEqual)
    case .matrixProduct: nil
    }
  }

  static func of(_ f: ElementwiseFunction) -> EntryOperation {
    switch f {
    case .relu: .block(.relu)
    case .sigmoid: .block(.sigmoid)
    case .tanh: .block(.tanh)
    case .exp: .block(.exp)
    case .sqrt: .block(.squareRoot)
    case .abs: .block(.absolute)
    default: .function(f)
    }
  }

  static func of(_ f: Builtin) -> EntryOperation? {
    switch f {
    case .maximum: .block(.maximum)
    case .minimum: .block(.minimum)
    case .where: .block(.where)
    case .clip: .block(.clip)
    default: nil
    }
  }
}
