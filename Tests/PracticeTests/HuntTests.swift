import Commands
import Explanations
import Formulas
import Lessons
import Reports
import Sessions
import Testing

@Suite struct HuntTests {
  private static func workspace(_ lines: String...) -> Workspace {
    var workspace = Workspace(session: .initial, commands: .withLessons)
    for line in lines { _ = Interpreter.run(line, in: &workspace) }
    return workspace
  }

  private static func outcome(_ line: String, _ workspace: inout Workspace) -> Result<Report, Diagnostic>? {
    Interpreter.run(line, in: &workspace).last?.result
  }

  private static func text(_ result: Result<Report, Diagnostic>?) -> String {
    switch result {
    case .success(let report)?:
      report.blocks.map { block in
        switch block {
        case .text(let prose, _), .paragraph(let prose, _): prose.text()
        case .tensor(let tensor): "\(tensor.title.text()) = \(tensor.formula?.text() ?? "")"
        default: ""
        }
      }.joined(separator: "\n")
    case .failure(let diagnostic)?: diagnostic.message.text()
    case nil: ""
    }
  }

  /// Ten hunts in each of three networks: gradcheck shows that something is wrong, no command shows what, and the right
  /// accusation makes the pass right again.
  @Test(arguments: ["net 2 5:relu 3:softmax", "net 3 4:sigmoid 2:linear", "net 2 4:tanh 3:tanh 1:sigmoid"])
  func whatIsHiddenIsFoundByItsValuesAlone(_ network: String) throws {
    var workspace = Self.workspace(network)
    for round in 1...10 {
      let level = round % 2 == 0 ? "hard" : "easy"
      _ = try Self.outcome("hunt \(level)", &workspace)?.get()
      let plants = try #require(workspace.session.hunt?.open)
      #expect(plants.count == (level == "hard" ? 2 : 1))
      let checked = try #require(try Self.outcome("gradcheck", &workspace)?.get())
      #expect(checked.scalars.contains { $0.name == "max_relative_error" && $0.value > 1e-4 })
      let shown = Self.text(Self.outcome("restart; backward", &workspace))
      for plant in plants {
        #expect(!shown.split(separator: "\n").contains { $0 == "\(plant.step) = \(plant.wrong)" })
        #expect(!Self.text(Self.outcome("derive \(plant.step)", &workspace)).contains("= \(plant.wrong)\n"))
      }
      for plant in plants {
        let other = try #require(Mistake.all.map(\.id).first { !plant.ids.contains($0) })
        let cursor = workspace.session.cursor
        #expect(Self.text(Self.outcome("accuse \(plant.step) \(other)", &workspace)).contains("another"))
        #expect(workspace.session.cursor == cursor)
        let found = try #require(try Self.outcome("accuse \(plant.step) \(plant.ids[0])", &workspace)?.get())
        #expect(found.scalars.contains { $0.name == "correct" && $0.value == 1 })
      }
      #expect(workspace.session.hunt?.isOver == true)
      let after = try #require(try Self.outcome("gradcheck", &workspace)?.get())
      #expect(after.scalars.contains { $0.name == "max_relative_error" && $0.value < 1e-5 })
    }
  }

  @Test func whatWouldTellWaits() {
    var workspace = Self.workspace("hunt")
    for line in [
      "check dZ1 = dA1 * (Z1 > 0)", "compare softmax", "practice", "save /tmp/x", "train epochs=1",
    ] {
      #expect(Self.text(Self.outcome(line, &workspace)).contains("waits until the hunt is over"), "\(line)")
    }
    #expect(Self.text(Self.outcome("hunt", &workspace)).contains("on already"))
    #expect(
      Self.text(Self.outcome("accuse Q missing-mean", &workspace)).contains("no line of the backward pass"))
    #expect(Self.text(Self.outcome("accuse dZ1 mising-mean", &workspace)).contains("no mistake"))
  }

  /// Another network ends the hunt, and nothing of it is left in the equations.
  @Test func anotherModelEndsIt() throws {
    var workspace = Self.workspace("hunt", "net 3 4:tanh 2:linear")
    #expect(workspace.session.hunt == nil)
    #expect(try workspace.session.readyProgram().backward.allSatisfy { $0.planted == nil })
    _ = try Self.outcome("gradcheck", &workspace)?.get()
  }

  @Test func undoTakesAnAccusationBack() throws {
    var workspace = Self.workspace("hunt")
    let plant = try #require(workspace.session.hunt?.open.first)
    _ = Self.outcome("accuse \(plant.step) \(plant.ids[0])", &workspace)
    #expect(workspace.session.hunt?.isOver == true)
    _ = Self.outcome("undo", &workspace)
    #expect(workspace.session.hunt?.open == [plant])
    _ = Self.outcome("hunt off", &workspace)
    #expect(workspace.session.hunt?.open == [])
    #expect(!Self.text(Self.outcome("check dZ1 = dA1 * (Z1 > 0)", &workspace)).contains("waits"))
  }
}
