import Commands
import Formulas
import LinearAlgebra
import Rendering
import Reports
import Sessions

/// Text of everything that a line prints.
func output(_ command: String, _ workspace: inout Workspace) -> String {
  Interpreter.run(command, in: &workspace).map { outcome in
    switch outcome.result {
    case .success(let report): TextRenderer(width: 80).render(report)
    case .failure(let diagnostic): "error: \(diagnostic.message)\n"
    }
  }.joined()
}

/// The report of a command that must succeed, else nil.
func report(_ command: String, _ workspace: inout Workspace) -> Report? {
  guard case .success(let report)? = Interpreter.run(command, in: &workspace).last?.result else { return nil }
  return report
}

extension Report {
  func figure(_ name: String) -> Double? {
    let found = scalars.filter { $0.name == name }
    return found.count == 1 ? found[0].value : nil
  }
}

/// A session in which the one training set is X = [[1, 2], [3, 4]], Y the identity, W zero but for its first entry, so
/// that the figures can be worked out on paper.
func paperWorkspace() -> Workspace {
  var w = Workspace(commands: .withLessons)
  for command in [
    "model Z = X @ W; L = 0.5 * sum((Z - Y)**2) / m", "param W = [[1, 0], [0, 0]]",
    "set X = [[1, 2], [3, 4]]",
    "set Y = eye(2)",
  ] {
    _ = Interpreter.run(command, in: &w)
  }
  return w
}
