import LinearAlgebra
import Testing

/// What another notation shows is what can be typed under it.
@Suite struct NotationTests {
  /// The name that is shown and the name of the default, both under the notation.
  static let names = [
    ("netout", "net_1", "Z1"), ("netout", "out_1", "A1"), ("netout", "w_2", "W2"), ("netout", "b_1", "b1"),
    ("netout", "out_2", "S"), ("netout", "delta_1", "dZ1"), ("netout", "∂L/∂w_1", "dW1"),
    ("netout", "x", "X"),
    ("column", "x1", "Z1"), ("column", "x2", "A1"), ("column", "x3", "Z2"), ("column", "W0", "W1"),
    ("column", "W1", "W2"), ("column", "b1", "b2"), ("column", "t", "Y"), ("column", "∂e/∂W0", "dW1"),
    ("column", "e", "L"),
  ]

  @Test(arguments: names) func whatIsShownCanBeTyped(_ notation: String, _ shown: String, _ name: String) {
    var plain = Typist("backward")
    var other = Typist("backward", "notation \(notation)")
    let expected = plain.type("show \(name)").tensors.values.first
    #expect(other.type("show \(shown)").tensors.values.first == expected)
    #expect(other.text("show \(shown)").hasPrefix("\(shown) "), "\(other.text("show \(shown)"))")
  }

  @Test(arguments: ["dW1", "∂W1", "dL/dW1", "∂L/∂W1", "A2", "dA2", "Yhat", "dL/dW1[0,1]"])
  func aValueHasTheNameThatItWasAskedForBy(_ name: String) {
    var typist = Typist("backward")
    #expect(Array(typist.type("show \(name)").tensors.keys) == [name])
    #expect(Array(typist.type(name).tensors.keys) == [name])
  }

  @Test func everyCommandTakesTheNames() {
    var typist = Typist("backward", "notation netout")
    #expect(typist.text("derive delta_1").contains("delta_1"))
    #expect(abs((typist.type("why net_1[0,0]").scalar("stored") ?? .nan) - 0.8) < 1e-12)
    #expect(typist.type("gradcheck w_1").scalar("entries") == 10)
    typist.type("set w_1[0,0] = 0.75; forward")
    expect(
      typist.value("X[0,0] * 0.75 + X[0,1] * w_1[1,0] + b_1[0,0]"), typist.value("net_1[0,0]")?.elements ?? []
    )
  }

  @Test(arguments: ["jacobian Z2 A1", "jacobian net_2 out_1"]) func aJacobianIsHeadedByItsNames(
    _ line: String
  ) {
    var typist = Typist("notation netout")
    let text = typist.text(line)
    #expect(text.contains("∂net_2") && !text.contains("delta"), "\(text)")
  }

  /// The loss is called e there, so that no index may be.
  @Test func theIndexLettersAvoidNamesInUse() {
    var typist = Typist(
      "model k = i @ j; L = sum(k**2)", "param j = [[1], [2]]", "set i = [[1, 2], [3, 4], [5, 6]]", "forward")
    let text = typist.text("why k[1,0]")
    // i[1,0]·j[0,0] + …: whatever runs there is none of i, j, k.
    for letter in ["i", "j", "k"] { #expect(!text.contains("Σ_\(letter)"), "\(text)") }
  }

  @Test(arguments: ["netout", "column"]) func aSourceKeepsItsTitle(_ notation: String) throws {
    var plain = Typist()
    var other = Typist("notation \(notation)")
    func source(_ text: String) -> Substring? {
      text.split(separator: "\n").first { $0.hasPrefix("source: ") }
    }
    let title = try #require(source(plain.text("derive softmax_cross_entropy")))
    #expect(source(other.text("derive softmax_cross_entropy")) == title)
  }
}
