import Commands
import Differentiation
import Explanations
import Formulas
import LinearAlgebra
import NeuralNetworks
import Sessions
import Testing

@Suite struct WhyTests {
  @Test func aProductShowsEveryTerm() {
    let lines = text(outcome("forward", "backward", "why dW1[0,2]"))
    #expect(lines.contains("dW1[0,2] = Σ_i X[i,0]·dZ1[i,2]"))
    #expect(lines.contains("  1  X[0,0]·dZ1[0,2]  = 1·0         = 0"))
    #expect(lines.contains("  2  X[1,0]·dZ1[1,2]  = 2·0.0945    = 0.1891"))
    #expect(lines.contains("  3  X[2,0]·dZ1[2,2]  = -1·0        = 0"))
    #expect(lines.contains("  4  X[3,0]·dZ1[3,2]  = -2·0.0123   = -0.0247"))
    #expect(lines.contains("dW1[0,2] = 0.1644"))
    #expect(lines.count <= 24)
  }

  /// Of a deviation that stands in a sum there is one for every term. NumPy: (C * B.std(1)).sum() is 8.
  @Test func aDeviationInsideOfASum() {
    let model = [
      "model a = std(B, axis=1, keepdims=False); U = sum(C * where(a > 0, a, inf)); L = U + sum(a)",
      "param B = [[1, 2], [3, 5]]", "set C = [[1, 2], [3, 4]]",
    ]
    #expect(text(outcome(model + ["why U"])).contains("U = 8"))
  }

  /// With 27 classes the sums in the sums of this gradient would be a hundred million numbers. NumPy, in float64:
  /// `q = sm(sm(P)); S = sm(P @ (np.diag(q) - np.outer(q, q)))` with P = sin(0), sin(1), …: S[3] is 0.037160285885217, and the
  /// gradient of (S**2).sum() by central differences, h = 1e-6, is 1.4575e-7 there.
  @Test func sumsInSumsStandForTheirValue() throws {
    let model = [
      "model S = softmax(contract(P, softmax'(softmax(P)))); L = sum(S**2)", "param P = sin(arange(27))",
    ]
    let lines = text(outcome(model + ["why S[3]"]))
    #expect(lines.contains { $0.contains("softmax(softmax(P))[") })
    #expect(lines.contains { $0.hasPrefix("S[3] = ") && $0.hasSuffix("= 0.0372") })
    let gradient = text(outcome(model + ["why dP[3]"]))
    #expect(gradient.contains { $0.hasPrefix("the stored value") && $0.contains("1.4575") })
  }

  @Test func theActiveRowAndColumnAreMarked() {
    let lines = text(outcome("forward", "why Z1[0,2]"))
    #expect(lines.contains("▸ ⎡  1   2 ⎤"))
    #expect(lines.contains("                      ▾"))
    #expect(lines.contains("Z1[0,2] = -0.3000 + 0.2000 = -0.1000"))
  }

  @Test(arguments: [
    ("A1[0,2]", "A1[0,2] = max(0, -0.1000) = 0"),
    ("dZ2[0,1]", "dZ2[0,1] = (0.2561 - 0) / 4 = 0.0640"),
    ("dZ1[1,2]", "dZ1[1,2] = 0.0945·(1.1000 > 0) = 0.0945·1 = 0.0945"),
    ("dS[0,0]", "dS[0,0] = -1 / 0.3423 / 4 = -0.7304"),
    ("J[0,1,2]", "J[0,1,2] = -S[0,1]·S[0,2]"),
    ("J[0,1,1]", "J[0,1,1] = S[0,1] - S[0,1]·S[0,1]"),
    ("db1[0,1]", "db1[0,1] = Σ_i dZ1[i,1]"),
    ("L", "L = (Σ_i,j -Y[i,j]·log(S[i,j])) / m"),
    ("X[1,0]", "an input: you gave it"),
    ("W1[-1,-1]", "W1[1,4] = -0.1000"),
  ])
  func everyKindOfStepHasItsLine(_ entry: String, _ line: String) {
    #expect(text(outcome("forward", "backward", "why \(entry)")).contains(line))
  }

  @Test func softmaxIsExpOverSum() {
    let lines = text(outcome("forward", "why S[0,1]"))
    #expect(lines.contains { $0.hasPrefix("S[0,1] = exp(Z2[0,1] - M) / (Σ_j exp(Z2[0,j] - M))") })
    #expect(lines.contains("S[0,1] = exp(-0.1000 - 0.3500) / 2.4898 = 0.6376 / 2.4898 = 0.2561"))
  }

  /// Every term of a sum has a largest of its own.
  @Test(arguments: [
    "-sum(Y*log(softmax(X@W)))/m", "sum(softmax(X@W)*Y)", "sum(softmax(X@W)@W)", "sum(softmax(X@W)**2)",
    "mean(softmax(X@W)[:,0])", "sum(logsumexp(X@W)[0])", "sum(logsumexp(X@W) * softmax(X@W, axis=0))",
  ])
  func softmaxInsideALargerFormula(_ formula: String) {
    let lines = [
      "set Y = [[1, 0], [0, 1], [1, 0]]", "model L = \(formula)", "set X = [[1, 2], [0.5, -1], [3, 1]]",
      "param W = [[0.3, -0.2], [0.7, 0.1]]", "set Y = [[1, 0], [0, 1], [1, 0]]", "f", "why L",
    ]
    var workspace = Workspace()
    var last: [String] = []
    for line in lines { for outcome in Interpreter.run(line, in: &workspace) { last = text(outcome.result) } }
    #expect(last.contains { $0.hasPrefix("the stored value ") }, "\(last)")
  }

  @Test func notANumberHasNoSign() {
    let result = text(outcome("model L = log(p)", "param p = -1", "f", "why L"))
    #expect(result.contains("L = log(-1) = nan"))
    #expect(!result.contains { $0.contains("-nan") })
  }

  @Test(arguments: [
    ("Z1[0,1,0,2]", "Z1[0,1,0,2] = Σ_c,r,s X[0,c,r-1,s+1]·W1[1,c,r,s] + b1[0,1,0,0]"),
    ("Z1[0,1,0,2]", "  3 places outside count nothing and are left out"),
    ("dP1[0,0,1,1]", "dP1[0,0,1,1] = Σ_o,p,q dZ2[0,o,p,q]·W2[o,0,1-p,1-q]"),
    ("dW2[0,1,0,0]", "dW2[0,1,0,0] = Σ_n,p,q dZ2[n,0,p,q]·P1[n,1,p,q]"),
    ("P1[0,0,1,1]", "P1[0,0,1,1] = max_r<2,s<2 A1[0,0,r+2,s+2]"),
    ("dA2[0,0,1,1]", "dA2[0,0,1,1] = dP2[0,0,0,0] / 4"),
    ("F2[1,0]", "F2[1,0] = P2[1,0,0,0]"),
  ])
  func convolutionShowsThePatch(_ entry: String, _ line: String) {
    #expect(text(outcome(networks[5], "forward", "backward", "why \(entry)")).contains(line))
  }

  @Test func mistakesNameTheWayOut() {
    #expect(
      diagnostic(outcome("forward", "backward", "why A1.T @ dZ2"))?.hint
        == "for example: why (A1.T @ dZ2)[0,2]")
    #expect(diagnostic(outcome("forward", "backward", "why dW1[7,0]"))?.message == "dW1 (2×5) has no row 7")
    #expect(diagnostic(outcome("why"))?.hint?.text().contains("why [NAME") == true)
    #expect(diagnostic(outcome("why 3")) != nil)
    #expect(diagnostic(outcome("why zeros(0, 3)"))?.message == "zeros(0, 3) is 0×3: it has no entries")
  }

  @Test func jsonCarriesTheEntryAndItsTerms() throws {
    let found = tensors(outcome("forward", "backward", "why dW1[0,2]"))
    let entry = try #require(found["dW1[0,2]"])
    let terms = try #require(found["terms"])
    #expect(entry.shape == .scalar)
    #expect(terms.shape == [4])
    #expect(entry.scalarValue == terms.elements.reduce(0, +))
  }

  @Test func deepEndsAtTheInputs() {
    let lines = text(outcome("forward", "why Z2[1,0] --deep"))
    #expect(lines.first == "Z2[1,0] = 0.7700 = Σ_k A1[1,k]·W2[k,0] + b2[0,0]")
    #expect(lines.contains("      X[1,0] = 2  (input)"))
    #expect(lines.contains("  W2[0,0] = 0.2000  (parameter)"))
    #expect(lines.count < 90)
  }

  @Test func longSumsAreElidedAndTheirLargestTermsNamed() {
    let lines = text(outcome("net 40 30:tanh 4:softmax seed=7", "forward", "why Z1[0,1]"))
    #expect(lines.contains { $0.contains("⋮ 32 more") })
    #expect(lines.contains { $0.hasPrefix("  largest: X[") })
    #expect(lines.count <= 24)
  }

  /// Every step of every model, at random entries: the explanation comes to the stored number. To the last bit
  /// where sums run from left to right; products of more than 32,768 multiplications, convolutions and their
  /// gradients, a fused loss and the loss of samples in columns are summed in another order and agree to 1e-12 of their largest term.
  @Test func everyStepIsExplainedByWhatItIs() throws {
    var generator = RandomGenerator(seed: 11)
    var (exact, all) = (0, 0)
    for session in sessions() {
      let program = try session.readyProgram()
      #expect(session.cursor == program.steps.count)
      let environment = SessionEnvironment(session)
      let named = Dictionary(
        program.forward.map { ($0.expression, $0.name) }, uniquingKeysWith: { first, _ in first })
      for (equation, value) in zip(program.steps, session.trace) {
        for _ in 0..<6 {
          let position = Int(generator.uniform(shape: [1], 0, Double(value.count)).elements[0])
          let stored = value.elements[position]
          let why = try Why(
            NamedEntry(name: equation.name, index: value.index(at: position)), of: equation.expression,
            stored: stored, environment: environment,
            counting: program.counting, named: named)
          all += 1
          let scale = why.groups.flatMap(\.terms).reduce(abs(stored)) { max($0, abs($1.value)) }
          #expect(
            why.value == stored || (why.value.isNaN && stored.isNaN)
              || abs(why.value - stored) <= 1e-12 * scale,
            "\(why.entry.text) = \(IndexText().text(why.formula))")
          let isReordered =
            equation.computedAs != nil || equation.expression.contains { $0.isConvolution || $0.isColumnLoss }
          if why.value == stored || stored.isNaN {
            exact += 1
          } else {
            #expect(isReordered, "\(equation.text)")
          }
          for group in why.groups where group.kind == .sum {
            let total = group.terms.reduce(0) { $0 + $1.value }
            #expect(total == group.total || total.isNaN)
            if let term = group.terms.last {
              let formula = try why.formula(of: term, in: group)
              let stages = try why.stages(formula, IndexText(precision: 17))
              #expect(
                stages.last == IndexText(precision: 17).number(term.value), "\(IndexText().text(formula))")
            }
          }
        }
      }
    }
    #expect(all > 1500)
    #expect(exact * 10 > all * 9)
  }
}

extension Expression {
  fileprivate var isColumnLoss: Bool {
    if case .call("cross_entropy", _, let options) = self { options.axis == 0 } else { false }
  }

  fileprivate var isConvolution: Bool {
    switch self {
    case .call(let f, _, _): f.name.hasPrefix("conv2d")
    default: false
    }
  }
}
