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

  /// Courses' own models: the slip that is made in them most often, by hand.
  @Test(arguments: [
    // The 2 of a square, and its count, beside a penalty (as without one).
    (
      ["model Z = X @ W + b; L = mean((Z-Y)**2) + 0.01*sum(W**2)", "init"], "dZ = 2*(Z-Y)/m",
      "mean-over-classes"
    ),
    (
      ["model Z = X @ W + b; E = mean((Z-Y)**2); R = sum(W**2); L = E + R", "init"], "dZ = 2*(Z-Y)/m",
      "mean-over-classes"
    ),
    (["model Z = X @ W + b; E = Y - Z; L = sum(diag(E.T @ E))/m", "init"], "dE = E/m", "missing-factor"),
    (["net 2 5:relu 3:softmax"], "dZ2 = S - Y/m", "missing-brackets"),
    (["net 2 5:relu 3:softmax"], "dZ2 = S/m - Y", "missing-brackets"),
    // CS231n's SVM: -1 for minus the number of classes that came too near.
    (
      [
        "model s = X @ W; c = sum(s * onehot(y,4), axis=1); g = max(0, s - c + 1)*(1 - onehot(y,4)); L = sum(g)/m",
        "set X = randn(5,3,seed=1)", "set y = [0,2,1,3,1]", "param W = randn(3,4,seed=2)",
      ], "ds = ((g > 0) - onehot(y,4))/m", "one-path-only"
    ),
    // Batch normalisation step by step: a power kept, the other count.
    (
      [
        "model Z = X @ W; D = Z - mean(Z, axis=0); Q = D**2; v = 1/(m-1)*sum(Q, axis=0); i = (v + 1e-5)**-0.5; H = tanh(D*i); L = mse(Y, H)",
        "set Y = randn(4,3,seed=5)", "param W = randn(2,3,seed=6)",
      ], "dv = -0.5*(v + 1e-5)**-0.5 * di", "exponent-not-lowered"
    ),
    (
      [
        "model Z = X @ W; D = Z - mean(Z, axis=0); Q = D**2; v = 1/(m-1)*sum(Q, axis=0); i = (v + 1e-5)**-0.5; H = tanh(D*i); L = mse(Y, H)",
        "set Y = randn(4,3,seed=5)", "param W = randn(2,3,seed=6)",
      ], "dQ = 1/m*ones(m,3)*dv", "variance-count"
    ),
    // Huber's loss: no activation is near.
    (
      [
        "model p = X @ w + b; r = y - p; L = mean(where(abs(r) <= delta, 0.5*r**2, delta*(abs(r)-0.5*delta)))",
        "set X = [[1,2],[2,-1],[0.5,1],[3,1]]", "set y = [[1],[2],[3],[9]]", "set delta = 1", "init",
      ], "dr = r/m", "mask-forgotten-in-backward"
    ),
    (
      [
        "model r = 1/sqrt(mean(x**2, axis=1) + eps); y = x * r * g; L = sum(y * G)",
        "set x = randn(3,4,seed=1)",
        "set g = [1,2,0.5,1.5]", "set G = randn(3,4,seed=2)", "set eps = 1e-5",
      ], "dx = dy*g*r", "statistics-held-constant"
    ),
    (
      [
        "model z = X @ w; L = mean(log(1 + exp(-y*z)))", "set X = [[1,2],[2,-1],[0.5,1],[3,1]]",
        "set y = [[1],[-1],[1],[-1]]", "init",
      ], "dz = -sigmoid(-y*z)/m", "missing-inner-derivative"
    ),
    // The penalty of |w| with the derivative of w**2/2.
    (
      [
        "model z = X @ w; L = mse(y, z) + lam*sum(abs(w))", "set X = randn(5,3,seed=1)",
        "set y = randn(5,1,seed=2)", "param w = randn(3,1,seed=3)", "set lam = 0.3",
      ], "dw = X.T @ dz + lam*w", "activation-for-derivative"
    ),
    // Scores divided by d for its root.
    (
      [
        "model S = Q @ K.T; T = S/sqrt(3); P = softmax(T); L = mse(P @ V, Y)", "param Q = randn(4,3,seed=1)",
        "param K = randn(4,3,seed=2)", "set V = randn(4,2,seed=3)", "set Y = randn(4,2,seed=4)",
      ], "dS = dT/3", "missing-scale"
    ),
    (
      [
        "model H = X @ W; u = mean(H, axis=0); v = mean((H-u)**2, axis=0); N = (H-u)/sqrt(v + 1e-5); L = mse(N, Y)",
        "set X = randn(5,3,seed=1)", "set Y = randn(5,4,seed=2)", "param W = randn(3,4,seed=3)",
      ], "N = (H-u)/sqrt(v)", "epsilon-placement"
    ),
    // A layer norm's mean has as many entries as there are features.
    (
      [
        "model H = X @ W; u = mean(H, axis=1); N = H - u; L = mse(N, Y)", "set X = randn(5,3,seed=1)",
        "set Y = randn(5,4,seed=2)", "param W = randn(3,4,seed=3)",
      ], "dH = dN + du/m", "mean-over-classes"
    ),
    // With x = 1 and a target of 0 this is relu's derivative as well, and nobody meant that.
    (
      [
        "model z = w*x; a = sigmoid(z); L = half_sse(t, a)", "set x = 1", "param w = 0.5", "set t = 0",
      ], "dw = a", "missing-activation-derivative"
    ),
  ])
  func theSlipOfACourseIsNamed(_ model: [String], _ answer: String, _ id: String) {
    var c = Conversation()
    for line in model { c.run(line) }
    let found = c.diagnosis("check \(answer)") ?? []
    // Half of E.T @ E's derivative is one of its two paths as well.
    #expect(found.first == id && Set(found).isSubset(of: [id, "one-path-only"]), "\(found)")
  }

  /// With one sample nothing is divided, and with two a 2 would be.
  @Test func oneSampleShowsNoOtherFactor() {
    var c = Conversation(
      "model t = x @ U; p = softmax(t); J = cross_entropy(y, p)", "set x = [[0.2,0.4,-0.3]]",
      "set y = [[0,1,0]]", "param U = randn(3,3,seed=1)")
    #expect(c.diagnosis("check dt = p - y") == [])
    let text = c.text("check dt = p - y")
    #expect(text.contains("missing-mean") && !text.contains("extra-factor"), "\(text)")
  }

  /// A query may look at something in every pass, and then the mask on the way back changes nothing.
  @Test func aMaskOfScoresLeavesSomething() {
    var c = Conversation(
      "model Q = X @ W; S = Q @ Q.T; T = where(mask == 0, -1e9, S); P = softmax(T); L = mse(Y, P @ V)",
      "set X = randn(4,3,seed=1)", "set mask = tril(ones(4,4))", "set V = randn(4,2,seed=4)",
      "set Y = randn(4,2,seed=5)", "param W = randn(3,3,seed=6)")
    #expect(scalar("general", c.run("check dS = P * (dP - sum(dP*P, axis=-1))")) == 1)
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
