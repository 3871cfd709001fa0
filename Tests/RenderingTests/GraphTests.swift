import Exports
import Formulas
import Lessons
import Platform
import Reports
import Sessions
import Testing

@testable import Rendering

/// A pass as a graph.
struct GraphTests {
  private func graph(_ lines: String...) throws -> Graph {
    var workspace = Workspace(commands: .withLessons)
    for line in lines {
      for outcome in Interpreter.run(line, in: &workspace) { _ = try outcome.result.get() }
    }
    return try Graph(workspace.session)
  }

  /// X is read by H and by R, H by R and by Q: both branch.
  private func branching() throws -> Graph {
    try graph(
      "model H = tanh(X @ W); R = H + X; Q = H * R; L = mse(Y, Q)", "set X = rand(3, 2); set Y = rand(3, 2)",
      "param W = randn(2, 2)", "step 2")
  }

  @Test func valuesGoDownAndBranchWhereSeveralReadThem() throws {
    let lines = TextRenderer(width: 100).graphLines(try branching())
    let heads = lines.map { String($0.prefix(5)) }
    #expect(heads == ["□    ", "│ □  ", "├─●  ", "●─┤  ", "▶─╯  ", "│ □  ", "○─╯  "])
    #expect(lines[2].contains("H (3×2) = tanh(X @ W)") && lines[2].contains("○ dH (3×2) = "))
  }

  @Test func everyEntryOfShapesIsInIt() throws {
    for lines in [
      ["info"], ["net 3 4:tanh 2 layout=columns"], ["net 1x6x6 conv(2,3x3):relu flatten 3:softmax"],
    ] {
      var workspace = Workspace(commands: .withLessons)
      for line in lines { _ = Interpreter.run(line, in: &workspace) }
      let program = try workspace.session.readyProgram()
      let text = TextRenderer(width: 200).graphLines(try Graph(workspace.session)).joined(separator: "\n")
      for name in program.steps.map(\.name) + workspace.session.model.leaves {
        let shape = try #require(program.shapes[name])
        #expect(text.contains(shape.isScalar ? "\(name) = " : "\(name) (\(shape))"), "\(name)")
      }
    }
  }

  /// A chain of layers is a node for each branch of it; nothing is lost by folding.
  @Test func foldingKeepsEveryValue() throws {
    let whole = try branching()
    let folded = whole.folded
    let names = folded.nodes.flatMap { ($0.folded + [$0.value]).map { $0.name.text() } }
    #expect(names.sorted() == whole.nodes.map { $0.value.name.text() }.sorted())
    #expect(folded.nodes.count < whole.nodes.count)
    for (index, node) in folded.nodes.enumerated() { #expect(node.sources.allSatisfy { $0 < index }) }
  }

  @Test(arguments: [40, 60, 80, 120]) func noRowIsWiderThanTheWindow(width: Int) throws {
    let graphs = [try branching(), try graph("net 4 5:relu 5:relu 5:relu 5:relu 3:softmax")]
    for lines in graphs.map(TextRenderer(width: width).graphLines) {
      #expect(lines.allSatisfy { DisplayWidth.of($0) <= width })
    }
  }

  /// A picture names every value, has an edge for every reading, and escapes what XML and DOT take for their own.
  @Test func picturesHoldEveryValueAndEdge() throws {
    let graph = try graph("restart")
    let picture = GraphPicture(graph, .standard)
    let edges = graph.nodes.reduce(0) { $0 + $1.sources.count }
    #expect(picture.dot.split(separator: "\n").count { $0.contains("->") } == edges)
    #expect(picture.svg.split(separator: "\n").count { $0.hasPrefix("<path") } == edges)
    #expect(picture.svg.contains("dA1 * (Z1 &gt; 0)") && !picture.svg.contains("(Z1 > 0)"))
    for node in graph.nodes {
      // The step at the cursor has a mark before its name.
      let name = node.value.name.text()
      #expect(picture.dot.contains("\"\(name) ") || picture.dot.contains("\"▶ \(name) "), "\(name)")
      #expect(picture.svg.contains(">\(name) ") || picture.svg.contains(">▶ \(name) "), "\(name)")
    }
  }
}
