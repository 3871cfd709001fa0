import Commands
import Formulas
import LinearAlgebra
import Rendering
import Sessions
import Testing

/// Whatever is typed, the process goes on and the session keeps its values. A trap would end the whole test run.
@Suite struct FuzzTests {
  static let words = [
    "forward", "backward", "step", "back", "until", "restart", "show", "info", "trace", "shapes", "jacobian",
    "compare",
    "gradcheck", "fused", "net", "model", "param", "set", "let", "update", "loss", "accuracy", "undo", "redo",
    "reset",
    "history", "precision", "heat", "help", "X", "Y", "W1", "dW1", "dZ2", "Z1", "A1", "S", "J", "L", "m",
    "b2", "=", "==",
    "+", "-", "*", "/", "@", "**", ".T", "ᵀ", "'", "(", ")", "[", "]", "[[", "]]", ",", ";", ":", "0", "1",
    "2", "-1",
    "1e308", "1e-300", "9e999", "99999999999999999999", "0.5", "softmax", "relu", "sum", "axis=0", "axis=9",
    "zeros",
    "ones", "eye", "onehot", "reshape", "diag", "outer", "linspace", "conv2d", "maxpool", "scatter", "where",
    "clip",
    "4:relu", "3:softmax", "2", "1x8x8", "conv(2,3x3,pad=1):relu", "flatten", "layout=columns", "loss=mse",
    "seed=3",
    "on", "off", "--full", "sweep", "h=1e-3", "method=dual", "lr=0.1", "\u{0}", "\u{1B}[31m", "é", "🙂", "∂",
    "\t", "#",
  ]

  @Test(arguments: 0..<40) func randomLinesNeverEndTheSession(_ seed: Int) {
    var random = RandomGenerator(seed: UInt64(seed))
    var workspace = Workspace()
    let renderer = TextRenderer(width: 80, rows: 24, precision: 4, color: .none, heat: false, ascii: false)
    for _ in 0..<150 {
      let count = 1 + random.integer(below: 9)
      let glue = random.uniform() < 0.7 ? " " : ""
      let line = (0..<count).map { _ in Self.words[random.integer(below: Self.words.count)] }.joined(
        separator: glue)
      for outcome in Interpreter.run(line, in: &workspace) {
        switch outcome.result {
        case .success(let report):
          _ = renderer.render(report)
          _ = JSONRenderer().render(command: outcome.command, report, text: "")
        case .failure(let diagnostic):
          #expect(!diagnostic.message.isEmpty)
          let text = renderer.render(diagnostic, prompt: nil)
          #expect(!text.contains("\u{1B}") && !text.contains("\u{0}"))
        }
      }
      workspace.openBlock = nil
      workspace.isQuitting = false
      if workspace.session.leaves.values.contains(where: { $0.count > 100_000 }) { workspace = Workspace() }
    }
    _ = Interpreter.run("reset", in: &workspace)
    #expect(Interpreter.run("forward", in: &workspace).allSatisfy { (try? $0.result.get()) != nil })
  }

  @Test(arguments: 0..<20) func randomBytesNeverEndTheSession(_ seed: Int) {
    var random = RandomGenerator(seed: UInt64(seed + 1000))
    var workspace = Workspace()
    for _ in 0..<300 {
      let bytes = (0..<random.integer(below: 40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      _ = Interpreter.run(String(decoding: bytes, as: UTF8.self), in: &workspace)
      workspace.isQuitting = false
      workspace.openBlock = nil
    }
    #expect(workspace.session.leaves["W1"] != nil)
  }

  @Test(arguments: [
    "forwrd", "show Q", "A1 @ dZ2", "set X = [[1, 2], [3]]", "W1[5, 0]", "zeros(1e9, 1e9)",
    "load /nonexistent", "(1",
    String(repeating: "[", count: 100_000), String(repeating: "x", count: 10_000_000), "set W1 = foo",
    "net 2 4:rleu",
    "net 0 3", "net 2 99999999999999999999", "model Z = ", "model Z = Z + 1", "model A = B; B = 1",
    "jacobian Z1 S", "until W1", "update lr=fast", "precision 99", "gradcheck h=0", "param Q = 1",
    "let X = 3",
    "set Z1 = 3", "set m = 3", "onehot([9], 3)", "help nonsense", "compare", "fused maybe",
    "save /nonexistent/x",
  ]) func everyMistakeHasAMessageAndLosesNothing(_ line: String) {
    var workspace = Workspace()
    _ = Interpreter.run("forward", in: &workspace)
    let before = workspace.session
    let outcomes = Interpreter.run(line, in: &workspace)
    guard case .failure(let diagnostic) = outcomes.last?.result else {
      Issue.record("no error")
      return
    }
    #expect(diagnostic.message.text().count > 8)
    #expect(workspace.session.leaves == before.leaves && workspace.session.cursor == before.cursor)
  }
}
