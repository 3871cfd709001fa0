import Commands
import LinearAlgebra
import Rendering
import Sessions
import Testing

/// The batch and the network that nobody chose: what a session starts with, and what `net` makes up.
@Suite struct FirstSessionTests {
  private func session(_ commands: String...) throws -> Session {
    var workspace = Workspace()
    for command in commands {
      for outcome in Interpreter.run(command, in: &workspace) { _ = try outcome.result.get() }
    }
    return workspace.session
  }

  /// Samples, features, hidden units and classes, so that a wrong transpose does not fit by chance.
  @Test func noTwoExtentsAreEqual() throws {
    let leaves = try session().leaves
    let (X, W1, W2) = (try #require(leaves["X"]), try #require(leaves["W1"]), try #require(leaves["W2"]))
    let extents = X.shape.dimensions + [W1.shape.columns, W2.shape.columns]
    #expect(extents == [4, 2, 5, 3])
    let sums = try #require(leaves["Y"]).sum(axis: 0).elements
    #expect(sums.allSatisfy { $0 > 0 } && Set(sums).count > 1, "every class, and not equally often")
  }

  /// Products of short decimals; nothing is 0 that need not be, no unit is always on or always off, and no
  /// pre-activation is so near to 0 that a difference would cross it.
  @Test func theNumbersAreWorkable() throws {
    let session = try session("forward")
    for name in ["X", "W1", "b1", "W2", "b2"] {
      let entries = try #require(session.leaves[name]).elements
      #expect(entries.allSatisfy { $0 != 0 && abs($0 * 10 - ($0 * 10).rounded()) < 1e-12 }, "\(name)")
    }
    let Z1 = try #require(session.computed("Z1"))
    #expect(Z1.elements.allSatisfy { abs($0) > 0.05 })
    let active = Z1.map { $0 > 0 ? 1 : 0 }.sum(axis: 0).elements
    #expect(active.allSatisfy { $0 > 0 && $0 < 4 })
  }

  /// On 24 lines, with the line that was typed and the next prompt.
  @Test func forwardFitsAScreen() throws {
    var workspace = Workspace()
    let report = try #require(Interpreter.run("forward", in: &workspace).last).result.get()
    let lines = TextRenderer(width: 80).render(report).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.dropLast().count <= 22)
  }

  @Test(arguments: [
    ("net 2 4:relu 3:softmax", 5), ("net 2 5:relu 3:softmax layout=columns", 4), ("net 2 7:tanh 2:linear", 4),
    ("net 7 8:tanh 2:linear", 3),
    ("net 1x8x8 conv(4,3x3):relu flatten 10:softmax", 5),
  ]) func aToyBatchHasItsOwnNumberOfSamples(_ network: String, _ samples: Double) throws {
    #expect(try session(network, "forward").roles.sampleCount.map(Double.init) == samples)
  }

  /// What a person gave is kept, however many samples it has.
  @Test func aBatchThatWasGivenIsKept() throws {
    let kept = try session("set X[0, 0] = 1.5", "net 2 4:relu 3:softmax")
    #expect(kept.leaves["X"]?.elements.first == 1.5 && kept.leaves["Y"]?.shape == [4, 3])
    let again = try session("net 2 4:relu 3:softmax", "set X = ones(6, 2)", "set Y = ones(6, 3)", "net 2 6 3")
    #expect(again.leaves["X"] == Tensor(unchecked: [6, 2], [Double](repeating: 1, count: 12)))
  }
}
