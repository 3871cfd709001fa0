import Commands
import Formulas
import LinearAlgebra
import NeuralNetworks
import Rendering
import Sessions
import Testing

/// Equations that stand once for several steps.
@Suite struct RepeatTests {
  private let recurrent = [
    "model", "# recurrence", "repeat t = 1..3:", "  q{t} = x{t} * W + h{t-1} @ U.T", "  h{t} = tanh(q{t})",
    "end",
    "# output", "p = sum(w * h3)", "L = (y - p)**2 / 2", "end", "param W = [[2, 1]]",
    "param U = [[1, 2], [3, 4]]", "param w = [[2, 4]]", "set x1 = 0.2; set x2 = 0.3; set x3 = 0.4; set y = 7",
    "set h0 = [[0, 0]]",
  ]

  /// The forward values of the INFOSYS course blog ("RNN back-propagation with numbers"), to its digits. Its gradients are
  /// wrong; these were made with NumPy by the chain rule over all paths and agree with its central differences.
  @Test func aParameterUsedInEveryStepHasOneTermFromEach() throws {
    var typist = Typist(recurrent)
    typist.type("backward")
    for (name, published) in [
      ("h1", [0.37994896, 0.19737532]), ("h2", [0.87975882, 0.97711011]), ("h3", [0.9986059, 0.99999815]),
    ] {
      let value = try #require(typist.value(name))
      #expect(zip(value.elements, published).allSatisfy { abs($0 - $1) < 6e-8 }, "\(name)")
    }
    expect(typist.value("dW"), [-0.0030960573293758627, -0.0010387890289910717], [1, 2], "dW")
    expect(
      typist.value("dU"),
      [-0.0053998708491510795, -0.005711445674792843, -0.0002062230130236604, -0.00011483219594500224],
      [2, 2],
      "dU")
    #expect(typist.equation("dU") == "dU = dq3.T @ h2 + dq2.T @ h1 + dq1.T @ h0")
    let why = typist.type("why dU[0,1]")
    let text = TextRenderer(width: 400).render(why)
    let places = ["t = 3: q3 =", "t = 2: q2 =", "t = 1: q1 ="].map { text.firstRange(of: $0)?.lowerBound }
    #expect(places.allSatisfy { $0 != nil } && places.compactMap { $0 } == places.compactMap { $0 }.sorted())
    let terms = try #require(why.tensors["terms"])
    #expect(abs(terms.elements.reduce(0, +) + 0.005711445674792843) < 1e-15)
    #expect(typist.text("derive dU").contains("Σ_{t=3..1} dq{t}.T @ h{t-1}"))
    #expect(try #require(typist.type("gradcheck").scalar("max_relative_error")) < 1e-6)
  }

  @Test func itIsWhatIsTypedByHand() {
    let one = Typist(
      "model repeat t = 1..3: q{t} = x{t} @ W + h{t-1}; h{t} = tanh(q{t}); end; L = sum(h3 * h3)")
    let block = Typist([
      "model", "repeat t = 1..3: q{t} = x{t} @ W + h{t-1}; h{t} = tanh(q{t})", "L = sum(h3 * h3)", "end",
    ])
    let hand = Typist(
      "model q1 = x1 @ W + h0; h1 = tanh(q1); q2 = x2 @ W + h1; h2 = tanh(q2); q3 = x3 @ W + h2; h3 = tanh(q3); L = sum(h3 * h3)"
    )
    #expect(block.session.model.equations.map(\.text) == hand.session.model.equations.map(\.text))
    #expect(one.session.model.equations.map(\.text) == hand.session.model.equations.map(\.text))
  }

  /// Without braces it would be a value that somebody has to give.
  @Test func whatCountsStandsInBraces() {
    var typist = Typist()
    #expect(
      typist.refusal("model repeat t = 1..3: a{t} = X[:, t-1] * W; end; L = sum(a3)").message.text().contains(
        "braces: {t}"))
    typist.type("model repeat t = 1..3: a{t} = X[:, {t-1}] * W; end; L = sum(a3)")
    #expect(typist.session.model.equations.contains { $0.text == "a3 = X[:,2] * W" })
    // A step may have that name, and be read.
    typist.type("model t = X * W; repeat t = 1..2: a{t} = t + {t}; end; L = sum(a2)")
    #expect(typist.session.model.equations.contains { $0.text == "a2 = t + 2" })
  }

  @Test func repeatsNest() {
    let typist = Typist([
      "let T = 2", "model", "repeat t = 1..T:", "repeat l = 1..2: h{l}_{t} = h{l-1}_{t} * w{l} + h{l}_{t-1}",
      "end",
      "L = h2_2", "end",
    ])
    #expect(
      typist.session.model.equations.map(\.text) == [
        "h1_1 = h0_1 * w1 + h1_0", "h2_1 = h1_1 * w2 + h2_0", "h1_2 = h0_2 * w1 + h1_1",
        "h2_2 = h1_2 * w2 + h2_1", "L = h2_2",
      ])
  }

  @Test func aSavedSessionKeepsIt() throws {
    let typist = Typist(recurrent)
    let saved = SessionScript.text(typist.session)
    #expect(saved.contains("repeat t = 1..3:\n  q{t} = x{t} * W + h{t-1} @ U.T\n"))
    var loaded = Workspace()
    _ = try Script.run(saved, file: "saved", in: &loaded)
    #expect(loaded.session.model == typist.session.model)
    #expect(loaded.session.leaves == typist.session.leaves)
  }

  @Test func partsHaveHeadings() {
    var typist = Typist(recurrent)
    let text = typist.text("forward") + typist.text("backward")
    let titles = text.split(separator: "\n").filter {
      !$0.contains("=") && !$0.contains("⎡") && !$0.contains("[")
    }
    #expect(
      titles.filter { $0.hasPrefix("recurrence") || $0.hasPrefix("output") } == [
        "recurrence", "output", "output, backward", "recurrence, backward",
      ])
  }

  /// What is refused, what the message says, and what it marks.
  @Test(
    arguments: [
      (
        "model repeat t = 1..1000000: h{t} = h{t-1} * w", "1000000 equations",
        "repeat t = 1..1000000: h{t} = h{t-1} * w"
      ),
      ("model repeat t = 0..3: h{t} = h{t-1} * w; end; L = h3", "no name has a sign", "{t-1}"),
      (
        "model repeat t = 3..1: h{t} = h{t-1} * w; end; L = h3", "no step",
        "repeat t = 3..1: h{t} = h{t-1} * w"
      ),
      ("model repeat t = 1..3: h{t} = h{t-1} * w; L = h3", "given twice", "L"),
      ("model repeat t = 1..3: h{t} = h{s} * w", "there is no 's'", "{s}"),
      ("model repeat t = 1..3: h{t} = h{t/2} * w", "whole numbers", "{t/2}"),
      ("model repeat t: h{t} = 1", "from where to where", "repeat t: h{t} = 1"),
      ("model repeat t = 1..3 h{t} = 1", "colon", "repeat t = 1..3 h{t} = 1"),
      ("model L = 1; end", "closes nothing", "end"),
      (
        "model repeat t = 1..1000: repeat s = 1..1000: h{t}_{s} = 1", "1000000 equations",
        "repeat t = 1..1000: repeat s = 1..1000: h{t}_{s} = 1"
      ),
    ]) func refusals(_ line: String, _ message: String, _ marked: String)
  {
    var typist = Typist()
    let before = typist.session.model
    let refusal = typist.refusal(line)
    #expect("\(refusal.message.text())".contains(message), "\(refusal.message.text())")
    if let mark = refusal.marks.first {
      #expect(String(Array(line)[mark.clamped(to: 0..<line.count)]) == marked)
    } else {
      Issue.record("nothing is marked in '\(line)'")
    }
    #expect(typist.session.model == before)
  }
}
