import Commands
import Sessions
import Formulas
import LinearAlgebra
import Testing

/// Values of names when the model is another one.
@Suite struct ModelValueTests {
  static let line = "model h = tanh(x * w1 + b1); y = w2 * h + b2; L = mse(t, y)"

  /// b1 was 1×5 and b2 1×3 in the network that a session starts with: what other equations asked for is not kept.
  @Test func numbersOfTheNetworkBeforeAreNotKept() {
    var typist = Typist(Self.line)
    for name in ["b1", "b2"] { #expect(typist.session.leaves[name] == nil, "\(name)") }
    typist.type(
      "param w1 = 1; param b1 = 0; param w2 = 2; param b2 = 0.5; set x = [0, 1]; set t = [1, 2]; forward")
    expect(typist.value("b1"), [0], .scalar)
    // np.tanh([0, 1]) * 2 + 0.5
    expect(typist.value("y"), [0.5, 2.0231883119115297], [2])
  }

  @Test(arguments: ["set", "param"]) func aNumberIsANumber(_ verb: String) {
    var typist = Typist(Self.line)
    typist.type("\(verb) b1 = 0")
    expect(typist.session.leaves["b1"], [0], .scalar)
    typist.type("\(verb) b2 = [1, 2, 3]")
    expect(typist.session.leaves["b2"], [1, 2, 3], [3])
  }

  /// The same equations typed again are the same network, and keep their values.
  @Test func whatFitsIsKept() {
    var typist = Typist()
    let before = typist.session.leaves
    let equations = typist.session.model.equations.map(\.text).joined(separator: "; ")
    typist.type("model " + equations)
    #expect(typist.session.leaves == before)
    // X, Y, W1 and b1 fit here too.
    typist.type("model Z1 = X @ W1 + b1; L = sum(Z1**2)")
    for name in ["X", "W1", "b1"] { #expect(typist.session.leaves[name] == before[name], "\(name)") }
  }

  /// Where the present equations ask for a matrix, a number fills it, and it is said.
  @Test func aNumberFillsTheMatrixOfThisModelAndSaysSo() {
    var typist = Typist()
    let text = typist.text("set W1 = 0.5")
    expect(typist.value("W1"), [Double](repeating: 0.5, count: 10), [2, 5])
    #expect(text.contains("2×5") && text.contains("fill"), "\(text)")
    typist.type("set b1 = [1, 2, 3, 4, 5]")
    expect(typist.value("b1"), [1, 2, 3, 4, 5], [1, 5])
  }

  // MARK: What is trained

  /// What `help model` says and what `model` does come from one table.
  @Test(arguments: ["W", "W1", "b", "b2", "w", "w10", "V", "U", "theta", "theta0"])
  func parametersByTheirNames(_ name: String) {
    let typist = Typist("model Z = \(name) * q; L = sum(Z)")
    #expect(typist.session.model.parameters == [name])
  }

  @Test(arguments: ["K", "Theta", "w_in", "b_hidden", "x", "t", "X", "Y", "lambda", "G", "bias", "Wide", "v"])
  func everyOtherNameIsNot(_ name: String) {
    let typist = Typist("model Z = \(name) * q; L = sum(Z)")
    #expect(typist.session.model.parameters == [])
  }

  @Test func helpNamesThem() {
    var typist = Typist()
    let help = typist.text("help model")
    for name in ["W", "b", "w", "V", "U", "theta"] { #expect(help.contains(name), "\(name)") }
    #expect(help.contains("param"))
  }

  /// `set` gives a value and says nothing about training; `param` says both.
  @Test func paramSaysWhatIsTrained() {
    let line = "model Z = K * x * W; L = sum(Z)"
    #expect(Typist(line, "set K = 2; set W = 3").session.model.parameters == ["W"])
    #expect(Typist(line, "param K = 2; set K = 3").session.model.parameters == ["K", "W"])
  }

  // MARK: What net writes

  @Test func twoPoolingLayersHaveTwoNames() {
    let typist = Typist("net 1x8x8 conv(2,3x3):relu maxpool(2) avgpool(2) flatten 3:softmax", "backward")
    let names = typist.session.model.equations.map(\.name)
    #expect(Set(names).count == names.count, "\(names)")
    // 8×8, a 3×3 window: 6×6; pooled to 3×3, and to 1×1: two channels.
    #expect(typist.value("F1")?.shape == [4, 2])
  }

  @Test func theNetworkOfTheFaultIsRefusedAsAWholeWhereItDoesNotFit() {
    var typist = Typist()
    // 6×6 gives 4×4, pooled to 2×2 and to 1×1.
    typist.type("net 1x6x6 conv(2,3x3):relu maxpool(2) avgpool(2) flatten 3:softmax; backward")
    #expect(typist.value("F1")?.shape == [4, 2])
    _ = typist.refusal("net 1x6x6 conv(2,3x3):relu maxpool(4) avgpool(2) flatten 3:softmax")
  }
}
