import LinearAlgebra
import Testing

@Suite struct InterruptionTests {
  @Test(arguments: [0, 1, Interruption.stretch - 1, Interruption.stretch, 3 * Interruption.stretch + 5])
  func theFirstIsFound(_ place: Int) {
    var asked = 0
    let found = Interruption.first(of: 4 * Interruption.stretch) { index in
      asked += 1
      return index >= place
    }
    #expect(found == place && asked == place + 1)
    #expect(Interruption.first(of: place) { $0 >= place } == nil)
  }

  /// The clock is asked at every 32nd question.
  @Test func aSearchIsLeftAndFindsNothing() {
    var asked = 0
    let found = Interruption.within(seconds: 1e-9) {
      Interruption.first(of: 1 << 28) { index in
        asked += 1
        return index == 1 << 27
      }
    }
    #expect(found == nil && asked <= 33 * Interruption.stretch)
    #expect(!Interruption.isRequested)
  }
}
