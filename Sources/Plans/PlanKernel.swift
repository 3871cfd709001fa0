import Formulas
import LinearAlgebra
import Operations
import Platform

/// One node of a plan that is not elementwise, over fixed addresses: everything that can be decided is decided when
/// it is made.
struct PlanKernel<Number: KernelNumber> {
  typealias Pointer = UnsafeMutablePointer<Number>

  /// Returns what went wrong: only an evaluated formula can fail.
  let run: () -> Diagnostic?

  private init(_ run: @escaping () -> Void) {
    self.run = {
      run()
      return nil
    }
  }
  private init(isFallible: Bool, _ run: @escaping () -> Diagnostic?) { self.run = run }

  /// - Parameter inputs: address and shape of every operand, in order.
  init(_ node: PlanNode, _ inputs: [(pointer: Pointer, shape: Shape)], to out: Pointer) throws(Diagnostic) {
    let unfit = Diagnostic("the shapes of \(String(describing: node.operation)) do not meet")
    func input(_ i: Int) throws(Diagnostic) -> (pointer: Pointer, shape: Shape) {
      guard inputs.indices.contains(i) else { throw unfit }
      return inputs[i]
    }
    switch node.operation {
    case .constant, .leaf, .reshape: self.init {}
    case .entries(let operation):
      let loop = EntryLoop<Number>(node.shape)
      for (i, input) in inputs.enumerated() { loop.read(i, input.pointer, input.shape) }
      loop.append(operation, node: -1, sources: Array(inputs.indices), to: out)
      loop.finish()
      self.init { loop.run() }
    case .product(let transposeA, let transposeB):
      let product = ProductCall(
        try input(0), try input(1), transposeA: transposeA, transposeB: transposeB)
      self.init { product.run(into: out, alpha: 1, beta: 0) }
    case .transpose:
      let a = try input(0)
      self.init { Number.transpose(rows: a.shape.rows, columns: a.shape.columns, a.pointer, out) }
    case .kernel(let f, let setting):
      guard let run = Operations.Operation.named(f.name)?.kernel?.checked(setting, node.shape) else {
        throw unfit
      }
      let sources = inputs.map { InDoubles($0.pointer, $0.shape.count) }
      let result = InDoubles(out, node.shape.count)
      let pointers = sources.map(\.pointer)
      self.init(isFallible: true) {
        for source in sources { source.load() }
        let failure = run(pointers, result.pointer)
        result.store()
        return failure
      }
    case .evaluated(let formula):
      let shape = node.shape
      self.init(isFallible: true) {
        var bindings = Bindings([:])
        for (i, input) in inputs.enumerated() {
          bindings.values["%\(i)"] = Number.tensor(input.shape, input.pointer)
        }
        switch Result(catching: { () throws(Diagnostic) in try Evaluator(bindings).value(of: formula) }) {
        case .success(let value):
          guard value.count == shape.count else { return unfit }
          for (i, element) in value.elements.enumerated() { out[i] = Number(element) }
          return nil
        case .failure(let diagnostic): return diagnostic
        }
      }
    }
  }
}

/// An operand or result of a kernel that knows doubles alone: the values where they are, or a copy.
private struct InDoubles<Number: KernelNumber> {
  let pointer: UnsafeMutablePointer<Double>
  private let own: UnsafeMutablePointer<Number>
  private let count: Int
  private let copy: PlanBuffer<Double>?

  init(_ own: UnsafeMutablePointer<Number>, _ count: Int) {
    (self.own, self.count) = (own, count)
    let same = own as? UnsafeMutablePointer<Double>
    copy = same == nil ? PlanBuffer([count]) : nil
    pointer = same ?? copy?.pointer ?? .allocate(capacity: 1)
  }

  func load() { if copy != nil { Number.widen(count, own, pointer) } }
  func store() { if copy != nil { Number.load(count, pointer, own) } }
}

/// A matrix product between fixed addresses.
struct ProductCall<Number: KernelNumber> {
  let a, b: UnsafeMutablePointer<Number>
  let m, n, k: Int
  let transposeA, transposeB: Bool
  private let stack: StackedProduct?

  init(
    _ a: (pointer: UnsafeMutablePointer<Number>, shape: Shape),
    _ b: (pointer: UnsafeMutablePointer<Number>, shape: Shape), transposeA: Bool, transposeB: Bool
  ) {
    let left = transposeA ? a.shape.transposed : a.shape
    let right = transposeB ? b.shape.transposed : b.shape
    (self.a, self.b, self.transposeA, self.transposeB) = (a.pointer, b.pointer, transposeA, transposeB)
    stack = left.rank > 2 || right.rank > 2 ? StackedProduct(left, right) : nil
    m = left.rank == 2 ? left.dimensions[0] : 1
    n = right.rank == 2 ? right.dimensions[1] : 1
    k = right.rank == 2 ? right.dimensions[0] : right.columns
  }

  func run(into c: UnsafeMutablePointer<Number>, alpha: Double, beta: Double) {
    if let stack { return stack.run(a, b, into: c, alpha: alpha, beta: beta) }
    Number.multiply(
      m: m, n: n, k: k, a: a, transposeA: transposeA, b: b, transposeB: transposeB, c: c, alpha: alpha,
      beta: beta)
  }
}
