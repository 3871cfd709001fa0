import Commands
import Formulas
import Lessons
import NeuralNetworks
import Reports
import Sessions
import Testing

@testable import Rendering

/// What is asked of the ready models and of the digits, on windows of 40, 80 and 120 columns.
struct ReadyModelScreenTests {
  static let starts: [(name: String, lines: [String])] =
    ReadyModel.all.map { ($0.name, ["model \($0.name)"]) } + [
      ("digits", ["data digits", "net 64 12:relu 10:softmax"])
    ]

  /// What a person asks of any model; W and V are its last parameter and its first step.
  private static func questions(_ session: Session) throws -> [String] {
    let program = try session.readyProgram()
    let gradient = try #require(program.backward.last { $0.name.gradientOf != nil }?.name)
    let (first, last) = (program.forward[0].name, try #require(program.forward.last).name)
    func entry(_ name: String) -> String {
      let rank = SessionEnvironment(session).shape(of: name)?.rank ?? 0
      return rank == 0 ? name : name + "[" + Array(repeating: "0", count: rank).joined(separator: ",") + "]"
    }
    return [
      "backward", "explain on; restart; step 2", "trace", "shapes", "info", "graph", "equations", "list",
      "cost",
      "why \(gradient)", "why \(entry(gradient))", "why \(entry(first))", "why \(last) --deep",
      "derive \(gradient)", "gradcheck sample=6", "update 2",
    ]
  }

  private static func reports(_ start: [String]) throws -> [(line: String, report: Report)] {
    var workspace = Workspace(commands: .withLessons)
    var found: [(line: String, report: Report)] = []
    func run(_ line: String) {
      for outcome in Interpreter.run(line, in: &workspace) {
        switch outcome.result {
        case .success(let report): found.append((line, report))
        case .failure(let diagnostic):
          found.append((line, Report([.failure(diagnostic, prompt: "stepgrad> ")])))
        }
      }
    }
    for line in start { run(line) }
    for line in try questions(workspace.session.completed(forward: false)) { run(line) }
    return found
  }

  @Test(arguments: starts.map(\.name)) func everyAnswerKeepsToTheWindow(name: String) throws {
    let start = try #require(Self.starts.first { $0.name == name })
    for (line, report) in try Self.reports(start.lines) {
      for width in [40, 80, 120] {
        let text = TextRenderer(width: width).render(report)
        let widest = text.split(separator: "\n").map { DisplayWidth.of(String($0)) }.max() ?? 0
        #expect(widest <= width, "'\(line)' at \(width) columns")
      }
      for renderer in [TextRenderer(width: 40, ascii: true), TextRenderer(width: 80, isSpoken: true)] {
        let strange = renderer.render(report).unicodeScalars.filter { !$0.isASCII }
        #expect(strange.isEmpty, "'\(line)': \(strange)")
      }
      let drawn = EveryCommandTests.numbers(TextRenderer().render(report))
      let spoken = EveryCommandTests.numbers(TextRenderer(isSpoken: true).render(report))
      #expect(drawn.subtracting(spoken).isEmpty, "'\(line)' lacks \(drawn.subtracting(spoken).sorted())")
      let broken = Self.brokenWords(report)
      #expect(broken.isEmpty, "'\(line)' breaks \(broken.sorted())")
    }
  }

  /// Words of prose and tables that a window of 40 columns has room for and that are not whole in it.
  private static func brokenWords(_ report: Report) -> Set<String> {
    var report = report
    report.blocks = report.blocks.compactMap { block in
      switch block {
      case .text, .paragraph, .preformatted: return block
      case .table(var table):
        // A name of a column stands before each entry, or nowhere, where there is no room for it above.
        table.header = []
        return .table(table)
      case .tensor, .blackboard, .plot, .graph, .blank, .failure, .naming: return nil
      }
    }
    func words(_ width: Int) -> Set<String> {
      Set(
        TextRenderer(width: width).render(report).split(whereSeparator: \.isWhitespace).map { String($0) })
    }
    return words(5000).subtracting(words(40)).filter { $0.count <= 24 }
  }
}
