import Testing

/// `check W = …`: what the next update makes of a parameter. The expected numbers are by hand: w = 2, x = 3, y = 5,
/// L = (w·x − y)², dw = 2·(6 − 5)·3 = 6.
@Suite struct UpdateCheckTests {
  private static func model(_ more: String...) -> Conversation {
    var c = Conversation("model z = w * x; L = (z - y)**2", "set w = 2", "set x = 3", "set y = 5")
    for line in more { c.run(line) }
    return c
  }

  @Test func aStepIsRightAsFormulaAndAsNumber() {
    var c = Self.model("set lr = 0.1")
    #expect(scalar("correct", c.run("check w = 1.4")) == 1)
    #expect(scalar("correct", c.run("check w = w - lr * 2 * (z - y) * x")) == 1)
    #expect(scalar("general", c.run("check w = w - lr * 2 * (z - y) * x")) == 1)
    #expect(scalar("correct", c.run("check w = 2.6")) == 0)
    #expect(c.diagnosis("check w = w + lr * dw") == ["wrong-sign"])
    #expect(c.diagnosis("check w = 1.7") == ["missing-factor"])
  }

  @Test func anotherLearningRateIsToldAndNotCalledAMistake() {
    var c = Self.model("set lr = 0.1")
    #expect(c.diagnosis("check w = w - 0.05 * dw") == [])
    #expect(c.text("check w = w - 0.05 * dw").contains("the step with lr = 0.05; here lr = 0.1"))
    #expect(c.text("check w = 0.92").contains("the step with lr = 0.18"))
  }

  /// Kingma and Ba, algorithm 1: the first step of Adam is lr in size; without correction it is lr·0.1/√0.001.
  @Test func adamIsCheckedByItsEquations() {
    var c = Self.model("optimizer adam", "set lr = 0.1")
    #expect(scalar("correct", c.run("check w = 1.9")) == 1)
    #expect(scalar("correct", c.run("check u_w = 0.6")) == 1)
    #expect(scalar("correct", c.run("check v_w = 0.036")) == 1)
    #expect(c.diagnosis("check w = 1.6838") == ["adam-without-bias-correction"])
  }

  /// PyTorch's momentum: v = 0.9·v + dw. After w = 2 − 0.1·6 = 1.4 dw is 2·(4.2 − 5)·3 = −4.8 and v 5.4 − 4.8 = 0.6.
  @Test func whatAnOptimizerRemembersCounts() {
    var c = Self.model("optimizer momentum", "set lr = 0.1", "update")
    #expect(scalar("correct", c.run("check v_w = 0.60")) == 1)
    #expect(scalar("correct", c.run("check w = 1.34")) == 1)
    #expect(scalar("correct", c.run("check w = w - lr * dw")) == 0)
  }

  @Test func entriesArePartsOfTheUpdate() {
    var c = Conversation()
    #expect(scalar("correct", c.run("check W1[0,0] = W1[0,0] - 0.1 * dW1[0,0]")) == 1)
    #expect(c.text("check W1[0,0] = 0.6").contains("W1[0,0] after the update is not right"))
    #expect(c.failure("check W1[7,0] = 1") == "W1 (2×5) has no such entry")
    #expect(c.failure("check X = X") == "X is given and not computed, so there is nothing to check")
  }
}

extension UpdateCheckTests {
  /// b2 keeps its shape in a network of another width, W1 does not: what Adam remembered of W1 is gone, and does not come
  /// back with the first width.
  @Test func whatIsRememberedOfAnotherShapeIsForgotten() {
    var c = Conversation("net 2 4:relu 3:softmax", "optimizer adam", "update", "net 2 5:relu 3:softmax")
    #expect(c.workspace.session.optimizerState?.memory["u_W1"] == nil)
    c.run("net 2 4:relu 3:softmax")
    #expect(c.workspace.session.memory("u_W1")?.elements.allSatisfy { $0 == 0 } == true)
  }
}
