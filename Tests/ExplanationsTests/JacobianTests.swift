import Commands
import Differentiation
import Explanations
import Formulas
import LinearAlgebra
import NeuralNetworks
import Sessions
import Testing

@Suite struct JacobianTests {
  @Test(arguments: [
    ("A1 Z1", "∂A1[i,j]/∂Z1[k,l] = (Z1[i,j] > 0)·δ(i,k)·δ(j,l)"),
    ("Z2 W2", "∂Z2[i,j]/∂W2[k,l] = A1[i,k]·δ(j,l)"),
    ("Z2 A1", "∂Z2[i,j]/∂A1[k,l] = W2[l,j]·δ(i,k)"),
    ("Z2 b2", "∂Z2[i,j]/∂b2[0,l] = δ(j,l)"),
    ("S Z2", "∂S[i,j]/∂Z2[k,l] = S[i,j]·(δ(j,l) - S[i,l])·δ(i,k)"),
    ("Z2 W2 [0,1,2,1]", "∂Z2[0,1]/∂W2[2,1] = A1[0,2]·δ(1,1)"),
    ("dW2 dZ2", "∂dW2[i,j]/∂dZ2[k,l] = A1[k,i]·δ(j,l)"),
    ("A1 Z1", "shape of A1. The other 380 of 400 entries are 0."),
    ("S W1", "54 of 120 entries are 0."),
    ("S W1", "through S ← Z2 ← A1 ← Z1 ← W1: the chain rule over these steps"),
  ])
  func theIndexFormulaIsDerived(_ asked: String, _ line: String) {
    #expect(text(outcome("jacobian \(asked)")).contains(line))
  }

  @Test func stepsThatBranchAreListed() {
    let lines = text(
      outcome("model A = X**2; K = A*3; Q = exp(A); L = sum(K*Q)", "set X = [[1, 2]]", "jacobian L X"))
    #expect(!lines.contains { $0.contains("←") })
    let unfused = text(outcome("fused off", "f", "b", "jacobian dZ2 Z2"))
    #expect(
      unfused.joined(separator: " ").contains(
        "through S, dS, J: the chain rule, summed over every way from Z2 to dZ2"))
  }

  @Test func aDiagonalOfTwoCasesIsOne() {
    let model = "model C = where(B > 0.3, B, 2*B); L = sum(C)"
    let lines = text(outcome(model, "set B = [[0.1, 0.5], [0.4, -1]]", "jacobian C B"))
    #expect(lines.contains { $0.hasPrefix("Diagonal: each entry of C") })
    #expect(lines.contains("  ⎡ 2  1 ⎤"))
    #expect(lines.contains("  ⎣ 1  2 ⎦"))
  }

  @Test func theHintHasAsManyIndicesAsTheValue() {
    #expect(
      text(outcome(networks[5], "jacobian A1 X")).contains { $0.contains("'jacobian A1 X [i, j, k, l]'") })
  }

  @Test func columnsOfSamplesAreBlocksToo() throws {
    let net = "net 3 4:softplus 3:softmax layout=columns seed=5"
    let blocks = try #require(tensors(outcome(net, "jacobian S Z2"))["dS/dZ2"])
    let J = try #require(tensors(outcome(net, "jacobian softmax"))["J"])
    #expect(blocks.shape == J.shape)
    #expect(largestDifference(blocks, J) < 1e-15)
    #expect(text(outcome(net, "jacobian S Z2")).contains { $0.hasPrefix("Block per sample") })
    #expect(tensors(outcome(net, "jacobian S Z1"))["blocks"]?.rank == 3)
  }

  @Test func jsonCarriesTheNumbers() throws {
    #expect(tensors(outcome("jacobian S Z2"))["dS/dZ2"]?.shape == [4, 3, 3])
    #expect(tensors(outcome("jacobian softmax"))["J"]?.shape == [4, 3, 3])
    #expect(tensors(outcome("jacobian Z2 W2"))["dZ2/dW2"]?.shape == [4, 3, 5, 3])
    #expect(tensors(outcome("jacobian A1 Z1"))["dA1/dZ1"]?.shape == [4, 5, 4, 5])
    #expect(tensors(outcome("jacobian S W1"))["dS/dW1"]?.shape == [4, 3, 2, 5])
    #expect(tensors(outcome("jacobian Z2 W2 --full"))["dZ2/dW2"]?.shape == [12, 15])
    #expect(tensors(outcome("jacobian L W1"))["dL/dW1"]?.shape == [2, 5])
    #expect(tensors(outcome("jacobian Z2 W2 [0, 1]"))["dZ2[0,1]/dW2"]?.shape == [5, 3])
    // Z2[0,1] by W2[1,1] is A1[0,1] = max(0, 1·(-0.2) + 2·0.4 - 0.1).
    let one = try #require(tensors(outcome("jacobian Z2 W2 [0, 1, 1, 1]"))["dZ2[0,1]/dW2[1,1]"]?.scalarValue)
    #expect(abs(one - 0.5) < 1e-15)
  }

  @Test func whatIsTooLargeNamesTheWayOut() {
    let net = "net 200 200:relu 50:softmax"
    #expect(
      diagnostic(
        outcome(net, "set X = randn(20, 200)", "set Y = softmax(randn(20, 50))", "jacobian Z1 W1 --full"))?
        .hint?.text().contains("[i, j]")
        == true)
    #expect(
      tensors(outcome(net, "set X = randn(20, 200)", "set Y = softmax(randn(20, 50))", "jacobian Z1 W1"))[
        "block"]?.shape == [20, 200])
    #expect(diagnostic(outcome("jacobian Z1 W2"))?.message == "Z1 does not depend on W2")
    #expect(diagnostic(outcome("jacobian Z2 W2 [9, 1]"))?.hint?.text().hasPrefix("[1, 1]") == true)
  }

  /// For every step of every model and every value that it reads: the formula with deltas, dual numbers column by
  /// column, and the backward rules row by row, which share nothing, agree.
  @Test func threeWaysAgree() throws {
    var (compared, withFormula) = (0, 0)
    for session in sessions() where session.isFused {
      let program = try session.readyProgram()
      let environment = SessionEnvironment(session)
      let named = Dictionary(
        program.forward.map { ($0.expression, $0.name) }, uniquingKeysWith: { first, _ in first })
      for equation in program.forward {
        for input in equation.expression.names where input != "m" {
          guard let A = environment.shape(of: equation.name), let B = environment.shape(of: input),
            A.count * B.count < 4000
          else { continue }
          let path = Jacobian.path(from: input, to: equation.name, program.forward)
          guard path.count == 1, let step = path.first else { continue }
          let columns = try Jacobian.byForwardMode(
            of: equation.name, by: input, equations: path, environment: environment)
          let rows = try Jacobian.byReverseMode(
            of: equation.name, by: input, equations: path, environment: environment)
          // A root has no slope at 0, and each way says so in its own way.
          guard columns.isFinite, rows.isFinite else { continue }
          compared += 1
          #expect(largestDifference(rows, columns) < 1e-10, "\(equation.text) by \(input)")
          guard
            let formula = try JacobianFormula(
              of: step, by: input, environment: environment,
              counting: program.counting, named: named),
            let value = try formula.value()
          else { continue }
          withFormula += 1
          #expect(
            largestDifference(value, columns) < 1e-10,
            "\(equation.text): \(formula.name) = \(IndexText().text(formula.formula))")
        }
      }
    }
    #expect(compared > 60)
    #expect(withFormula * 10 > compared * 8)
  }

  /// By hand: outside of what is read nothing changes, and a value that is read at other places says nothing there.
  @Test(
    arguments: [
      ("mse(N, D[1:])", "[1, 1]", "[1, 2, 4]", [0, 1, 3], [-1, -3]),
      ("sse(N, D[::-1])", "[1, 1, 1]", "[1, 2, 4]", [0, 2, 6], [-6, -2, 0]),
      ("sse(N, D[-2:0:-1])", "[1, 1]", "[1, 2, 4, 7]", [0, 2, 6, 0], [-6, -2]),
      ("sse(N, D[1::2])", "[1, 1]", "[1, 2, 4, 7]", [0, 2, 0, 12], [-2, -12]),
      ("sum((N - D[1:])**2 * N)", "[1, 1]", "[1, 2, 4]", [0, 2, 6], [-1, 3]),
      ("sum(N / D[1:])", "[1, 1]", "[0, 2, 4]", [0, -0.25, -0.0625], [0.5, 0.25]),
      (
        "sse(N, D[::2, 1:, -1])", "zeros(2, 2)", "reshape(arange(24), 4, 3, 2)",
        (0..<24).map { [3: 6, 5: 10, 15: 30, 17: 34][$0] ?? 0 }, [-6, -10, -30, -34]
      ),
    ] as [(String, String, String, [Double], [Double])])
  func slicesWithAnOffset(_ loss: String, _ N: String, _ D: String, _ byD: [Double], _ byN: [Double]) {
    let lines = ["model L = \(loss)", "param N = \(N)", "param D = \(D)"]
    #expect(tensors(outcome(lines + ["jacobian L D"]))["dL/dD"]?.elements == byD)
    #expect(tensors(outcome(lines + ["jacobian L N"]))["dL/dN"]?.elements == byN)
  }

  /// Through several steps too.
  @Test func rowsAndColumnsAgreeOverWholePaths() throws {
    var compared = 0
    for session in sessions() where session.isFused {
      let program = try session.readyProgram()
      let environment = SessionEnvironment(session)
      guard let last = program.forward.dropLast().last else { continue }
      for input in session.model.parameters + ["X"] {
        guard let A = environment.shape(of: last.name), let B = environment.shape(of: input),
          A.count * B.count < 3000
        else { continue }
        let path = Jacobian.path(from: input, to: last.name, program.forward)
        guard !path.isEmpty else { continue }
        let columns = try Jacobian.byForwardMode(
          of: last.name, by: input, equations: path, environment: environment)
        let rows = try Jacobian.byReverseMode(
          of: last.name, by: input, equations: path, environment: environment)
        guard columns.isFinite, rows.isFinite else { continue }
        compared += 1
        #expect(largestDifference(rows, columns) < 1e-10, "\(last.name) by \(input)")
      }
    }
    #expect(compared > 15)
  }

  private func largestDifference(_ a: Tensor, _ b: Tensor) -> Double {
    guard a.shape == b.shape else { return .infinity }
    return zip(a.elements, b.elements).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}
