import Commands
import Lessons
import Sessions
import Testing

/// A step that adds the one before to itself has two parts; forty of them have a million millions, and forty equations.
@Suite struct DoublingTests {
  private let doublings = (1...40).map { "A\($0) = A\($0 - 1) + A\($0 - 1)" }.joined(separator: "; ")

  private func workspace(_ lines: [String]) -> Workspace {
    var workspace = Workspace(commands: .withLessons)
    for line in lines {
      for outcome in Interpreter.run(line, in: &workspace) {
        if case .failure(let diagnostic) = outcome.result {
          Issue.record("\(line): \(diagnostic.message.text())")
        }
      }
    }
    return workspace
  }

  /// 2^40 times the mean of 1, 2, 3, 4, and for each of them a quarter of that many.
  @Test func aLossOfDoublingsIsReadStepByStep() {
    let session = workspace([
      "model A0 = mean(X); \(doublings); L = A40 + A40", "set X = [[1, 2], [3, 4]]", "forward", "backward",
      "info",
    ]).session
    #expect(SessionEnvironment(session).value(of: "L")?.elements == [0x1p41 * 2.5])
    #expect(SessionEnvironment(session).value(of: "dX")?.elements == [Double](repeating: 0x1p39, count: 4))
  }

  /// Beside a loss that is known.
  @Test func aPenaltyOfDoublingsIsReadStepByStep() {
    let session = workspace([
      "model Z = X @ W; A0 = mean(W); \(doublings); L = mse(Y, Z) + A40 + A40", "set X = [[1, 2], [3, 4]]",
      "set Y = [[3], [7]]", "param W = [[1], [1]]", "forward", "backward",
    ]).session
    #expect(SessionEnvironment(session).value(of: "L")?.elements == [0x1p41])
    #expect(SessionEnvironment(session).value(of: "dW")?.elements == [0x1p40, 0x1p40])
  }
}
