import Commands
import Testing

/// Slips of courses and forums, each with the mistake that it is.
@Suite struct NamedSlipTests {
  @Test(arguments: [
    // A penalty is no mean, and its half takes the 2 away: nothing else does.
    ("model l2", "dW2 = H.T @ dP + lambda*W2/m", "mean-for-sum"),
    ("model l2", "dW2 = H.T @ dP + lambda*W2/2", "missing-factor"),
    // One activation's derivative for another's.
    ("net 2 5:relu 3:softmax", "dZ1 = dA1*A1*(1-A1)", "wrong-gate-derivative"),
    ("net 2 5:relu 3:softmax", "dZ1 = dA1*(1-A1**2)", "wrong-gate-derivative"),
    ("net 3 4:leaky_relu 3:softmax", "dZ1 = dA1*(Z1>0)", "wrong-gate-derivative"),
    ("net 2 4:sigmoid 1:sigmoid", "dZ1 = dA1*(Z1>0)", "wrong-gate-derivative"),
    ("net 2 4:sigmoid 1:sigmoid", "dZ1 = dA1*(1-A1)", "wrong-gate-derivative"),
    // The way back through softmax with another sum, or none.
    ("fused off", "dZ2 = S*(dS - sum(dS*S))", "missing-axis"),
    ("fused off", "dZ2 = S*(dS - sum(dS*S,axis=0))", "wrong-sum-axis"),
    ("fused off", "dZ2 = dS*S", "one-path-only"),
    // Another count below the loss.
    ("net 2 5:relu 3:softmax", "L = -mean(Y*log(S))", "mean-over-classes"),
    ("net 3 4:tanh 2:linear", "L = sum((Z2-Y)**2)/m", "mean-over-classes"),
    ("net 3 4:tanh 2:linear", "L = mean((Z2-Y)**2)/2", "extra-factor"),
    // Binary cross-entropy by hand.
    ("net 2 4:sigmoid 1:sigmoid", "dA2 = -(Y/A2 + (1-Y)/(1-A2))/m", "wrong-sign"),
    ("net 2 4:sigmoid 1:sigmoid", "dA2 = -Y/A2/m", "one-path-only"),
    // Steps of a sequence.
    ("model rnn", "dWh = h2.T @ dh3 + h1.T @ dh2 + h0.T @ dh1", "missing-activation-derivative"),
    ("model lstm", "df2 = dc2*c2", "stale-value"),
    ("model lstm", "do2 = dh2*c2", "input-for-activation"),
    ("model lstm", "dUi = h2.T @ (di2*i2*(1-i2)) + h1.T @ (di1*i1*(1-i1))", "stale-value"),
  ])
  func theSlipIsNamed(_ model: String, _ answer: String, _ id: String) {
    var c = Conversation(model)
    let found = c.diagnosis("check \(answer)")
    #expect(found?.contains(id) == true, "\(found ?? ["failed"])")
  }

  /// relu written out, beside a penalty.
  @Test func aForgottenMaskOfMaximumIsNamed() {
    var c = Conversation(
      "model H = max(0, X @ W1); U2 = H @ W2; JMLE = cross_entropy(Y, softmax(U2)); J = JMLE + lam*(sum(W1**2) + sum(W2**2))",
      "set lam = 0.1", "init")
    #expect(
      c.diagnosis("check dW1 = X.T @ (dU2 @ W2.T) + 2*lam*W1")?.contains(
        "missing-activation-derivative")
        == true)
  }

  @Test(arguments: [
    ("net 2 5:relu 3:softmax", "dA1 = dZ1", "Yours is dZ1."),
    ("model attention", "dWQ = X.T @ dK", "Yours is dWK."),
    ("model rnn", "dh1 = dq2 @ Wh.T * (1-h1**2)", "Yours is dq1."),
  ])
  func anotherValueOfThePassIsTold(_ model: String, _ answer: String, _ said: String) {
    var c = Conversation(model)
    let text = c.text("check \(answer)")
    #expect(text.contains(said) && !text.contains("none of the usual"), "\(text)")
  }

  @Test func whatIsAddedToZerosIsTheGradient() {
    var c = Conversation()
    let text = c.text("check dW2 += A1.T @ dZ2")
    #expect(
      text.contains("dW2 is right in all 15 entries") && text.contains("added to zeros"), "\(text)")
    #expect(c.diagnosis("check dW2 += A1.T @ (S - Y)")?.contains("missing-mean") == true)
    // An update is made of the parameter.
    #expect(scalar("correct", c.run("check W1 -= lr * dW1")) == 1)
  }

  /// S − Y needs rows of Y that sum to 1: the first has two classes.
  @Test func targetsThatAreNoDistributionsAreSaid() {
    var c = Conversation("set Y = [[1,1,0],[0,0,1],[0,1,0],[0,1,0]]")
    let text = c.text("check dZ2 = (S-Y)/m")
    #expect(text.contains("classes sum to 1") && !text.contains("slip"), "\(text)")
    #expect(!c.text("check dZ2 = S-Y").contains("classes sum to 1"))
  }

  @Test func aSignThatIsSaidIsNotUnknown() {
    var c = Conversation("model q = x + y; f = q * z", "set x = -2", "set y = 5", "set z = -4")
    let text = c.text("check dx = 4")
    #expect(text.contains("sign") && !text.contains("none of the usual"), "\(text)")
  }
}
