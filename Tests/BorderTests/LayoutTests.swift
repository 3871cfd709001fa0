import LinearAlgebra
import Reports
import Sessions
import Testing

/// Samples in rows and samples in columns: the same numbers, transposed, whatever the command. The network is the one
/// that a session starts with, whose gradients other tests hold against published and differenced values.
@Suite struct LayoutTests {
  /// The same network in both layouts, written by `net` and typed.
  static let pairs: [(rows: [String], columns: [String])] = [
    (
      [],
      [
        "net 2 5:relu 3:softmax layout=columns",
        "set W1 = [[0.5, 0.1], [-0.2, 0.4], [0.3, -0.3], [0.1, 0.2], [-0.4, -0.1]]",
        "set b1 = [0.1, -0.1, 0.2, 0.3, -0.2]",
        "set W2 = [[0.2, -0.3, 0.4, 0.1, -0.2], [-0.1, 0.2, 0.1, -0.4, 0.3], [0.3, 0.1, -0.2, 0.2, -0.4]]",
        "set b2 = [0.1, 0.2, -0.1]",
      ]
    ),
    (
      [
        "model Z1 = x @ U + c; A1 = tanh(Z1); Z2 = A1 @ V + d; P = sigmoid(Z2); L = binary_cross_entropy(t, P)",
        "param U = [[0.5, -1, 0.2], [0.3, 0.4, -0.6]]", "param c = [[0.1, 0.2, -0.3]]",
        "param V = [[1], [-0.5], [0.8]]", "param d = [[0.05]]",
        "set x = [[1, 2], [0.5, -1], [-1.5, 0.3], [2, -0.7]]", "set t = [[1], [0], [1], [0]]",
      ],
      [
        "model Z1 = U @ x + c; A1 = tanh(Z1); Z2 = V @ A1 + d; P = sigmoid(Z2); L = binary_cross_entropy(t, P)",
        "param U = [[0.5, 0.3], [-1, 0.4], [0.2, -0.6]]", "param c = [[0.1], [0.2], [-0.3]]",
        "param V = [[1, -0.5, 0.8]]", "param d = [[0.05]]",
        "set x = [[1, 0.5, -1.5, 2], [2, -1, 0.3, -0.7]]", "set t = [[1, 0, 1, 0]]",
      ]
    ),
    (
      [
        "model Z = x @ U; S = softmax(Z); L = -sum(y*log(S))/m",
        "param U = [[0.5, -1, 0.2], [0.3, 0.4, -0.6]]",
        "set x = [[1, 2], [0.5, -1], [-1.5, 0.3], [2, -0.7]]",
        "set y = [[1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 1]]",
      ],
      [
        "model Z = U @ x; S = softmax(Z, axis=0); L = -sum(y*log(S))/m",
        "param U = [[0.5, 0.3], [-1, 0.4], [0.2, -0.6]]", "set x = [[1, 0.5, -1.5, 2], [2, -1, 0.3, -0.7]]",
        "set y = [[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 1]]",
      ]
    ),
  ]

  /// Both sessions with the same lines typed behind.
  private func both(_ pair: Int, _ lines: String...) -> (rows: Typist, columns: Typist) {
    (Typist(Self.pairs[pair].rows + lines), Typist(Self.pairs[pair].columns + lines))
  }

  private func expectTransposed(
    _ rows: Tensor?, _ columns: Tensor?, _ label: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let turned = rows.map { $0.rank == 2 ? $0.transposed() : $0 }
    expect(columns, turned?.elements ?? [], turned?.shape, label, sourceLocation: sourceLocation)
  }

  @Test(arguments: [0, 1, 2], ["on", "off"]) func everyStep(_ pair: Int, _ fused: String) throws {
    let (rows, columns) = both(pair, "fused \(fused)", "backward")
    #expect(rows.backwardNames == columns.backwardNames)
    for name in try rows.session.readyProgram().steps.map(\.name) {
      expectTransposed(rows.value(name), columns.value(name), name)
    }
    #expect(rows.value("m") == columns.value("m"))
  }

  @Test(
    arguments: [0, 1, 2], ["update lr=0.3", "train epochs=3 lr=0.3", "train epochs=2 batch=2 lr=0.3 seed=5"])
  func everyParameterBehind(_ pair: Int, _ line: String) {
    var (rows, columns) = both(pair)
    let (a, b) = (rows.type(line), columns.type(line))
    #expect(!rows.session.model.parameters.isEmpty)
    for name in rows.session.model.parameters {
      expectTransposed(rows.value(name), columns.value(name), name)
    }
    for name in ["loss", "accuracy"] {
      #expect((a.scalar(name) == nil) == (b.scalar(name) == nil))
      if let x = a.scalar(name), let y = b.scalar(name) { #expect(abs(x - y) < 1e-12, "\(name)") }
    }
  }

  @Test(arguments: [0, 1, 2]) func everyMeasure(_ pair: Int) throws {
    var (rows, columns) = both(pair)
    for (line, name) in [("accuracy", "accuracy"), ("loss", "loss"), ("gradcheck", "entries")] {
      let (a, b) = (rows.type(line).scalar(name), columns.type(line).scalar(name))
      #expect(abs(try #require(a) - #require(b)) < 1e-12, "\(line)")
    }
    #expect(try #require(columns.type("gradcheck").scalar("max_relative_error")) < 1e-7)
  }

  @Test(arguments: [0, 1, 2]) func everyCount(_ pair: Int) {
    var (rows, columns) = both(pair)
    let (a, b) = (rows.type("cost").scalars, columns.type("cost").scalars)
    #expect(a.map(\.name) == b.map(\.name) && a.map(\.value) == b.map(\.value))
  }

  @Test(arguments: [0, 2]) func compareSoftmax(_ pair: Int) throws {
    var (rows, columns) = both(pair)
    let (a, b) = (rows.type("compare softmax"), columns.type("compare softmax"))
    for name in ["full", "fused", "dS"] { expectTransposed(a.tensors[name], b.tensors[name], name) }
    for name in ["full_operations", "fused_operations"] { #expect(a.scalar(name) == b.scalar(name)) }
    #expect(try #require(b.scalar("max_difference")) < 1e-15)
  }

  /// Jacobians of a sample by itself: the same blocks, sample by sample, and the same words about them.
  @Test func jacobiansOfASample() throws {
    var (rows, columns) = both(0)
    expect(
      columns.type("jacobian softmax").tensors["J"],
      rows.type("jacobian softmax").tensors["J"]?.elements ?? [])
    for line in ["jacobian S Z2", "jacobian A1 Z1", "jacobian Z2 A1", "jacobian Z2 W2", "jacobian S Z1"] {
      let (a, b) = (rows.text(line), columns.text(line))
      for word in ["Block per sample", "Diagonal", "Dense", "entries are 0"] {
        #expect(a.contains(word) == b.contains(word), "\(line): \(b)")
      }
    }
    expectTransposed(
      rows.type("jacobian A1 Z1").tensors["diagonal"], columns.type("jacobian A1 Z1").tensors["diagonal"],
      "A1 Z1")
  }

  /// ∂Z2[i,j]/∂W2[k,l] in rows is ∂Z2[j,i]/∂W2[l,k] in columns.
  @Test func everyEntryOfAJacobian() throws {
    var (rows, columns) = both(0)
    let a = try #require(rows.type("jacobian Z2 W2").tensors["dZ2/dW2"])
    let b = try #require(columns.type("jacobian Z2 W2").tensors["dZ2/dW2"])
    #expect(a.shape == [4, 3, 5, 3] && b.shape == [3, 4, 3, 5])
    for (position, value) in a.elements.enumerated() {
      let index = a.index(at: position)
      let other = b.shape.position(of: [index[1], index[0], index[3], index[2]])
      #expect(other.map { abs(b.elements[$0] - value) < 1e-15 } == true)
    }
  }

  // MARK: A batch of one

  /// The equations of four samples hold for one, and its gradients are those that gradcheck finds.
  @Test(arguments: [0, 1, 2]) func aBatchOfOne(_ pair: Int) throws {
    let first = [["X", "Y"], ["x", "t"], ["x", "y"]][pair]
    let cut = first.map { "set \($0) = $0[0:1, :]".replacing("$0", with: $0) }
    let cutColumns = first.map { "set \($0) = $0[:, 0:1]".replacing("$0", with: $0) }
    var rows = Typist(Self.pairs[pair].rows + cut + ["backward"])
    var columns = Typist(Self.pairs[pair].columns + cutColumns + ["backward"])
    expect(rows.value("m"), [1])
    expect(columns.value("m"), [1])
    let whole = Typist(Self.pairs[pair].rows)
    #expect(
      try rows.session.readyProgram().backward.map(\.text)
        == whole.session.readyProgram().backward.map(\.text))
    for name in rows.session.model.parameters {
      expectTransposed(rows.value("d" + name), columns.value("d" + name), name)
    }
    for line in ["gradcheck"] {
      #expect(try #require(rows.type(line).scalar("max_relative_error")) < 1e-7)
      #expect(try #require(columns.type(line).scalar("max_relative_error")) < 1e-7)
    }
    rows.type("train epochs=2; accuracy; cost; info")
    columns.type("train epochs=2; accuracy; cost; info")
  }
}

extension String {
  fileprivate func replacing(_ part: String, with other: String) -> String {
    split(separator: part, omittingEmptySubsequences: false).joined(separator: other)
  }
}
