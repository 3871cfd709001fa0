import Commands
import Formulas
import LinearAlgebra
import Operations
import Sessions
import Testing

/// Published worked examples, typed as commands, against the published digits.
@Suite struct WorkedCaseTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let commands: [String]
    /// Expression → published entries, flattened.
    let expected: [(String, [Double])]
    let tolerance: Double
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    // Matt Mazur, "A Step by Step Backpropagation Example" (2015). Its biases are not updated.
    Case(
      name: "Mazur 2-2-2",
      commands: [
        "net 2 2:sigmoid 2:sigmoid loss=half_sse", "set X = [[0.05, 0.1]]", "set Y = [[0.01, 0.99]]",
        "set W1 = [[0.15, 0.25], [0.2, 0.3]]", "set b1 = [0.35, 0.35]", "set W2 = [[0.4, 0.5], [0.45, 0.55]]",
        "set b2 = [0.6, 0.6]", "backward",
      ],
      expected: [
        ("Z1[0,0]", [0.3775]), ("A1", [0.593269992, 0.596884378]), ("Z2[0,0]", [1.105905967]),
        ("A2", [0.75136507, 0.772928465]), ("L", [0.298371109]), ("dA2[0,0]", [0.74136507]),
        ("dZ2[0,0]", [0.138498562]), ("dW2[0,0]", [0.082167041]), ("dA1[0,0]", [0.036350306]),
        ("dW1[0,0]", [0.000438568]), ("W2 - 0.5 * dW2", [0.35891648, 0.51130127, 0.408666186, 0.561370121]),
        ("W1 - 0.5 * dW1", [0.149780716, 0.24975114, 0.19956143, 0.29950229]),
      ], tolerance: 1e-8),
    Case(
      name: "Mazur 2-2-2, after one update of the weights",
      commands: [
        "net 2 2:sigmoid 2:sigmoid loss=half_sse", "set X = [[0.05, 0.1]]", "set Y = [[0.01, 0.99]]",
        "set W1 = [[0.15, 0.25], [0.2, 0.3]]", "set b1 = [0.35, 0.35]", "set W2 = [[0.4, 0.5], [0.45, 0.55]]",
        "set b2 = [0.6, 0.6]", "update W1 W2 lr=0.5", "forward",
      ],
      // The post prints 0.291027924, which its program got with the already updated W2 in dA1.
      expected: [("L", [0.29102777369359933])], tolerance: 1e-12),
    // Neural Networks from Scratch, chapter 9: a dense layer with relu, upstream gradient = its output.
    Case(
      name: "nnfs dense + relu, batch of 3",
      commands: [
        "model Z1 = X @ W1 + b1; A1 = relu(Z1); L = 0.5 * sum(A1**2)",
        "set X = [[1, 2, 3, 2.5], [2, 5, -1, 2], [-1.5, 2.7, 3.3, -0.8]]",
        "param W1 = [[0.2, 0.5, -0.26], [0.8, -0.91, -0.27], [-0.5, 0.26, 0.17], [1, -0.5, 0.87]]",
        "param b1 = [[2, 3, 0.5]]", "backward",
      ],
      expected: [
        ("A1", [4.8, 1.21, 2.385, 8.9, 0, 0.2, 1.41, 1.051, 0.026]),
        (
          "dX",
          [
            0.9449, 2.09495, -1.67995, 6.26995, 1.728, 7.066, -4.416, 9.074, 0.80074, 0.16457, -0.42732,
            0.90712,
          ]
        ),
        (
          "dW1",
          [20.485, -0.3665, 2.746, 57.907, 5.2577, 5.8402, 10.153, 7.0983, 7.0408, 28.672, 2.1842, 6.3417]
        ),
        ("db1", [15.11, 2.261, 2.611]), ("b1 - 0.001 * db1", [1.98489, 2.997739, 0.497389]),
      ], tolerance: 1e-9),
    // CS231n notes, 2-2-3 with a dead unit, every intermediate to twelve decimals.
    Case(
      name: "CS231n 2-2-3",
      commands: [
        "net 2 2:relu 3:softmax", "set X = [[16, -6]]", "set Y = onehot([2], 3)",
        "set W1 = [[.18, .04], [.1, .22]]",
        "set b1 = zeros(1, 2)", "set W2 = [[.19, -.1, .1], [-.02, -.01, .04]]", "set b2 = zeros(1, 3)",
        "backward",
      ],
      expected: [
        ("L", [1.051375468504]), ("dW1[0, 0]", [-0.090933756736]), ("dZ1[0, 1]", [0]),
        ("dZ2", [0.429052723714, 0.221490524653, -0.650543248367]),
        ("dW2", [0.978240210067, 0.504998396208, -1.483238606276, 0, 0, 0]),
        ("dA1", [-0.005683359796, -0.036817689655]), ("db1", [-0.005683359796, 0]),
      ], tolerance: 1e-11),
    // Coursera Machine Learning, exercise 4: the loss is summed over outputs, mean over samples; lambda = 4.
    Case(
      name: "Coursera ex4 2-2-4, regularised",
      commands: [
        "model Z1 = X @ W1 + b1; A1 = sigmoid(Z1); Z2 = A1 @ W2 + b2; A2 = sigmoid(Z2); "
          + "L = -sum(Y * log(A2) + (1 - Y) * log(1 - A2)) / m + lambda / (2 * m) * (sum(W1**2) + sum(W2**2))",
        "set X = [[0.54030230586814, -0.41614683654714], [-0.98999249660045, -0.65364362086361], [0.28366218546323, 0.96017028665037]]",
        "set Y = [[0, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0]]",
        "param W1 = [[0.1, 0.2], [0.3, 0.4]]", "param b1 = [[0, 0]]", "param W2 = zeros(2, 4)",
        "param b2 = zeros(1, 4)",
        "set lambda = 0",
        "set W1 = [[0.3, 0.4], [0.5, 0.6]]", "set b1 = [0.1, 0.2]",
        "set W2 = [[1.1, 1.2, 1.3, 1.4], [1.5, 1.6, 1.7, 1.8]]", "set b2 = [0.7, 0.8, 0.9, 1]",
        "set lambda = 4",
        "backward",
      ],
      expected: [("L", [19.474])], tolerance: 5e-4),
    // deeplearning.ai, logistic regression: columns in the course, and in rows.
    Case(
      name: "deeplearning.ai logistic regression, columns",
      commands: [
        "net 2 1:sigmoid layout=columns", "set X = [[1, 2, -1], [3, 4, -3.2]]", "set Y = [[1, 0, 1]]",
        "set W1 = [[1, 2]]", "set b1 = [[2]]", "backward",
      ],
      expected: [
        ("L", [5.801545319394553]), ("dW1", [0.998456014637956, 2.3950723884862066]),
        ("db1", [0.001455578136784208]),
      ],
      tolerance: 1e-8),
    Case(
      name: "deeplearning.ai logistic regression, 100 steps",
      commands: [
        "net 2 1:sigmoid", "set X = [[1, 3], [2, 4], [-1, -3.2]]", "set Y = [[1], [0], [1]]",
        "set W1 = [[1], [2]]",
        "set b1 = [[2]]", "set lr = 0.009",
      ] + [String](repeating: "update", count: 100),
      expected: [("W1", [0.19033590888604332, 0.12259159246561413]), ("b1", [1.9253598300845747])],
      tolerance: 1e-8),
    // Coursera Machine Learning, exercise 1: theta after the first steps (published to five decimals).
    Case(
      name: "Coursera ex1 linear regression, 4 steps",
      commands: [
        "net 1 1 loss=half_mse", "set X = [[5], [2], [4], [5]]", "set Y = [[1], [6], [4], [2]]",
        "set W1 = [[0]]",
        "set b1 = [[0]]", "set lr = 0.01", "update", "update", "update", "update",
      ],
      expected: [("b1", [0.1055]), ("W1", [0.32346])], tolerance: 6e-5),
    // Jason Brownlee, backpropagation from scratch: forward pass of a 2-1-2 network.
    Case(
      name: "Brownlee 2-1-2",
      commands: [
        "net 2 1:sigmoid 2:sigmoid loss=half_sse", "set X = [[1, 0]]", "set Y = [[0, 1]]",
        "set W1 = [[0.13436424411240122], [0.8474337369372327]]", "set b1 = [[0.763774618976614]]",
        "set W2 = [[0.2550690257394217, 0.4494910647887381]]",
        "set b2 = [[0.49543508709194095, 0.651592972722763]]",
        "backward",
      ],
      expected: [
        ("A1", [0.7105668883115941]), ("A2", [0.6629970129852887, 0.7253160725279748]),
      ], tolerance: 1e-15),
    Case(
      name: "Brownlee, deltas from given outputs",
      commands: [
        "model L = half_sse(Y, P)", "set Y = [[0, 1]]",
        "param P = [[0.6213859615555266, 0.6573693455986976]]", "backward",
        "let delta = dP * P * (1 - P)", "let hidden = delta @ [[0.2550690257394217], [0.4494910647887381]]",
      ],
      expected: [
        ("delta", [0.14619064683582808, -0.0771723774346327]),
        ("hidden * 0.7105668883115941 * (1 - 0.7105668883115941)", [0.0005348048046610517]),
      ], tolerance: 1e-15),
    // Andrej Karpathy, micrograd lecture: one tanh neuron, L is its output.
    Case(
      name: "micrograd neuron",
      commands: [
        "model n = x1 * w1 + x2 * w2 + b; o = tanh(n)", "param x1 = 2", "param x2 = 0", "param w1 = -3",
        "param w2 = 1",
        "param b = 6.881373587019543", "backward",
      ],
      expected: [
        ("o", [0.7071]), ("dn", [0.5]), ("dw1", [1]), ("dw2", [0]), ("dx1", [-1.5]), ("dx2", [0.5]),
      ],
      tolerance: 5e-5),
    // Andrej Karpathy, micrograd's README: published g = 24.7041, dg/da = 138.8338, dg/db = 645.5773.
    Case(
      name: "micrograd README",
      commands: [
        "model c0 = a + b; d0 = a * b + b**3; c1 = c0 + c0 + 1; c2 = c1 + 1 + c1 + (-a); d1 = d0 + d0 * 2 + relu(b + a); "
          + "d2 = d1 + 3 * d1 + relu(b - a); e = c2 - d2; f = e**2; g = f / 2 + 10 / f",
        "param a = -4", "param b = 2", "backward",
      ],
      expected: [("g", [24.7041]), ("da", [138.8338]), ("db", [645.5773])], tolerance: 5e-5),
    // tensorflow xent_op_test: soft labels, loss summed over the two samples.
    Case(
      name: "soft labels",
      commands: [
        "model S = softmax(Z); L = cross_entropy(Y, S, reduction=sum)",
        "param Z = [[1, 1, 1, 1], [1, 2, 3, 4]]",
        "set Y = [[0, 0, 0, 1], [0, 0.5, 0.5, 0]]", "backward",
      ],
      expected: [
        ("L", [1.3862 + 1.9401]), ("dZ", [0.25, 0.25, 0.25, -0.75, 0.0321, -0.4129, -0.2632, 0.6439]),
      ], tolerance: 2e-4),
    // Michael Nielsen, chapter 3: a saturated neuron after 300 epochs at eta = 0.15.
    Case(
      name: "Nielsen's neuron",
      commands: [
        "net 1 1:sigmoid loss=half_sse", "set X = [[1]]", "set Y = [[0]]", "set W1 = [[0.6]]",
        "set b1 = [[0.9]]",
        "set lr = 0.15",
      ] + [String](repeating: "update", count: 300) + ["forward"],
      expected: [("A1", [0.09])], tolerance: 6e-3),
  ]

  @Test(arguments: cases) func agreesWithThePublishedDigits(_ worked: Case) throws {
    var workspace = Workspace()
    for command in worked.commands {
      for outcome in Interpreter.run(command, in: &workspace) {
        if case .failure(let diagnostic) = outcome.result {
          Issue.record("\(command): \(diagnostic.message)")
        }
      }
    }
    for (text, expected) in worked.expected {
      let value = try Evaluator(SessionEnvironment(workspace.session)).checkedValue(of: Parser.parse(text))
      #expect(value.count == expected.count, "\(text)")
      for (a, b) in zip(value.elements, expected) {
        #expect(abs(a - b) <= worked.tolerance, "\(text): \(a), published \(b)")
      }
    }
  }
}
