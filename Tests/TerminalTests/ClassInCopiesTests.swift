import Formulas
import Platform
import Sessions
import TestSupport
import Testing

@testable import Assignments

/// The program writes and marks a large class in copies of itself; here, among other threads, it is done one by one. Both
/// give the same bytes.
@Suite struct ClassInCopiesTests {
  private static let assignment =
    SampleAssignment.product + """

      ```exercise
      And {a} times 10?
      kind: value
      answer: {a} * 10
      points: 2
      ```
      """

  private static func run(_ words: [String]) throws -> String {
    let outcome = try ChildProgram.run(
      PseudoTerminal.program, words, seconds: 100, mostRecord: 0, isInterrupted: { false })
    return "\(outcome.end) " + String(decoding: outcome.output, as: UTF8.self)
  }

  /// Every file below a folder with its bytes.
  private static func files(_ folder: String) -> [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    for name in FileAccess.list(folder) {
      let path = folder + "/" + name
      if OutputFolder.isFolder(path) {
        for (inner, bytes) in files(path) { result[name + "/" + inner] = bytes }
      } else {
        result[name] = FileAccess.bytes(of: path, 1 << 20)
      }
    }
    return result
  }

  @Test func aClassInCopiesHasTheSameBytes() throws {
    let directory = try TemporaryDirectory()
    let root = directory.path
    let ids = (0..<50).map { "s\($0)" }
    try FileAccess.write(Self.assignment, to: root + "/twice.md")
    try FileAccess.write("id,name\n" + ids.map { "\($0),王 \($0)\n" }.joined(), to: root + "/class.csv")
    try FileAccess.write("a secret of more than sixteen letters", to: root + "/secret")
    chmod(root + "/secret", 0o600)
    // Right, wrong, carried, unreadable, blank; and one who is not there.
    let rows = ids.enumerated().map { i, id in
      "\(i == 20 ? "nobody" : id),\(["x", "1000", "", "[1,", "=1+1"][i % 5]),\(["", "110", "7", "é\u{1B}"][i % 4])\n"
    }
    try FileAccess.write("id,1,2\n" + rows.joined(), to: root + "/form.csv")
    func assign(_ out: String) -> [String] {
      [
        root + "/twice.md", "--students", root + "/class.csv", "--secret", root + "/secret", "--out",
        root + out,
      ]
    }
    func grade(_ out: String) -> [String] {
      [root + "/form.csv", "--key", root + out, "--secret", root + "/secret"]
    }
    #expect(try Self.run(["assign"] + assign("/copies")).hasPrefix("exited(0) Twice: pages for 50 students"))
    #expect(try Self.run(["grade"] + grade("/copies")).hasPrefix("exited(0) Twice: "))
    _ = try Assigning.run(assign("/here"), progress: nil)
    _ = try Grading.run(grade("/here"), progress: nil)
    let (copies, here) = (Self.files(root + "/copies"), Self.files(root + "/here"))
    #expect(copies == here && here.count > 300, "\(here.keys.filter { copies[$0] != here[$0] }.sorted())")

    // What fails in a copy is told by its name.
    unlink(root + "/copies/students/s31.html")
    try OutputFolder.make(root + "/copies/students/s31.html/x")
    let failed = try Self.run(["assign"] + assign("/copies"))
    #expect(failed.hasPrefix("exited(1)") && failed.contains("s31.html"), "\(failed)")
  }
}
