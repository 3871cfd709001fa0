import LinearAlgebra
import Testing

/// `dL/dW1` is a name wherever a name may stand. Compared with `dW1`, which the backward pass computes.
@Suite struct GradientNameTests {
  @Test(arguments: [
    ("dL/dW1[0,2]", "dW1[0,2]"), ("∂L/∂W1[0,2]", "dW1[0,2]"), ("dL/dW1[0]", "dW1[0]"),
    ("X.T @ dL/dZ1", "X.T @ dZ1"),
    ("dL/dZ1.T @ X", "dZ1.T @ X"), ("2 * dL/dW1", "2 * dW1"), ("-∂L/∂b2", "-db2"),
    ("dL/dW1 / dL/dW1[0,2]", "dW1 / dW1[0,2]"),
    ("A1.T @ ∂L/∂Z2 - dL/dW2", "0 * dW2"), ("(dL/dZ1)", "dZ1"), ("sum(dL/dZ2, axis=0)", "db2"),
  ]) func itMeansTheGradient(_ text: String, _ same: String) {
    let typist = Typist("backward")
    expect(typist.value(text), typist.value(same)?.elements ?? [], typist.value(same)?.shape, text)
  }

  @Test func showGivesTheEntryAndNotItsReciprocal() {
    var typist = Typist("backward")
    let shown = typist.type("dL/dW1[0,2]").tensors.values.first
    #expect(shown == typist.value("dW1[0,2]"))
  }

  @Test func whyExplainsTheEntry() {
    var typist = Typist("backward")
    #expect(typist.type("why dL/dW1[0,2]").scalar("value") == typist.type("why dW1[0,2]").scalar("value"))
  }

  /// A division of two values that are no gradients stays one.
  @Test func aDivisionStaysADivision() {
    let typist = Typist("backward", "let d = 6", "let q = 4")
    expect(typist.value("d/q"), [1.5])
  }

  /// A loss may be called J, and a step may begin with d.
  @Test func aLossMayBeCalledJAndAStepDelta() {
    let typist = Typist(
      "model delta = x - t; J = sum(delta**2) / m", "param x = [[3], [1]]", "set t = [[1], [1]]", "backward")
    expect(typist.value("ddelta"), [2, 0], [2, 1])
    expect(typist.value("dJ/dx"), [2, 0], [2, 1])
    expect(typist.value("J"), [2])
  }
}
