import Commands
import Formulas
import LinearAlgebra
import Sessions
import Testing

/// The pass in another arithmetic, as a person sees it.
@Suite struct DtypeTests {
  /// The default network, worked in NumPy and ml_dtypes with every value rounded to the format after each operation;
  /// products, sums and softmax in np.float32 from left to right: `s = f(s + f(a[i, k] * b[k, j]))`, then `s.astype(t)`.
  static let passes: [(String, S: [Double], db2: [Double], dW1: [Double])] = [
    (
      "float16", [0.34228515625, 0.256103515625, 0.401611328125],
      [0.121826171875, -0.15380859375, 0.031890869140625],
      [
        -0.0853271484375, 0.11865234375, 0.1644287109375, -0.209228515625, 0.2362060546875, 0.019775390625,
        0.0980224609375, -0.1314697265625, 0.09259033203125, 0.1202392578125,
      ]
    ),
    (
      "bfloat16", [0.341796875, 0.255859375, 0.40234375], [0.1220703125, -0.154296875, 0.03173828125],
      [
        -0.0849609375, 0.119140625, 0.1650390625, -0.208984375, 0.2353515625, 0.0201416015625, 0.09765625,
        -0.1318359375, 0.0927734375, 0.11865234375,
      ]
    ),
    (
      "float32", [0.3422577679157257, 0.25609901547431946, 0.40164321660995483],
      [0.12178465723991394, -0.1537019908428192, 0.03191732242703438],
      [
        -0.08526461571455002, 0.11860588937997818, 0.16439907252788544, -0.20931589603424072,
        0.23615004122257233, 0.019716449081897736, 0.09792421758174896, -0.1315634846687317,
        0.09261438250541687, 0.12013165652751923,
      ]
    ),
  ]

  @Test(arguments: passes.indices) func theDefaultNetwork(_ index: Int) throws {
    let (format, S, db2, dW1) = Self.passes[index]
    var typist = Typist("dtype \(format)", "forward", "backward")
    #expect(try #require(typist.value("S[0]")).elements == S)
    #expect(try #require(typist.value("db2")).elements == db2)
    #expect(try #require(typist.value("dW1")).elements == dW1)
    // What was given comes back to the last bit, and what is rounded is no mistake.
    let check = typist.type("gradcheck")
    #expect(try #require(check.scalar("max_relative_error")) < 1e-6)
    #expect(typist.type("check dW1 = X.T @ dZ1").scalar("correct") == 1)
    let typed = dW1.map { "\($0)" }
    #expect(
      typist.type(
        "check dW1 = [\(typed[..<5].joined(separator: " ")); \(typed[5...].joined(separator: " "))]"
      )
      .scalar("correct") == 1)
    #expect(typist.type("check dW1 = 1.02 * X.T @ dZ1").scalar("correct") == 0)
    #expect(typist.workspace.promptText.contains(format))
    // The plan computes in doubles and in floats.
    if format != "float32" { #expect(typist.refusal("train").message.text().contains(format)) }
    var loaded = Workspace()
    _ = try Script.run(SessionScript.text(typist.session), file: "saved", in: &loaded)
    #expect(loaded.session.settings.format == typist.session.settings.format)
    #expect(loaded.session.trace == typist.session.trace)
    typist.type("dtype float64")
    #expect(try #require(typist.value("W1[0,1]")).elements == [-0.2])
  }

  /// A step of bfloat16 that is less than half the distance to the next number changes nothing.
  @Test func aSmallUpdateIsLost() throws {
    var typist = Typist(
      "dtype bfloat16", "model L = sum(W * X)", "param W = [256]", "set X = [1]", "update lr=0.5")
    #expect(try #require(typist.value("W")).elements == [256])
    typist.type("update lr=2")
    #expect(try #require(typist.value("W")).elements == [254])
  }

  /// The bound that is named is that of the format: 65504, and exp(-17.4) is less than half of 2^-24.
  @Test func whatOverflowsIsToldInTheFormat() {
    var typist = Typist("dtype float16")
    #expect(typist.text("exp(12)").contains("larger than any float16 (65504)"))
    #expect(typist.text("60000 + 10000").contains("larger than any float16 (65504)"))
    #expect(typist.text("1 / softmax([0, 100])").contains("exp of less than about -17 is 0"))
    typist.type("dtype float64")
    #expect(typist.text("exp(1000)").contains("larger than any double"))
    #expect(typist.text("1 / softmax([0, 1000])").contains("exp of less than about -745 is 0"))
  }

  /// Of exp(15) in float16, whose largest number is 65504; of 1e-9, whose smallest is 6e-8; of 1.0001 - 1.
  @Test func theFirstTroubleIsNamed() {
    var typist = Typist(
      "model A = exp(X); B = X * 1e-9; C = (X / 15 + 0.0001) - X / 15; L = sum(A + B + C * w)",
      "set X = [15, 2]", "param w = 1")
    let text = typist.text("numerics")
    #expect(text.contains("float16 overflows first in A: A[0] = 3.27e+06"))
    #expect(text.contains("float16 underflows first in B: B[0] = 1.5e-08 becomes 0"))
    #expect(text.contains("bfloat16 loses more than half of its digits first in C"))
    #expect(text.contains("float32: nothing overflows or underflows"))
  }

  /// A mask of -inf is the same in every format, and what is nan in float64 is no fault of another.
  @Test func whatIsNotFiniteInFloat64IsNotTheFormats() {
    var typist = Typist(
      "model S = where(M, Q @ K.T, -inf); A = softmax(S); O = A @ V; L = sum(O**2)", "param Q = [1 2; 3 4]",
      "param K = [1 0; 0.5 1]", "param V = [1 2; 3 4]", "set M = [1 0; 1 1]")
    #expect(typist.text("numerics S").contains("S         5.5      7.2       2.4      3.3"))
    typist.type("set M = [1 0; 0 0]")
    let text = typist.text("numerics")
    #expect(text.contains("float64 has nan too, first in A"))
    #expect(text.contains("nan in float64 too") && !text.contains("more than rounding"))
    typist.type("let r = [1, -inf]")
    #expect(!typist.text("show r").contains("larger"))
  }

  /// Numbers within the bound are rounding, numbers far beyond it are not; and every ready model's own differences are.
  @Test func roundingIsToldFromMistakes() throws {
    var typist = Typist()
    let right = typist.type("numerics dW1 = dW1 * (1 + 1e-4)")
    #expect(right.scalar("float16_explains") == 1)
    #expect(right.scalar("float32_explains") == 0)
    let wrong = typist.type("numerics dW1 = dW1 * 4")
    #expect(wrong.scalar("bfloat16_explains") == 0)
    for name in ["attention", "cnn", "rnn", "dropout", "embedding", "gpt", "batchnorm"] {
      var typist = Typist("model \(name)")
      let text = typist.text("numerics")
      #expect(!text.contains("more than rounding"), "\(name)")
      #expect(text.contains("rounding explains it"), "\(name)")
      #expect(!text.contains("times what rounding"), "\(name): \(text)")
    }
  }

  /// Through a block of attention the worst case is a thousand times the gradient in float32, and none in float16; drawn
  /// roundings tell one in a hundred from rounding all the same.
  @Test func whereNoBoundTellsDrawnRoundingsDo() {
    var typist = Typist("model gpt")
    let lines = typist.text("numerics dgamma1 = dgamma1 * 1.05").split(separator: "\n")
    for format in ["float32", "float16"] {
      let line = lines.first { $0.trimmingPrefix(" ").hasPrefix(format) } ?? ""
      #expect(line.contains("times what rounding usually does"), "\(line)")
    }
    #expect(typist.text("numerics dgamma1").contains("as rounding usually does"))
  }
}
