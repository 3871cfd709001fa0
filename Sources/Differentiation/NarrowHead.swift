import Formulas
import LinearAlgebra
import Operations

/// Steps in which one changed column stays one column: elementwise functions of Z, up to the next product, to which it
/// adds ΔA[:,j] ⊗ W[j,:]. All but one of Z's columns then need not be computed again.
struct NarrowHead {
  let chain: [Equation]
  let product: Equation
  let rest: [Equation]
  let kinks: [KinkSource]
  private let weights: Tensor

  init?(
    first: Equation, rest: [Equation], loss: Equation, kinks: [KinkSource], _ environment: any Environment
  ) {
    var names: Set<String> = [first.name]
    var chain: [Equation] = []
    var index = 0
    while index < rest.count, Self.isElementwise(rest[index].evaluated, names) {
      names.insert(rest[index].name)
      chain.append(rest[index])
      index += 1
    }
    guard index < rest.count else { return nil }
    let last = chain.last?.name ?? first.name
    var formula = rest[index].evaluated
    if case .binary(.add, let a, let b) = formula, !b.names.contains(where: names.contains) { formula = a }
    guard case .binary(.matrixProduct, .name(last), let right) = formula,
      !right.names.contains(where: names.contains),
      let weights = try? Evaluator(environment).value(of: right),
      weights.rank == 2
    else { return nil }
    let later = Array(rest.dropFirst(index + 1))
    guard !(later + [loss]).contains(where: { $0.evaluated.names.contains(where: names.contains) }) else {
      return nil
    }
    let own = kinks.filter { $0.argument.names.contains(where: names.contains) }
    guard
      own.allSatisfy({ Self.isElementwise($0.argument, names) || names.contains($0.argument.description) })
    else {
      return nil
    }
    self.chain = chain
    product = rest[index]
    self.rest = later
    self.kinks = own
    self.weights = weights
  }

  /// Only functions of the names themselves and of numbers.
  private static func isElementwise(_ expression: Expression, _ names: Set<String>) -> Bool {
    expression.isEntrywise && names.isSuperset(of: expression.names)
  }

  /// The product's value for every copy; nil where the sizes do not meet. `changed`: one column of m rows for each copy;
  /// `columns`: which column it is, for each position (the second half of the copies has the same).
  func product(changed: [Double], before: Tensor, next: Tensor, columns: [Int]) -> Tensor? {
    BlockKernels.movedRows(
      of: next, by: changed, instead: before, columns: columns + columns, weights: weights)
  }
}
