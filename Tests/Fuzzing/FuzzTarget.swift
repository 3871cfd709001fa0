import Commands
import DataSets
import Differentiation
import Formulas
import Lessons
import LinearAlgebra
import Operations
import Platform
import Rendering
import Sessions
import TestSupport

/// Something that takes anything: one case of it for every seed.
package struct FuzzTarget: Sendable {
  package let name: String
  /// Runs the case of a seed; throws what is broken. A trap ends the process.
  package let run: @Sendable (_ seed: UInt64, _ corpus: Corpus) throws -> Void

  package struct Broken: Error, CustomStringConvertible {
    package let description: String
  }

  package static let all: [FuzzTarget] = [
    lines, formulas, files, readers, reviews, lessons, sequences, interruptions,
  ]

  /// Line → command → text and JSON, which reads back. What opens files has a target of its own.
  static let lines = FuzzTarget(name: "lines") { seed, corpus in
    var mutation = ByteMutation(seed: seed, dictionary: corpus.words)
    var workspace = Workspace(commands: corpus.withoutFiles)
    for _ in 0..<4 {
      var line = corpus.lines[mutation.random.integer(below: corpus.lines.count)]
      if mutation.random.integer(below: 4) > 0 {
        line = String(decoding: mutation.mutated(Array(line.utf8)), as: UTF8.self)
      }
      try run(line, in: &workspace, width: 20 + mutation.random.integer(below: 100))
      workspace.isQuitting = false
    }
  }

  /// Types a line, and demands of what it says whatever must hold of all that is said.
  package static func run(_ line: String, in workspace: inout Workspace, width: Int) throws(Broken) {
    for outcome in Interpreter.run(line, in: &workspace) {
      let json: String
      switch outcome.result {
      case .success(let report):
        let text = TextRenderer(width: width).render(report)
        json = JSONRenderer().render(command: outcome.command, report, text: text)
        if text.unicodeScalars.contains(where: { $0 != "\n" && VisibleText.isControl($0) }) {
          throw Broken(description: "a control character is printed by: \(line.debugDescription)")
        }
      case .failure(let diagnostic):
        let text = TextRenderer(width: width).render(diagnostic, prompt: "> ", isEchoed: true)
        json = JSONRenderer().render(command: outcome.command, error: diagnostic)
        if diagnostic.message.isEmpty {
          throw Broken(description: "no message for: \(line.debugDescription)")
        }
        if text.unicodeScalars.contains(where: { $0 != "\n" && VisibleText.isControl($0) }) {
          throw Broken(description: "a control character in the error of: \(line.debugDescription)")
        }
      }
      do { _ = try JSONValue(json) } catch {
        throw Broken(description: "\(error) in the JSON of: \(line.debugDescription)\n\(json.prefix(2000))")
      }
    }
  }

  /// Formula → text → the same formula → value and gradient, and the same formula from damaged text or a message.
  static let formulas = FuzzTarget(name: "formulas") { seed, corpus in
    var random = RandomExpressions(seed: seed)
    let expression = random.any(depth: 1 + random.generator.integer(below: 4))
    let text = Printer().text(expression)
    do {
      let again = try Parser.parse(text).expression
      if Printer().text(again) != text {
        throw Broken(description: "printed and read it is another formula: \(text)")
      }
    } catch let error as Diagnostic {
      throw Broken(description: "what is printed is not read: \(text): \(error.message.text())")
    }
    var workspace = Workspace(commands: .withLessons)
    _ = Interpreter.run("forward", in: &workspace)
    _ = Interpreter.run(text, in: &workspace)
    _ = Interpreter.run("model Q_ = \(text); L_ = sum(Q_)", in: &workspace)
    _ = Interpreter.run("set dZ2 = [[1, 2], [3, 4]]; forward; backward; gradcheck", in: &workspace)
    var mutation = ByteMutation(seed: seed, dictionary: corpus.words)
    _ = try? Parser.parse(String(decoding: mutation.mutated(Array(text.utf8)), as: UTF8.self))
  }

  /// Every data set on a damaged file.
  static let files = FuzzTarget(name: "files") { seed, corpus in
    var mutation = ByteMutation(seed: seed)
    let file = corpus.files[mutation.random.integer(below: corpus.files.count)]
    let scratch = corpus.scratch + "/data"
    try FileWriter.write(mutation.mutated(file.bytes), to: scratch, isFlushed: false)
    var arguments = DataArguments()
    arguments.files = file.isPair ? [scratch, corpus.partner(of: file)] : [scratch]
    do {
      let set = try DataSets.load(file.kind, arguments)
      guard set.inputs.shape == [set.count, set.features], set.targets.shape.rows == set.count else {
        throw Broken(description: "rows and features of \(file.name) do not fit")
      }
    } catch let error as DataError {
      if error.message.isEmpty { throw Broken(description: "no message for \(file.name)") }
    }
  }

  /// Damaged lessons are reported, and recorded twice they stay.
  static let lessons = FuzzTarget(name: "lessons") { seed, corpus in
    var mutation = ByteMutation(
      seed: seed, dictionary: ["```", "```stepgrad\n", "> ", "...", "answer: ", "\n"])
    let lesson = corpus.lessons[mutation.random.integer(below: corpus.lessons.count)]
    let text = String(decoding: mutation.mutated(lesson), as: UTF8.self)
    let check = LessonCheck(commands: .withLessons) { report, precision, width in
      TextRenderer(width: width, precision: precision).render(report)
    }
    for fault in check.faults(text) where fault.text(file: "f").unicodeScalars.contains("\u{1B}") {
      throw Broken(description: "a control character in a fault")
    }
  }

  static let sequences = FuzzTarget(name: "sequences") { seed, _ in
    var sequence = SequenceInvariants(seed: seed)
    try sequence.run(commands: 10)
  }

  static let interruptions = FuzzTarget(name: "interruptions") { seed, _ in
    var sequence = SequenceInvariants(seed: seed, interrupts: true)
    try sequence.run(commands: 10)
  }
}
