import Commands
import Fuzzing
import Lessons
import Sessions
import Testing

@Suite struct SavedSessionTests {
  /// Whatever was typed: saved and loaded it is the same session, and so on for whatever is typed then.
  @Test(arguments: 0..<8) func savedIsTheSession(_ seed: Int) throws {
    var sequence = SequenceInvariants(seed: UInt64(seed))
    try sequence.run(commands: 12)
  }

  private func roundTrip(_ lines: [String]) throws -> (Session, Session) {
    var workspace = Workspace(commands: .withLessons)
    for line in lines {
      for outcome in Interpreter.run(line, in: &workspace) { _ = try outcome.result.get() }
    }
    var loaded = Workspace(commands: .withLessons)
    _ = Interpreter.run("let left = 1; fused off; data xor; notation netout", in: &loaded)
    _ = try Script.run(SessionScript.text(workspace.session), file: "saved", in: &loaded)
    return (workspace.session, loaded.session)
  }

  @Test func targetsThatWereChangedAreKept() throws {
    let (a, b) = try roundTrip(["data moons n=20", "set Y = Y * 0.5"])
    #expect(a.leaves == b.leaves)
  }

  @Test func aStepBehindADataSetLoads() throws {
    let (a, b) = try roundTrip(["data xor", "net 2 3:tanh 3:softmax", "until dW1"])
    #expect(a.cursor == b.cursor && a.trace == b.trace)
  }

  @Test func loadingStartsClean() throws {
    let (_, b) = try roundTrip(["let mine = 2"])
    #expect(b.scratch.keys.sorted() == ["mine"] && b.data == nil && b.isFused)
    #expect(b.settings.notation == .default)
  }

  @Test func notationLossesAndFusedAreWritten() throws {
    let (a, b) = try roundTrip(["train epochs=3", "fused off", "notation netout", "heat on", "precision 7"])
    #expect(a.losses == b.losses && !b.isFused && a.settings == b.settings)
  }

  @Test func theCurveOfTheTestRowsIsWritten() throws {
    let (a, b) = try roundTrip(["data moons n=40 test=0.5; net 2 3:tanh 2:softmax; train epochs=3"])
    #expect(a.testLosses == b.testLosses && b.testLosses.count == 3)
  }

  @Test func aModelWithoutXGainsNone() throws {
    let (a, b) = try roundTrip(["data moons n=20", "model L = sum((w - 3)**2)", "param w = 1"])
    #expect(a.leaves == b.leaves && b.leaves["X"] == nil)
  }

  /// Y was samples in rows when that was said, and is trained since.
  @Test func whatWasSaidOfSamplesIsKept() throws {
    let (a, b) = try roundTrip([
      "model Z = X @ W1; L = mse(Y, Z)", "set Y = ones(4, 5)", "samples rows", "param only X Y",
    ])
    #expect(a.model.samples == b.model.samples && a.model.parameters == b.model.parameters)
  }

  @Test func valuesOfAnotherNetworkAskForNoShapeAfterLoading() throws {
    let (a, b) = try roundTrip(["model z = X**2; L = sum(z)"])
    #expect(a.inherited == ["X"] && a.inherited == b.inherited)
  }

  @Test func whatIsNotTrainedStaysSo() throws {
    let (a, b) = try roundTrip(["param only W1"])
    #expect(a.model.parameters == ["W1"] && b.model.parameters == ["W1"])
  }

  @Test func numbersThatNobodyChoseGiveWayAfterLoading() throws {
    let (a, b) = try roundTrip(["net 3 5:tanh 2:sigmoid", "net 2 3:tanh 3:softmax"])
    #expect(a.hasToyBatch && b.hasToyBatch)
    let (c, d) = try roundTrip(["set X = [[1, 2]]; set Y = [[1, 0, 0]]"])
    #expect(!c.hasToyBatch && !d.hasToyBatch)
  }

  /// One line of this matrix would be longer than a line may be.
  @Test func largeValuesAreWrittenInLinesThatAreRead() throws {
    let (a, b) = try roundTrip(["let A = randn(300, 400)", "net 40 500:relu 3:softmax"])
    #expect(a.scratch == b.scratch && a.leaves == b.leaves)
  }
}
