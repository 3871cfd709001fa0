import Formulas
import LinearAlgebra

extension Expression {
  /// The first operation in which a column of n meets a list of n: as in NumPy, each entry goes with each, n×n, where mostly
  /// entry by entry is meant. Nil where there is none, and where shapes do not meet.
  package func eachWithEach(in environment: any Environment) -> (operation: Expression, shapes: [Shape])? {
    // A pasted matrix has no operations worth the time.
    if case .list = self { return nil }
    for child in children { if let found = child.eachWithEach(in: environment) { return found } }
    guard case .binary(let operation, let a, let b) = self, operation != .matrixProduct else { return nil }
    // Who writes x[:, None] means each with each.
    let isMeant = [a, b].contains {
      if case .call(let f, _, _) = $0 { f.name == Operation.expandDims.name } else { false }
    }
    guard !isMeant else { return nil }
    let inference = ShapeInference(environment)
    guard let first = try? inference.shape(of: a), let second = try? inference.shape(of: b) else {
      return nil
    }
    func isColumn(_ column: Shape, beside list: Shape) -> Bool {
      column.rank == 2 && column.columns == 1 && list.rank == 1 && column.rows == list.count && list.count > 1
    }
    guard isColumn(first, beside: second) || isColumn(second, beside: first) else { return nil }
    return (self, [first, second])
  }

  /// The same as it is told.
  package func eachWithEachNote(in environment: any Environment) -> Prose? {
    guard let (operation, shapes) = eachWithEach(in: environment),
      let list = shapes.first(where: { $0.rank == 1 })
    else { return nil }
    let n = list.count
    return
      "\(operation) takes each of \(n) with each, \(n)×\(n): a column (\(n)×1) meets a list (\(n)). Entry by entry both are lists or both columns: reshape(…, -1), reshape(…, \(n), 1)"
  }
}
