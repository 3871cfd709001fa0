import Formulas
import LinearAlgebra
import NeuralNetworks

extension Session {
  /// Where an optimiser stands: at its beginning, unless it is the one that stepped last.
  package func state(of chosen: ChosenOptimizer) -> OptimizerState {
    optimizerState.flatMap { $0.chosen == chosen ? $0 : nil } ?? OptimizerState(chosen)
  }

  /// What the chosen optimiser remembers under a name: 0 at first. Nil where the name is none of its.
  package func memory(_ name: String) -> Tensor? {
    let chosen = settings.optimizer
    guard let parameter = model.parameters.first(where: { chosen.memoryNames(of: $0).contains(name) }),
      let shape = leaves[parameter]?.shape
    else { return nil }
    let value = state(of: chosen).memory[name]
    return value?.shape == shape ? value : Tensor(repeating: 0, shape: shape)
  }

  /// The parameter that has a value of this name in its next step, and the step's equations as far as that.
  package func nextUpdate(giving name: String) throws(Diagnostic) -> (
    parameter: String, equations: [Equation]
  )? {
    let chosen = settings.optimizer
    let step = state(of: chosen).steps + 1
    for parameter in model.parameters {
      let equations = try chosen.shown(for: parameter, step: step)
      if let last = equations.lastIndex(where: { $0.name == name }) {
        return (parameter, Array(equations[...last]))
      }
    }
    return nil
  }

  /// What an optimiser remembers of parameters that have another shape now: it would be remembered again when that shape is
  /// back, and is none of this network's.
  mutating func forgetUnfitMemory() {
    guard let state = optimizerState else { return }
    var owners: [String: String] = [:]
    for parameter in model.parameters {
      for name in state.chosen.memoryNames(of: parameter) { owners[name] = parameter }
    }
    let kept = state.memory.filter { name, value in
      owners[name].flatMap { leaves[$0]?.shape } == value.shape
    }
    if kept.count < state.memory.count { optimizerState?.memory = kept }
  }
}
