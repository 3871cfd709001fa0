import Commands
import Formulas
import LinearAlgebra
import NeuralNetworks
import Plans
import Platform
import Reports
import Sessions
import TestSupport
import Testing

/// The plan against the stepper, on every kind of model.
@Suite struct TrainingPlanTests {
  /// C = A * B with A = 2, B = 3 and lr = 0.1: dA = B = 3 and dB = A = 2 at the old values, so A = 1.7 and B = 2.8.
  @Test func everyUpdateReadsTheValuesBeforeIt() throws {
    let equations = [Equation("C", "A" * "B"), Equation("L", .call("sum", "C"))]
    let model = Model(equations: equations, parameters: ["A", "B"])
    for shape in [Shape.scalar, [2, 3]] {
      var settings = Trainer.Settings()
      settings.rate = 0.1
      let leaves = ["A": Tensor(repeating: 2, shape: shape), "B": Tensor(repeating: 3, shape: shape)]
      let trainer = Trainer(
        model, leaves: leaves, roles: Roles(model, shapes: leaves.mapValues(\.shape)), settings: settings)
      _ = try trainer.step(samples: 1) { _, _ in }
      #expect(trainer.parameters["A"]?.elements.allSatisfy { abs($0 - 1.7) < 1e-15 } == true)
      #expect(trainer.parameters["B"]?.elements.allSatisfy { abs($0 - 2.8) < 1e-15 } == true)
    }
  }

  private func compare(_ model: Model, _ leaves: [String: Tensor], isFused: Bool, _ text: String) throws {
    let program = try Program(model, leaves: leaves.mapValues(\.shape), isFused: isFused) {
      Diagnostic("there is no \($0)")
    }
    let values = try run(program, leaves)
    try compare(Double.self, program, leaves, values.values, tolerance: 1e-12, text)
  }

  private func compare<Number: KernelNumber>(
    _: Number.Type, _ program: Program, _ leaves: [String: Tensor], _ values: [String: Tensor],
    tolerance: Double, _ text: String
  ) throws {
    let names = program.steps.map(\.name)
    let plan = try TrainingPlan<Number>(
      program.steps, leaves: leaves.mapValues(\.shape), sampleCount: program.sampleCount, outputs: names)
    for (name, value) in leaves { plan.input(name)?.load(value) }
    // Twice: buffers are used again, and nothing may be left over from the first run.
    for _ in 0..<2 { try plan.run() }
    for name in names {
      let expected = try #require(values[name])
      let (pointer, shape) = try #require(plan.output(name), "\(name) in \(text)")
      #expect(shape.count == expected.count)
      let scale = expected.elements.reduce(1e-300) { max($0, abs($1)) }
      for i in 0..<expected.count
      where abs(Double(pointer[i]) - expected.elements[i]) > tolerance * max(1, scale) {
        Issue.record("\(name)[\(i)] is \(pointer[i]) and \(expected.elements[i]) by steps, in \(text)")
        return
      }
    }
  }

  @Test(arguments: 0..<150) func randomModels(_ seed: Int) throws {
    let random = RandomModel(seed: UInt64(seed))
    try compare(random.model, random.leaves, isFused: seed % 2 == 0, random.text)
  }

  @Test(
    arguments: [
      "2 4:relu 3:softmax", "5 7:tanh 4:sigmoid 3:softmax layout=columns", "3 2:leaky_relu 1:sigmoid",
      "2 3:softplus 2 loss=half_mse bias=off", "4 6:relu 3:softmax reduction=sum", "64 32:relu 10:softmax",
      "1x6x6 conv(3,3x3,pad=1):relu maxpool(2) flatten 4:softmax",
      "2x5x5 conv(2,2x3,stride=2):tanh flatten 2:sigmoid",
      "1x8x8 conv(2,3x3):sigmoid avgpool(2) conv(3,2x2):relu flatten 3:softmax",
    ], [true, false]) func networks(_ words: String, _ isFused: Bool) throws
  {
    var workspace = Workspace()
    for outcome in Interpreter.run("net \(words) seed=5", in: &workspace) { _ = try outcome.result.get() }
    try compare(workspace.session.model, workspace.session.leaves, isFused: isFused, words)
    // The stepper adds up from left to right and rounds every term, the plan's kernels fuse: both are off by some
    // roundings of 2^-24 in sums of at most 64 terms.
    for command in ["fused \(isFused ? "on" : "off")", "dtype float32", "backward"] {
      for outcome in Interpreter.run(command, in: &workspace) { _ = try outcome.result.get() }
    }
    let session = workspace.session
    let program = try session.program.get()
    var values: [String: Tensor] = [:]
    for (step, value) in zip(program.steps, session.trace) { values[step.name] = value }
    try compare(Float.self, program, session.leaves, values, tolerance: 16 * 0x1p-24, words)
  }
}

@Suite struct TrainTests {
  @discardableResult private func run(_ commands: [String], _ workspace: inout Workspace) throws -> Report {
    var last = Report()
    for command in commands {
      for outcome in Interpreter.run(command, in: &workspace) { last = try outcome.result.get() }
    }
    return last
  }

  @Test func oneEpochOfOneBatchIsOneUpdate() throws {
    var trained = Workspace()
    var updated = Workspace()
    try run(["train epochs=3 lr=0.2"], &trained)
    try run(["update lr=0.2", "update", "update"], &updated)
    for name in ["W1", "b1", "W2", "b2"] {
      let a = try #require(trained.session.leaves[name])
      let b = try #require(updated.session.leaves[name])
      #expect(zip(a.elements, b.elements).allSatisfy { abs($0 - $1) < 1e-14 })
    }
  }

  /// Single precision is trained in single precision: every weight is a float, and within its last bits of the stepper's.
  @Test func floatsAreTrainedAsTheyAreStepped() throws {
    var trained = Workspace()
    var updated = Workspace()
    try run(["dtype float32", "train epochs=3 lr=0.2"], &trained)
    try run(["dtype float32", "update lr=0.2", "update", "update"], &updated)
    for name in ["W1", "b1", "W2", "b2"] {
      let a = try #require(trained.session.leaves[name])
      let b = try #require(updated.session.leaves[name])
      #expect(a.elements.allSatisfy { Double(Float($0)) == $0 })
      #expect(zip(a.elements, b.elements).allSatisfy { abs($0 - $1) < 4 * 0x1p-24 })
    }
  }

  @Test func theSameSeedGivesTheSameBits() throws {
    let commands = [
      "data digits", "net 64 16:relu 10:softmax", "train epochs=2 batch=32 seed=4 optimizer=adam",
    ]
    var first = Workspace()
    var second = Workspace()
    try run(commands, &first)
    try run(commands, &second)
    #expect(first.session.leaves == second.session.leaves)
  }

  @Test func digitsAreReadAboveNinetyFivePercent() throws {
    var w = Workspace()
    let report = try run(["data digits", "net 64 32:relu 10:softmax", "train epochs=30"], &w)
    #expect(try #require(report.scalars.first { $0.name == "test_accuracy" }).value > 0.95)
    // The whole session works on, on whatever batch is there.
    try run(["backward", "why dW2[0,0]", "undo"], &w)
  }

  @Test func undoBringsTheWeightsBack() throws {
    var w = Workspace()
    let before = w.session.leaves
    try run(["train epochs=5 lr=0.5", "undo"], &w)
    #expect(w.session.leaves == before)
  }

  @Test func divergenceIsNoticedAndSaidInTime() throws {
    var w = Workspace()
    let report = try run(["net 2 4:relu 1", "set X = 100 * X", "train epochs=200 lr=10"], &w)
    #expect(report.texts.contains { $0.contains("training diverged") })
    try run(["undo"], &w)
  }

  @Test func ctrlCStopsAfterABatchAndLeavesAWholeSession() throws {
    var w = Workspace()
    let asked = Counter()
    w.outside.isInterrupted = { asked.next() == 7 }
    let report = try run(["data digits", "net 64 8:relu 10:softmax", "train epochs=50 batch=32"], &w)
    #expect(report.texts.contains { $0.contains("stopped in epoch 1 after batch 7") })
    try run(["backward", "gradcheck b2"], &w)
  }

  @Test(arguments: ["sgd", "momentum", "adam"]) func everyOptimizerLowersTheLoss(_ name: String) throws {
    var w = Workspace()
    let before = try #require(try run(["loss"], &w).scalars.first { $0.name == "loss" })
    try run(["train epochs=400 optimizer=\(name)"], &w)
    let after = try #require(try run(["loss"], &w).scalars.first { $0.name == "loss" })
    #expect(after.value < 0.8 * before.value)
  }

  /// Three steps of Adam as its paper writes them (Kingma and Ba, algorithm 1), by hand on one weight.
  @Test func adamIsThePublishedAdam() throws {
    var w = Workspace()
    try run(["model L = sum((w - 3)**2)", "param w = 1", "train epochs=3 optimizer=adam lr=0.1"], &w)
    var (x, m, v) = (1.0, 0.0, 0.0)
    for t in 1...3 {
      let g = 2 * (x - 3)
      m = 0.9 * m + 0.1 * g
      v = 0.999 * v + 0.001 * g * g
      x -= 0.1 * (m / (1 - pow(0.9, Double(t)))) / ((v / (1 - pow(0.999, Double(t)))).squareRoot() + 1e-8)
    }
    #expect(abs(try #require(w.session.leaves["w"]?.scalarValue) - x) < 1e-12)
  }
}

private final class Counter: @unchecked Sendable {
  private var count = 0
  func next() -> Int {
    count += 1
    return count
  }
}

extension Report {
  fileprivate var texts: [String] {
    blocks.compactMap {
      switch $0 {
      case .text(let text, _), .paragraph(let text, _): text.text()
      default: nil
      }
    }
  }
}
