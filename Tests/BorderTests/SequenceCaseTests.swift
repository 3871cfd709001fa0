import Formulas
import LinearAlgebra
import Sessions
import Testing

/// Attention, normalisation and recurrence as others publish them with numbers, typed as their equations.
@Suite struct SequenceCaseTests {
  private func close(_ value: Tensor?, _ published: [Double], _ tolerance: Double) -> Bool {
    guard let value, value.count == published.count else { return false }
    return zip(value.elements, published).allSatisfy { abs($0 - $1) <= tolerance }
  }

  /// Raimi Karim, "Illustrated: Self-Attention" (2019), with scores that are not scaled.
  @Test func illustratedSelfAttention() {
    let typist = Typist(
      "model Q = X @ WQ; K = X @ WK; V = X @ WV; S = Q @ K.T; A = softmax(S); O = A @ V; L = sum(O)",
      "set X = [1 0 1 0; 0 2 0 2; 1 1 1 1]", "param WQ = [1 0 1; 1 0 0; 0 0 1; 0 1 1]",
      "param WK = [0 0 1; 1 1 0; 0 1 0; 1 1 0]", "param WV = [0 2 0; 0 3 0; 1 0 3; 1 1 0]", "forward")
    expect(typist.value("K"), [0, 1, 1, 4, 4, 0, 2, 3, 1])
    #expect(
      close(
        typist.value("A"),
        [0.063379, 0.46831, 0.46831, 6.0337e-06, 0.98201, 0.017986, 0.00029539, 0.88054, 0.11917], 6e-6))
    #expect(
      close(
        typist.value("O"), [1.9366, 6.6831, 1.5951, 2.0, 7.964, 0.054, 1.9997, 7.7599, 0.3584], 6e-5))
  }

  /// Raschka, "Build a Large Language Model (From Scratch)", 3.5.1 (torch.manual_seed(789)): the causal weights.
  @Test func causalAttention() throws {
    var typist = Typist(
      "model causal",
      "set X = [0.43 0.15 0.89; 0.55 0.87 0.66; 0.57 0.85 0.64; 0.22 0.58 0.33; 0.77 0.25 0.1; 0.05 0.8 0.55]",
      "param WQ = [0.31605908274650574 -0.16828539967536926; 0.45680856704711914 -0.3378770351409912; 0.5118348598480225 -0.0917738676071167]",
      "param WK = [0.4058058261871338 0.2133607417345047; -0.4704205393791199 -0.2600506544113159; 0.23680520057678223 -0.5105429887771606]",
      // The model divides by the root of 3, the book's heads have two columns.
      "param WK = WK * sqrt(3) / sqrt(2)",
      "param WV = [0.25256988406181335 0.5191074013710022; -0.1414782702922821 -0.08516757935285568; -0.19618134200572968 -0.2043270468711853]",
      "set Y = zeros(6, 2)", "forward")
    let published = [
      [1.0, 0, 0, 0, 0, 0], [0.5517, 0.4483, 0, 0, 0, 0], [0.38, 0.3097, 0.3103, 0, 0, 0],
      [0.2758, 0.246, 0.2462, 0.2319, 0, 0], [0.2175, 0.1983, 0.1984, 0.1888, 0.1971, 0],
      [0.1935, 0.1663, 0.1666, 0.1542, 0.1666, 0.1529],
    ]
    #expect(close(typist.value("A"), published.flatMap { $0 }, 5.1e-5))
    // Nothing of a later token reaches an earlier one: row 0 of dS has no entry but its own, which is 0.
    typist.type("backward")
    #expect(try #require(typist.value("dS")).elements.prefix(6).allSatisfy { $0 == 0 })
    #expect(try #require(typist.type("gradcheck").scalar("max_relative_error")) < 1e-6)
  }

  /// keras/src/layers/rnn/gru_test.py, test_correctness: six steps with constant weights, reset behind the product.
  @Test func sixStepsOfKerasGRU() throws {
    var typist = Typist([
      "model", "h0 = zeros(3, 3)", "repeat t = 1..6:",
      "  z{t} = sigmoid(X[:, {t-1}] @ Wz + h{t-1} @ Uz + bz)",
      "  r{t} = sigmoid(X[:, {t-1}] @ Wr + h{t-1} @ Ur + br)",
      "  n{t} = tanh(X[:, {t-1}] @ Wh + bh + r{t} * (h{t-1} @ Uh + ch))",
      "  h{t} = z{t} * h{t-1} + (1 - z{t}) * n{t}", "end", "L = sum(h6)", "end",
      "set X = arange(72).reshape(3, 6, 4)",
    ])
    for gate in ["z", "r", "h"] {
      // Keras adds a bias to the input's part and one to the state's.
      let bias = gate == "h" ? 0.03 : 0.06
      typist.type("param W\(gate) = 0.01 * ones(4, 3)")
      typist.type("param U\(gate) = 0.02 * ones(3, 3)")
      typist.type("param b\(gate) = \(bias) * ones(1, 3)")
    }
    typist.type("param ch = 0.03 * ones(1, 3)")
    typist.type("forward")
    #expect(close(typist.value("h6[:, 0]"), [0.5217289, 0.6371659, 0.39384964], 3e-6))
    #expect(try #require(typist.type("gradcheck bz Uh").scalar("max_relative_error")) < 1e-6)
  }

  /// Stanford CS231n, assignment 3, LSTM_Captioning: lstm_step_forward, the gates side by side as i, f, o, g.
  @Test func aStepOfCS231nLSTM() {
    let typist = Typist(
      "model a = X @ Wx + h0 @ Wh + bb; c1 = sigmoid(a[:, 5:10]) * c0 + sigmoid(a[:, 0:5]) * tanh(a[:, 15:20]); h1 = sigmoid(a[:, 10:15]) * tanh(c1); L = sum(h1)",
      "set X = linspace(-0.4, 1.2, 12).reshape(3, 4)", "set h0 = linspace(-0.3, 0.7, 15).reshape(3, 5)",
      "set c0 = linspace(-0.4, 0.9, 15).reshape(3, 5)", "param Wx = linspace(-2.1, 1.3, 80).reshape(4, 20)",
      "param Wh = linspace(-0.7, 2.2, 100).reshape(5, 20)",
      "param bb = linspace(0.3, 0.7, 20).reshape(1, 20)", "forward")
    #expect(
      close(
        typist.value("h1"),
        [
          0.24635157, 0.28610883, 0.32240467, 0.35525807, 0.38474904, 0.49223563, 0.55611431, 0.61507696,
          0.66844003, 0.7159181, 0.56735664, 0.66310127, 0.74419266, 0.80889665, 0.858299,
        ], 6e-9))
  }
}
