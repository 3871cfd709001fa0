import Formulas
import LinearAlgebra
import Operations

/// Random formulas of every kind of node, for properties that hold of all of them.
package struct RandomExpressions {
  package var generator: RandomGenerator

  package init(seed: UInt64) { generator = RandomGenerator(seed: seed) }

  private mutating func pick<T>(_ items: [T]) -> T { items[generator.integer(below: items.count)] }

  private let functions = Operation.all.filter { $0.slope != nil }.map(\.name)

  /// Any formula, shapes not cared for.
  package mutating func any(depth: Int) -> Expression {
    guard depth > 0 else {
      return generator.uniform() < 0.5
        ? .name(pick(["X", "W1", "b1", "dZ2", "S"])) : .number(pick([0, 1, 2, 0.5, 1e-7, 12345.678, 3e20]))
    }
    switch generator.integer(below: 9) {
    case 0: return .negative(any(depth: depth - 1))
    case 1: return .transpose(any(depth: depth - 1))
    case 2: return .call(Function(pick(functions)), [any(depth: depth - 1)], .none)
    case 3:
      let f: Function = pick(["sum", "mean", "softmax", "argmax"])
      return .call(f, [any(depth: depth - 1)], CallOptions(axis: pick([nil, 0, 1, -1])))
    case 4: return .derivative(Function(pick(functions)), any(depth: depth - 1), .none)
    case 5:
      let item: Subscript = pick([
        .at(0), .at(-1), .slice(from: nil, to: nil, step: 1), .slice(from: 1, to: nil, step: 2),
        .slice(from: 0, to: 3, step: 1),
      ])
      return .index(any(depth: depth - 1), [item, .at(2)])
    case 6: return .list([any(depth: depth - 1), any(depth: depth - 1)])
    default:
      return .binary(pick(BinaryOperator.allCases), any(depth: depth - 1), any(depth: depth - 1))
    }
  }
}
