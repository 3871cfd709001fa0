import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Sessions

/// A pass that has run to its end, with every value: what is exported.
package struct FinishedPass: Sendable {
  package struct Step: Sendable {
    package let equation: Equation
    package let value: Tensor
  }

  package let model: Model
  package let program: Program
  /// What the equations read and do not define, in the order in which they read it.
  package let leaves: [(name: String, value: Tensor)]
  package let forward: [Step]
  package let backward: [Step]
  /// How many steps were done where the export was asked for.
  package let cursor: Int
  package let naming: Naming
  /// What every text says of it where the session computes in another format: its values are those of float64.
  package let formatRemark: String?

  /// - Throws: where the pass cannot be run.
  package init(_ session: Session) throws(Diagnostic) {
    let whole = try session.recomputed(in: .float64).completed(forward: false)
    program = try whole.readyProgram()
    model = whole.model
    cursor = session.cursor
    naming = session.naming
    let format = session.settings.format
    formatRemark =
      format == .float64
      ? nil
      : "Computed in float64: the session's own pass is in \(format.rawValue), and differs from this one by its rounding."
    let steps = zip(program.steps, whole.trace).map { Step(equation: $0, value: $1) }
    forward = Array(steps.prefix(program.forward.count))
    backward = Array(steps.dropFirst(program.forward.count))
    let environment = SessionEnvironment(whole)
    var leaves: [(name: String, value: Tensor)] = []
    for name in model.leaves {
      guard let value = environment.value(of: name) else { throw environment.missing(name) }
      leaves.append((name, value))
    }
    self.leaves = leaves
  }

  package var steps: [Step] { forward + backward }

  /// What names mean: leaves, steps and the number of samples.
  package var bindings: Bindings {
    var result = Bindings([:])
    for (name, value) in leaves { result.values[name] = value }
    for step in steps { result.values[step.equation.name] = step.value }
    if let m = program.sampleCount, result.values[.sampleCount] == nil {
      result.values[.sampleCount] = Tensor(Double(m))
    }
    return result
  }

  /// The number of samples, where an equation counts them.
  package var countedSamples: Int? {
    guard let m = program.sampleCount, !leaves.contains(where: { $0.name == .sampleCount }) else {
      return nil
    }
    return steps.contains { $0.equation.evaluated.contains(name: .sampleCount) } ? m : nil
  }

  /// Every leaf, step and gradient by name.
  package var tensors: [(name: String, tensor: Tensor)] {
    leaves.map { ($0.name, $0.value) } + steps.map { ($0.equation.name, $0.value) }
  }

  /// Numbers in it, of all values together.
  package var entryCount: Int { tensors.reduce(0) { $0 + $1.tensor.count } }
}
