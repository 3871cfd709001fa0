import Explanations
import Formulas
import NeuralNetworks
import Operations
import Reports
import Sessions

package enum CostCommand: Command {
  package static let name = "cost"
  package static let shortForms: [String] = []
  package static let usage = "cost"
  package static let summary = "multiplications and additions of every step, and the memory"
  package static let help = [
    "Counted from the equations and their shapes: a product m×n @ n×k takes m·n·k multiplications and as many additions, 2mnk in all. Divisions count as multiplications, differences as additions. Nothing is timed: 'bench' does that.",
    "Steps run one after another, so their costs add. They would multiply only if a step ran anew for every operation of another.",
  ]
  package static let group = CommandGroup.look
  package static let examples = ["cost", "net 64 32:relu 10:softmax; cost"]
  package static let related = ["bench", "shapes"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    let session = workspace.session
    let program = try session.readyProgram()
    let shapes = program.shapeEnvironment
    var report = Report()
    var rows: [[Prose]] = []
    func row(_ name: Prose, _ shape: Prose, _ count: OperationCount, _ equation: Prose) -> [Prose] {
      [
        name, shape, "\(grouped(count.multiplications))", "\(grouped(count.additions))",
        "\(grouped(count.comparisons))", "\(grouped(count.functions))", equation,
      ]
    }
    func total(_ equations: [Equation]) throws(Diagnostic) -> OperationCount {
      var total = OperationCount()
      for equation in equations {
        let count = try OperationCount.of(equation.evaluated, in: shapes)
        rows.append(
          row(
            "\(name: equation.name)", program.shapes[equation.name].map { "\($0)" } ?? "", count,
            "\(equation.evaluated)"))
        total += count
      }
      return total
    }
    let forward = try total(program.forward)
    rows.append(row("forward", "", forward, ""))
    let backward = try total(program.backward)
    rows.append(row("backward", "", backward, ""))
    let weights = session.model.parameters.reduce(0) { $0 + (program.shapes[$1]?.count ?? 0) }
    // W - lr * dW: a product and a difference for every weight.
    let update = OperationCount(multiplications: weights, additions: weights)
    rows.append(row("update", "", update, "W - lr * dW for every parameter"))
    let all = forward + backward + update
    rows.append(row("all", "", all, ""))
    report.add(
      .table(
        .init(
          header: ["step", "shape", "× ÷", "+ −", "compare", "exp, log", "formula"], rows: rows,
          rightAligned: [2, 3, 4, 5])))
    report.explain(
      "One step of gradient descent takes \(grouped(forward.total)) + \(grouped(backward.total)) + \(grouped(update.total)) = \(grouped(all.total)) operations: the steps run one after another, so their costs add. Two products of n×n matrices are n³ + n³ = 2n³ multiplications, that is O(n³), not O(n⁶): costs multiply only when one thing is done anew for every operation of another."
    )
    if forward.total > 0, backward.total > 0 {
      report.explain(
        "The backward pass takes \(Figures.short(Double(backward.total) / Double(forward.total), digits: 3)) times the forward pass: every product Z = A @ W of the one gives two of the other, dA = dZ @ W.T and dW = A.T @ dZ."
      )
    }
    memory(session, program, weights, &report)
    for (name, count) in [("forward", forward), ("backward", backward), ("update", update), ("total", all)] {
      report.scalar("\(name)_multiplications", Double(count.multiplications))
      report.scalar("\(name)_additions", Double(count.additions))
      report.scalar("\(name)_comparisons", Double(count.comparisons))
      report.scalar("\(name)_functions", Double(count.functions))
      report.scalar("\(name)_operations", Double(count.total))
    }
    return report
  }

  private static func memory(_ session: Session, _ program: Program, _ weights: Int, _ report: inout Report) {
    func numbers(_ equations: [Equation]) -> Int {
      equations.reduce(0) { $0 + (program.shapes[$1.name]?.count ?? 0) }
    }
    let leaves = session.model.leaves.reduce(0) { $0 + (program.shapes[$1]?.count ?? 0) }
    let (forward, backward) = (numbers(program.forward), numbers(program.backward))
    let total = leaves + forward + backward
    report.explain(
      "Memory, 8 bytes a number: \(grouped(leaves)) for inputs, targets and parameters (\(grouped(weights)) of them trained), \(grouped(forward)) for the steps of the forward pass, kept because the backward pass reads them, \(grouped(backward)) for gradients: \(grouped(total)) numbers, \(bytes(total * 8))."
    )
    report.scalar("numbers", Double(total))
    report.scalar("bytes", Double(total * 8))
  }

  static func grouped(_ n: Int) -> String {
    let digits = Array(String(n.magnitude))
    var result = n < 0 ? "-" : ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return result
  }

  static func bytes(_ n: Int) -> String {
    if n < 1 << 10 { return "\(n) bytes" }
    if n < 1 << 20 { return "\(Figures.short(Double(n) / 1024, digits: 3)) KiB" }
    return "\(Figures.short(Double(n) / 1_048_576, digits: 3)) MiB"
  }
}
