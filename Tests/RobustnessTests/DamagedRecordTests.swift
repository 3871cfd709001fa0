import Explanations
import Formulas
import LinearAlgebra
import Sessions
import Testing

/// A program under review can write into its own record. Whatever stands there, review ends and says something.
@Suite struct DamagedRecordTests {
  /// Of a line: a matrix of ones, made by a formula.
  private func record(_ line: Int, _ name: String, _ shape: String, _ formula: String = "") -> String {
    let count = shape.split(separator: ",").compactMap { Int($0) }.reduce(1, *)
    let entries = String(repeating: "000000000000f03f", count: count)
    return "v\t\(line)\t<module>\t\(name)\tfloat64\t\(shape)\t\t0\tn\t\(entries)\t\(formula)\n"
  }

  private var start: String {
    record(1, "X", "4,2") + record(2, "Y", "4,3") + record(3, "W1", "2,5") + record(4, "b1", "5")
      + record(5, "W2", "5,3") + record(6, "b2", "3")
  }

  private func review(_ text: String) throws(Diagnostic) -> ProgramTrace {
    let trace = ProgramTrace(Array(text.utf8))
    let session = Session.initial
    _ = try Review(
      trace, model: session.model, roles: session.roles, shapes: session.leaves.mapValues(\.shape),
      learningRate: 0.1, source: "Z1 = X @ W1 + b1")
    return trace
  }

  /// v7 would be made of what is recorded behind it, and of itself.
  @Test(arguments: ["v9", "v6", "(v0 @ v7) + v3", "v99999999999999999999"])
  func aFormulaOfLaterRecordsIsNone(_ formula: String) throws {
    let trace = try review(start + record(7, "Z1", "4,5", formula) + record(8, "A1", "4,5", "v6"))
    #expect(trace.values.count == 8 && trace.end == nil)
  }

  @Test(arguments: [
    "hello", "v", "v\t7", "v\t7\tf\tZ1\tfloat64\t4,5\t\t0\tn\tzz\tv0", "s\t7\tf\tnew\tfloat64\t4\t\t0\tn\t\t",
    "v\t-1\tf\tZ1\tfloat64\t1\t\t0\tn\t000000000000f03f\t",
    "v\t9999999999999999999\tf\tq\tfloat64\t\t\t0\tn\t\t",
  ])
  func nothingIsCountedBehindALineThatIsNoRecord(_ line: String) throws {
    let trace = try review(start + line + "\n" + record(8, "A1", "4,5", "(v0 @ v2)") + "D\n")
    #expect(trace.values.count == 6 && !trace.isWhole)
    #expect(trace.end?.message.contains("damaged") == true && trace.end?.line == 6)
    // Where it is the last, the program was stopped while it was written.
    #expect(try review(start + line).end == nil)
  }
}
