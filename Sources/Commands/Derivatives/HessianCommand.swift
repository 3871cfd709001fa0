import Differentiation
import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum HessianCommand: Command {
  package static let name = "hessian"
  package static let shortForms: [String] = []
  package static let usage = "hessian [NAME] [NAME]"
  package static let summary = "the second derivatives of the loss by one value, or by two"
  package static let help = [
    "hessian b1 is ∂²L/∂b1²: a row and a column for every entry of b1, in their order. hessian W2 b2 has a row for every entry of W2 and a column for every entry of b2. No name is needed where one value alone is trained. The backward equations are differentiated by the same rules as the forward ones; dual numbers and differences of gradients check the result."
  ]
  package static let group = CommandGroup.differentiate
  package static let examples = ["hessian b2", "hessian W2 b2"]
  package static let related = ["hvp", "jacobian", "gradcheck"]
  package static let access = CommandAccess.wholePass
  package static let completes = CompletionKind.parameters

  /// More rows or columns than this are no matrix to look at.
  private static let most = 400

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let words = line.words
    guard words.count <= 2 else { throw line.usageError("two names at most", usage, at: words[2].range) }
    let session = workspace.session
    let a: String
    if let first = words.first {
      a = try SecondOrder.name(first, line, session)
    } else {
      a = try SecondOrder.onlyName(line, usage, session)
    }
    let b = words.count > 1 ? try SecondOrder.name(words[1], line, session) : a
    let second = try SecondOrder([a, b], session)
    let environment = SessionEnvironment(second.session)
    for (name, word) in [(a, words.first), (b, words.last)] {
      guard let count = environment.shape(of: name)?.count, count <= most else {
        throw Diagnostic(
          "\(name: name) has more than \(most) entries", at: word.map { [$0.range] } ?? [],
          hint: "'hvp \(name: name) v' multiplies its Hessian by a vector without writing it down")
      }
    }
    let dual = try second.derivatives.hessianByForwardMode(a, b)
    // A step without a rule of its own (entries put in their places) has dual numbers all the same.
    let reverse = try? second.derivatives.hessian(a, b)
    try Interruption.check()
    let H = reverse ?? dual
    var report = Report()
    let loss = session.model.lossName
    let title: Prose =
      a == b ? "∂²\(name: loss)/∂\(name: a)²" : "∂²\(name: loss)/∂\(name: a)∂\(name: b)"
    var block = Report.TensorBlock(title, H)
    block.asked = "H"
    report.add(.tensor(block))
    if let shape = environment.shape(of: a), shape.rank > 1 || a != b {
      report.note(
        a == b
          ? "a row and a column for every entry of \(name: a), in their order"
          : "a row for every entry of \(name: a), a column for every entry of \(name: b), in their order")
    }
    let forward = SecondOrder.distance(H, dual)
    let numeric = try differences(second, a, b, environment, H)
    report.scalar("forward_mode_difference", forward)
    report.scalar("max_relative_error", numeric)
    var text: Prose =
      reverse == nil
      ? "in dual numbers through the backward pass"
      : "by the backward rules, applied to the backward pass; dual numbers differ by \(Figures.short(forward, digits: 2))"
    text +=
      "; central differences of \(name: a.gradientName) differ by \(Figures.short(numeric, digits: 2)) of the largest entry"
    if a == b {
      let asymmetry = SecondOrder.distance(H, H.transposed())
      report.scalar("asymmetry", asymmetry)
      text += ", and it is symmetric to \(Figures.short(asymmetry, digits: 2))"
    }
    report.say(text, forward < 1e-9 && numeric < 1e-4 ? .success : .failure)
    return report
  }

  /// The largest difference to finite differences of gradients, column by column.
  private static func differences(
    _ second: SecondOrder, _ a: String, _ b: String, _ environment: SessionEnvironment, _ H: Tensor
  ) throws(Diagnostic) -> Double {
    guard let base = environment.value(of: b) else { return 0 }
    var columns: [[Double]] = []
    for position in 0..<base.count {
      var unit = base.map { _ in 0 }
      unit.replaceElement(at: position, with: 1)
      let h = 6e-6 * max(1, abs(base.elements[position]))
      columns.append(try second.derivatives.difference(a, by: b, along: unit, step: h).elements)
    }
    let rows = H.shape.rows
    let elements = (0..<rows).flatMap { i in columns.map { $0.indices.contains(i) ? $0[i] : 0 } }
    return SecondOrder.distance(H, Tensor(unchecked: H.shape, elements))
  }
}
