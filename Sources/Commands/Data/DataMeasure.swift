import DataSets
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Reports
import Sessions

/// Loss and accuracy of the present parameters over a part of the data set, chunk by chunk, so that a large set
/// never becomes one matrix.
struct DataMeasure {
  let session: Session
  let set: DataSet
  let form: BatchForm
  static let chunk = 512

  struct Figures {
    /// Nil for a model whose loss cannot be put together from chunks.
    var loss: Double?
    /// Nil for a regression.
    var accuracy: Double?
    var rows = 0
  }

  /// Nil when no data set is loaded or the model does not take its rows.
  init?(_ workspace: Workspace) {
    session = workspace.session
    guard let data = session.data, let form = BatchForm.fitting(session, data.set) else { return nil }
    set = data.set
    self.form = form
  }

  func measure(_ rows: [Int]) throws(Diagnostic) -> Figures {
    guard !rows.isEmpty else { return Figures() }
    var programs: [Int: Program] = [:]
    let accuracy = Accuracy.formula(session)
    let averaging = self.averaging
    var total = Figures(loss: averaging == nil ? nil : 0, accuracy: accuracy == nil ? nil : 0)
    var start = 0
    while start < rows.count {
      let part = rows[start..<min(rows.count, start + Self.chunk)]
      start = part.endIndex
      var leaves = session.leaves.merging(form.values(part, of: set)) { _, new in new }
      let program: Program
      if let known = programs[part.count] {
        program = known
      } else {
        program = try Program(
          session.model, leaves: leaves.mapValues(\.shape),
          isFused: session.isFused && session.targetsAreDistributions, roles: session.roles.sized(part.count),
          missing: { Diagnostic("\($0) is missing") })
        programs[part.count] = program
      }
      leaves[.sampleCount] = Tensor(Double(part.count))
      var values = Bindings(leaves)
      for equation in program.forward {
        values.values[equation.name] = try Evaluator(values).value(of: equation.evaluated)
      }
      if let averaging, let loss = values.values[session.model.lossName]?.scalarValue {
        total.loss? += loss * (averaging ? Double(part.count) : 1)
      }
      if let accuracy {
        total.accuracy? +=
          (try Evaluator(values).value(of: accuracy).scalarValue ?? .nan) * Double(part.count)
      }
      total.rows += part.count
    }
    let count = Double(rows.count)
    if averaging == true { total.loss = total.loss.map { $0 / count } }
    total.accuracy = total.accuracy.map { $0 / count }
    return total
  }

  /// Whether the loss is a mean (over samples or entries) or a sum; nil for a loss of another form.
  private var averaging: Bool? {
    guard let loss = session.roles.loss, loss.isSummand(of: session.model) else { return nil }
    switch loss.divisor {
    case .samples, .entries, .axis: return true
    case .nothing: return loss.isWhole(session.model) ? false : nil
    }
  }

  /// Adds the figures of the training and the test part to a report: a table, and `train_loss` and so on.
  static func add(
    _ figure: WritableKeyPath<Figures, Double?>, named name: String, batch: Double, to report: inout Report,
    in workspace: Workspace
  ) throws(Diagnostic) {
    guard let measure = DataMeasure(workspace) else { return }
    var rows: [[Prose]] = []
    if let chosen = workspace.session.chosenRows {
      rows.append(["batch", "\(chosen.count)", "\(Reports.Figures.short(batch, digits: 6))"])
    }
    for (part, indices) in [("train", measure.set.trainingIndices), ("test", measure.set.testIndices)]
    where !indices.isEmpty {
      guard let value = try measure.measure(indices)[keyPath: figure] else { continue }
      rows.append(["\(part)", "\(indices.count)", "\(Reports.Figures.short(value, digits: 6))"])
      report.scalar("\(part)_\(name)", value)
    }
    guard !rows.isEmpty else { return }
    report.add(.table(.init(header: ["part", "rows", "\(name)"], rows: rows, rightAligned: [1, 2])))
  }

  /// One part alone, as `accuracy test` asks for.
  static func report(
    _ figure: WritableKeyPath<Figures, Double?>, named name: String, part word: CommandLine.Word,
    in workspace: Workspace
  ) throws(Diagnostic) -> Report {
    let data = try DataDescription.loaded(workspace.session)
    guard word.text == "train" || word.text == "test" else {
      throw Diagnostic(
        "there is no part '\(word.text.prefix(20))'", at: [word.range], hint: "\(name) train or \(name) test")
    }
    let rows = word.text == "test" ? data.set.testIndices : data.set.trainingIndices
    guard !rows.isEmpty else {
      throw Diagnostic(
        "\(data.set.name) has no test part", at: [word.range],
        hint: "load it with one: data \(data.set.name) … test=0.2")
    }
    guard let measure = DataMeasure(workspace) else {
      throw Diagnostic(
        "the model does not take the rows of \(data.set.name)",
        hint: DataDescription.advice(workspace.session, data.set))
    }
    guard let value = try measure.measure(rows)[keyPath: figure] else {
      throw Diagnostic(
        "this model has no \(name) over a set",
        hint: name == "accuracy" ? "regression has no classes: look at 'loss test'" : nil)
    }
    var report = Report()
    report.show("\(word.text)_\(name)", Tensor(value))
    report.note(
      "over the \(rows.count) \(word.text == "test" ? "test" : "training") rows of \(data.set.name)")
    report.scalar(name, value)
    report.scalar("\(word.text)_\(name)", value)
    return report
  }
}
