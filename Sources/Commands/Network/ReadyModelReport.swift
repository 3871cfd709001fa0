import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Reports
import Sessions

/// `model NAME`: the equations and values of a ready model, in place of what was there.
enum ReadyModelReport {
  static func take(_ ready: ReadyModel, _ workspace: inout Workspace) throws(Diagnostic) -> Report {
    let text = try ModelText(
      ready.equations, at: 0, in: ready.equations, naming: .standard, environment: Bindings([:]))
    var model = Model(equations: text.equations, parameters: [])
    (model.repetitions, model.headings) = (text.repetitions, text.headings)
    var values: [String: Tensor] = [:]
    for (name, formula) in ready.parameters + ready.given {
      values[name] = try Evaluator(Bindings([:])).checkedValue(of: Parser.parse(formula))
    }
    model.parameters = model.leaves.filter { name in ready.parameters.contains { $0.key == name } }
    workspace.session.data = nil
    workspace.session.toyBatch = [:]
    workspace.session.replaceModel(model, leaves: values)
    workspace.session.forgetLosses()
    for name in model.leaves + model.equations.map(\.name) { workspace.session.forget(name) }
    var report = Report()
    report.say("\(ready.summary)", .heading)
    EquationList.add(model, to: &report)
    func shapes(_ names: [String]) -> Prose {
      names.compactMap { name in
        values[name].map { $0.rank == 0 ? "\(name: name)" : "\(name: name) \($0.shape)" as Prose }
      }.joined(separator: ", ")
    }
    report.explain("trained: \(shapes(model.parameters))")
    let others = model.leaves.filter { !model.parameters.contains($0) }
    if !others.isEmpty { report.explain("given: \(shapes(others))") }
    report.explain("source: \(ready.source)")
    for convention in ready.conventions { report.explain("- \(convention)", indent: 2) }
    return report
  }
}
