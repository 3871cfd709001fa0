import LinearAlgebra
import Reports
import Testing

/// Which entries are read is said by slices and by numbers; zeros by PyTorch's torch.autograd.functional.jacobian.
@Test(arguments: [
  ("A[[0, 0, 2], [1, 1, 3]]", "only where [0, 0, 2][i] == k", "33 of 36"),
  ("A[::2, 1:4:2]", "A selection: each O[i,j] depends on A[2·i,2·j+1] alone", "44 of 48"),
  ("A[::-1]", "A permutation: each O[i,j]", "132 of 144"),
  ("A[0:2] * 2", "Each O[i,j] depends on A[i,j] alone", "88 of 96"),
  ("reshape(A, 2, 6)", "The identity: the entries of A one after the other", "132 of 144"),
  ("concat(A, ones(3, 2), axis=1)", "12 of the 18 entries of O are entries of A", "204 of 216"),
])
func whatIsReadIsSaid(_ formula: String, _ sentence: String, _ zeros: String) {
  var typist = Typist(
    "model O = \(formula); L = sum(O**2)", "param A = [1 2 3 4; 5 6 7 8; 9 1 2 3]", "forward")
  let text = typist.text("jacobian O A").split(whereSeparator: \.isWhitespace).joined(separator: " ")
  #expect(text.contains(sentence) && text.contains(zeros) && !text.contains("Dense"), "\(text)")
}

/// What a Jacobian says about its structure.
@Suite struct JacobianBorderTests {
  /// eye(4) @ V * 2 is 2V: D[i,j] depends on V[i,j] alone.
  @Test func aProductWithTheIdentityIsDiagonal() {
    var typist = Typist(
      "model D = eye(4) @ V3 * 2; L = sum(D)", "param V3 = [[1, 2], [3, 4], [5, 6], [7, 8]]")
    let text = typist.text("jacobian D V3")
    #expect(text.contains("Diagonal") && !text.contains("Dense"), "\(text)")
    #expect(text.contains("56 of 64 entries are 0"), "\(text)")
  }

  /// A 2×2 window on a 4×4 image: 9 places, 4 pixels each, 36 of 144 entries can be other than 0.
  @Test func aConvolutionOfOneSampleIsNotDense() {
    var typist = Typist(
      "model Z = conv2d(X, K); L = sum(Z)", "param K = [[[[1, 2], [3, 4]]]]", "set X = randn(1, 1, 4, 4)")
    let text = typist.text("jacobian Z X")
    #expect(!text.contains("Dense"), "\(text)")
    #expect(text.contains("108 of 144 entries are 0"), "\(text)")
  }

  @Test func aWindowSaysHowFarItReaches() {
    var typist = Typist("model P = maxpool(X, 2); L = sum(P)", "set X = randn(1, 1, 4, 4)", "forward")
    let text = typist.text("why P[0,0,0,0]")
    #expect(text.contains("max_r<2,s<2"), "\(text)")
  }

  @Test func whatLiesOutsideTheImageIsSaidToBeZero() {
    var typist = Typist(
      "model Z = conv2d(X, K, pad=1); L = sum(Z)", "param K = [[[[1, 2], [3, 4]]]]",
      "set X = randn(1, 1, 3, 3)",
      "forward")
    let text = typist.text("notation index")
    #expect(text.contains("outside"), "\(text)")
  }

  /// In columns the diagonal lies where it lies in rows, and the blocks are by sample.
  @Test func columnsMarkTheDiagonalAndAreBySample() throws {
    var rows = Typist(
      "model A = softmax(Z); L = sum(A * G)", "set Z = randn(2, 3)", "set G = randn(2, 3, seed=1)")
    var columns = Typist(
      "model A = softmax(Z, axis=0); L = sum(A * G)", "set Z = randn(2, 3).T",
      "set G = randn(2, 3, seed=1).T",
      "samples columns")
    let (a, b) = (rows.type("jacobian A Z"), columns.type("jacobian A Z"))
    let first = try #require(a.tensorBlocks.first { $0.isDrawn && $0.value.rank == 3 })
    let second = try #require(b.tensorBlocks.first { $0.isDrawn && $0.value.rank == 3 })
    #expect(first.value.shape == [2, 3, 3] && second.value.shape == [2, 3, 3])
    expect(second.value, first.value.elements)
    // Positions 0, 4, 8 of every 3×3 block.
    #expect(first.marked == Set([0, 4, 8, 9, 13, 17]) && second.marked == first.marked)
    #expect(columns.text("jacobian A Z").contains("Block per sample"))
  }

  /// Rows: adding one number to all logits changes nothing, so Σ_l ∂S_k/∂Z_l = 0. Columns: Σ_k S_k = 1, so
  /// Σ_k ∂S_k/∂Z_l = 0.
  @Test func theSumsOfTheSoftmaxJacobianHaveTheirReasons() throws {
    var typist = Typist()
    let sentences = typist.text("jacobian softmax").split(whereSeparator: { ".;\n".contains($0) })
    for sentence in sentences where sentence.contains("row sum") || sentence.contains("Every row") {
      #expect(!sentence.contains("always sums to 1"), "\(sentence)")
    }
    #expect(sentences.contains { $0.contains("row") && $0.contains("add") })
    #expect(sentences.contains { $0.contains("column") && $0.contains("sums to 1") })
  }

  /// Targets that sum to 1.6 and 0.6: softmax and cross-entropy are not one step, in a Jacobian through several either.
  @Test func aLossOfNoDistributionsIsNotFused() throws {
    var typist = Typist(
      "model N = tanh(T); L = cross_entropy(F, softmax(N))", "param T = [1 2 0; 0.5 0.2 0.1]",
      "set F = [0.2 0.5 0.9; 0.1 0.3 0.2]", "backward")
    let gradient = try #require(typist.value("dT"))
    expect(typist.type("jacobian L T").tensors["dL/dT"], gradient.elements, [2, 3])
    #expect(try #require(typist.type("gradcheck").scalar("max_relative_error")) < 1e-6)
  }
}
