import Formulas
import LinearAlgebra
import Operations

/// A pass that is run step after step: what names mean in it, with the values that are there so far.
package final class RunningPass: Environment {
  package let format: NumberFormat
  /// Values of the steps that are done, in the program's order. Whoever gives them keeps none: what is held twice is copied
  /// by the next step, and that of a deep network by each.
  package var trace: [Tensor] = []

  private let program: Program
  private let model: Model
  private let leaves: [String: Tensor]
  private let own: [String: Tensor]
  private let rest: (_ trace: [Tensor]) -> any Environment

  /// - Parameters:
  ///   - own: values of names that are none of the program's.
  ///   - rest: what knows every other name, and whatever is to be said of one, when these steps are done.
  package init(
    _ program: Program, _ model: Model, leaves: [String: Tensor], own: [String: Tensor], format: NumberFormat,
    rest: @escaping (_ trace: [Tensor]) -> any Environment
  ) {
    (self.program, self.model, self.leaves, self.own) = (program, model, leaves, own)
    (self.format, self.rest) = (format, rest)
  }

  /// Until so many steps are done, or all.
  package func run(to position: Int) throws(Diagnostic) {
    while trace.count < min(position, program.steps.count) {
      trace.append(try Evaluator(self).value(of: program.steps[trace.count].evaluated))
    }
  }

  package func value(of name: String) -> Tensor? {
    let resolved = model.resolve(name)
    if let value = own[resolved] ?? leaves[resolved] { return value }
    if let position = program.position(of: resolved), position < trace.count { return trace[position] }
    return rest(trace).value(of: name)
  }

  package func shape(of name: String) -> Shape? { value(of: name)?.shape ?? rest(trace).shape(of: name) }
  package func missing(_ name: String) -> Diagnostic { rest(trace).missing(name) }
  package func example(ofShape shape: Shape) -> String? { rest(trace).example(ofShape: shape) }
}
