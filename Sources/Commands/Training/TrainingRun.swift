import DataSets
import Formulas
import LinearAlgebra
import NeuralNetworks
import Platform
import Reports
import Sessions

/// Epochs over the samples of a session, with what is told about them.
struct TrainingRun {
  struct Options {
    var epochs = 10
    var batch: Int?
    var settings = Trainer.Settings()
    /// The rate of epoch e (from 0) is rate / (1 + decay · e).
    var decay = 0.0
    var seed = 1
  }

  struct Epoch {
    var loss: Double
    var accuracy: Double?
    var testAccuracy: Double?
    var testLoss: Double?
  }

  enum Ending {
    case finished, interrupted(epoch: Int, batch: Int), diverged(epoch: Int, batch: Int, loss: Double)
  }

  let options: Options
  let source: BatchSource
  let batchSize: Int
  private let trainer: Trainer
  private(set) var epochs: [Epoch] = []
  private(set) var ending = Ending.finished
  private(set) var samplesDone = 0
  private(set) var secondsSpent = 0.0
  /// The rows of the last batch.
  private(set) var lastRows: [Int] = []
  /// The order of the last epoch and the seed it was drawn with.
  private(set) var lastSeed = 0
  private(set) var firstLoss: Double?
  private var scratch: [Double] = []

  init(_ session: Session, _ options: Options) throws(Diagnostic) {
    self.options = options
    let batched = session.roles.batched
    if let data = session.data {
      guard let form = BatchForm(session, data.set), form.leaves.allSatisfy({ batched.contains($0.name) })
      else {
        throw Self.misfit(session, data.set)
      }
      if let other = batched.first(where: { name in !form.leaves.contains { $0.name == name } }) {
        throw Diagnostic(
          "\(other) has a value for every sample, and the rows of \(data.set.name) have none for it",
          hint: "'data off' trains on the values that are there")
      }
      source = .data(data.set, form)
    } else {
      source = .values(session.leaves.filter { batched.contains($0.key) }, session.roles)
    }
    let count = source.rows.count
    guard count > 0 else { throw Diagnostic("there are no samples to train on") }
    if let reason = session.whySamplesStayTogether, let batch = options.batch, batch < count {
      throw Diagnostic(
        "the \(count) samples cannot be taken apart: \(reason)", hint: "without batch= all are taken at once")
    }
    batchSize =
      batched.isEmpty ? count : min(count, max(1, options.batch ?? session.data?.batchSize ?? count))
    trainer = Trainer(
      session.model, leaves: session.leaves, roles: session.roles, settings: options.settings)
  }

  static func misfit(_ session: Session, _ set: DataSet) -> Diagnostic {
    let image = set.imageShape.map { " (images \($0))" } ?? ""
    let names = session.roles.fed
    func now(_ name: String?) -> String {
      name.map { name in "\(name) is " + (session.leaves[name].map { "\($0.shape)" } ?? "missing") } ?? "none"
    }
    return Diagnostic(
      "the network does not fit the data set \(set.name): its rows have \(set.features) features\(image) and "
        + "targets of \(set.labels.widths[0]), and here the input \(now(names?.input)) and the target \(now(names?.target))",
      hint:
        "for example: net \(set.features) 32:relu \(set.labels.widths[0])\(set.classNames == nil ? "" : ":softmax")"
    )
  }

  var parameters: [String: Tensor] { trainer.parameters }
  var optimizerState: OptimizerState { trainer.state }
  var slow: [(equation: String, formula: Expression)] { trainer.slow }
  var samplesPerSecond: Double { secondsSpent > 0 ? Double(samplesDone) / secondsSpent : 0 }
  var isDiverged: Bool { if case .diverged = ending { true } else { false } }

  /// - Parameters:
  ///   - isInterrupted: asked after every batch.
  ///   - progress: gets a line now and then.
  mutating func run(isInterrupted: () -> Bool, progress: ((String) -> Void)?) throws(Diagnostic) {
    let rows = source.rows
    // Decided once and from the amount of work alone: the same run gives the same bits, whatever came before.
    let work = trainer.operationCount(samples: rows.count) * Double(options.epochs)
    let scope = BLAS.Scope(operations: work)
    defer { scope.end() }
    var lastLine = Clock.seconds()
    for epoch in 0..<options.epochs {
      lastSeed = options.seed &+ epoch
      let order = batchSize < rows.count ? Self.order(rows, seed: lastSeed) : rows
      trainer.rate = options.settings.rate / (1 + options.decay * Double(epoch))
      var (sum, classified, seen) = (0.0, Optional(ClassCount()), 0)
      var from = 0
      while from < order.count {
        let to = min(order.count, from + batchSize)
        let start = Clock.seconds()
        let outcome: Trainer.Outcome
        do { outcome = try step(order[from..<to]) } catch {
          // The weights are those of the batch before.
          guard Interruption.isRequested, seen > 0 else { throw error }
          ending = .interrupted(epoch: epoch + 1, batch: from / batchSize)
          epochs.append(
            Epoch(loss: sum / Double(seen), accuracy: classified?.accuracy))
          return
        }
        secondsSpent += Clock.seconds() - start
        if firstLoss == nil { firstLoss = outcome.loss }
        let m = to - from
        samplesDone += m
        seen += m
        sum += outcome.loss * Double(m)
        classified = classified.flatMap { total in outcome.classified.map { total + $0 } }
        let batch = from / batchSize + 1
        from = to
        if !outcome.loss.isFinite || (outcome.loss > 1e4 && outcome.loss > 1e4 * abs(firstLoss ?? 0)) {
          ending = .diverged(epoch: epoch + 1, batch: batch, loss: outcome.loss)
          epochs.append(Epoch(loss: outcome.loss))
          return
        }
        if isInterrupted() {
          ending = .interrupted(epoch: epoch + 1, batch: batch)
          epochs.append(Epoch(loss: sum / Double(seen), accuracy: classified?.accuracy))
          return
        }
        if let progress, Clock.seconds() - lastLine > 0.1 {
          lastLine = Clock.seconds()
          let total = options.epochs * order.count
          progress(line(epoch, sum / Double(seen), classified?.accuracy, left: total - samplesDone))
        }
      }
      var done = Epoch(loss: sum / Double(seen), accuracy: classified?.accuracy)
      try test(&done)
      epochs.append(done)
    }
  }

  private static func order(_ rows: [Int], seed: Int) -> [Int] {
    var generator = RandomGenerator(seed: UInt64(bitPattern: Int64(seed)))
    return generator.permutation(rows.count).map { rows[$0] }
  }

  private mutating func step(_ rows: ArraySlice<Int>) throws(Diagnostic) -> Trainer.Outcome {
    lastRows = Array(rows)
    let source = source
    return try trainer.step(samples: rows.count) { name, buffer in
      source.fill(rows, name, into: buffer, scratch: &scratch)
    }
  }

  private mutating func test(_ epoch: inout Epoch) throws(Diagnostic) {
    let rows = source.testRows
    guard !rows.isEmpty else { return }
    var (sum, classified) = (0.0, Optional(ClassCount()))
    var from = 0
    let size = max(batchSize, min(256, rows.count))
    let source = source
    while from < rows.count {
      let to = min(rows.count, from + size)
      let outcome = try trainer.evaluate(samples: to - from) { name, buffer in
        source.fill(rows[from..<to], name, into: buffer, scratch: &scratch)
      }
      sum += outcome.loss * Double(to - from)
      classified = classified.flatMap { total in outcome.classified.map { total + $0 } }
      from = to
    }
    epoch.testLoss = sum / Double(rows.count)
    epoch.testAccuracy = classified?.accuracy
  }

  private func line(_ epoch: Int, _ loss: Double, _ accuracy: Double?, left: Int) -> String {
    var text = "epoch \(epoch + 1)/\(options.epochs)  loss \(Figures.short(loss, digits: 4))"
    if let accuracy { text += "  accuracy \(Figures.percent(accuracy))" }
    text += "  \(Int(clamping: samplesPerSecond.rounded())) samples/s"
    if samplesPerSecond > 0 {
      text += "  \(Int(clamping: (Double(left) / samplesPerSecond).rounded(.up))) s left"
    }
    return text
  }
}
