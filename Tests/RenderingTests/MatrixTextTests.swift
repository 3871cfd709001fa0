import Commands
import LinearAlgebra
import Testing

@testable import Rendering

/// The look of values, pinned: a change here is a change that users see.
@Suite struct MatrixTextTests {
  @Test func titleBracketsAndThePoint() {
    let value = tensor(
      [4, 3], [0.1, -0.25, 12.5, 0, -0.0, 1e-9, .nan, -.infinity, 3, 2.5e7, 1, -1])
    #expect(
      TextRenderer().render(block("dW2", value, formula: "A1.T @ dZ2")) == """
        dW2 (4×3) = A1.T @ dZ2
          ⎡ 0.1000      -0.2500  12.5000  ⎤
          ⎢ 0.0000       0.0000   1.0e-09 ⎥
          ⎢        nan     -inf   3.0000  ⎥
          ⎣ 2.5000e+07   1.0000  -1.0000  ⎦

        """)
  }

  @Test func wholeNumbersHaveNoDecimals() {
    #expect(
      TextRenderer().render(block("Y", tensor([2, 3], [1, 0, 0, -0.0, 0, 12]))) == """
        Y (2×3)
          ⎡ 1  0   0 ⎤
          ⎣ 0  0  12 ⎦

        """)
  }

  @Test func scalarsAndVectorsTakeOneLine() {
    #expect(
      TextRenderer().render(block("L", Tensor(1.05143), formula: "cross_entropy(Y, S)"))
        == "L = 1.0514 = cross_entropy(Y, S)\n")
    #expect(TextRenderer(precision: 2).render(block("p", Tensor(-0.001))) == "p = -1.0e-03\n")
    #expect(TextRenderer().render(block("n", Tensor(.nan))) == "n = nan\n")
    #expect(
      TextRenderer().render(block("b1", tensor([3], [0.1, -0.2, 0])))
        == "b1 (3)\n  [ 0.1000  -0.2000  0.0000 ]\n")
    #expect(TextRenderer().render(block("E", tensor([0, 3], []))) == "E (0×3)\n  [ ]  (empty)\n")
  }

  @Test func jacobianSampleBySample() {
    let first = [0.24, -0.24, -0.24, 0.24]
    let zero = [Double](repeating: 0, count: 4)
    let report = block("J", tensor([4, 2, 2], first + zero + zero + first), formula: "diag(S) - outer(S, S)")
    {
      $0.showsRowSums = true
      $0.marked = [0, 3]
    }
    #expect(
      TextRenderer().render(report) == """
        J (4×2×2) = diag(S) - outer(S, S)
          sample 0
          ⎡  0.2400* -0.2400  ⎤  Σ 0.0000
          ⎣ -0.2400   0.2400* ⎦  Σ 0.0000
          samples 1 to 2: all zero (2×2)
          sample 3
          ⎡  0.2400  -0.2400 ⎤  Σ 0.0000
          ⎣ -0.2400   0.2400 ⎦  Σ 0.0000

        """)
  }

  /// 0.1 + 0.2 - 0.3 is 5.6e-17 in doubles: rounding, not a sum. 1e-16 of entries of that size is one.
  @Test func aSumOfRoundingsIsZero() {
    func sum(_ row: [Double]) -> String {
      lines(TextRenderer().render(block("J", tensor([1, row.count], row)) { $0.showsRowSums = true })).last
        ?? ""
    }
    #expect(sum([0.1, 0.2, -0.3]).hasSuffix("Σ 0.0000"), "\(sum([0.1, 0.2, -0.3]))")
    #expect(sum([0.1, 0.2, -0.3 + 1e-12]).hasSuffix("Σ 1.0e-12"), "\(sum([0.1, 0.2, -0.3 + 1e-12]))")
    #expect(sum([2e-16, -1e-16]).hasSuffix("Σ 1.0e-16"), "\(sum([2e-16, -1e-16]))")
  }

  @Test func imagesChannelByChannel() {
    let text = TextRenderer().render(
      block("X", tensor([1, 2, 1, 2], [1, 2, 3, 4])) { $0.sliceLabel = "image" })
    #expect(text == "X (1×2×1×2)\n  image 0, channel 0\n  [ 1  2 ]\n  image 0, channel 1\n  [ 3  4 ]\n")
  }

  @Test func tallOnesLoseTheirMiddle() {
    let value = tensor([30, 1], (0..<30).map(Double.init))
    let text = lines(TextRenderer().render(block("x", value)))
    #expect(text.count == 11)
    #expect(text[6] == "  ⎢  5 ⎥")
    #expect(text[7] == "  ⎢  ⋮ ⎥")
    #expect(text[8] == "  ⎢ 27 ⎥")
    #expect(lines(TextRenderer(rows: 40).render(block("x", value))).count == 31)
    #expect(lines(TextRenderer().render(block("x", value) { $0.isFull = true })).count == 31)
  }

  @Test func wideOnesAreFoldedWhenThatFitsAndElidedWhenNot() {
    let value = tensor([1, 12], (0..<12).map { Double($0) + 0.5 })
    let folded = TextRenderer(width: 40).render(block("x", value))
    #expect(
      folded == """
        x (1×12)
          columns 0 to 3
          [ 0.5000  1.5000  2.5000  3.5000 ]
          columns 4 to 7
          [ 4.5000  5.5000  6.5000  7.5000 ]
          columns 8 to 11
          [ 8.5000  9.5000  10.5000  11.5000 ]

        """)
    let tall = tensor([9, 12], (0..<108).map { Double($0 % 12) + 0.5 })
    let elided = lines(TextRenderer(width: 40).render(block("x", tall)))
    #expect(elided[1] == "  ⎡ 0.5000  1.5000  …  11.5000 ⎤")
    #expect(elided.count == 10)
    let full = lines(TextRenderer(width: 40).render(block("x", tall) { $0.isFull = true }))
    #expect(full.count == 1 + 3 * 10)
    #expect(full[1] == "  columns 0 to 3")
  }

  @Test func theRowAndColumnOfAProductAreMarkedInTheMargins() {
    let report = block("P", tensor([2, 2], [0.5, -1.5, 2, 3])) {
      $0.activeRow = 1
      $0.activeColumn = 0
    }
    #expect(
      TextRenderer().render(report) == """
        P (2×2)
            ▾
          ⎡ 0.5000  -1.5000 ⎤
        ▸ ⎣ 2.0000   3.0000 ⎦

        """)
    #expect(
      TextRenderer(ascii: true).render(report)
        == "P (2x2)\n    v\n  [ 0.5000  -1.5000 ]\n> [ 2.0000   3.0000 ]\n")
  }

  /// A column is worth more than the sum of what is not shown.
  @Test func sumsOfRowsGiveWayToAColumn() {
    let report = block(
      "J", tensor([3, 3], [0.25, -0.125, -0.125, -0.125, 0.25, -0.125, -0.125, -0.125, 0.25])
    ) {
      $0.showsRowSums = true
    }
    let wide = TextRenderer(width: 60).render(report)
    #expect(wide.contains("Σ 0.0000"))
    let narrow = TextRenderer(width: 36).render(report)
    #expect(
      narrow.contains("⎡  0.2500  -0.1250  -0.1250 ⎤") && !narrow.contains("Σ") && !narrow.contains("…"))
  }

  @Test func longFormulasGoOnBelow() {
    let report = block("dZ1", tensor([1, 1], [2]), formula: "(dZ2 @ W2.T) * (Z1 > 0) + lambda * Z1") {
      $0.remark = "per sample"
    }
    #expect(
      TextRenderer(width: 40).render(report) == """
        dZ1 (1×1) = (dZ2 @ W2.T) * (Z1 > 0) +
                    lambda * Z1  [per sample]
          [ 2 ]

        """)
  }

  @Test func colourAndHeatChangeNoCharacter() {
    var generator = RandomGenerator(seed: 5)
    let report = block("W", generator.normal(shape: [4, 5])) {
      $0.marked = [0, 6]
      $0.activeRow = 2
    }
    let without = TextRenderer().render(report)
    for depth in [ColorDepth.sixteen, .twoFiftySix, .trueColor] {
      for heat in [false, true] {
        let with = TextRenderer(color: depth, heat: heat).render(report)
        #expect(with != without)
        #expect(plain(with) == without)
      }
    }
  }

  @Test func heatRunsFromBlueToOrange() {
    let text = TextRenderer(color: .trueColor, heat: true).render(block("W", tensor([1, 3], [-2, 0, 2])))
    #expect(text.contains("48;2;92;150;235m-2"))
    #expect(text.contains("48;2;240;240;240m0"))
    #expect(text.contains("48;2;245;150;50m2"))
  }
}
