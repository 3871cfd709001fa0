import Formulas
import Testing

@testable import Rendering

@Suite struct DiagnosticTextTests {
  private func product(_ source: String, at start: Int) -> Diagnostic {
    var result = Diagnostic(
      "cannot multiply A1 (3×4) by dZ2 (3×3): the inner dimensions 4 and 3 differ",
      at: [start..<start + 2, start + 3..<start + 4, start + 5..<start + 8],
      hint: "A1.T @ dZ2 is (4×3) @ (3×3) = (4×3), the shape of W2")
    result.source = source
    return result
  }

  @Test func theExampleOfTheDesign() {
    let text = TextRenderer(width: 90).render(product("A1 @ dZ2", at: 0), prompt: "stepgrad> ")
    let messages = """
      error: cannot multiply A1 (3×4) by dZ2 (3×3): the inner dimensions 4 and 3 differ
      hint:  A1.T @ dZ2 is (4×3) @ (3×3) = (4×3), the shape of W2

      """
    #expect(text == "stepgrad> A1 @ dZ2\n          ^^ ^ ^^^\n" + messages)
    let echoed = TextRenderer(width: 90).render(
      product("A1 @ dZ2", at: 0), prompt: "stepgrad> ", isEchoed: true)
    #expect(echoed == "          ^^ ^ ^^^\n" + messages)
  }

  @Test func aScriptsLineIsNamed() {
    var diagnostic = Diagnostic("no such name: Q", at: [5..<6])
    diagnostic.source = "show Q"
    diagnostic.file = "lesson.sg"
    diagnostic.line = 12
    #expect(
      TextRenderer().render(diagnostic, prompt: "> ") == """
        lesson.sg:12: show Q
                           ^
        error: no such name: Q

        """)
    diagnostic.source = nil
    #expect(TextRenderer().render(diagnostic, prompt: nil) == "lesson.sg:12: error: no such name: Q\n")
  }

  @Test func aLongLineIsShownAroundItsMarks() throws {
    let source = String(repeating: "abc + ", count: 40) + "A1 @ dZ2" + String(repeating: " + abc", count: 40)
    for width in [30, 50, 80] {
      let text = lines(
        TextRenderer(width: width).render(product(source, at: 240), prompt: "> ", isEchoed: true))
      let shown = Array(text[0])
      let carets = Array(text[1])
      #expect(shown.count <= width)
      let marked = String(carets.indices.filter { carets[$0] == "^" }.map { shown[$0] })
      #expect(marked == "A1@dZ2")
    }
  }

  @Test func caretsAllowForWideAndCombiningCharacters() {
    var diagnostic = Diagnostic("x", at: [3..<4])
    diagnostic.source = "漢e\u{301}+Q"
    #expect(TextRenderer().render(diagnostic, prompt: nil) == "漢e\u{301}+Q\n    ^\nerror: x\n")
  }

  @Test func marksOutsideTheLineDoNoHarm() {
    for mark in [5..<5, 4..<9, 100..<200, -5..<2, 0..<0, Int.max - 1..<Int.max, Int.min..<Int.max] {
      var diagnostic = Diagnostic("x", at: [mark])
      diagnostic.source = "A1 @"
      let text = lines(TextRenderer().render(diagnostic, prompt: "> "))
      #expect(text[0] == "> A1 @")
    }
    var end = Diagnostic("x", at: [4..<4])
    end.source = "A1 @"
    #expect(TextRenderer().render(end, prompt: "> ") == "> A1 @\n      ^\nerror: x\n")
  }

  @Test func controlsAreShownNotSent() {
    var diagnostic = Diagnostic("bad \u{1B}[2J\u{7}", at: [0..<1], hint: "a\u{9B}\u{202E}b")
    diagnostic.source = "\u{1B}]0;x\u{7}"
    let text = TextRenderer().render(diagnostic, prompt: nil)
    #expect(text == "␛]0;x␇\n^\nerror: bad ␛[2J␇\nhint:  a\\u{9b}\\u{202e}b\n")
  }
}
