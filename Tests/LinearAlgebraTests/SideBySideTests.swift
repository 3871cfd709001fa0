import LinearAlgebra
import Testing

@Suite struct SideBySideTests {
  private struct Failure: Error, Equatable { let number: Int }

  /// Sums of squares by the closed form n(n + 1)(2n + 1)/6, each in its own place whichever thread made it.
  @Test func resultsStandInOrder() {
    let sums = SideBySide.map(300) { n in (0...n).reduce(0) { $0 + $1 * $1 } }
    #expect(sums == (0..<300).map { n in n * (n + 1) * (2 * n + 1) / 6 })
    #expect(SideBySide.map(0) { $0 }.isEmpty)
  }

  @Test func theFirstErrorIsThrown() {
    #expect(throws: Failure(number: 7)) {
      try SideBySide.map(50) { n throws(Failure) in
        if n % 10 == 7 { throw Failure(number: n) }
        return n
      }
    }
  }

  /// A part that has parts of its own runs them in its own thread.
  @Test func partsMayHaveParts() {
    let table = SideBySide.map(20) { i in SideBySide.map(20) { j in i * j }.compactMap { $0 }.reduce(0, +) }
    #expect(table == (0..<20).map { 190 * $0 })
  }
}
