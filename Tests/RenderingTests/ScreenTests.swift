import LinearAlgebra
import Platform
import Reports
import Testing

@testable import Rendering

/// Windows, colours and alphabets of other people than the author.
struct ScreenTests {
  // MARK: Colours

  /// The grounds of common terminals: black, Solarized, One Dark, Dracula; white, Solarized, Gruvbox.
  private static let grounds: [Screen.Ground: [UInt32]] = [
    .dark: [0x000000, 0x002B36, 0x1E1E1E, 0x282A36, 0x282C34],
    .light: [0xFFFFFF, 0xFDF6E3, 0xFBF1C7, 0xEEE8D5],
  ]

  /// Source: WCAG 2.2, "relative luminance".
  private static func luminance(_ rgb: UInt32) -> Double {
    let parts = [rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255].map { part -> Double in
      let c = Double(part) / 255
      return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }

  /// xterm's 256 colours. Source: xterm, 256colres.pl, and its default resources for the first sixteen.
  private static func color(_ code: String) -> UInt32? {
    let sixteen: [String: UInt32] = [
      "30": 0x000000, "31": 0xCD0000, "34": 0x0000EE, "35": 0xCD00CD, "37": 0xE5E5E5, "39": 0x000000,
      "91": 0xFF0000, "92": 0x00FF00, "93": 0xFFFF00, "95": 0xFF00FF, "96": 0x00FFFF,
    ]
    guard code.hasPrefix("38;5;"), let index = UInt32(code.dropFirst(5)) else { return sixteen[code] }
    if index >= 232 { return (8 + (index - 232) * 10) * 0x010101 }
    let levels: [UInt32] = [0, 95, 135, 175, 215, 255]
    let cube = index - 16
    return levels[Int(cube / 36)] << 16 | levels[Int(cube / 6 % 6)] << 8 | levels[Int(cube % 6)]
  }

  private static func contrast(_ a: UInt32, _ b: UInt32) -> Double {
    let (x, y) = (luminance(a), luminance(b))
    return (max(x, y) + 0.05) / (min(x, y) + 0.05)
  }

  @Test(arguments: Screen.Ground.allCases) func everyColourOfAThemeCanBeRead(ground: Screen.Ground) throws {
    let wide = Theme.wide(ground)
    for code in [wide.formula, wide.bad, wide.mark, wide.note, wide.warning, wide.good] + wide.series {
      for behind in Self.grounds[ground] ?? [] {
        #expect(Self.contrast(try #require(Self.color(code)), behind) >= 4.5, "\(code) on \(behind)")
      }
    }
    // The sixteen are the terminal's own; those of xterm are read on its own ground.
    let few = Theme.sixteen(ground)
    for code in [few.formula, few.bad, few.mark, few.note, few.warning, few.good] + few.series {
      let behind: UInt32 = ground == .dark ? 0 : 0xFFFFFF
      #expect(Self.contrast(try #require(Self.color(code)), behind) >= 4.5, "\(code)")
    }
  }

  // MARK: Tables

  @Test(arguments: [20, 30, 40, 60, 80]) func noTableIsCut(width: Int) {
    let table = Report.Table(
      header: ["step", "shape", "operations", "what it is"],
      rows: [
        ["Z1", "100×800", "62,720,000", "X @ W1 + b1, with a rather long word about it"],
        ["gradient_of_everything", "100×10", "1,234,567,890", "sum(dZ1, axis=0)"],
      ], rightAligned: [2])
    let lines = TextRenderer(width: width).tableLines(table)
    #expect(lines.allSatisfy { DisplayWidth.of($0) <= width })
    let text = lines.joined(separator: " ")
    for row in table.rows {
      for word in row.flatMap({ $0.text().split(separator: " ").map(String.init) })
      where word.count <= width - 8 {
        #expect(text.contains(word), "\(word) in \(lines)")
      }
    }
    #expect(!text.contains("…"))
  }

  // MARK: Pages

  private static func piece(_ name: String, _ count: Int, leads: Bool = false) -> Piece {
    Piece(lines: (0..<count).map { "\(name)\($0)" }, leads: leads)
  }

  @Test func aPageEndsBetweenWhatBelongsTogether() {
    let pieces = [
      Self.piece("a", 5), Self.piece("b", 4), Self.piece("c", 1, leads: true), Self.piece("d", 6),
    ]
    // c leads to d, and both have no room: the page ends before c.
    let (page, rest) = Pages.next(pieces, room: 12, height: 12)
    #expect(page.count == 9 && page.last == "b3")
    #expect(rest == Array(pieces[2...]))
    #expect(Pages.next(rest, room: 12, height: 12).rest.isEmpty)
  }

  @Test(arguments: 1...30) func nothingIsLostBetweenPages(room: Int) {
    let pieces = [
      Self.piece("a", 3), Self.piece("b", 40), Self.piece("", 1), Self.piece("c", 9, leads: true),
    ]
    var rest = pieces
    var lines: [String] = []
    for _ in 0..<100 where !rest.isEmpty {
      let (page, left) = Pages.next(rest, room: room, height: room)
      #expect(page.count <= room && !page.isEmpty)
      lines += page
      rest = left
    }
    #expect(lines == pieces.flatMap(\.lines))
  }

  // MARK: Alphabets

  @Test func asciiIsWhatCanBeTyped() {
    #expect(ASCIIText.of("∂L/∂W1 = Xᵀ ⊙ (4×5)") == "dL/dW1 = X.T * (4x5)")
    #expect(ASCIIText.of("Z² + ŷ − n⁻¹") == "Z**2 + yhat - n**-1")
    #expect(ASCIIText.escaped(json: "\"×😀\"") == "\"\\u00d7\\ud83d\\ude00\"")
  }

  /// dZ2 is the gradient of the loss: no other derivative is written so.
  @Test(arguments: [
    ("∂Z2[i,j]/∂A1[p,q] = δ(i,p)·W2[q,j]", "d(Z2[i,j])/d(A1[p,q]) = delta(i,p)*W2[q,j]"),
    ("∂L/∂Z2 · ∂Z2/∂A1", "dL/dZ2 * d(Z2)/d(A1)"), ("∂L/∂Z[i,j]", "dL/dZ[i,j]"),
    ("∂/∂Z2[k] (exp(Z2[k]) / T)", "d/d(Z2[k]) (exp(Z2[k]) / T)"),
    ("∂exp(u) = exp(u)·∂u", "d(exp(u)) = exp(u)*d(u)"), ("∂softmax(z)[j]/∂z[q]", "d(softmax(z)[j])/d(z[q])"),
    ("∂²L/∂b1²", "d**2(L)/d(b1)**2"), ("∂²L/∂W1∂b1", "d**2(L)/d(W1)d(b1)"),
    ("Σ_k ∂S[k]/∂Z[j]", "sum_k d(S[k])/d(Z[j])"), ("∂(net_2)/∂out_1", "d(net_2)/d(out_1)"),
    ("the chain of ∂ factors", "the chain of d factors"), ("u = z[0]·∂", "u = z[0]*d"),
  ]) func noDerivativeReadsAsAGradient(text: String, ascii: String) {
    #expect(ASCIIText.of(text) == ascii)
    #expect(SpokenText.of(text).contains(ascii.split(separator: " ")[0]))
  }

  @Test(arguments: [
    ("→", "next"), ("→•", "next and stops"), (" •", "stops"), ("→ next", "next"), ("→ 1.12", "1.12"),
    ("0.3 → 0.31", "0.3 to 0.31"), ("× ÷", "times and divided by"), ("+ −", "plus and minus"),
  ]) func aSignAloneIsSaid(text: String, words: String) { #expect(SpokenText.of(text) == words) }

  private static func spoken(_ block: Report.Block) -> String {
    TextRenderer(width: 200, isSpoken: true).render(Report([block]))
  }

  /// Of 24 lines 20 are left for rows: 17 of the first, the last 3, and what is read.
  @Test func everyRowIsSaidOnceAndWhatIsLeftOutIsSaid() {
    var block = Report.TensorBlock("S", Tensor(unchecked: [40, 1], (0..<40).map(Double.init)))
    block.activeRow = 20
    let lines = Self.spoken(.tensor(block)).split(separator: "\n").map(String.init)
    #expect(lines.contains("Rows 17 to 19 are left out."))
    #expect(lines.contains("Rows 21 to 36 are left out."))
    #expect(lines.count { $0.hasPrefix("Row 20,") } == 1)
    let said = lines.filter { $0.hasPrefix("Row ") }
    #expect(said.count == 21 && Set(said).count == 21)
  }

  @Test func aStraightLineIsSaidByItsEndsAndACloudByEveryPoint() {
    let x = (0...160).map { Double($0) * 0.05 - 4 }
    let relu = Self.spoken(.plot(Plot("relu", .lines([.init("relu(u)", x: x, y: x.map { max(0, $0) })]))))
    #expect(relu.contains("relu(u), 161 of them, on straight lines between these: minus 4: 0; 0: 0; 4: 4."))
    let curve = Self.spoken(.plot(Plot("square", .lines([.init("u²", x: x, y: x.map { $0 * $0 })]))))
    #expect(curve.count { $0 == ";" } == 160)
    let cloud = Self.spoken(.plot(Plot("cloud", .scatter([.init("upper", x: x, y: x)]))))
    #expect(cloud.count { $0 == ";" } == 160)
  }

  @Test func aSignIsSpokenAndADifferenceIsNot() {
    #expect(SpokenText.of("a - 3, [-0.5, 2], 2*-3, 1e-05") == "a - 3, [minus 0.5, 2], 2*minus 3, 1e-05")
    #expect(SpokenText.of("(4×5)") == "(4 by 5)")
  }
}
