import Commands
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Sessions
import Testing

/// Tokens as positions: what repeats, what lies outside, what is all masked.
@Suite struct TokenTests {
  /// jax.value_and_grad in float64 of the same block, written with `E[ids]`, `jnp.concatenate`, `jnp.tril` and
  /// `jax.nn.gelu(…, approximate=False)`.
  @Test func gptAsInJAX() throws {
    let typist = Typist("model gpt", "forward", "backward")
    #expect(abs(try #require(typist.value("L")).elements[0] - 1.2718576817317606) < 1e-14)
    let gradients: [(String, [Double])] = [
      // Token 2 stands twice.
      (
        "dE[2]",
        [
          0.11257874742815158, 0.04079589008964696, -0.2146431384589015, 0.0006094195400780343,
          0.06065908140102497,
        ]
      ),
      (
        "dWO[2]",
        [
          -0.2763710712592888, -0.02022951907128608, 0.18205039241182705, -0.05734982191112377,
          0.1719000198298716,
        ]
      ),
      ("dWQ2[2]", [-0.0025226008419912543, -0.00445604865770911, -0.007222544508076882]),
      (
        "dgamma1[0]",
        [
          -0.01492482667081112, -0.07766543418188702, 0.017696490918254995, -0.1065913934754924,
          0.03623554786286335,
        ]
      ),
    ]
    for (name, published) in gradients {
      let value = try #require(typist.value(name)).elements
      #expect(zip(value, published).allSatisfy { abs($0 - $1) < 1e-14 }, "\(name)")
    }
    // Positions could not move, so that there is no gradient of them.
    #expect(typist.session.computed("dids") == nil)
  }

  /// An index may be worked out, on the left of '=' as well.
  @Test func anIndexThatIsAFormula() throws {
    var typist = Typist("let F = [1 2 3; 4 5 6]", "let i = 1")
    expect(typist.value("F[2*1-1, 2*0+1]"), [5])
    typist.type("set X[0, 2*0+1] = 7; set X[i, i-1] = 8")
    expect(typist.value("X[0]"), [1, 7])
    expect(typist.value("X[1]"), [8, -1])
    #expect(typist.refusal("set X[0, 2*8+2] = 0").message.text().contains("no such entry"))
    for (line, hint) in [
      ("log 10", "log(10)"), ("ln 10", "ln(10)"), ("relu Z1", "relu(Z1)"), ("softmax", "softmax(…)"),
    ] {
      let error = typist.refusal(line)
      #expect(
        error.message.text().contains("is a function") && error.hint?.text().contains(hint) == true, "\(line)"
      )
    }
  }

  @Test func positionsOutsideAreNamed() {
    var typist = Typist("model gpt", "set ids = [0, 2, 7, 2]")
    let error = typist.refusal("forward")
    #expect(error.message.text().contains("E[ids]: there is no row 7 in a 6×5 value: ids[2] is 7"))
    #expect(typist.refusal("[[1, 2], [3, 4]][[0, 2]]").message.text().contains("there is no row 2"))
    // From the end, where they stand in the formula.
    typist.type("let F3 = [1 2; 3 4; 5 6]")
    expect(typist.value("F3[[0, -1]]"), [1, 2, 5, 6])
  }

  /// NumPy: `g = np.zeros((3, 2)); np.add.at(g, [0, -1, -1], 2 * F[[0, -1, -1]])`.
  @Test func negativePositionsHaveTheirGradient() throws {
    var typist = Typist("model V = F[[0, -1, -1]]; L = sum(V**2)", "param F = [1 2; 3 4; 5 6]", "backward")
    expect(typist.value("dF"), [2, 4, 0, 0, 20, 24])
    #expect(try #require(typist.type("gradcheck method=dual").scalar("max_relative_error")) == 0)
    #expect(try #require(typist.type("derive dF").scalar("max_difference")) == 0)
    #expect(try #require(typist.type("why dF[2,1]").scalar("difference")) == 0)
  }

  /// A row with every score at -inf has no softmax: 0/0, as in PyTorch, and the place is named.
  @Test func aRowThatIsAllMasked() {
    var typist = Typist(
      "model S = where(M, Q @ Q.T, -1/0); A = softmax(S); L = sum(A**2)", "param Q = [1 2; 3 4]",
      "set M = [1 0; 0 0]")
    #expect(typist.text("forward").contains("S[1,:] is -inf in every entry"))
  }

  /// One token alone looks at itself, and its scores have no gradient.
  @Test func oneTokenAlone() throws {
    var typist = Typist("model gpt text=\"ab\" width=4", "backward")
    expect(typist.value("A1"), [1])
    #expect(try #require(typist.value("dWQ1")).elements.allSatisfy { $0 == 0 })
    #expect(try #require(typist.type("gradcheck method=dual").scalar("max_relative_error")) < 1e-9)
  }

  @Test func aTextIsLearntByHeart() throws {
    var typist = Typist(
      "model gpt text=\"she sells sea shells\" width=8", "train epochs=40 optimizer=adam lr=0.03")
    #expect(try #require(typist.type("loss").scalar("loss")) < 0.2)
    #expect(try #require(typist.type("accuracy").scalar("accuracy")) == 1)
    // What separates commands and begins a comment is a character in a text.
    #expect(Typist("model gpt text=\"a; b # c\" width=4; forward").value("ids")?.count == 7)
    #expect(typist.refusal("model gpt text=\"a\"").message.text().contains("2 to 2000"))
    #expect(typist.refusal("model gpt text=\"abc\" width=6 heads=4").message.text().contains("multiple"))
    #expect(typist.refusal("model gpt text=\"abc").message.text().contains("closing"))
  }

  /// At equal entries central differences lie between the slopes; dual numbers take the first, as the pass does.
  @Test func tiesAreKinks() throws {
    var typist = Typist("model A = max(X, axis=1); L = sum(A**2)", "param X = [1 2 2; 3 1 3]")
    let report = typist.type("gradcheck")
    #expect(report.scalar("kinks") == 4)
    #expect(try #require(report.scalar("max_relative_error")) < 1e-6)
    #expect(typist.text("gradcheck").contains("'gradcheck method=dual' decides"))
    #expect(typist.type("gradcheck method=dual").scalar("max_relative_error") == 0)
    typist.type("model P = maxpool(X, 2); L = sum(P**2)")
    typist.type("param X = [[[[1, 2], [2, 0]]]]")
    #expect(typist.type("gradcheck").scalar("kinks") == 2)
  }

  @Test func stacksExchangeTheirAxesOnce() {
    var typist = Typist(
      "model Z = Q @ swapaxes(K, -1, -2); L = sum(Z**2)", "param Q = randn(2, 3, 4)",
      "param K = randn(2, 5, 4, seed=2)")
    let text = typist.text("backward")
    #expect(text.contains("dQ (2×3×4) = dZ @ K\n"))
    #expect(text.contains("dK (2×5×4) = swapaxes(dZ, -1, -2) @ Q\n"))
    #expect(!text.contains("swapaxes(swapaxes"))
  }

  /// Of the table of positions as many rows are read as there are tokens: one, and not more than it has.
  @Test func aSequenceOfAnyLength() {
    var typist = Typist("model gpt", "ids = [2]", "next = [1]", "forward", "backward")
    #expect(typist.value("probs")?.shape == [1, 6])
    #expect(typist.value("dP")?.elements.dropFirst(5).allSatisfy { $0 == 0 } == true)
    #expect(typist.text("gradcheck").contains("292 entries agree"))
    _ = typist.text("ids = [1, 2, 3, 4, 5]")
    _ = typist.text("next = [0, 0, 0, 0, 0]")
    #expect(typist.refusal("forward").message.text().contains("there is no row 4 in a 4×5 value"))
  }

  @Test func aWrongLetterAndALongLoopAreNamed() {
    var typist = Typist("let A = ones(2, 3)")
    #expect(typist.refusal("einsum(\"ij->ijk\", A)").message.text().contains("k"))
    // When it is typed, before anything has a value, under the letter.
    for (line, place) in [
      ("model C = einsum('ij,jk->iz', Q, P); L = sum(C)", "z'"),
      ("model L = sum(einsum('ij->ii', Q))", "i',"),
      ("model L = einsum('ij,j', Q)", "ij,j"), ("model L = einsum('i1->', Q)", "1->"),
      ("model L = einsum('ij-i', Q)", "-i'"),
    ] {
      let refusal = typist.refusal(line)
      let start = line.firstRange(of: place)?.lowerBound ?? line.startIndex
      #expect(refusal.marks.first?.lowerBound == line.distance(from: line.startIndex, to: start), "\(line)")
      #expect(refusal.message.text().hasPrefix("einsum: "))
    }
    #expect(
      !typist.refusal("model repeat t = 1..1000000: h{t} = tanh(h{t-1}); L = sum(h1000000)").message.text()
        .isEmpty)
    #expect(typist.value("sum(A)")?.elements == [6])
  }

  /// Formulas for scale and shift are steps with names of their own, and no step takes the name of another value.
  @Test func everyPartOfANormHasItsName() {
    var typist = Typist(
      "model N = batch_norm(T, [1.5, -1], [0.5, 2]); L = sum(N**2)", "param T = [1 2; 3 5; 0 1]", "forward")
    // By NumPy: (T - T.mean(0)) / np.sqrt(T.var(0) + 1e-5) * [1.5, -1] + [0.5, 2].
    let published = [
      0.09910942570613857, 2.3922315914145855, 2.504452871469308, 0.6271894300489498, -1.1035622971754457,
      2.9805789785364643,
    ]
    expect(typist.value("N"), published, [3, 2])
    expect(typist.value("batch_norm(T, [1.5, -1], [0.5, 2])"), published, [3, 2])
    #expect(
      typist.refusal("model N = layer_norm(T); N_mean = 2 * T; L = sum(N * N_mean)").message.text().contains(
        "N_mean"))
  }
}
