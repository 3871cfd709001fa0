import Commands
import LinearAlgebra
import Testing

/// What is worked out by hand for one entry of one pass: the 1 of a target is put in as such, what a mask held at 0 is left
/// out. The figures are those of the default network as NumPy has them: Y[0,0] = 1, A1[2,0] = A1[3,0] = 0, Z1[0,0] = 0.8.
@Suite struct HandAnswerTests {
  @Test(arguments: [
    "dZ2[0,0] = (S[0,0] - 1)/m", "dZ2[0,0] = (S[0,0] - 1)/4", "dZ2[0,1] = S[0,1]/4",
    "L = -(log(S[0,0]) + log(S[1,2]) + log(S[2,1]) + log(S[3,1]))/4",
    "dW2[0,0] = A1[0,0]*dZ2[0,0] + A1[1,0]*dZ2[1,0]", "dZ1[0,0] = dA1[0,0]", "dZ1[0,2] = 0*dA1[0,2]",
    "db2[0,0] = dZ2[0,0] + dZ2[1,0] + dZ2[2,0] + dZ2[3,0]", "dW2[0,0] = 0.8*dZ2[0,0] + 1.1*0 + 1.0*dZ2[1,0]",
  ])
  func aCalculationOfThisPassIsRight(_ answer: String) {
    var c = Conversation("forward")
    let report = c.run("check \(answer)")
    let text = c.text("check \(answer)")
    #expect(scalar("correct", report) == 1 && report?.diagnosis == [], "\(text)")
    #expect(!text.contains("right here, but"), "\(text)")
    // It is no formula for every pass all the same.
    #expect(answer.hasPrefix("db2") || scalar("general", report) == nil)
  }

  @Test func whatIsPutInIsTold() {
    var c = Conversation("forward")
    let target = c.text("check dZ2[0,0] = (S[0,0] - 1)/m")
    #expect(target.contains("0 and 1 of its data") && !target.contains("units are on"), "\(target)")
    #expect(c.text("check dZ1[0,0] = dA1[0,0]").contains("which units are on"))
  }

  /// What PyTorch prints in float32: X = [[1,2],[2,-1],[-1,1],[-2,-3]], W as below with requires_grad, and
  /// cross_entropy(7 * tanh(X @ W), [0, 2, 1, 1]).backward(); W.grad.tolist(). The same in float64 is
  /// [[-0.5075089228784946, …], …]: they differ from the seventh digit on.
  @Test func roundingOfAnotherFormatIsNoMistake() {
    var c = Conversation(
      "model T = tanh(X @ W); S = softmax(7 * T); L = cross_entropy(Y, S)",
      "set X = [1 2; 2 -1; -1 1; -2 -3]",
      "set W = [[0.1,-0.2,0.3],[0.4,0.5,-0.6]]", "set Y = [0, 2, 1, 1]", "backward")
    let row = "[-0.5382466316223145, 2.5753607749938965, -1.6008076667785645]"
    let single = "check dW = [[-0.5075088739395142, 1.769646406173706, -1.068407416343689], \(row)]"
    #expect(scalar("correct", c.run(single)) == 1)
    #expect(c.text(single).contains("rounding in float32"))
    // A slip in the sixth digit is none of it.
    let slip = "check dW = [[-0.5075088739395142, 1.769646406173706, -1.068417416343689], \(row)]"
    #expect(scalar("correct", c.run(slip)) == 0)
  }

  /// A number for m is said, and not what it would be mistaken for at another m.
  @Test func aCountThatIsWrittenOutIsNoOtherMistake() {
    var c = Conversation(
      "model J = half_mse(y, A @ theta)", "set A = [1 5; 1 2; 1 4; 1 5]", "set y = [1; 6; 4; 2]",
      "set theta = [0; 0]")
    let text = c.text("check theta = theta - lr * A.T @ (A @ theta - y) / 4")
    #expect(text.contains("4 is written where m is meant") && !text.contains("it shows"), "\(text)")
  }

  /// The same slips stay wrong, and those of whole matrices stay coincidences.
  @Test func whatIsWrongStaysWrong() {
    var c = Conversation("forward")
    for answer in [
      "dZ2[0,0] = S[0,0]/m", "dZ2[0,0] = S[0,0] - 1", "dZ1[0,2] = dA1[0,2]",
      "dW2[0,0] = A1[0,0]*dZ2[0,0]", "L = -(log(S[0,0]) + log(S[1,1]) + log(S[2,1]) + log(S[3,1]))/4",
    ] {
      #expect(scalar("correct", c.run("check \(answer)")) == 0, "\(answer)")
    }
    // All units on: nobody sees here that the mask is missing.
    c.run("set b1 = [[9, 9, 9, 9, 9]]")
    let text = c.text("check dZ1 = dA1")
    #expect(text.contains("only by coincidence") && text.contains("missing-activation-derivative"), "\(text)")
  }

  /// Rows of a table that are taken twice: the lines that 'why' prints.
  @Test func rowsThatWereTakenAreThoseOfThisPass() {
    var c = Conversation(
      "model h = E[c]; u = h @ U; L = cross_entropy(onehot(t,4), softmax(u))", "set c = [0,1,2,0]",
      "set t = [1,2,3,1]", "param E = randn(4,3,seed=1)", "param U = randn(3,4,seed=2)")
    for answer in ["dE[0,1] = dh[0,1] + dh[3,1]", "dE[0] = dh[0] + dh[3]", "dE[1] = dh[1]"] {
      #expect(scalar("correct", c.run("check \(answer)")) == 1)
      #expect(!c.text("check \(answer)").contains("coincidence"), "\(answer)")
    }
    #expect(c.diagnosis("check dE[0,1] = dh[3,1]") == ["embedding-overwritten"])
    #expect(c.diagnosis("check dE[0] = dh[3]") == ["embedding-overwritten"])
  }

  /// Nielsen, "Neural Networks and Deep Learning", chapter 3: one neuron with x = 1 and y = 0, of which he writes aσ'(z).
  @Test func numbersOfOneNeuronArePutIn() {
    var c = Conversation(
      "model z = w*x + b; a = sigmoid(z); C = (a - y)**2/2", "set x = 1", "set y = 0", "set w = 0.6",
      "set b = 0.9")
    for answer in ["dw = a*a*(1-a)", "db = a*a*(1-a)", "da = a", "dw = (a-y)*a*(1-a)"] {
      let text = c.text("check \(answer)")
      #expect(text.contains("is right\n") && text.contains("0 and 1 of its data"), "\(text)")
    }
    for answer in ["dw = a", "db = a*(1-a)", "dw = -a*a*(1-a)"] {
      #expect(scalar("correct", c.run("check \(answer)")) == 0)
    }
    // With other data these are put in nowhere.
    c.run("set x = 2")
    #expect(c.diagnosis("check dw = (a-y)*a*(1-a)") == ["missing-inner-derivative"])
  }

  /// Andrew Ng's gradient of the first parameter: column 0 of X is 1.
  @Test func aColumnOfOnesIsPutIn() {
    var c = Conversation(
      "model z = X @ theta; h = sigmoid(z); J = -1/m*sum(y*log(h)+(1-y)*log(1-h)) + lambda/(2*m)*sum(theta[1:]**2)",
      "set X = [[1,2,3],[1,0.5,-1],[1,-2,0.3],[1,1.2,2]]", "set y = [[1],[0],[1],[0]]", "set lambda = 2",
      "set theta = [[0.1],[0.2],[-0.3]]")
    let text = c.text("check dtheta[0,0] = 1/m*sum(h-y)")
    #expect(text.contains("is right") && !text.contains("coincidence"), "\(text)")
    #expect(scalar("correct", c.run("check dtheta[1,0] = 1/m*sum(h-y)")) == 0)
    #expect(
      c.diagnosis("check dtheta = 1/m*X.T @ (h-y) + lambda/m*theta")?.contains("regularised-bias") == true)
  }
}

/// Nothing that the program prints is hedged.
@Suite struct PrintedLineTests {
  /// Every line of the forward and backward pass, judged: the counts of a mean over entries have no name, and the trials of a wide
  /// network may not reach where a logarithm is cut off.
  @Test(arguments: [
    "net 30 8:relu 10:softmax", "net 3 5:tanh 2:linear", "net 2 4:sigmoid 3:sigmoid", "model autoencoder",
    "model l2", "model batchnorm", "model layernorm", "model attention", "model causal", "model lstm",
    "model gru", "model rnn", "net 1x6x6 conv(2,3x3):relu maxpool(2) flatten 3:softmax",
  ])
  func thePrintedLinesAreRight(_ model: String) {
    var c = Conversation(model, "forward", "backward")
    let steps = (try? c.workspace.session.program.get().steps) ?? []
    #expect(!steps.isEmpty)
    for step in steps {
      let report = c.run("check \(step.text)")
      let text = c.text("check \(step.text)")
      #expect(scalar("correct", report) == 1 && !text.contains("right here, but"), "\(step.text): \(text)")
    }
  }

  /// What nothing in the printed equations counts is still one size's.
  @Test func aNumberThatNoEquationPrintsIsOneSizes() {
    var c = Conversation()
    #expect(c.text("check dZ2 = (S - Y) / m @ eye(3)").contains("only for these sizes"))
    #expect(c.text("check dZ2 = (S - Y) / 4").contains("4 is written where m is meant"))
    c = Conversation("net 3 5:tanh 2:linear")
    // 2 / (m·2): the half that is not there in networks of other widths.
    #expect(c.text("check dZ2 = (Z2 - Y) / m").contains("only for these sizes"))
  }

  @Test func infinityThatAMaskWritesIsInfinity() {
    var c = Conversation("model causal")
    let right = c.text("check S = where(M, Q @ K.T / sqrt(3), -inf)")
    #expect(right.contains("S is right in all 25 entries"), "\(right)")
    #expect(c.diagnosis("check S = Q @ K.T / sqrt(3)") == ["mask-forgotten"])
    #expect(c.diagnosis("check A = softmax(Q @ K.T / sqrt(3))")?.contains("mask-forgotten") == true)
    #expect(scalar("correct", c.run("check S = where(M, Q @ K.T / sqrt(3), inf)")) == 0)
    // What has overflowed is no answer.
    c = Conversation("model L = sum(exp(x))", "set x = [1, 1000]")
    #expect(c.text("check L = sum(exp(x))").contains("no answer agrees with that"))
  }

  /// Behind a bias that batch normalisation takes away again every multiple of the gradient is 0.
  @Test func whatIsNothingFitsAnyFactor() {
    var c = Conversation("model batchnorm")
    for answer in ["db1 = sum(dZ, axis=0)", "db1 = 7 * sum(dZ, axis=0)", "db1 = mean(dZ, axis=0)"] {
      let text = c.text("check \(answer)")
      #expect(text.contains("0 up to rounding") && text.contains("multiple"), "\(text)")
      #expect(text.contains("tell the two") == (answer != "db1 = sum(dZ, axis=0)"), "\(text)")
    }
    #expect(!c.text("check dbeta = sum(dB, axis=0)").contains("0 up to rounding"))
  }
}

/// Courses that keep dZ without 1/m, and divide in dW and db.
@Suite struct ConventionTests {
  @Test func theOtherPlaceOfTheMeanIsTold() {
    var c = Conversation("net 2 4:tanh 1:sigmoid layout=columns")
    for (answer, isKept) in [
      ("dZ2 = A2 - Y", true), ("dZ1 = W2.T @ (A2 - Y) * (1 - A1**2)", true),
      ("dW2 = 1/m * dZ2 @ A1.T", false),
      ("db2 = 1/m * np.sum(dZ2, axis=1, keepdims=True)", false), ("dW1 = 1/m * dZ1 @ X.T", false),
    ] {
      let text = c.text("check \(answer)").split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(text.contains("not right"), "\(text)")
      #expect(text.contains(isKept ? "divide by m in dW and db" : "kept without 1/m"), "\(text)")
    }
    // Another slip beside it is none of a convention.
    for answer in ["dZ2 = Y - A2", "dW2 = 1/m * dZ2 @ A1.T * 2", "dW2 = (A2 - Y) @ A1.T"] {
      #expect(!c.text("check \(answer)").contains("Andrew Ng"), "\(answer)")
    }
  }
}
