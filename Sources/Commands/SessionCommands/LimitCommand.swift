import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum LimitCommand: Command {
  package static let name = "limit"
  package static let shortForms: [String] = []
  package static let usage = "limit [memory SIZE]"
  package static let summary = "how much memory the session may hold"
  package static let help = [
    "limit memory 2G (or 500M) sets it; a quarter of the machine is allowed at first. What would need more is refused, after the oldest states that 'undo' goes back to were forgotten."
  ]
  package static let group = CommandGroup.session
  package static let examples = ["limit", "limit memory 2G"]
  package static let related = ["info"]
  package static let access = CommandAccess.program
  package static let completes = CompletionKind.words(["memory"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let words = line.words
    if let first = words.first {
      guard first.text == "memory", words.count == 2, let bytes = bytes(words[1].text) else {
        throw line.usageError("a limit is one of memory, from 64M to 1000G", usage, at: line.restRange)
      }
      MemoryBudget.limit = bytes
    }
    var report = Report([
      .text(
        "memory: \(MemoryBudget.text(MemoryBudget.limit)) allowed, \(MemoryBudget.text(MemoryBudget.used)) in use",
        style: .plain)
    ])
    report.scalar("limit_bytes", Double(MemoryBudget.limit))
    report.scalar("used_bytes", Double(MemoryBudget.used))
    return report
  }

  private static func bytes(_ text: String) -> Int? {
    let units: [Character: Int] = ["M": 1 << 20, "m": 1 << 20, "G": 1 << 30, "g": 1 << 30]
    guard let unit = text.last.flatMap({ units[$0] }), let number = Int(text.dropLast()),
      (1...1_024_000).contains(number)
    else { return nil }
    let bytes = number * unit
    return (64 << 20...1000 << 30).contains(bytes) ? bytes : nil
  }
}
