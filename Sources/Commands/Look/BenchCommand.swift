import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Platform
import Reports
import Sessions

package enum BenchCommand: Command {
  package static let name = "bench"
  package static let shortForms: [String] = []
  package static let usage = "bench [jacobian | pass | product]"
  package static let summary = "small timings, measured here and now"
  package static let help = [
    "bench jacobian: the softmax gradient through the full Jacobian against the shortcut (S - Y)/m, for 64 samples and 3, 10 and 100 classes. bench pass: one forward and backward pass of this session, step by step. bench product: matrix products of growing size.",
    "Each figure is the median of several runs on this machine as it is now; other programs that run slow it down. 'cost' counts operations instead.",
  ]
  package static let group = CommandGroup.look
  package static let examples = ["bench jacobian", "bench pass"]
  package static let related = ["cost", "blas"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(["jacobian", "pass", "product"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let parts = ["jacobian", "pass", "product"]
    let words = line.words
    guard words.count <= 1, words.first.map({ parts.contains($0.text) }) ?? true else {
      let word = words.first { !parts.contains($0.text) } ?? words[words.count - 1]
      throw line.usageError("bench measures jacobian, pass or product", usage, at: word.range)
    }
    var report = Report()
    let chosen = words.first.map { [$0.text] } ?? parts
    for part in chosen {
      switch part {
      case "jacobian": try jacobian(&report)
      case "pass": try pass(workspace.session, isOptional: words.isEmpty, &report)
      default: try product(&report)
      }
    }
    report.note("medians, measured here and now")
    return report
  }

  private static func jacobian(_ report: inout Report) throws(Diagnostic) {
    let m = 64
    guard let loss = Operation.losses.first(where: { $0.loss?.fusion?.needsDistributions == true }),
      let fusion = loss.loss?.fusion, let activation = Operation.of(fusion.activation)
    else { return }
    let (logits, output, target) = (activation.argumentName, activation.resultName, loss.argumentName)
    let model = Model(
      equations: [
        Equation(output, .call(fusion.activation, .name(logits))),
        Equation(loss.resultName, .call(Function(loss.name), .name(target), .name(output))),
      ], parameters: [logits])
    var rows: [[Prose]] = []
    for K in [3, 10, 100] {
      var generator = RandomGenerator(seed: UInt64(K))
      let Z = generator.normal(shape: [m, K])
      var Y = Tensor(repeating: 0, shape: [m, K])
      for i in 0..<m { Y.replaceElement(at: i * K + i % K, with: 1) }
      var session = Session(model: model, leaves: [logits: Z, target: Y])
      func time(isFused: Bool) throws(Diagnostic) -> Double {
        session.setFused(isFused)
        let ready = try session.completed(forward: true)
        let end = try session.readyProgram().steps.count
        return try Timing.median { () throws(Diagnostic) in
          var copy = ready
          try copy.run(to: end)
        }
      }
      let (full, fused) = (try time(isFused: false), try time(isFused: true))
      rows.append([
        "\(K)", "\(Timing.text(full))", "\(Timing.text(fused))", "\(Figures.short(full / fused, digits: 3))×",
      ])
      report.scalar("jacobian_full_seconds_\(K)", full)
      report.scalar("jacobian_fused_seconds_\(K)", fused)
      report.scalar("jacobian_ratio_\(K)", full / fused)
    }
    report.say("dL/dZ of \(fusion.title), \(m) samples", .heading)
    report.add(
      .table(
        .init(
          header: ["classes", "full Jacobian", "(S - Y)/m", "ratio"], rows: rows, rightAligned: [0, 1, 2, 3]))
    )
  }

  private static func pass(_ session: Session, isOptional: Bool, _ report: inout Report) throws(Diagnostic) {
    if isOptional, case .failure = session.program { return }
    let program = try session.readyProgram()
    var start = session
    start.rewind(to: 0)
    let end = program.forward.count
    let forward = try Timing.median { () throws(Diagnostic) in
      var copy = start
      try copy.run(to: end)
    }
    var ready = start
    try ready.run(to: end)
    let backward = try Timing.median { () throws(Diagnostic) in
      var copy = ready
      try copy.run(to: program.steps.count)
    }
    report.say("one pass of this session, as the stepper computes it", .heading)
    report.add(
      .table(
        .init(
          header: ["pass", "steps", "time"],
          rows: [
            ["forward", "\(end)", "\(Timing.text(forward))"],
            ["backward", "\(program.backward.count)", "\(Timing.text(backward))"],
          ], rightAligned: [1, 2])))
    report.scalar("forward_seconds", forward)
    report.scalar("backward_seconds", backward)
  }

  private static func product(_ report: inout Report) throws(Diagnostic) {
    var rows: [[Prose]] = []
    for n in [16, 64, 256, 512] {
      var generator = RandomGenerator(seed: 1)
      let known = Bindings([
        "A": generator.normal(shape: [n, n]), "B": generator.normal(shape: [n, n]),
      ])
      let product = Expression.name("A").times("B")
      let seconds = try Timing.median { () throws(Diagnostic) in _ = try Evaluator(known).value(of: product) }
      let speed = 2 * Double(n * n * n) / max(seconds, 1e-12) / 1e9
      rows.append(["\(n)×\(n)", "\(Timing.text(seconds))", "\(Figures.short(speed, digits: 3))"])
      report.scalar("product_seconds_\(n)", seconds)
      report.scalar("product_gflops_\(n)", speed)
    }
    report.say("A @ B of square matrices", .heading)
    report.add(
      .table(.init(header: ["size", "time", "10⁹ operations/s"], rows: rows, rightAligned: [1, 2])))
    report.note(
      "own kernel: \(BLAS.embeddedInstructions), \(BLAS.threadCount) threads; installed BLAS: \(BLAS.state)")
  }
}
