import Commands
import DataSets
import Formulas
import LinearAlgebra
import Sessions
@testable import Rendering
import Testing

@Suite struct DataCommandTests {
  // MARK: Loading

  @Test func digitsBecomeABatchOfThirtyTwo() {
    var typist = Typist()
    let report = typist.type("data digits")
    #expect(typist.value("X")?.shape == [32, 64] && typist.value("Y")?.shape == [32, 10])
    #expect(
      report.scalar("samples") == 1797 && report.scalar("train") == 1438 && report.scalar("test") == 359)
    let text = Typist.text(report)
    #expect(text.contains("CC BY 4.0") && text.contains("1438 for training, 359 for testing"))
    #expect(text.contains("net 64 32:relu 10:softmax"))
    // The default network reads two features: the session says so instead of computing.
    #expect(typist.refusal("forward").message.text().contains("cannot multiply X (32×64) by W1 (2×5)"))
    #expect(typist.refusal("dW1").message.text().contains("cannot multiply X (32×64) by W1 (2×5)"))
    #expect(Typist.text(typist.type("data show 0 ascii")).allSatisfy { $0.isASCII })
    typist.type("net 64 32:relu 10:softmax")
    #expect(typist.value("X")?.shape == [32, 64])
    // Every target row is one-hot.
    #expect(typist.value("Y")?.sum(axis: 1).elements.allSatisfy { $0 == 1 } == true)
    typist.type("forward")
  }

  @Test func aToyIsOneBatch() {
    var typist = Typist()
    typist.type("data moons")
    #expect(typist.value("X")?.shape == [200, 2])
    typist.type("data xor")
    #expect(typist.value("X")?.elements == [0, 0, 0, 1, 1, 0, 1, 1])
    typist.type("data moons n=30 noise=0 batch=7")
    #expect(typist.value("X")?.shape == [7, 2])
  }

  /// Two classes are two one-hot columns for softmax, one column of 0 and 1 for a sigmoid.
  @Test func targetsFollowTheNetwork() {
    var typist = Typist()
    typist.type("data xor")
    #expect(typist.value("Y")?.shape == [4, 2])
    typist.type("net 2 3:tanh 1:sigmoid")
    #expect(typist.value("Y")?.shape == [4, 1] && typist.value("Y")?.elements == [0, 1, 1, 0])
    typist.type("net 2 3:tanh 2:softmax")
    #expect(typist.value("Y")?.elements == [1, 0, 0, 1, 0, 1, 1, 0])
    typist.type("net 2 3:tanh 1:sigmoid layout=columns")
    #expect(typist.value("X")?.shape == [2, 4] && typist.value("Y")?.shape == [1, 4])
    #expect(typist.value("X")?.elements == [0, 0, 1, 1, 0, 1, 0, 1])
    #expect(typist.value("Y")?.elements == [0, 1, 1, 0])
    // Loaded behind the network, the set takes its form at once.
    typist.type("net 2 1:sigmoid; data moons")
    #expect(typist.value("Y")?.shape == [200, 1])
    typist.type("forward; backward")
  }

  @Test func imagesFollowTheNetwork() {
    var typist = Typist()
    typist.type("data digits; net 1x8x8 conv(2,3x3):relu flatten 10:softmax")
    #expect(typist.value("X")?.shape == [32, 1, 8, 8])
    let images = typist.value("X")?.elements
    typist.type("net 64 10:softmax")
    #expect(typist.value("X")?.shape == [32, 64] && typist.value("X")?.elements == images)
    typist.type("net 1x8x8 avgpool(2) flatten 10:softmax; data digits batch=5")
    #expect(typist.value("X")?.shape == [5, 1, 8, 8])
  }

  @Test func aTableIsRead() {
    let file = TemporaryFile("iris small.csv", "a,b,kind\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n")
    var typist = Typist()
    let report = typist.type("data csv \"\(file.path)\" label=kind test=0")
    #expect(typist.value("X")?.elements == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(typist.value("Y")?.elements == [1, 0, 0, 1, 1, 0, 0, 1])
    #expect(Typist.text(report).contains("2: x, y"))
    typist.type("data csv '\(file.path)' label=kind scale=10 test=0.25 seed=1")
    #expect(typist.workspace.session.data?.set.testCount == 1)
    #expect(typist.value("X")?.elements.max() ?? 9 < 1)
  }

  @Test func filesOfImagesAreRead() {
    // Three 1×2 images and their labels, as the format's description lays them out.
    let images = TemporaryFile(
      "images", [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 0, 255, 255])
    let labels = TemporaryFile("labels", [0, 0, 8, 1, 0, 0, 0, 3, 1, 0, 1])
    var typist = Typist()
    typist.type("data idx \(images.path) \(labels.path) classes=2 test=0")
    #expect(typist.value("X")?.elements == [0, 1, 0.2, 0, 1, 1])
    #expect(typist.value("Y")?.elements == [0, 1, 1, 0, 0, 1])
    typist.type("net 2 1:sigmoid")
    #expect(typist.value("Y")?.elements == [1, 0, 1])
    let drawn = typist.type("data show 1")
    guard case .image(let image)? = drawn.plots.first?.content else {
      Issue.record("no image")
      return
    }
    #expect(image.width == 2 && image.height == 1 && image.pixels == [0.2, 0] && image.range == 0...1)
    #expect(drawn.scalar("label") == 0)
  }

  // MARK: Mistakes

  @Test func mistakesNameTheirPlace() {
    let ragged = TemporaryFile("ragged.csv", "1,2,0\n3,4,1\n5,6\n")
    let magic = TemporaryFile("magic", [1, 0, 8, 3, 0, 0, 0, 0])
    let labels = TemporaryFile("labels2", [0, 0, 8, 1, 0, 0, 0, 3, 1, 0, 1])
    let short = TemporaryFile("short", [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 9])
    var typist = Typist()
    let before = typist.workspace.session.leaves
    #expect(typist.refusal("data csv \(ragged.path)").message.text().contains("ragged.csv, line 3"))
    #expect(typist.refusal("data idx \(magic.path) \(labels.path)").message.text().contains("magic, byte 0"))
    #expect(typist.refusal("data idx \(short.path) \(labels.path)").message.text().contains("short"))
    #expect(typist.refusal("data csv /nowhere/x.csv").message.text().contains("/nowhere/x.csv"))
    let name = typist.refusal("data mons")
    #expect(name.hint == "did you mean moons?" && name.marks == [5..<9])
    let option = typist.refusal("data moons nois=1")
    #expect(option.hint == "did you mean noise=?" && option.marks == [11..<17])
    #expect(typist.refusal("data table.csv").hint == "say what kind of file it is: data csv table.csv")
    #expect(typist.refusal("data moons n=many").message == "n=many: a whole number expected")
    #expect(typist.refusal("data csv").message.text().contains("file name is missing"))
    for line in ["data show 0", "batch next", "shuffle", "accuracy test"] {
      #expect(typist.refusal(line).message == "no data set is loaded")
    }
    #expect(typist.refusal("data").hint?.text().contains("data moons") == true)
    #expect(typist.workspace.session.leaves == before)
    typist.type("data moons")
    #expect(typist.refusal("data show 200").hint == "rows count from 0: 0 to 199")
    #expect(typist.refusal("batch 0").message.text().contains("not a batch"))
    #expect(typist.refusal("batch -3").marks == [6..<8])
    #expect(typist.refusal("batch test").hint == "load it with one: data moons … test=0.2")
    #expect(typist.refusal("shuffle 3").marks == [8..<9])
    #expect(typist.refusal("shuffle seed=x").message.text().contains("seed"))
    typist.type("batch 99999999999")
    #expect(typist.value("X")?.shape == [200, 2])
  }

  // MARK: Choosing rows

  @Test func batchesRunThroughTheOrder() {
    var typist = Typist()
    typist.type("data xor n=10 noise=0 test=0 batch=4; net 2 1:sigmoid")
    #expect(typist.workspace.session.chosenRows == [0, 1, 2, 3])
    typist.type("batch next")
    #expect(typist.workspace.session.chosenRows == [4, 5, 6, 7])
    typist.type("batch next")
    // What is left of the order, then from its beginning.
    #expect(typist.workspace.session.chosenRows == [8, 9])
    typist.type("batch next")
    #expect(typist.workspace.session.chosenRows == [0, 1, 2, 3])
    typist.type("forward; batch 3")
    #expect(typist.workspace.session.cursor == 0)
    #expect(typist.workspace.session.chosenRows == [0, 1, 2])
    typist.type("batch next; batch rows 9 0")
    #expect(typist.value("X")?.elements == [0, 1, 0, 0] && typist.value("Y")?.elements == [1, 0])
    typist.type("batch all")
    #expect(typist.value("X")?.shape == [10, 2])
    typist.type("undo")
    #expect(typist.workspace.session.chosenRows == [9, 0])
    typist.type("set X = [[5, 5], [6, 6]]")
    #expect(typist.workspace.session.chosenRows == nil)
    typist.type("data off")
    #expect(typist.value("X")?.elements == [5, 5, 6, 6])
  }

  @Test func theTestPartIsABatch() {
    var typist = Typist()
    typist.type("data blobs n=20 test=0.25 seed=3; net 2 3:softmax; batch test")
    let set = typist.workspace.session.data?.set
    #expect(typist.value("X") == set?.inputs(set?.testIndices[...] ?? []))
    #expect(typist.value("X")?.shape == [5, 2])
  }

  @Test func theSameSeedIsTheSameOrder() {
    var typist = Typist()
    typist.type("data blobs; net 2 3:softmax; shuffle seed=7")
    let first = typist.workspace.session.chosenRows
    typist.type("shuffle")
    #expect(typist.workspace.session.chosenRows != first)
    typist.type("shuffle seed=7")
    #expect(typist.workspace.session.chosenRows == first && first?.sorted() == Array(0..<150))
    #expect(first != Array(0..<150))
  }

  // MARK: Measures

  /// One matrix product by hand: the class of xor's rows is right for two of four when the output is constant.
  @Test func accuracyAndLossOverTheParts() throws {
    var typist = Typist()
    typist.type("data xor; net 2 1:sigmoid; set W1 = [[0], [0]]; set b1 = [[1]]")
    let report = typist.type("accuracy")
    #expect(report.scalar("accuracy") == 0.5 && report.scalar("train_accuracy") == 0.5)
    // mean of softplus(1) - y over y = 0, 1, 1, 0: log(1 + e) - 1/2
    let expected = 0.8132616875182228
    let loss = typist.type("batch rows 0; loss")
    #expect(abs((loss.scalar("loss") ?? 0) - 1.3132616875182228) < 1e-14)
    #expect(abs((loss.scalar("train_loss") ?? 0) - expected) < 1e-14)
    #expect(typist.refusal("accuracy foo").hint == "accuracy train or accuracy test")
  }

  /// Chunks must give what one matrix gives, for a mean and for a sum.
  @Test(arguments: ["", " reduction=sum"]) func chunksMakeTheWhole(_ option: String) throws {
    var typist = Typist()
    typist.type("data digits; net 64 5:tanh 10:softmax seed=3\(option); batch all")
    let whole = try #require(typist.type("loss").scalar("loss"))
    let accuracy = try #require(typist.type("accuracy").scalar("accuracy"))
    let parts = typist.type("batch 3; loss train")
    #expect(abs((parts.scalar("loss") ?? 0) - whole) < 1e-12 * abs(whole))
    #expect(abs((typist.type("accuracy train").scalar("accuracy") ?? 0) - accuracy) < 1e-12)
    let test = typist.type("accuracy test").scalar("test_accuracy")
    #expect(abs((typist.type("batch test; accuracy").scalar("accuracy") ?? 0) - (test ?? 9)) < 1e-12)
  }

  // MARK: Regression

  /// Least squares by NumPy: np.polyfit(x, t, 2) is where the gradient vanishes; here the gradient at a point is
  /// written out with loops.
  @Test func aPolynomialIsAModel() throws {
    var typist = Typist()
    typist.type("data parabola n=9 noise=0")
    typist.type("model T = w2 * X**2 + w1 * X + w0; L = mse(Y, T)")
    typist.type("param w2 = 0.5; param w1 = 0.25; param w0 = -0.5; backward")
    var gradient = [0.0, 0.0, 0.0]
    for i in 0..<9 {
      let x = -1 + 2 * Double(i) / 8
      let target = 2 * x * x - x + 0.5
      let error = 0.5 * x * x + 0.25 * x - 0.5 - target
      for (k, power) in [1, x, x * x].enumerated() { gradient[k] += 2 * error * power / 9 }
    }
    for (k, name) in ["dw0", "dw1", "dw2"].enumerated() {
      let value = try #require(typist.value(name)?.scalarValue)
      #expect(abs(value - gradient[k]) < 1e-14)
    }
    // The vector (1, x, x²) is the Jacobian of T by the three weights.
    let column = try #require(typist.type("jacobian T w2").tensors.values.first)
    #expect(
      column.elements
        == (0..<9).map {
          let x = -1 + 2 * Double($0) / 8; return x * x
        })
    let text = Typist.text(typist.type("trace"))
    #expect(text.contains("dw2 = sum(dT * X**2)") && text.contains("dw1 = sum(dT * X)"))
    #expect(typist.refusal("accuracy").hint?.text().contains("regression") == true)
  }

  @Test func aLineIsFitted() throws {
    var typist = Typist()
    typist.type("data parabola; net 1 1")
    #expect(typist.value("X")?.shape == [50, 1] && typist.value("Y")?.shape == [50, 1])
    let text = Typist.text(typist.type("backward; trace"))
    #expect(text.contains("dW1 = X.T @ dZ1") && text.contains("db1 = sum(dZ1, axis=0)"))
    for _ in 0..<200 { typist.type("update lr=0.3") }
    // polyfit(x, t, 1) of the same points: slope Σxt / Σx², offset the mean of t.
    let (x, t) = (try #require(typist.value("X")).elements, try #require(typist.value("Y")).elements)
    let slope = zip(x, t).reduce(0) { $0 + $1.0 * $1.1 } / x.reduce(0) { $0 + $1 * $1 }
    #expect(abs((typist.value("W1")?.scalarValue ?? 0) - slope) < 1e-9)
    #expect(abs((typist.value("b1")?.scalarValue ?? 0) - t.reduce(0, +) / 50) < 1e-9)
  }

  // MARK: Around

  @Test func aSavedSessionLoadsItsData() {
    let file = TemporaryFile("session", "")
    var typist = Typist()
    typist.type("data blobs seed=4; net 2 3:softmax; shuffle seed=2; batch 5; forward; save \(file.path)")
    var other = Typist()
    other.type("load \(file.path)")
    #expect(other.value("X") == typist.value("X") && other.value("L") == typist.value("L"))
    #expect(other.workspace.session.data?.set.name == "blobs")
    #expect(other.workspace.session.chosenRows == typist.workspace.session.chosenRows)
  }

  @Test func helpAndCompletionReadTheTable() {
    var typist = Typist()
    let help = Typist.text(typist.type("help data"))
    let words = CommandCompletion.complete("data ", cursor: 5, in: typist.workspace).words
    for entry in DataSets.all {
      #expect(help.contains("data \(entry.name)"))
      #expect(words.contains(entry.name))
    }
  }

  @Test func nothingIsWiderThanTheWindow() {
    var typist = Typist()
    let lines = [
      "data digits", "data", "data show 0 1", "net 1x8x8 conv(2,3x3):relu flatten 10:softmax", "accuracy",
      "loss",
      "cost", "batch", "shuffle", "bench pass", "plot W1", "info", "help data", "help plot", "data moons",
      "net 2 4:tanh 1:sigmoid", "plot boundary", "plot data", "plot relu", "data show",
    ]
    for line in lines {
      let text = Typist.text(typist.type(line))
      #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 80 }, "\(line)")
    }
  }

  // MARK: Targets as the model takes them

  private static let fiveRows = "a,b,y\n0.1,1.5,0\n0.2,2.5,1\n0.3,3.5,2\n0.4,4.5,0\n0.5,1.5,1\n"

  /// Whole numbers are classes, unless the loss is that of a regression; what is said goes before.
  @Test(
    arguments: [
      ("", fiveRows, "", [5, 3], nil),
      // Numbers of classes that a test part lacks, or has once each.
      ("", "a,b,y\n1,2,0\n2,3,2\n3,4,0\n4,5,2\n", "", [4, 3], [1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1]),
      ("", "a,b,y\n1,2,2\n2,3,0\n3,4,1\n", "", [3, 3], [0, 0, 1, 1, 0, 0, 0, 1, 0]),
      ("net 2 4:softmax", "a,b,y\n1,2,0\n2,3,2\n", " classes=4", [2, 4], [1, 0, 0, 0, 0, 0, 1, 0]),
      ("net 2 4:tanh 1", fiveRows, "", [5, 1], [0, 1, 2, 0, 1]),
      ("net 2 4:tanh 1", "a,b,y\n1,2,1\n2,3,2\n3,4,1\n4,5,2\n", "", [4, 1], [1, 2, 1, 2]),
      ("net 2 4:tanh 1", "a,b,y\n1,2,0.5\n2,3,2\n", "", [2, 1], [0.5, 2]),
      ("net 2 4:tanh 3:linear loss=mse", fiveRows, " kind=classes", [5, 3], nil),
      ("net 2 4:tanh 1:sigmoid", "a,b,y\n1,2,0\n2,3,1\n3,4,1\n4,5,0\n", "", [4, 1], [0, 1, 1, 0]),
    ] as [(String, String, String, [Int], [Double]?)])
  func targetsAreWhatTheModelTakes(
    model: String, table: String, option: String, shape: [Int], values: [Double]?
  ) {
    let file = TemporaryFile("targets.csv", table)
    var typist = Typist()
    if !model.isEmpty { typist.type(model) }
    let text = Typist.text(typist.type("data csv \(file.path)\(option)"))
    #expect(!text.contains("does not take"))
    #expect(typist.value("Y")?.shape.dimensions == shape)
    if let values { #expect(typist.value("Y")?.elements == values) }
    #expect((try? typist.workspace.session.program.get()) != nil)
  }

  @Test func labelsThatAreNoSuchClassesAreRefused() {
    let file = TemporaryFile("labels.csv", "a,b,y\n1,2,0\n2,3,7\n")
    var typist = Typist()
    let unknown = typist.refusal("data csv \(file.path) classes=4").message.text()
    #expect(unknown.contains("the label 7.0 in row 1 is none of the classes 0 to 3"))
    let neither = typist.refusal("data csv \(file.path) kind=regression classes=4").message.text()
    #expect(neither.contains("a regression has none"))
    // Five rows of five classes are no three of them, and no regression either.
    let five = TemporaryFile("five.csv", "a,b,y\n1,2,0\n2,3,4\n3,4,3\n4,5,2\n5,6,1\n")
    #expect(Typist.text(typist.type("data csv \(five.path)")).contains("net 2 8:relu 5:softmax does"))
  }

  /// Six targets of one output are a column.
  @Test func aListOfTargetsLiesAsTheOutputsDo() {
    var typist = Typist()
    typist.type("net 2 4:tanh 1; set X = rand(6, 2); set Y = [0, 1, 2, 1, 0, 2]")
    #expect(typist.value("Y")?.shape == [6, 1])
    typist.type("net 2 4:tanh 1 layout=columns; set X = rand(2, 6); set Y = [0, 1, 2, 1, 0, 2]")
    #expect(typist.value("Y")?.shape == [1, 6])
  }

  /// pandas' to_csv() writes the numbers of the rows first, under no name.
  @Test func aColumnWithoutANameIsNoFeature() {
    let file = TemporaryFile("index.csv", ",a,b,y\n0,0.1,1.5,0\n1,0.2,2.5,1\n2,0.3,3.5,2\n3,0.4,1.5,1\n")
    var typist = Typist()
    let text = Typist.text(typist.type("data csv \(file.path)"))
    #expect(text.contains("2: a, b") && text.contains("which has no name"))
    #expect(typist.value("X")?.shape.dimensions.last == 2)
  }
}
