import Commands
import Lessons
import LinearAlgebra
import Rendering
import Reports
import Sessions

/// A session in which commands are run, for its reports.
struct Conversation {
  var workspace = Workspace(commands: .withLessons)

  init(_ commands: String...) { for command in commands { _ = run(command) } }

  @discardableResult
  mutating func run(_ line: String) -> Report? {
    guard let outcome = Interpreter.run(line, in: &workspace).last, case .success(let report) = outcome.result
    else { return nil }
    return report
  }

  mutating func failure(_ line: String) -> String? {
    guard let outcome = Interpreter.run(line, in: &workspace).last, case .failure(let error) = outcome.result
    else { return nil }
    return error.message.text()
  }

  mutating func text(_ line: String) -> String {
    run(line).map { TextRenderer(width: 80).render($0) } ?? "failed"
  }

  mutating func diagnosis(_ line: String) -> [String]? { run(line)?.diagnosis }

  /// The network of the session as the oracle takes it.
  func plain(_ activations: [String], isSoftmax: Bool, isColumns: Bool) -> PlainNetwork {
    func rows(_ name: String) -> PlainNetwork.Matrix {
      let matrix = workspace.session.leaves[name]?.rows ?? []
      return isColumns ? PlainNetwork.transpose(matrix) : matrix
    }
    let count = activations.count + 1
    return PlainNetwork(
      X: rows("X"), Y: rows("Y"), W: (1...count).map { rows("W\($0)") },
      b: (1...count).map { rows("b\($0)") },
      activations: activations, isSoftmax: isSoftmax)
  }
}

func typed(_ matrix: PlainNetwork.Matrix) -> String {
  "[" + matrix.map { "[" + $0.map { "\($0)" }.joined(separator: ", ") + "]" }.joined(separator: ", ") + "]"
}

func scalar(_ name: String, _ report: Report?) -> Double? { report?.scalars.last { $0.name == name }?.value }
