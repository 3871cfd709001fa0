import Platform
import Testing

@testable import LineEditing

/// The parts of the line editor that need no terminal.
struct EditorPartsTests {
  @Test func promptCodesAreJoinedAndNeverLast() {
    let text = PromptText("\u{1B}[1m\u{1B}[36m∂>\u{1B}[0m \u{1B}[4m", unicode: true)
    #expect(text.marked == "\u{1}\u{1B}[1m\u{1B}[36m\u{1}∂>\u{1}\u{1B}[0m\u{1B}[4m\u{1} ")
    #expect(text.visible == "∂> ")
  }

  @Test func promptKeepsEarlierLinesApart() {
    let text = PromptText("one\ntwo> ", unicode: true)
    #expect(text.before == "one\r\n")
    #expect(text.marked == "two> ")
  }

  @Test func promptIsASCIIWhereNothingElseCanBeDrawn() {
    #expect(PromptText("∂> ", unicode: false).marked == "?> ")
  }

  @Test func completionNeverSplitsACharacter() {
    // é as one scalar and as e with a combining accent; ∂ and ∆ share their first byte in UTF-8.
    #expect(Completion(replaceFrom: 0, candidates: ["a∂x", "a∆x"]).replacement(of: "a") == "a")
    #expect(Completion(replaceFrom: 0, candidates: ["xe\u{301}", "xe"]).replacement(of: "x") == "x")
  }

  @Test(arguments: [("dir/", "dir/"), ("softmax(", "softmax("), ("lr=", "lr="), ("show", "show ")])
  func onlyCandidateGetsABlankUnlessMoreFollows(candidate: String, inserted: String) {
    #expect(Completion(replaceFrom: 0, candidates: [candidate]).replacement(of: "") == inserted)
  }

  @Test func listingReadsDownwardsWithinTheWindow() {
    let completion = Completion(replaceFrom: 0, candidates: ["a", "bb", "∂∂∂", "d", "e"])
    #expect(completion.listing(width: 14, rows: 9) == ["a    ∂∂∂  e", "bb   d"])
    #expect(completion.listing(width: 5, rows: 2) == ["a", "bb", "… and 3 more"])
  }

  @Test func pasteEndsAtItsMark() {
    var paste = PasteReader()
    for byte in "a\tb\r\nc\u{1B}x\n\n\u{1B}[201~".utf8 {
      #expect(!paste.isComplete)
      paste.append(byte)
    }
    #expect(paste.isComplete)
    #expect(paste.lines == ["a b", "cx", ""])
  }

  @Test func historyRemembersItsLimitAndCutsALargeFile() throws {
    let directory = try TemporaryDirectory()
    let filler = String(repeating: "x", count: 400)
    let lines = (0..<3000).map { "line \($0) \(filler)" }
    directory.write("history", Array((lines.joined(separator: "\n") + "\n").utf8))
    var history = HistoryFile(path: directory.path + "/history")
    #expect(history.entries == Array(lines.suffix(2000)))
    #expect(directory.read("history") == Array((lines.suffix(2000).joined(separator: "\n") + "\n").utf8))
    #expect(history.append("  ") == nil)
    #expect(history.append("new ") == "new")
    #expect(history.append("new") == nil)
    #expect(history.entries.count == 2000 && history.entries.last == "new")
    #expect(directory.read("history").suffix(5) == Array("\nnew\n".utf8))
  }

  /// By a session that was stopped while it wrote.
  @Test func aHistoryThatIsHeldStopsNobody() throws {
    let directory = try TemporaryDirectory()
    directory.write("history", Array("one\n".utf8))
    let held = open(directory.path + "/history", O_RDWR)
    defer { close(held) }
    #expect(flock(held, LOCK_EX) == 0)
    var history = HistoryFile(path: directory.path + "/history")
    #expect(history.append("two") == "two" && history.entries == ["one", "two"])
    #expect(directory.read("history") == Array("one\n".utf8))
  }
}
