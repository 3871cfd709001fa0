import Commands
import Formulas
import LinearAlgebra
import Sessions
import Testing

/// Backpropagation through time that goes back only so far.
@Suite struct TruncationTests {
  static let model = [
    "model", "repeat t = 1..5:", "  h{t} = tanh(w * h{t-1} + u * x{t})", "end",
    "L = h1**2 + h2**2 + h3**2 + h4**2 + h5**2", "end", "param w = 0.9", "param u = -0.7", "set h0 = 0.4",
    "set x1 = 0.5", "set x2 = -1", "set x3 = 0.8", "set x4 = 0.3", "set x5 = -0.6",
  ]

  /// jax.grad in float64 of the same loop, with `if k and t > 1 and (t - 1) % k == 0: h = jax.lax.stop_gradient(h)`.
  static let gradients: [(steps: String, dw: Double, du: Double)] = [
    ("off", 0.14519505578961156, -0.7126649632909632), ("1", -0.08434953456883579, -1.1500857102974547),
    ("2", -0.03506420541908345, -1.1023766182430654), ("3", 0.18285316675631202, -0.6901742689875354),
  ]

  @Test(arguments: gradients.indices) func gradientsGoBackSoFar(_ index: Int) throws {
    let (steps, dw, du) = Self.gradients[index]
    var typist = Typist(Self.model)
    typist.type("truncate \(steps)")
    typist.type("backward")
    #expect(abs(try #require(typist.value("dw")).elements[0] - dw) < 1e-14)
    #expect(abs(try #require(typist.value("du")).elements[0] - du) < 1e-14)
    for method in ["central", "dual"] {
      let error = typist.type("gradcheck method=\(method)").scalar("max_relative_error")
      #expect(try #require(error) < 1e-7)
    }
    #expect(abs(try #require(typist.type("why dw").scalar("difference"))) < 1e-14)
    var loaded = Workspace()
    _ = try Script.run(SessionScript.text(typist.session), file: "saved", in: &loaded)
    #expect(loaded.session.model == typist.session.model)
    #expect(loaded.session.trace == typist.session.trace)
  }

  /// Whoever derives a gradient reads which of its terms are not there.
  @Test func derivingSaysWhatIsCut() {
    var typist = Typist(Self.model)
    #expect(!typist.text("derive dw").contains("cut"))
    typist.type("truncate 2")
    let text = typist.text("derive dw")
    #expect(
      text.contains(
        "terms are cut: what w does to L through detach(h2) in h3, detach(h4) in h5 is not in this sum"))
    #expect(text.contains("'truncate 2' cuts there, and 'truncate off' goes all the way"))
    // x5 comes behind all cuts.
    #expect(!typist.text("derive dx5").contains("cut"))
    typist.type("model a = w * 2; L = a**2 + detach(a) * w")
    typist.type("param w = 3")
    #expect(typist.text("derive dw").contains("through detach(a) in L is not in this sum."))
    #expect(typist.text("gradcheck").contains("what is detached was held fixed"))
  }

  @Test func itCanBeTakenBackAndRefused() {
    var typist = Typist(Self.model)
    let whole = typist.session.model
    typist.type("truncate 2")
    #expect(typist.text("equations").contains("repeat t = 1..5"))
    typist.type("truncate 3")
    typist.type("truncate off")
    #expect(typist.session.model == whole)
    #expect(typist.refusal("truncate 0").message.text().contains("not a number of steps"))
    // As in PyTorch: stretches longer than the sequence are all of it.
    #expect(typist.text("truncate 5").contains("all the way"))
    #expect(typist.session.model == whole)
    typist.type("truncate 2")
    #expect(typist.text("info").contains("gradients go back at most 2 steps"))
    typist.type("net 2 3:relu 2:softmax")
    #expect(typist.refusal("truncate 2").message.text().contains("no repeat"))
  }
}
