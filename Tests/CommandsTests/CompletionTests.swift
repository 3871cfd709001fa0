import Lessons
import Sessions
import Testing

@testable import Commands

/// What Tab offers at each place of a line, and what it does not.
struct CompletionTests {
  private func complete(_ line: String, after commands: String = "") -> CommandCompletion.Choice {
    var workspace = Workspace(commands: .withLessons)
    workspace.outside.lessonDirectories = ["Lessons"]
    _ = Interpreter.run(commands, in: &workspace)
    return CommandCompletion.complete(line, cursor: line.count, in: workspace)
  }

  @Test(arguments: [
    ("load so", ["softmax", "softmax-jacobian"]), ("lesson softmax-", ["softmax-jacobian"]),
    ("net 2 4:ta", ["4:tanh"]), ("net 2 4:relu 3:softmax layout=c", ["layout=columns"]),
    ("gradcheck me", ["method=central", "method=dual", "method=forward"]),
    ("gradcheck method=du", ["method=dual"]), ("init W1 init=x", ["init=xavier"]),
    ("export pass.s", ["pass.safetensors", "pass.svg"]), ("export pass.py ", ["jax", "numpy", "torch"]),
    ("graph a.", ["a.dot", "a.svg"]),
    ("gradcheck W", ["W1", "W2"]), ("softma", ["softmax("]),
    ("why dW1[", ["0,", "1,"]), ("why dW1[1, 4", ["4]"]), ("show X[3,", ["0]", "1]"]),
    ("set W2[4, 0] = W1[1,", ["0]", "1]", "2]", "3]", "4]"]),
    ("set pag", ["pager"]), ("set pager o", ["off", "on"]), ("theme l", ["light"]),
    ("until dW", ["dW1", "dW2"]), ("check dW2 = A1 @ so", ["softmax(", "softplus("]),
    ("forward; back", ["back", "backward"]), ("let Q = [1, 2; 3, 4]; una", []), ("show z", ["zeros("]),
    ("plot gel", ["gelu", "gelu_tanh"]), ("data moo", ["moons"]), ("data moons n", ["n=", "noise="]),
  ])
  func onlyWhatCanStandThere(line: String, words: [String]) {
    let found = complete(line).words
    #expect(found == words)
  }

  @Test(
    arguments: [
      ("show d", ["dZ2", "dW1"], []), ("why dZ", ["dZ1", "dZ2"], []), ("watch d", ["dW1"], []),
      ("jacobian S ", ["Z1", "Z2", "A1", "W1", "--full"], ["abs("]), ("W1.g", ["grad", "gelu("], []),
      ("X.s", ["shape", "sum("], ["S"]), ("show X.", ["T", "shape", "relu("], ["A1", "W1", "m"]),
      ("np.", ["exp("], ["W1", "X", "T"]), ("F.", ["relu("], ["X"]), ("show 3.", [], ["abs("]),
      ("set ", ["W1", "lr", "pager"], ["tanh(", "Z1"]), ("set W1 = t", ["tanh("], []),
      ("step ", ["why"], []), ("step 3 ", ["why"], []), ("step why ", [], ["why"]),
      ("nudge ", ["W1", "X"], ["Z1", "abs("]), ("param ", ["W1"], ["abs("]),
    ] as [(String, [String], [String])])
  func whatCanStandThereIsOffered(line: String, offered: [String], others: [String]) {
    let words = complete(line).words
    #expect(words.filter(offered.contains).count == offered.count, "\(words)")
    #expect(words.filter(others.contains).isEmpty)
    #expect(Set(words).count == words.count)
  }

  @Test func whatStopsCanBeDeleted() {
    #expect(complete("delete ").words == [])
    let after = "break dZ1; watch max(abs(dW1)); let G = 1; display L"
    #expect(complete("delete ", after: after).words == ["1", "2", "G", "dZ1"])
    #expect(complete("undisplay ", after: after).words == ["1"])
  }

  /// Between quotation marks a file where one is read, and nothing else.
  @Test(
    arguments: [
      ("set X = load(\"ba", "ba"), ("show np.load('data/b", "data/b"), ("load(\"", ""),
      ("data npz \"my ba", "my ba"),
      ("show load(\"a.npz\")[\"W", nil), ("show einsum(\"ij", nil), ("forward \"x", nil),
    ] as [(String, String?)])
  func aQuotationHoldsAFile(line: String, path: String?) {
    let choice = complete(line)
    #expect(choice.path == path && choice.words.isEmpty)
    if path != nil { #expect(choice.quote != nil && line.count - choice.from == path?.count) }
  }

  /// A file's name may stand there, and nothing else.
  @Test(arguments: ["data npz ba", "data csv ba", "data idx images ba", "save ba", "graph ba"])
  func filesAndOnlyFiles(line: String) {
    let choice = complete(line)
    #expect(choice.words.isEmpty && choice.path == "ba")
  }

  @Test(arguments: ["forward ", "undo d", "trace W", "data npz values.npz ba"]) func noFileAndNoName(
    line: String
  ) {
    let choice = complete(line)
    #expect(choice.path == nil)
    #expect(choice.words.allSatisfy { $0 == "batch=" })
  }
}
