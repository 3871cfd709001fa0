import Commands
import Differentiation
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Rendering
import Sessions
import Testing

@Suite struct ConvolutionModelTests {
  // MARK: Published cases, typed as commands

  /// TensorFlow's conv_ops_test: testConv2D2x2Depth1ValidBackpropFilter and …BackpropInput.
  @Test func tensorFlowsGradients() {
    var typist = Typist()
    typist.type("model Y1 = conv2d(X, W); L = sum(G * Y1)")
    typist.type("set X = [[[[1, 2, 3], [4, 5, 6]]]]; param W = [[[[1, 2], [3, 4]]]]; set G = [[[[1, 2]]]]")
    typist.type("forward; backward")
    #expect(typist.value("Y1") == Tensor(shape: [1, 1, 1, 2], elements: [37, 47]))
    #expect(typist.value("dW") == Tensor(shape: [1, 1, 2, 2], elements: [5, 8, 14, 17]))
    #expect(typist.value("dX") == Tensor(shape: [1, 1, 2, 3], elements: [1, 4, 4, 3, 10, 8]))
  }

  /// Dive into Deep Learning, "Multiple Input and Multiple Output Channels".
  @Test func diveIntoDeepLearningsChannels() {
    var typist = Typist()
    typist.type("let X3 = [[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[1, 2, 3], [4, 5, 6], [7, 8, 9]]]")
    typist.type("let K = [[[0, 1], [2, 3]], [[1, 2], [3, 4]]]")
    typist.type(
      "let W = [[[[0, 1], [2, 3]], [[1, 2], [3, 4]]], [[[1, 2], [3, 4]], [[2, 3], [4, 5]]], [[[2, 3], [4, 5]], [[3, 4], [5, 6]]]]"
    )
    let report = typist.type("conv2d(reshape(X3, 1, 2, 3, 3), W)")
    #expect(
      report.tensors.values.first
        == Tensor(
          shape: [1, 3, 2, 2], elements: [56, 72, 104, 120, 76, 100, 148, 172, 96, 128, 192, 224]))
    #expect(
      Typist.text(report).hasSuffix(
        """
          sample 0, channel 0
          ⎡  56   72 ⎤
          ⎣ 104  120 ⎦
          sample 0, channel 1
          ⎡  76  100 ⎤
          ⎣ 148  172 ⎦
          sample 0, channel 2
          ⎡  96  128 ⎤
          ⎣ 192  224 ⎦

        """))
    let single = typist.type("conv2d(reshape(X3[0], 1, 1, 3, 3), reshape(K[0], 1, 1, 2, 2))")
    #expect(single.tensors.values.first?.elements == [19, 25, 37, 43])
  }

  // MARK: Gradients against dual numbers

  /// A random network of one or two convolutions, pooling and a dense end; every gradient by forward mode.
  @Test(arguments: 0..<32) func gradientsAreForwardModes(_ seed: Int) throws {
    var generator = RandomGenerator(seed: UInt64(seed) &+ 100)
    var words = ""
    var model: Model?
    var parameters: [String: Tensor] = [:]
    var input: [Int] = []
    var width = 1
    // Windows that do not fit are drawn again.
    for _ in 0..<50 where model == nil {
      input = [
        1 + generator.integer(below: 3), 4 + generator.integer(below: 4), 4 + generator.integer(below: 4),
      ]
      words = input.map(String.init).joined(separator: "x")
      for _ in 0...generator.integer(below: 2) {
        let (rows, columns) = (1 + generator.integer(below: 3), 1 + generator.integer(below: 3))
        let options = ",stride=\(1 + generator.integer(below: 2)),pad=\(generator.integer(below: 3))"
        let activation = ["relu", "tanh", "sigmoid", "linear"][generator.integer(below: 4)]
        words += " conv(\(1 + generator.integer(below: 3)),\(rows)x\(columns)\(options)):\(activation)"
      }
      words += ["", " maxpool(2)", " avgpool(2)", " maxpool(2,stride=1)"][generator.integer(below: 4)]
      words += " flatten " + ["3:softmax", "2", "1:sigmoid"][generator.integer(below: 3)]
      words += ["", " bias=off", " reduction=sum"][generator.integer(below: 3)] + " seed=\(seed)"
      let parts = words.split(separator: " ").map { NetworkParser.Word(text: String($0), range: 0..<1) }
      if let builder = try? NetworkBuilder(NetworkParser.parse(parts)) {
        (model, parameters, width) = (builder.model, builder.parameters, builder.outputWidth)
      }
    }
    let network = try #require(model)
    let m = 1 + generator.integer(below: 2)
    var leaves = parameters
    leaves["X"] = generator.normal(shape: Shape([m] + input))
    var Y = Tensor(repeating: 0, shape: [m, width])
    for i in 0..<m { Y.replaceElement(at: i * width + i % width, with: 1) }
    leaves["Y"] = Y
    var session = Session(model: network, leaves: leaves)
    let program = try session.readyProgram()
    try session.run(to: program.steps.count)
    let environment = SessionEnvironment(session)
    let check = GradientCheck(forward: program.forward, loss: network.lossName, environment: environment)
    for name in network.parameters + ["X"] {
      let gradient = try #require(environment.value(of: "d" + name))
      #expect(gradient.shape == leaves[name]?.shape)
      let result = try check.check(name, gradient: gradient, method: .forward)
      #expect(result.maximalError < 1e-10, "\(words): d\(name)")
      #expect(!result.entries.isEmpty)
    }
    // A check that compares zeros proves nothing.
    let last = try #require(network.parameters.first { $0.hasPrefix("W") && leaves[$0]?.rank == 2 })
    #expect(environment.value(of: "d" + last)?.elements.contains { $0 != 0 } == true)
  }

  /// The forward pass against nested loops over every output, with another order of the sums.
  @Test func theForwardPassIsTheNestedLoop() throws {
    var typist = Typist()
    typist.type(
      "data digits batch=2; net 1x8x8 conv(3,3x3,pad=1,stride=2):relu maxpool(2) flatten 10:softmax; forward")
    let X = try #require(typist.value("X")), W = try #require(typist.value("W1"))
    let b = try #require(typist.value("b1")), P = try #require(typist.value("P1"))
    func z(_ i: Int, _ o: Int, _ r: Int, _ c: Int) -> Double {
      var sum = 0.0
      for y in (0..<3).reversed() {
        for x in (0..<3).reversed() {
          let (row, column) = (2 * r + y - 1, 2 * c + x - 1)
          guard (0..<8).contains(row), (0..<8).contains(column) else { continue }
          sum += X.elements[(i * 8 + row) * 8 + column] * W.elements[(o * 3 + y) * 3 + x]
        }
      }
      return sum + b.elements[o]
    }
    #expect(P.shape == [2, 3, 2, 2])
    for i in 0..<2 {
      for o in 0..<3 {
        for r in 0..<2 {
          for c in 0..<2 {
            let window = [
              z(i, o, 2 * r, 2 * c), z(i, o, 2 * r, 2 * c + 1), z(i, o, 2 * r + 1, 2 * c),
              z(i, o, 2 * r + 1, 2 * c + 1),
            ]
            let expected = max(0, window.max() ?? 0)
            #expect(abs(P.elements[((i * 3 + o) * 2 + r) * 2 + c] - expected) < 1e-13)
          }
        }
      }
    }
  }

  // MARK: Every command on a convolutional network

  @Test func commandsWorkOnImages() throws {
    var typist = Typist()
    typist.type("data digits batch=4; net 1x8x8 conv(4,3x3,pad=1):relu maxpool(2) flatten 10:softmax")
    let first = typist.type("step")
    #expect(first.tensors["Z1"]?.shape == [4, 4, 8, 8])
    #expect(Typist.text(first).contains("sample 0, channel 0"))
    typist.type("until P1; back; back; forward; backward")
    for (name, shape) in [
      ("dF1", [4, 64]), ("dP1", [4, 4, 4, 4]), ("dA1", [4, 4, 8, 8]), ("dW1", [4, 1, 3, 3]),
      ("db1", [1, 4, 1, 1]),
      ("dX", [4, 1, 8, 8]),
    ] as [(String, [Int])] {
      #expect(typist.value(name)?.shape == Shape(shape))
    }
    let weights = Typist.text(typist.type("show W1"))
    #expect(weights.contains("filter 0, channel 0") && weights.contains("filter 3, channel 0"))
    #expect(Typist.text(typist.type("show dW1")).contains("filter 1, channel 0"))
    #expect(Typist.text(typist.type("show b1")).contains("bias 0, channel 3"))
    #expect(typist.type("show W1[2, 0]").tensors["W1[2,0]"]?.shape == [3, 3])
    let J = try #require(typist.type("jacobian softmax").tensors["J"])
    #expect(J.shape == [4, 10, 10])
    #expect(typist.type("gradcheck method=forward").scalar("max_relative_error") ?? 1 < 1e-12)
    #expect(typist.type("gradcheck b1 W1").scalar("max_relative_error") ?? 1 < 1e-6)
    let before = try #require(typist.type("loss").scalar("loss"))
    typist.type("update lr=0.1")
    #expect(try #require(typist.type("loss").scalar("loss")) < before)
    typist.type("set W1[0, 0, 1, 1] = 0.5; backward; fused off; backward; cost; info; trace; accuracy")
  }

  /// dZ1/dW1 at one output is the patch of the image under the kernel, dZ1/dX the kernel at its place.
  @Test func aJacobianShowsThePatch() throws {
    var typist = Typist()
    typist.type("net 1x3x3 conv(1,2x2) flatten 2:softmax")
    typist.type("set X = reshape(arange(9), 1, 1, 3, 3); set Y = [[1, 0]]; set W1 = [[[[1, 2], [3, 4]]]]")
    let byWeights = try #require(typist.type("jacobian Z1 W1").tensors.values.first)
    #expect(byWeights.shape.dimensions.filter { $0 > 1 } == [2, 2, 2, 2])
    #expect(byWeights.elements == [0, 1, 3, 4, 1, 2, 4, 5, 3, 4, 6, 7, 4, 5, 7, 8])
    let byPixels = try #require(typist.type("jacobian Z1 X").tensors.values.first)
    #expect(Array(byPixels.elements.prefix(9)) == [1, 2, 0, 3, 4, 0, 0, 0, 0])
    #expect(Array(byPixels.elements.suffix(9)) == [0, 0, 0, 0, 1, 2, 0, 3, 4])
  }

  @Test(arguments: [
    ("net 1x8x8 conv(4,9x9):relu flatten 10", "does not fit"), ("net 64 conv(4,3x3) 10", "reads images"),
    ("net 1x8x8 conv(4,3x3) 10:softmax", "dense layer reads rows"),
    ("net 1x8x8 conv(4,3x3)", "still gives images"),
    ("net 1x8x8 conv(4,3x3,pid=1) flatten 10", "not an option"),
    ("net 1x8 conv(4,3x3) flatten 10", "channels"),
    ("conv2d(X, W1)", "rank 4"), ("conv2d(zeros(1, 2, 3, 3), ones(1, 1, 2, 2))", "channel"),
    ("conv2d(zeros(1, 1, 2, 2), ones(1, 1, 3, 3))", "does not fit"),
    ("maxpool(ones(1, 1, 2, 2), 3)", "does not fit"),
    ("maxpool(ones(1, 1, 2, 2), 0)", ""), ("conv2d(ones(1, 1, 2, 2), ones(1, 1, 1, 1), stride=0)", ""),
  ]) func mistakesAreTold(_ line: String, _ part: String) {
    var typist = Typist()
    let message = typist.refusal(line).message.text()
    #expect(part.isEmpty ? !message.isEmpty : message.contains(part), "\(message)")
  }
}
