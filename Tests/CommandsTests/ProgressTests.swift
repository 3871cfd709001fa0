import LinearAlgebra
import Testing

/// What takes long says how far it is.
@Suite struct ProgressTests {
  @Test func drawingManyWeightsTellsHowFarItIs() {
    var generator = RandomGenerator(seed: 1)
    var shares: [Double] = []
    let some = generator.normal(shape: [3, 200_000], progress: { shares.append($0) })
    #expect(shares.count == 18 && shares == shares.sorted() && shares.last == 1)
    var other = RandomGenerator(seed: 1)
    #expect(some == other.normal(shape: [3, 200_000]))
  }
}
