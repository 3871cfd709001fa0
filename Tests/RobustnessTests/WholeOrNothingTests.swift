import Commands
import Formulas
import Lessons
import LinearAlgebra
import Platform
import Sessions
import TestSupport
import Testing

@Suite struct WholeOrNothingTests {
  private func fails(_ line: String, _ workspace: inout Workspace) -> String? {
    for outcome in Interpreter.run(line, in: &workspace) {
      if case .failure(let diagnostic) = outcome.result { return diagnostic.message.text() }
    }
    return nil
  }

  @Test func aScriptThatFailsChangesNothingAndLeavesTheHistory() throws {
    let file = try TemporaryText("set lr = 0.5\nset W1 = 0\nfrwd\n")
    var workspace = Workspace(commands: .withLessons)
    #expect(fails("set lr = 0.2; undo", &workspace) == nil)
    let before = workspace
    #expect(fails("load \(file.path)", &workspace) != nil)
    #expect(!workspace.session.differs(from: before.session))
    #expect(workspace.past.count == 0 && workspace.future.count == 1)
    #expect(fails("redo", &workspace) == nil)
    #expect(workspace.session.settings.learningRate == 0.2)
  }

  /// Wherever it is interrupted: what was found first must not be taken for found when it is asked for again.
  @Test(arguments: [
    "model Z = X @ W1; S = exp(Z) / sum(exp(Z), axis=1); L = -sum(Y * log(S)) / m", "info",
    "forward; backward",
    "compare softmax", "check dZ2 = S - Y", "gradcheck", "derive dW1",
  ])
  func interruptedAnywhereNothingHasChanged(_ line: String) {
    var number = 1
    while number < 200_000 {
      var workspace = Workspace(commands: .withLessons)
      let before = SessionScript.text(workspace.session)
      Interruption.request(atQuestion: number)
      let isWhole = fails(line, &workspace) == nil
      Interruption.request(atQuestion: nil)
      if isWhole { break }
      if !line.contains(";") || line.hasPrefix("model") {
        #expect(SessionScript.text(workspace.session) == before)
      }
      // Every one of the first, then some of many.
      number += 1 + number / 40
    }
  }

  @Test func quitInAScriptEndsIt() throws {
    let file = try TemporaryText("set lr = 0.5\nquit\nset lr = 0.9\n")
    var workspace = Workspace(commands: .withLessons)
    #expect(fails("load \(file.path)", &workspace) == nil)
    #expect(workspace.isQuitting && workspace.session.settings.learningRate == 0.5)
  }

  @Test func aBlockThatDoesNotEndIsAMistakeOfItsLine() throws {
    let file = try TemporaryText("set lr = 0.5\nmodel\nL = 1\n")
    var workspace = Workspace(commands: .withLessons)
    guard case .failure(let diagnostic)? = Interpreter.run("load \(file.path)", in: &workspace).last?.result
    else {
      Issue.record("no error")
      return
    }
    #expect(diagnostic.line == 2 && diagnostic.file == file.path && workspace.openBlock == nil)
  }

  @Test func aMistakeInABlockIsToldOfItsLine() throws {
    let file = try TemporaryText("model\nZ = X @ W1 # first\nA = tanh(Z\nL = mean(A)\nend\n")
    var workspace = Workspace(commands: .withLessons)
    guard case .failure(let diagnostic)? = Interpreter.run("load \(file.path)", in: &workspace).last?.result
    else {
      Issue.record("no error")
      return
    }
    #expect(diagnostic.line == 3 && diagnostic.source == "A = tanh(Z")
  }

  /// Lines that are no commands ask as well.
  @Test(arguments: ["\n", "# a comment\n", "> \n"])
  func aScriptWithoutCommandsIsInterrupted(_ line: String) throws {
    var workspace = Workspace(commands: .withLessons)
    #expect(throws: Diagnostic.self) {
      try Interruption.within(seconds: 1e-9) {
        try Script.run(String(repeating: line, count: 1000), file: "x.sg", in: &workspace)
      }
    }
  }

  @Test func scriptsThatLoadEachOtherManyTimesEnd() throws {
    let file = try TemporaryText("")
    file.overwrite(String(repeating: "load \(file.path)\n", count: 10))
    var workspace = Workspace(commands: .withLessons)
    #expect(fails("load \(file.path)", &workspace)?.contains("load each other") == true)
    let fan = try TemporaryText("")
    let leaf = try TemporaryText("set lr = 0.2\n")
    fan.overwrite(String(repeating: "load \(leaf.path)\n", count: 200))
    #expect(fails("load \(fan.path)", &workspace)?.contains("100 times") == true)
  }

  @Test(arguments: ["\u{FEFF}set lr = 0.7\r\nset W1[0, 0] = 3\r\n", "set lr = 0.7\r\nset W1[0, 0] = 3"])
  func otherSystemsTextsAreRead(_ text: String) throws {
    let file = try TemporaryText(text)
    var workspace = Workspace(commands: .withLessons)
    #expect(fails("load \(file.path)", &workspace) == nil)
    #expect(workspace.session.settings.learningRate == 0.7 && workspace.session.leaves["W1"]?[0, 0] == 3)
  }

  @Test(arguments: [
    "data csv /etc/passwd", "data mnist /etc", "data npy /nonexistent", "data idx /a /b", "blas on",
    "load x.sg",
    "save x.sg", "quit",
  ]) func aLessonOpensNoFileAndDoesNotTellWhetherThereIsOne(_ command: String) {
    let (lesson, _) = LessonParser.parse("# t\n\n```stepgrad\n> \(command)\n```\n")
    var workspace = LessonRunner.workspace(lesson, commands: .withLessons)
    #expect(fails(command, &workspace)?.hasPrefix("a lesson may not run") == true)
  }

  @Test func aLessonLoadsSetsThatAreMade() {
    var workspace = LessonRunner.workspace(LessonParser.parse("# t").lesson, commands: .withLessons)
    #expect(fails("data moons n=20; data show 3; data digits", &workspace) == nil)
  }

  @Test(arguments: [
    "check L = 1e308", "check Z1 = [[1,1e308,1,1],[1,1,1,1],[1,1,1,-1e308]]", "precision 17; 1e308 * 1e308",
  ])
  func hugeNumbersAreNumbers(_ line: String) {
    var workspace = Workspace(commands: .withLessons)
    #expect(!Interpreter.run(line, in: &workspace).isEmpty)
  }

  @Test func wholeNumbersOfAnyDouble() {
    #expect(Int(clamping: Double.nan) == 0 && Int(clamping: Double.infinity) == .max)
    #expect(Int(clamping: -1e308) == .min && Int(clamping: 2.9) == 2 && Int(clamping: -2.9) == -2)
  }
}

/// A file of some text that lasts as long as this object.
final class TemporaryText {
  let path: String

  init(_ text: String) throws {
    var template = Array("\(scratch)/stepgrad-text-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    try #require(file >= 0)
    close(file)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    overwrite(text)
  }

  deinit { unlink(path) }

  func overwrite(_ text: String) {
    let file = open(path, O_WRONLY | O_TRUNC)
    try? FileWriter.writeAll(Array(text.utf8), to: file)
    close(file)
  }
}
