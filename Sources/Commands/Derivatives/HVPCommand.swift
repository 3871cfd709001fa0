import Differentiation
import Formulas
import LinearAlgebra
import Operations
import Reports
import Sessions

package enum HVPCommand: Command {
  package static let name = "hvp"
  package static let shortForms: [String] = []
  package static let usage = "hvp NAME FORMULA"
  package static let summary = "the Hessian by a value times a vector, without writing the Hessian down"
  package static let help = [
    "hvp W1 dW1 is how fast the gradient of W1 changes when W1 moves along dW1: one pass in dual numbers through the forward and the backward equations, checked by the difference of two gradients. The vector has a number for every entry of the value."
  ]
  package static let group = CommandGroup.differentiate
  package static let examples = ["hvp W2 dW2", "hvp b2 [1, 0, 0]"]
  package static let related = ["hessian", "jacobian", "gradcheck"]
  package static let access = CommandAccess.wholePass
  package static let completes = CompletionKind.parameters

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let words = line.words
    guard let first = words.first else { throw line.usageError("the Hessian by what, times what?", usage) }
    guard words.count > 1, let last = words.last else {
      throw line.usageError("times which vector?", usage, at: first.range)
    }
    let a = try SecondOrder.name(first, line, workspace.session)
    let second = try SecondOrder([a], workspace.session)
    let environment = SessionEnvironment(second.session)
    guard let base = environment.value(of: a) else { throw environment.missing(a) }
    let range = words[1].range.lowerBound..<last.range.upperBound
    let parsed = try CommandLine.formula(
      String(Array(line.text)[range]), at: range.lowerBound, in: line.text, naming: line.naming
    ).seeded(from: &workspace.session.nextSeed)
    let given = try Evaluator(environment).checkedValue(of: parsed)
    // One number for all entries would be another direction than the one that was meant.
    guard given.count == base.count, let v = given.reshaped(base.shape) else {
      throw Diagnostic(
        "the vector has the shape of \(name: a), \(base.shape), and this is \(given.shape.isScalar ? "one number" : "\(given.shape)")",
        at: [range])
    }
    let product = try second.derivatives.product(a, v)
    let size = v.largestMagnitude
    let h = size > 0 ? 6e-6 / size * max(1, base.largestMagnitude) : 1
    let difference = SecondOrder.distance(
      product, try second.derivatives.difference(a, by: a, along: v, step: h))
    var report = Report()
    let loss = workspace.session.model.lossName
    var block = Report.TensorBlock("∂²\(name: loss)/∂\(name: a)² · (\(parsed.expression))", product)
    block.asked = "Hv"
    report.add(.tensor(block))
    report.scalar("max_relative_error", difference)
    report.say(
      "the tangent of \(name: a.gradientName) along \(parsed.expression), in dual numbers; the difference of \(name: a.gradientName) at \(name: a) ± h·v is \(Figures.short(difference, digits: 2)) of the largest entry away",
      difference < 1e-4 ? .success : .failure)
    return report
  }
}
