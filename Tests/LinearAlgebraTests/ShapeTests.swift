import LinearAlgebra
import Testing

@Suite struct ShapeTests {
  @Test func broadcastingFollowsNumPy() {
    #expect(Shape([3, 4]).broadcast(with: [1, 4]) == [3, 4])
    #expect(Shape([3, 4]).broadcast(with: [3]) == nil)
    #expect(Shape.scalar.broadcast(with: [2]) == [2])
  }

  @Test func hugeShapesAreRefusedNotMultiplied() {
    #expect(Shape([1_000_000_000, 1_000_000_000]).checkedCount == nil)
  }
}
