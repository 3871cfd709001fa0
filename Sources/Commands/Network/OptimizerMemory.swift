import Formulas
import LinearAlgebra
import NeuralNetworks
import Reports
import Sessions

/// `set v_W1 = …`: what the chosen optimizer remembers, given before it steps.
enum OptimizerMemory {
  /// Nil where the name is none of its.
  static func report(
    _ name: String, _ assignment: Assignment, _ line: CommandLine, _ workspace: inout Workspace
  ) throws(Diagnostic) -> Report? {
    let session = workspace.session
    let chosen = session.settings.optimizer
    let state =
      session.optimizerState.flatMap { $0.memory[name] != nil || $0.chosen == chosen ? $0 : nil }
      ?? OptimizerState(chosen)
    let parameter = session.model.parameters.first { state.chosen.memoryNames(of: $0).contains(name) }
    guard !session.isKnown(name), let shape = parameter.flatMap({ session.leaves[$0]?.shape }) else {
      return nil
    }
    let value = try assignment.value(in: session, source: line.text)
    guard assignment.target.target.isEmpty, let whole = value.broadcast(to: shape) else {
      throw Diagnostic(
        "\(name: name) has the shape of its parameter, \(shape), and this is \(value.shape)",
        at: [assignment.nameRange])
    }
    workspace.session.optimizerState = state
    workspace.session.optimizerState?.memory[name] = whole
    var report = Report()
    report.show("\(name: name)", whole)
    return report
  }
}
