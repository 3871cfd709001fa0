import Commands
import Sessions
import Testing

/// Lines of Python are read as what they are here, or answered with it.
@Suite struct PhraseTests {
  @Test(arguments: [
    ("loss.backward()", "backward"), ("optimizer.step()", "update"), ("print(W1)", "show W1"),
    ("print(X @ W1)", "show X @ W1"), ("W1.shape", "show W1"),
    ("len(X)", "show X"), ("np.allclose(A, B)", "max(abs(A - (B)))"), ("exit()", "quit"),
    ("help(step)", "help step"),
    ("step?", "help step"),
  ])
  func aPhraseIsACommand(_ text: String, _ command: String) {
    #expect(Phrase.meaning(of: text) == .command(command))
  }

  @Test(arguments: [
    "for i in range(10): update", "import numpy as np", "optimizer.zero_grad()", "def f(x): return x",
  ])
  func othersAreAnswered(_ text: String) {
    guard case .advice? = Phrase.meaning(of: text) else {
      Issue.record("\(text)")
      return
    }
  }

  @Test(arguments: [
    "forward", "X @ W1", "backward", "step 2", "X.dot(W1)", "show W1", "printer(X)", "S.sum(axis=1)",
    "update", "set n = X.shape", "(X @ W1).shape",
  ])
  func whatIsNoPhraseIsNone(_ text: String) { #expect(Phrase.meaning(of: text) == nil) }

  /// What goes wrong is marked in the line that was typed.
  @Test func aMistakeIsMarkedWhereItWasTyped() throws {
    var workspace = Workspace(commands: .standard)
    guard case .failure(let diagnostic)? = Interpreter.run("lr; print(W9)", in: &workspace).last?.result
    else {
      Issue.record("it worked")
      return
    }
    #expect(diagnostic.source == "lr; print(W9)")
    #expect(diagnostic.marks == [4..<13])
    #expect(diagnostic.message.text().contains("W9"))
  }

  @Test func whatIsRunIsSaid() throws {
    var workspace = Workspace(commands: .standard)
    let outcome = try #require(Interpreter.run("loss.backward()", in: &workspace).first)
    let report = try outcome.result.get()
    #expect(SessionEnvironment(workspace.session).value(of: "dW1") != nil)
    guard case .text(let note, .note)? = report.blocks.last else {
      Issue.record("no note")
      return
    }
    #expect(note.text() == "as 'backward'")
  }
}
