import Differentiation
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

/// What a loss compares that is one step with its activation: the shortcut (S − Y)/m needs targets whose classes sum to 1,
/// whether they are a name or a formula.
struct ComparedTarget: Sendable, Equatable {
  let formula: Expression
  /// Of the classes, counted from either end.
  let axis: Int

  /// Of the loss of a model, however it is typed, and of every other loss in its equations.
  static func all(in model: Model, _ roles: Roles) -> [ComparedTarget] {
    var result: [ComparedTarget] = []
    if let loss = roles.loss, loss.needsDistributions, let axis = roles.lossAxis {
      result.append(.init(formula: loss.target, axis: axis))
    }
    let definitions = Dictionary(
      model.equations.map { ($0.name, $0.expression) }, uniquingKeysWith: { _, last in last })
    for equation in model.equations {
      for (call, fusion) in Fusion.all(in: equation.expression, definitions: definitions)
      where fusion.loss.loss?.fusion?.needsDistributions == true && call != roles.loss?.term {
        result.append(.init(formula: fusion.targets, axis: fusion.options.axis ?? -1))
      }
    }
    return result
  }

  /// False too where it moves with a parameter: then it may be none at the next step.
  func isDistribution(in model: Model, _ leaves: [String: Tensor], m: Int?) -> Bool {
    var needed = Set(formula.names)
    for equation in model.equations.reversed() where needed.contains(equation.name) {
      needed.formUnion(equation.expression.names)
    }
    // What has no value yet is judged when it has one.
    guard model.leaves.allSatisfy({ !needed.contains($0) || leaves[$0] != nil }) else { return true }
    guard !model.parameters.contains(where: needed.contains) else { return false }
    var bindings = Bindings(leaves)
    if let m { bindings.values[.sampleCount] = Tensor(Double(m)) }
    do throws(Diagnostic) {
      for equation in model.equations where needed.contains(equation.name) {
        bindings.values[equation.name] = try Evaluator(bindings).value(of: equation.expression)
      }
      let Y = try Evaluator(bindings).value(of: formula)
      guard let axis = Y.shape.axis(axis) else { return true }
      return Y.sum(axis: axis).elements.allSatisfy { abs($0 - 1) < 1e-9 }
    } catch {
      // Shapes that do not meet are said where the pass is made ready.
      return true
    }
  }
}
