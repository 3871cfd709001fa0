import Commands
import Fuzzing
import Lessons
import Rendering
import Sessions
import Testing

@Suite struct SavedSessionTests {
  /// Whatever was typed: saved and loaded it is the same session, and so on for whatever is typed then.
  @Test(arguments: 0..<8) func savedIsTheSession(_ seed: Int) throws {
    var sequence = SequenceInvariants(seed: UInt64(seed))
    try sequence.run(commands: 12)
  }

  @Test(arguments: 0..<8) func interruptedIsAsBefore(_ seed: Int) throws {
    var sequence = SequenceInvariants(seed: UInt64(seed), interrupts: true)
    try sequence.run(commands: 12)
  }

  /// Roundings are drawn in an order of their own, and not in that of a dictionary.
  @Test(arguments: ["model rnn", "model dropout", "model batchnorm"])
  func whatIsDrawnIsDrawnAgain(_ model: String) throws {
    let (one, two) = try roundTrip([model])
    let texts = try [one, two].map { session in
      var workspace = Workspace(commands: .withLessons)
      workspace.session = session
      return try Interpreter.run("numerics", in: &workspace).map {
        TextRenderer().render(try $0.result.get())
      }
    }
    #expect(texts[0] == texts[1])
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

  /// The set does not fit the network, whose numbers nobody chose: they are the batch when it is gone.
  @Test func aToyBatchBesideADataSetIsKept() throws {
    var (a, b) = try roundTrip(["data parabola n=8", "net 64 6:relu 10:softmax"])
    #expect(!a.hasToyBatch && !b.hasToyBatch)
    (a.data, b.data) = (nil, nil)
    #expect(a.hasToyBatch && b.hasToyBatch)
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

  /// Rows of a set that are too large to be written out lie as they lay: how they do follows from values that are read
  /// behind them.
  @Test(arguments: [
    [
      "model h = relu(V @ u); q = sum(h * u2); L = (q - t)**2", "set t = [1, 2, 3]", "data digits",
      "batch all",
    ],
    ["net 64 4:relu 10:softmax layout=columns", "data digits", "batch all"],
    ["net 1x8x8 conv(2,3x3,pad=1):relu flatten 10:softmax", "data digits", "batch all"],
    ["net 64 4:relu 10:softmax", "data digits", "batch all", "set Y[0, 0] = 0.5"],
  ]) func rowsOfASetLieAsTheyLay(_ lines: [String]) throws {
    let (a, b) = try roundTrip(lines)
    #expect(a.leaves == b.leaves && a.data == b.data)
    #expect(SessionScript.text(a) == SessionScript.text(b))
    #expect(SessionScript.text(a).utf8.count < 400_000)
  }

  /// They fit nothing beside the rows of the set, which are still the input: no value that is read behind them brings the
  /// set's targets back.
  @Test func targetsThatFitNothingAreKept() throws {
    let (a, b) = try roundTrip(["data blobs n=9 test=0.3", "set Y = [[0.5]]"])
    #expect(a.leaves["Y"]?.elements == [0.5] && a.leaves == b.leaves)
  }

  /// While the file is read t is the target for a while; it was trained when the set came, and had no value.
  @Test func whatHadNoValueBesideASetHasNone() throws {
    let (a, b) = try roundTrip([
      "model h = relu(V @ u); q = sum(h * u2); L = (q - t)**2", "param t", "data xor",
    ])
    #expect(a.leaves["t"] == nil && a.leaves == b.leaves && b.leaves["u2"] != nil)
  }

  /// 0.1 is no number of bfloat16: the rate was chosen in float64, and stays so.
  @Test(arguments: ["float32", "bfloat16", "float16"]) func theRateIsNotRounded(_ format: String) throws {
    let (a, b) = try roundTrip(["dtype \(format)", "step 3"])
    #expect(b.settings.learningRate == 0.1 && a.settings == b.settings && a.trace == b.trace)
  }

  @Test func stopsOfAnotherModelWaitAfterLoading() throws {
    let lines = [
      "break dA1", "break dZ1 if max(abs(dZ1)) > 1", "watch max(W2)", "display W2", "display L",
      "model A = tanh(X); L = mean(A)",
    ]
    let (a, b) = try roundTrip(lines)
    #expect(a.stops == b.stops && a.stops.items.count == 3 && b.stops.displays.map(\.number) == [1, 2])
    let text = SessionScript.text(b)
    #expect(text.contains("\nbreak 1: dA1 ?\n") && text.contains("\ndisplay 2: L\n"))
  }

  /// 'delete 2' means the same before and after.
  @Test func stopsKeepTheirNumbers() throws {
    let (a, b) = try roundTrip([
      "break dA1", "break dZ1", "break dW1", "delete 2", "display L", "display S", "undisplay 1",
    ])
    #expect(b.stops.items.map(\.number) == [1, 3] && a.stops == b.stops)
    var workspace = Workspace(commands: .withLessons)
    _ = Interpreter.run("break dZ1; break 1: dW1", in: &workspace)
    #expect(workspace.session.stops.items.count == 1)
  }

  /// What a watch compares with next, though the value is gone for now.
  @Test func whatAWatchRemembersIsKept() throws {
    let (a, b) = try roundTrip([
      "watch L", "watch W1", "forward", "restart", "model A = tanh(X); Q = mean(A)",
    ])
    #expect(a.stops == b.stops)
    guard case .change(_, let last?)? = b.stops.items.first?.kind else {
      Issue.record("nothing is remembered")
      return
    }
    #expect(a.computed("L") == nil && abs((last.scalarValue ?? 0) - 1.0409) < 1e-4)
  }

  /// These values do not fit the model, so that it has no steps.
  @Test func aBreakInAModelThatCannotRunIsKept() throws {
    let (a, b) = try roundTrip(["break dZ1", "set Y = [[1, 2, 3]]"])
    #expect(a.stops == b.stops && b.stops.items.count == 1)
  }

  /// One line of this matrix would be longer than a line may be.
  @Test func largeValuesAreWrittenInLinesThatAreRead() throws {
    let (a, b) = try roundTrip(["let A = randn(300, 400)", "net 40 500:relu 3:softmax"])
    #expect(a.scratch == b.scratch && a.leaves == b.leaves)
  }
}
