import Commands
import Reports
import Testing

@testable import Rendering

@Suite struct TextRendererTests {
  @Test func tablesAlignAndWrapTheirLastColumn() {
    let table = Report.Table(
      header: ["step", "n", "rule"],
      rows: [["Z1", "3", "a product whose rule is told at some length"], ["dZ2", "12", "short"]],
      rightAligned: [1])
    #expect(
      TextRenderer(width: 34).render(Report([.table(table)])) == """
        step   n  rule
        Z1     3  a product whose rule is
                  told at some length
        dZ2   12  short

        """)
  }

  @Test func textIsWrappedUnderItsIndent() {
    var report = Report()
    report.say("  one two three four five")
    report.explain("one two three four five", indent: 4)
    #expect(
      TextRenderer(width: 20).render(report) == """
          one two three four
            five
            one two three
            four five

        """)
  }

  @Test func nothingRawReachesTheTerminal() {
    var report = block("a\u{1B}[31m", .init(1), formula: "b\u{7}") { $0.remark = "\u{9B}1m" }
    for style in [Report.Style.plain, .heading, .note, .warning, .success, .failure, .formula] {
      report.say("x\u{1B}]0;t\u{7}\ny", style)
    }
    report.explain("\u{8}")
    report.add(.table(.init(header: ["\u{1B}c"], rows: [["\u{C}"]])))
    report.add(.preformatted(["\u{1B}[H"]))
    report.draw(Plot("\u{1B}", .lines([.init("\u{7}", [.init(0, 1)]), .init("\u{7}", [])]), xLabel: "\u{8}"))
    let text = TextRenderer().render(report)
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
  }

  @Test func widthsOfCharacters() {
    #expect(DisplayWidth.of("W1ᵀ ∂L/∂z δ × ⋮ … ⎡") == 19)
    #expect(DisplayWidth.of("漢字") == 4)
    #expect(DisplayWidth.of("e\u{301}Z\u{302}") == 2)
    #expect(DisplayWidth.of("👩‍👧") == 2)
    #expect(DisplayWidth.cut("漢字漢字", to: 5) == "漢字…")
  }

  /// What is to be typed is not broken while a line has room for it.
  @Test func aLongWordStandsWithoutTheIndent() {
    let command = "np.set_printoptions(threshold=np.inf)"
    let wrapped = DisplayWidth.wrap("hint:  print all of it, after \(command) or so", width: 40, indent: 7)
    #expect(wrapped == ["hint:  print all of it, after", command + " or", "       so"])
  }

  @Test func wrappingLosesNothingButSpaces() {
    for width in 9...60 {
      let text = "dZ1 = dA1 * (Z1 > 0) + averyveryverylongnamethatfitsnowhere @ W2.T 漢字漢字漢字漢字漢字"
      let wrapped = DisplayWidth.wrap(text, width: width, indent: 4)
      #expect(wrapped.allSatisfy { DisplayWidth.of($0) <= width })
      #expect(wrapped.joined().filter { $0 != " " } == text.filter { $0 != " " })
    }
  }
}
