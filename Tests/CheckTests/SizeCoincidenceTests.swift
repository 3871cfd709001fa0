import Commands
import Testing

/// Counts that are equal here by chance name no mistake, and what is worked out in figures is figures. The oracles are by hand.
@Suite struct SizeCoincidenceTests {
  /// 1·0.5 + 2·0.1 + 0.1 = 0.8, as X @ W1 + b1 is worked out on paper.
  @Test(arguments: [
    ("Z1[0,0]", "1*0.5+2*0.1+0.1"), ("Z1[0,0]", "8/10"), ("Z2[0,0]", "19/100"), ("Z1[0,0]", "sum([3, 5])/10"),
  ])
  func whatIsWorkedOutInFiguresIsFigures(_ name: String, _ formula: String) {
    var c = Conversation()
    let text = c.text("check \(name) = \(formula)")
    #expect(text.hasPrefix("\(name) is right\n") && text.contains("these numbers only"), "\(text)")
  }

  /// (1·(−1) + 2·(−2) + 3·(−2)) / 3.
  @Test func fractionsOfALineFit() {
    var c = Conversation(
      "model yhat = theta1*x + theta0; J = sum((yhat - y)**2)/(2*m)", "set x = [1,2,3]", "set y = [2,4,5]",
      "set theta1 = 1", "set theta0 = 0")
    for formula in ["-11/3", "(1*(-1) + 2*(-2) + 3*(-2))/3"] {
      #expect(!c.text("check dtheta1 = \(formula)").contains("coincidence"))
      #expect(scalar("correct", c.run("check dtheta1 = \(formula)")) == 1)
    }
    #expect(scalar("correct", c.run("check dtheta1 = -10/3")) == 0)
  }

  @Test func unitsAreCountedFromTheRoundedValue() {
    // 0.03191732 in six digits.
    var c = Conversation()
    #expect(c.text("check db2[0,2] = 0.0319172").contains("off by 1 unit of the last digit"))
    #expect(!c.text("check db2[:,1] = -0.1537").contains("in all"))
  }

  /// m = 4 and two or four of something else: 2·/m is no missing 1/m, 2·2 no factor too many.
  @Test(arguments: [
    ("net 2 3:relu 2:linear loss=half_mse", "2*(Z2-Y)/m", ["extra-factor", "mean-over-classes"]),
    ("net 1 3:tanh 1:linear", "Z2-Y", ["missing-mean", "missing-factor"]),
    ("net 3 4:tanh 2:linear", "Z2-Y", ["missing-mean", "missing-factor"]),
    ("net 2 5:relu 3:softmax", "(S-Y)/3", ["mean-over-classes"]),
    ("net 2 5:relu 3:softmax", "(S-Y)/12", ["mean-over-classes"]),
  ])
  func aMistakeExplainsTheFormulaAtOtherSizesToo(_ net: String, _ formula: String, _ ids: [String]) {
    var c = Conversation(net)
    let found = c.diagnosis("check dZ2 = \(formula)") ?? []
    // What is the same by other names stands beside them.
    #expect(
      Set(ids).isSubset(of: found) && !(ids.contains("missing-mean") && found.contains("extra-factor")),
      "\(found)")
    #expect(!(ids.contains("extra-factor") && found.contains("missing-mean")), "\(found)")
  }

  /// Two cross-entropies written out: one-hot rows stay such wherever they stand, or S − T has no reason to be right.
  @Test func aSecondTargetStaysATarget() {
    var c = Conversation(
      "model Z1 = X @ W; S1 = softmax(Z1); Z2 = X @ V; S2 = softmax(Z2); L = -sum(T1*log(S1))/m - sum(T2*log(S2))/m",
      "set T1 = onehot([0,1,2,0],3)", "set T2 = onehot([1,0,1,0],2)", "init")
    #expect(scalar("general", c.run("check dZ1 = (S1-T1)/m")) == 1)
    #expect(scalar("general", c.run("check dZ2 = (S2-T2)/m")) == 1)
    #expect(c.diagnosis("check dV = X.T @ (S2-T2)")?.contains("missing-mean") == true)
  }

  @Test func aConstantWrittenAsItsValueIsSaid() {
    var c = Conversation(
      "model E = mse(Y, X @ W + b); R = 0.5*reg*sum(W*W); L = E + R", "init", "set reg = 0.01")
    let text = c.text("check dW = X.T @ (2*(X @ W + b - Y)/(m*3)) + 0.01*W")
    #expect(
      text.contains("only because reg = 0.01") && text.contains("written where reg is meant"), "\(text)")
    // W * W is W**2: the two halves of its gradient are one, and nothing else is found in a bias that was regularised.
    #expect(!c.text("check dW = X.T @ (2*(X @ W + b - Y)/(m*3)) + reg*W").contains("reg = 0.01"))
    #expect(c.text("trace").contains("dR * reg * W") || c.text("backward").contains("dR * reg * W"))
    c.run("set b = [0.3, -0.2, 0.1]")
    #expect(
      c.diagnosis("check db = sum(2*(X @ W + b - Y)/(m*3), axis=0) + reg*b") == ["regularised-bias"])
  }
}
