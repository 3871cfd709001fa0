import Formulas
import LinearAlgebra
import Operations
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
    /// A kernel of an operation's own.
    case kernel(Function, Operations.Operation.Setting)
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
    case .entries, .product, .transpose, .reshape, .kernel, .evaluated: false
    }
  }
}

/// What is done to entries: an operation with a kernel, or a function called number by number.
enum EntryOperation: Hashable {
  case block(BlockOperation)
  case function(Function)
  case power

  /// - Parameters: as `BlockOperation.run`.
  func run<Number: KernelNumber>(
    _ n: Int, _ x: UnsafePointer<Number>, _ y: UnsafePointer<Number>, _ z: UnsafePointer<Number>,
    _ out: UnsafeMutablePointer<Number>
  ) {
    switch self {
    case .block(let operation): Number.run(operation, n, x, y, z, out)
    case .function(let f):
      guard let program = Operations.Operation.of(f)?.entryProgram else { return }
      if let (x, out) = (x, out) as? (UnsafePointer<Double>, UnsafeMutablePointer<Double>) {
        return program.run(n, x, out)
      }
      withUnsafeTemporaryAllocation(of: Double.self, capacity: n) { doubles in
        guard let doubles = doubles.baseAddress else { return }
        Number.widen(n, x, doubles)
        program.run(n, doubles, doubles, in: .float32)
        Number.load(n, doubles, out)
      }
    case .power: for i in 0..<n { out[i] = Number(pow(Double(x[i]), Double(y[i]))) }
    }
  }
}
