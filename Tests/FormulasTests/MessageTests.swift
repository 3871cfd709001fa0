import Formulas
import LinearAlgebra
import Operations
import Testing

/// Mistakes, the characters that are marked, and the words.
@Suite struct MessageTests {
  struct Mistake: CustomTestStringConvertible, Sendable {
    let text: String
    /// Carets under the text.
    let carets: String
    let message: String
    let hint: String?
    var testDescription: String { text }
  }

  static let mistakes = [
    Mistake(
      text: "A1 @ dZ2", carets: "^^ ^ ^^^",
      message: "cannot multiply A1 (3×4) by dZ2 (3×3): the inner dimensions 4 and 3 differ",
      hint: "A1.T @ dZ2 is (4×3) @ (3×3) = (4×3), the shape of W2"),
    Mistake(
      text: "A1 + dZ2", carets: "^^ ^ ^^^", message: "cannot add dZ2 (3×3) to A1 (3×4)",
      hint: "shapes meet when each extent is equal or 1, counted from the right"),
    Mistake(text: "(1 + 2", carets: "^     ", message: "this bracket is not closed", hint: "add ')'"),
    Mistake(text: "1 + 2)", carets: "     ^", message: "this bracket closes nothing", hint: nil),
    Mistake(
      text: "[[1, 2], [3]]", carets: "         ^^^ ", message: "row 1 has 1 entry and row 0 has 2",
      hint: "every row of a matrix has the same number of entries"),
    Mistake(
      text: "A1[3, 0]", carets: "^^^^^^^^", message: "A1 (3×4) has no row 3",
      hint: "rows count from 0: 0 to 2"),
    Mistake(
      text: "A1[0, -5]", carets: "^^^^^^^^^", message: "A1 (3×4) has no column -5",
      hint: "columns count from 0: 0 to 3"),
    Mistake(
      text: "2 x", carets: "  ^", message: "an operator is missing before this",
      hint: "write A @ B for the matrix product, A * B entry by entry"),
    Mistake(
      text: "A1 ^ 2", carets: "   ^  ", message: "'^' is not an operator here",
      hint: "a power is written **: Z**2"),
    Mistake(
      text: "rleu(A1)", carets: "^^^^    ", message: "there is no function 'rleu'", hint: "did you mean relu?"
    ),
    Mistake(
      text: "sum(A1, axis=2)", carets: "^^^^^^^^^^^^^^^", message: "A1 (3×4) has no axis 2",
      hint: "its axes are 0 to 1"),
    Mistake(
      text: "A1 < 1 < 2", carets: "       ^  ", message: "comparisons cannot be chained",
      hint: "write (a < b) * (b < c)"),
    Mistake(
      text: "zeros(1e9, 1e9)", carets: "^^^^^^^^^^^^^^^",
      message: "zeros(1000000000, 1000000000) would be 1000000000×1000000000: more than 134217728 entries",
      hint: "choose smaller sizes"),
    Mistake(
      text: "onehot([0, 5], 3)", carets: "",
      message: "label 5 at position 1 is not one of the classes 0 to 2",
      hint: "labels are whole numbers that count from 0"),
    Mistake(
      text: "v + W2", carets: "^ ^ ^^", message: "cannot add W2 (4×3) to v (4)", hint: "W2.T is 3×4"),
    Mistake(
      text: "T @ A1", carets: "^ ^ ^^",
      message: "cannot multiply T (2×3×4) by A1 (3×4): the inner dimensions 4 and 3 differ",
      hint: "A1.mT exchanges the last two axes; .T reverses all of them"),
    Mistake(
      text: "T @ U", carets: "^ ^ ^",
      message: "cannot multiply the stacks T (2×3×4) and U (5×4×3): their leading axes do not meet",
      hint: "leading extents are equal or 1, counted from the right"),
    Mistake(
      text: "mse(A1, W2)", carets: "^^^^^^^^^^^",
      message: "mse compares A1 (3×4) with W2 (4×3): the shapes differ", hint: "A1.T has the shape of W2"),
    Mistake(
      text: "cross_entropy(v, W2)", carets: "^^^^^^^^^^^^^^^^^^^^",
      message: "cross_entropy compares v (4) with W2 (4×3): the shapes differ",
      hint: "class numbers become rows with a single 1: onehot(v, 3)"),
    Mistake(
      text: "contract(A1, W2)", carets: "^^^^^^^^^^^^^^^^",
      message: "contract needs a Jacobian of 4×4 for every sample of A1 (3×4), not 4×3", hint: nil),
    Mistake(
      text: "A1[[0, 7]]", carets: "",
      message: "A1[[0, 7]]: there is no row 7 in a 3×4 value: entry 1 of the list is 7",
      hint: "positions are whole numbers from 0 to 2"),
    Mistake(
      text: "A1[p]", carets: "", message: "A1[p]: there is no row -1 in a 3×4 value: p[0] is -1",
      hint: "a value's positions count from 0: -1 from the end is 2"),
    Mistake(
      text: "einsum(\"ij-\", A1)", carets: "          ^      ",
      message: "einsum: the result stands behind ->",
      hint: "einsum(\"ij,jk->ik\", A, B) is A @ B: a letter for every axis"),
    Mistake(
      text: "max(zeros(0, 3), axis=0)", carets: "^^^^^^^^^^^^^^^^^^^^^^^^",
      message: "max of nothing: that axis is empty", hint: nil),
  ]

  @Test(arguments: mistakes)
  func message(_ mistake: Mistake) throws {
    let bindings = Bindings([
      "A1": Tensor(repeating: 1, shape: [3, 4]), "dZ2": Tensor(repeating: 1, shape: [3, 3]),
      "W2": Tensor(repeating: 1, shape: [4, 3]), "x": Tensor(1), "v": Tensor(repeating: 1, shape: [4]),
      "p": Tensor(unchecked: [2], [-1, 0]), "T": Tensor(repeating: 1, shape: [2, 3, 4]),
      "U": Tensor(repeating: 1, shape: [5, 4, 3]),
    ])
    do throws(Diagnostic) {
      let value = try Evaluator(bindings).checkedValue(of: Parser.parse(mistake.text))
      Issue.record("no error, but \(value)")
    } catch {
      #expect(error.message.text() == mistake.message)
      #expect(error.hint?.text() == mistake.hint)
      var carets = [Character](repeating: " ", count: mistake.carets.count)
      for mark in error.marks { for i in mark where carets.indices.contains(i) { carets[i] = "^" } }
      #expect(String(carets) == mistake.carets)
    }
  }

  @Test func nestingIsBoundedAndSoAreChains() {
    for text in [
      String(repeating: "(", count: 100_000), String(repeating: "[", count: 100_000),
      String(repeating: "-", count: 100_000) + "1", "1" + String(repeating: "+1", count: 100_000),
      "1" + String(repeating: "**2", count: 100_000), "X" + String(repeating: ".T", count: 100_000),
      String(repeating: "relu(", count: 100_000), String(repeating: "1", count: 10_000_000),
    ] {
      #expect(throws: Diagnostic.self) { try Parser.parse(text) }
    }
  }
}
