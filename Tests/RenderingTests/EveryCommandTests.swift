import Commands
import Formulas
import Lessons
import Platform
import Reports
import Sessions
import Testing

@testable import Rendering

/// What every command of the help prints, on several models, in every way of printing.
struct EveryCommandTests {
  static let models = [
    "net 2 5:relu 3:softmax",
    "net 3 4:tanh 1:sigmoid layout=columns",
    "net 1x6x6 conv(2,3x3,pad=1):relu flatten 4:softmax",
    "model H = sigmoid(X @ W1 + b1); R = H + X; L = mse(Y, R)\nset X = rand(3, 2); set Y = rand(3, 2); param W1 = randn(2, 2); param b1 = randn(1, 2)",
    "net 4 3:gelu 2 loss=sse; notation index",
    "net 40 30:relu 3:softmax",
  ]

  /// The reports of every example of every command that opens no file, each in a session in which the pass is run.
  static func reports(of model: String) throws -> [(line: String, report: Report)] {
    var start = Workspace(commands: .withLessons)
    start.session.settings.seed = 3
    for line in model.split(separator: "\n").map(String.init) + ["backward"] {
      for outcome in Interpreter.run(line, in: &start) { _ = try outcome.result.get() }
    }
    var found: [(line: String, report: Report)] = []
    for command in CommandTable.withLessons.commands {
      if case .files = command.access { continue }
      // A file of a test does not belong where it runs.
      for line in command.examples where !line.hasPrefix("save") {
        var workspace = start
        for outcome in Interpreter.run(line, in: &workspace) {
          // An example may be of another model; then it says so, and that is printed too.
          switch outcome.result {
          case .success(let report): found.append((line, report))
          case .failure(let diagnostic):
            found.append((line, Report([.failure(diagnostic, prompt: "stepgrad> ")])))
          }
        }
      }
    }
    return found
  }

  @Test(arguments: models) func everyWayOfPrintingKeepsItsWord(model: String) throws {
    for (line, report) in try Self.reports(of: model) {
      for width in [40, 60, 80, 120] {
        let text = TextRenderer(width: width).render(report)
        let widest = text.split(separator: "\n").map { DisplayWidth.of(String($0)) }.max() ?? 0
        #expect(widest <= width, "'\(line)' at \(width) columns")
      }
      for renderer in [TextRenderer(ascii: true), TextRenderer(width: 40, isSpoken: true)] {
        let text = renderer.render(report)
        let strange = text.unicodeScalars.filter { !$0.isASCII }
        #expect(strange.isEmpty, "'\(line)': \(String(String.UnicodeScalarView(strange)))")
        #expect(!text.contains("\\u{"), "'\(line)': \(text)")
        let quotients = text.matches(of: #/\bd(?!L\b)[A-Z][A-Za-z0-9]*(\[[^\]]*\])?/d/#).map {
          text[$0.range]
        }
        #expect(quotients.isEmpty, "'\(line)': \(quotients)")
      }
      // What was typed is drawn again above its mistake, and not said again.
      let drawn = Self.numbers(TextRenderer().render(report)).subtracting(Self.numbers(line))
      let spoken = Self.numbers(TextRenderer(isSpoken: true).render(report))
      #expect(drawn.subtracting(spoken).isEmpty, "'\(line)' lacks \(drawn.subtracting(spoken).sorted())")
    }
  }

  /// Numbers that are no part of a name, without their signs.
  static func numbers(_ text: String) -> Set<String> {
    var result: Set<String> = []
    var word = ""
    // The chunks of a folded matrix are not there for the ear.
    let lines = text.split(separator: "\n").filter {
      !$0.hasPrefix("  columns ") && !$0.hasPrefix("  column ")
    }
    for c in lines.joined(separator: "\n") + " " {
      if c.isASCII, c.isLetter || c.isNumber || c == "." || c == "_" {
        word.append(c)
        continue
      }
      while word.last == "." { word.removeLast() }
      // `1.2e` is the beginning of 1.2e-05, and so it is in both.
      if word.first?.isNumber == true { result.insert(word) }
      word = ""
    }
    return result
  }

  /// On the network of the start an example is what it is called: it works.
  @Test func everyCommandHasExamplesThatRunAndNeighboursThatExist() {
    let table = CommandTable.withLessons
    // Those that have to stand behind another command, or at a terminal.
    let apart = ["answer", "hint", "next", "lesson", "reveal", "redo", "undo", "lessons", "learn"]
    for command in table.commands {
      #expect(command.examples.count >= 2, "\(command.name)")
      #expect(command.related.contains { table.command(named: $0) != nil }, "\(command.name)")
      if case .files = command.access { continue }
      if apart.contains(command.name) || command.access.isOfProgram { continue }
      for line in command.examples {
        // As the first line ever typed, or behind a pass.
        let mistakes = ["", "backward"].map { before -> Diagnostic? in
          var workspace = Workspace(commands: table)
          _ = Interpreter.run(before, in: &workspace)
          return Interpreter.run(line, in: &workspace).compactMap { $0.mistake }.first
        }
        #expect(mistakes.contains { $0 == nil }, "'\(line)': \(mistakes)")
      }
    }
  }
}

extension Interpreter.Outcome {
  fileprivate var mistake: Diagnostic? { if case .failure(let mistake) = result { mistake } else { nil } }
}

extension CommandAccess {
  fileprivate var isOfProgram: Bool { if case .program = self { true } else { false } }
}
