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
    ("gradcheck method=du", ["method=dual"]),
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
