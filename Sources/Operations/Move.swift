import Formulas
import LinearAlgebra

/// Which entry of which operand an entry of the result is.
package struct Move: Sendable {
  package let shape: Shape
  /// Nil: not known for a variable index. An operand of -1: the entry is 0.
  package let source: @Sendable (_ index: [Index]) -> (operand: Int, index: [Index])?

  package init(
    _ shape: Shape, _ source: @escaping @Sendable (_ index: [Index]) -> (operand: Int, index: [Index])?
  ) {
    self.shape = shape
    self.source = source
  }

  /// For every entry of the result, the operand and flat position it comes from.
  package func positions(_ shapes: [Shape]) -> [(operand: Int, position: Int)]? {
    var result: [(operand: Int, position: Int)] = []
    result.reserveCapacity(shape.count)
    for flat in 0..<shape.count {
      guard let (operand, index) = source(shape.index(at: flat).map { Index($0) }) else { return nil }
      guard operand >= 0 else {
        result.append((-1, 0))
        continue
      }
      guard shapes.indices.contains(operand),
        let position = shapes[operand].position(of: index.compactMap(\.fixed))
      else { return nil }
      result.append((operand, position))
    }
    return result
  }
}
