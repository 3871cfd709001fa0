import LinearAlgebra
import Testing

/// The same loss however it is typed: the same number, gradients, accuracy, fused step and figures of training.
/// Figures by NumPy, with e = np.exp(Z), S = e/e.sum(1, keepdims=True), P = 1/(1 + np.exp(-Z)):
/// cross-entropy -np.sum(Y*np.log(S))/4, gradient (S - Y)/4; binary cross-entropy
/// -np.mean(Y*np.log(P) + (1-Y)*np.log(1-P)), gradient (P - Y)/12.
@Suite struct LossSpellingTests {
  static let values = [
    "param W = [[0.3, -0.2, 0.5], [0.7, 0.1, -0.4]]", "param b = [[0.1, -0.3, 0.2]]",
    "set X = [[1, 2], [0.5, -1], [-1.5, 0.3], [2, -0.7]]",
    "set Y = [[1, 0, 0], [0, 0, 1], [1, 0, 0], [0, 0, 1]]",
  ]
  static let line = "model Z = X @ W + b; "

  static let gradient = [
    -0.0534629895880316, 0.0240672203145688, 0.0293957692734628, 0.0444798219779645, 0.0423105154619933,
    -0.0867903374399578, -0.1598745034508765, 0.106826188287333, 0.0530483151635435, 0.0506466189451412,
    0.0190082382094091, -0.0696548571545503,
  ]
  static let weightGradient = [
    0.3098819144675479, -0.0770003279666159, -0.232881586500932, -0.2348207854508894, 0.0245660149067578,
    0.2102547705441316,
  ]

  @Test(arguments: LossSpellings.crossEntropy) func crossEntropyIsOneFunction(_ spelling: String) throws {
    var typist = Typist([Self.line + spelling] + Self.values + ["backward"])
    expect(typist.value("L"), [0.5034704204423675])
    expect(typist.value("dZ"), Self.gradient, [4, 3])
    expect(typist.value("dW"), Self.weightGradient, [2, 3])
    // Three of four have their largest output where the target has its 1.
    #expect(typist.type("accuracy").scalar("accuracy") == 0.75)
    // Fused: from the loss straight to the logits.
    #expect(typist.backwardNames == ["dZ", "dW", "db", "dX"])
    #expect(typist.equation("dZ")?.contains("- Y) / ") == true, "\(typist.equation("dZ") ?? "")")
    let compared = typist.type("compare softmax")
    #expect(try #require(compared.scalar("max_difference")) < 1e-15)
    expect(compared.tensors["fused"], Self.gradient)
    #expect(try #require(typist.type("gradcheck").scalar("max_relative_error")) < 1e-7)
  }

  @Test(arguments: LossSpellings.crossEntropy) func unfusedItStepsThroughTheJacobian(_ spelling: String) {
    let typist = Typist([Self.line + spelling] + Self.values + ["fused off", "backward"])
    #expect(typist.equation("J")?.hasPrefix("J = softmax'(Z") == true)
    #expect(typist.equation("dZ")?.hasPrefix("dZ = contract(") == true, "\(typist.equation("dZ") ?? "")")
    expect(typist.value("L"), [0.5034704204423675])
    expect(typist.value("dZ"), Self.gradient, [4, 3])
    expect(typist.value("dW"), Self.weightGradient, [2, 3])
  }

  /// A value between the logits and the loss keeps its gradient: by NumPy (S - Y)/4 = dE·E.
  @Test func whatLiesBetweenKeepsItsGradient() {
    let typist = Typist(
      [Self.line + "E = exp(Z); S = E / sum(E, axis=1); L = -sum(Y*log(S))/m"] + Self.values + ["backward"])
    expect(typist.value("dE * E"), Self.gradient, [4, 3])
  }

  /// Two epochs in one batch by NumPy: W -= 0.5*dW; b -= 0.5*db, twice.
  @Test(arguments: LossSpellings.crossEntropy) func trainingKnowsItsAccuracy(_ spelling: String) throws {
    var typist = Typist([Self.line + spelling] + Self.values)
    let report = typist.type("train epochs=2 lr=0.5")
    expect(
      typist.value("W"),
      [
        0.0318909369682999, -0.1301110281630625, 0.6982200911947625, 0.9099632331287639, 0.0776700042552232,
        -0.5876332373839873,
      ])
    // The accuracy of an epoch is that of the weights before its steps.
    #expect(try #require(report.scalar("accuracy")) >= 0.75)
    #expect(abs(try #require(typist.type("loss").scalar("loss")) - 0.2836383343374927) < 1e-12)
  }

  /// Logits whose exponentials overflow: the loss from the logits, 1000 for the sample whose class has 1000 less.
  @Test(arguments: [0, 1, 2, 4, 5, 6, 7, 12, 13, 15, 16]) func largeLogitsDoNotLoseTheLoss(_ number: Int) {
    let spelling = LossSpellings.crossEntropy[number].replacingFour
    let typist = Typist([
      "model " + spelling, "param Z = [[1000, 0, -1000], [0, 0, 0]]", "set Y = [[0, 1, 0], [1, 0, 0]]",
      "backward",
    ])
    // (1000 + log 3) / 2
    expect(typist.value("L"), [500.54930614433405], nil, spelling)
    expect(typist.value("dZ"), [0.5, -0.5, 0, -1.0 / 3, 1.0 / 6, 1.0 / 6], nil, spelling)
  }

  // MARK: Yes and no

  @Test(arguments: LossSpellings.binary) func binaryCrossEntropyIsOneFunction(_ spelling: String) {
    var typist = Typist([Self.line + spelling] + Self.values + ["backward"])
    expect(typist.value("L"), [0.4959379393091873])
    expect(
      typist.value("dZ"),
      [
        -0.0118209220750406, 0.0354631235990284, 0.0395850677100883, 0.0324467305042315, 0.0314617223998455,
        -0.0249527381271689, -0.0445785787631845, 0.042291619795885, 0.0282080700664206, 0.0460256591311938,
        0.026373258855307, -0.0154522849410819,
      ], [4, 3])
    #expect(typist.backwardNames == ["dZ", "dW", "db", "dX"])
    #expect(typist.type("accuracy").scalar("accuracy") == 0.75)
  }

  // MARK: Squares

  /// By NumPy: np.mean((Z - Y)**2) = 0.3193166666666666, np.sum((Z - Y)**2)/4 = 0.95795; a regression has no accuracy.
  @Test(arguments: [
    ("L = mse(Y, Z)", 0.3193166666666666), ("L = mean((Z - Y)**2)", 0.3193166666666666),
    ("D = Y - Z; L = mean(D**2)", 0.3193166666666666), ("L = sum((Z - Y)**2) / m", 0.95795),
    ("L = sse(Y, Z) / m", 0.95795), ("L = mean(sum((Y - Z)**2, axis=1))", 0.95795),
    ("L = 0.5 * sum((Y - Z)**2)", 1.9159), ("L = half_sse(Y, Z)", 1.9159),
    ("D = Z - Y; L = sum(D * D) / (2*m)", 0.478975),
  ]) func squaredErrors(_ spelling: String, _ loss: Double) {
    var typist = Typist([Self.line + spelling] + Self.values + ["backward"])
    expect(typist.value("L"), [loss])
    #expect(typist.text("show Y").contains("[target]"))
    #expect(typist.refusal("accuracy").hint?.text().contains("regression") == true)
  }

  // MARK: What stands beside the loss

  /// A penalty on the weights is no part of it. By NumPy: the loss above + 0.05*np.sum(W**2), dW + 0.1*W.
  @Test(arguments: [
    "S = softmax(Z); L = -sum(Y*log(S))/m + lambda/2 * sum(W**2)",
    "S = softmax(Z); data = cross_entropy(Y, S); penalty = lambda/2 * sum(W**2); L = data + penalty",
    "L = lambda/2 * sum(W**2) + sum(logsumexp(Z, axis=1) - sum(Y*Z, axis=1))/m",
  ]) func aPenaltyStaysBesideIt(_ spelling: String) {
    var typist = Typist([Self.line + spelling] + Self.values + ["set lambda = 0.1", "backward"])
    expect(typist.value("L"), [0.5034704204423675 + 0.05 * 1.04])
    expect(typist.value("dZ"), Self.gradient)
    let W = [0.3, -0.2, 0.5, 0.7, 0.1, -0.4]
    expect(typist.value("dW"), zip(Self.weightGradient, W).map { $0 + 0.1 * $1 })
    #expect(typist.type("accuracy").scalar("accuracy") == 0.75)
    #expect(!typist.backwardNames.contains("dS"))
  }

  /// What only looks like a loss is none: another logarithm, another sign, weights for the classes.
  @Test(arguments: [
    "S = softmax(Z); L = -sum(Y*log(S + 0.1))/m", "S = softmax(Z); L = -sum(Y*S)/m",
    "S = softmax(Z); L = -sum(Y*log(S)*[[1, 2, 3]])/m",
  ]) func whatIsNoLossIsNotTakenForOne(_ spelling: String) throws {
    var typist = Typist([Self.line + spelling] + Self.values + ["backward"])
    #expect(try #require(typist.type("gradcheck").scalar("max_relative_error")) < 1e-6)
    _ = typist.refusal("compare softmax")
  }

  @Test(arguments: ["sigmoid", "linear"]) func targetsAreNotStretched(_ activation: String) {
    var typist = Typist("net 2 1:\(activation)")
    #expect(typist.refusal("set Y = ones(3, 2); forward").message.text().contains("Y (3×2)"))
  }

  /// Targets that are no distributions: (S - Y)/m does not hold, and it is said where the two are compared.
  @Test func targetsThatDoNotSumToOneAreSaidToBeSuch() throws {
    var typist = Typist("set Y = [[1, 1, 0], [0, 0, 0], [0, 1, 0], [0, 0, 1]]", "backward")
    #expect(typist.backwardNames.contains("dS"))
    #expect(try #require(typist.type("gradcheck").scalar("max_relative_error")) < 1e-7)
    let text = typist.text("compare softmax")
    #expect(text.contains("sum to 1"), "\(text)")
  }
}

extension String {
  /// The two-sample form of a spelling that has its number of samples written out.
  fileprivate var replacingFour: String {
    self == "S = softmax(Z); L = -sum(Y * log(S)) / 4" ? dropLast() + "2" : self
  }
}
