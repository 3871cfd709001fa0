import Commands
import LinearAlgebra
import Sessions
import Testing

/// Random numbers that are typed: others every time, the same in every session.
@Suite struct RandomNumberTests {
  @Test func twoCallsDifferAndASessionIsRepeatable() throws {
    let lines = [
      "set X = randn(4, 2)", "let q = randn(4, 2)", "r = rand(3) + rand(3)", "X = randn(4, 2)", "randn(2)",
      "let s = randn(4, 2, seed=9)", "let t = randn(4, 2, seed=9)",
    ]
    let (one, two) = (Typist(lines), Typist(lines))
    for name in ["X", "q", "r", "s"] { #expect(one.value(name) == two.value(name), "\(name)") }
    #expect(one.value("X") != one.value("q"))
    #expect(one.value("s") == one.value("t"))
    // Two of one formula are not the same numbers twice.
    let once = try #require(one.value("rand(3, seed=2) + rand(3, seed=3)"))
    #expect(one.value("r") == once)
  }

  /// What was drawn is said, and typed again it is the same.
  @Test func whatIsShownSaysItsSeed() throws {
    var typist = Typist()
    #expect(typist.text("randn(2)").hasPrefix("randn(2, seed=0) (2)"))
    #expect(typist.text("show rand(2)").hasPrefix("rand(2, seed=1) (2)"))
    typist.type("seed 40")
    let first = typist.text("randn(2)")
    #expect(first.contains("seed=40"))
    #expect(typist.text("randn(2, seed=40)") == first)
    #expect(typist.text("randn(2)").contains("seed=41"))
    typist.type("undo")
    #expect(typist.text("randn(2)").contains("seed=41"))
    for line in ["seed -1", "seed x", "seed 99999999999999999999"] {
      #expect(typist.refusal(line).message.text().contains("whole number"))
    }
    typist.type("np.random.seed(40)")
    #expect(typist.text("randn(2)") == first)
  }

  /// Saved and loaded, a session goes on with the numbers that come next.
  @Test func aSavedSessionGoesOn() throws {
    var typist = Typist("set X = randn(4, 2)", "randn(3)")
    var loaded = Typist()
    _ = try Script.run(SessionScript.text(typist.session), file: "saved", in: &loaded.workspace)
    #expect(typist.text("randn(3)") == loaded.text("randn(3)"))
  }

  /// An equation is computed more than once, and by more than one way.
  @Test func anEquationKeepsItsNumbers() throws {
    var typist = Typist("model A = X * randn(4, 2); L = sum(A**2)", "forward")
    let first = try #require(typist.value("A"))
    typist.type("randn(2)")
    typist.type("restart; forward")
    #expect(typist.value("A") == first)
    #expect(try #require(typist.type("gradcheck X").scalar("max_relative_error")) < 1e-6)
  }
}
