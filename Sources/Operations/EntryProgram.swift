import Formulas
import LinearAlgebra
import Platform

/// A function of each entry alone as the list of operations that its definition is, carried out block by block: what lies
/// between two of them never leaves the first-level cache.
package struct EntryProgram: Sendable {
  private enum Source {
    case argument
    case number(Double)
    case step(Int)
  }

  fileprivate enum Action {
    case block(BlockOperation)
    case function(ScalarFunction)
    case power
  }

  private var steps: [(action: Action, sources: [Source])] = []
  private static var block: Int { 256 }

  /// Nil for what is no function of each entry alone.
  fileprivate init?(_ operation: Operation) {
    guard append(operation, .argument) != nil, !steps.isEmpty else { return nil }
  }

  private mutating func append(_ action: Action, _ sources: [Source]) -> Source {
    steps.append((action, sources))
    return .step(steps.count - 1)
  }

  private mutating func append(_ operation: Operation, _ argument: Source) -> Source? {
    if case .entries(let block)? = operation.kernel { return append(.block(block), [argument]) }
    if let scalar = operation.scalar { return append(.function(scalar), [argument]) }
    guard operation.slope != nil, let choice = operation.cases.first,
      case .formula(let text) = choice.meaning,
      let known = try? operation.parsed.definition(text, values: [operation.argumentName], constants: [:])
    else { return nil }
    return append(known.formula.body, argument)
  }

  private mutating func append(_ formula: IndexFormula, _ argument: Source) -> Source? {
    switch formula {
    case .number(let value): return .number(value)
    case .entry: return argument
    case .binary(.power, let a, .number(2)):
      return append(a, argument).map { append(.block(.multiply), [$0, $0]) }
    case .call(let f, let a):
      guard let operation = Operation.of(f), let a = append(a, argument) else { return nil }
      return append(operation, a)
    case .negative, .binary, .choice:
      guard let action = Self.action(formula) else { return nil }
      var sources: [Source] = []
      for part in formula.children {
        guard let source = append(part, argument) else { return nil }
        sources.append(source)
      }
      return append(action, sources)
    default: return nil
    }
  }

  private static func action(_ formula: IndexFormula) -> Action? {
    switch formula {
    case .negative: return .block(.negative)
    case .choice(let kind, _):
      switch kind {
      case .max: return .block(.maximum)
      case .min: return .block(.minimum)
      case .where: return .block(.where)
      case .clip: return .block(.clip)
      }
    case .binary(let operation, _, _):
      switch Operation.of(operation).kernel {
      case .entries(let block)?: return .block(block)
      case .power?: return .power
      default: return nil
      }
    default: return nil
    }
  }

  /// - Parameter format: what the numbers of the definition are rounded to, as those of a formula that is typed are (and
  ///   as NumPy and JAX have it; PyTorch keeps them in float32). The result is not rounded.
  package func callAsFunction(_ argument: Tensor, in format: NumberFormat = .float64) -> Tensor {
    Tensor(writing: argument.shape, reading: [argument]) { run(argument.count, $0[0], $1, in: format) }
  }

  /// out = f(x) for n entries, until it is interrupted; `out` may be `x`.
  package func run(
    _ n: Int, _ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>,
    in format: NumberFormat = .float64
  ) {
    if steps.count == 1, case .block(let operation) = steps[0].action {
      return operation.run(n, x, x, x, out)
    }
    let width = min(n, Self.block)
    let numbers = steps.flatMap(\.sources).compactMap {
      if case .number(let value) = $0 { format.rounded(value) } else { nil }
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: (steps.count + numbers.count) * width) {
      memory in
      guard let base = memory.baseAddress else { return }
      for (i, value) in numbers.enumerated() {
        (base + (steps.count + i) * width).update(repeating: value, count: width)
      }
      for from in stride(from: 0, to: n, by: max(1, width)) where !Interruption.isRequested {
        var number = steps.count
        func place(_ source: Source) -> UnsafePointer<Double> {
          switch source {
          case .argument: return x + from
          case .step(let i): return UnsafePointer(base + i * width)
          case .number:
            number += 1
            return UnsafePointer(base + (number - 1) * width)
          }
        }
        for (i, step) in steps.enumerated() {
          let a = place(step.sources[0])
          let b = step.sources.count > 1 ? place(step.sources[1]) : a
          let c = step.sources.count > 2 ? place(step.sources[2]) : b
          step.action.run(
            min(width, n - from), a, b, c, i == steps.count - 1 ? out + from : base + i * width)
        }
      }
    }
  }
}

extension EntryProgram.Action {
  fileprivate func run(
    _ n: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ z: UnsafePointer<Double>,
    _ out: UnsafeMutablePointer<Double>
  ) {
    switch self {
    case .block(let operation): operation.run(n, x, y, z, out)
    case .function(let function): for i in 0..<n { out[i] = function.value(x[i]) }
    case .power: for i in 0..<n { out[i] = pow(x[i], y[i]) }
    }
  }
}

extension Operation {
  /// The definition of a function of each entry alone, ready to run; nil for other operations.
  package var entryProgram: EntryProgram? { slope == nil ? nil : parsed.program { EntryProgram(self) } }
}
