import LinearAlgebra
import Testing

@Suite struct BroadcastingTests {
  /// Every entry against the one that its own index names, an extent of 1 being read at 0.
  @Test func stretchedValuesAreReadByIndex() throws {
    var random = RandomGenerator(seed: 12)
    for _ in 0..<300 {
      let target = (0..<random.integer(below: 5)).map { _ in random.integer(below: 5) }
      func part() -> Tensor {
        let rank = random.integer(below: target.count + 1)
        return random.normal(
          shape: Shape(target.suffix(rank).map { random.integer(below: 3) == 0 ? 1 : $0 }))
      }
      let (a, b) = (part(), part())
      let common = try #require(a.shape.broadcast(with: b.shape))
      func entry(_ tensor: Tensor, _ index: [Int]) -> Double {
        var position = 0
        for (i, extent) in zip(index.suffix(tensor.rank), tensor.shape.dimensions) {
          position = position * extent + (extent == 1 ? 0 : i)
        }
        return tensor.elements[position]
      }
      var index = [Int](repeating: 0, count: common.rank)
      let sum = try #require(BlockOperation.add([a, b]))
      let difference = try #require(BlockOperation.subtract([a, b]))
      let product = try #require(BlockOperation.multiply([a, b]))
      let quotient = try #require(BlockOperation.divide([a, b]))
      let less = try #require(BlockOperation.less([a, b]))
      let combined = try #require(a.combined(with: b) { $0 - 2 * $1 })
      let chosen = try #require(BlockOperation.where([less, a, b]))
      let stretched = try #require(a.broadcast(to: common))
      #expect(sum.shape == common && less.shape == common && stretched.shape == common)
      for position in 0..<sum.count {
        let (x, y) = (entry(a, index), entry(b, index))
        #expect(sum.elements[position] == x + y, "\(a.shape) \(b.shape)")
        #expect(difference.elements[position] == x - y)
        #expect(product.elements[position] == x * y)
        #expect(quotient.elements[position] == x / y)
        #expect(less.elements[position] == (x < y ? 1 : 0))
        #expect(combined.elements[position] == x - 2 * y)
        #expect(chosen.elements[position] == min(x, y))
        #expect(stretched.elements[position] == x)
        for axis in index.indices.reversed() {
          index[axis] += 1
          if index[axis] < common.dimensions[axis] { break }
          index[axis] = 0
        }
      }
    }
    #expect(
      BlockOperation.add([Tensor(repeating: 1, shape: [3, 4]), Tensor(repeating: 1, shape: [3])]) == nil
    )
  }
}
