import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Reports
import Sessions

extension Session {
  /// Why no sample can be taken by itself; nil where each can.
  var whySamplesStayTogether: Prose? {
    guard roles.batched.isEmpty else { return nil }
    if let pairing = roles.pairing {
      return "\(name: pairing) has an entry for every pair of them, so that a few are another function"
    }
    let holder = model.parameters.first { roles.sampleAxes[$0] != nil }
    return holder.map { "\(name: $0), which is trained, has a value for each" }
      ?? "no input or target has one in every row or column"
  }
}

/// `show dW1 per sample`: the gradient that each sample alone would give.
enum SampleGradients {
  private static let mostEntries = 20_000_000

  static func report(_ word: CommandLine.Word, _ line: CommandLine, _ start: Session) throws(Diagnostic)
    -> Report
  {
    let session = try start.completedExactly(forward: false)
    try session.demandLoss()
    let typed = session.model.resolve(line.name(word))
    let environment = SessionEnvironment(session)
    guard let name = typed.gradientOf, session.model.parameters.contains(name),
      let whole = environment.value(of: typed)
    else {
      throw Diagnostic(
        "'\(word.text)' is no gradient of a parameter", at: [word.range],
        hint: "for example: show \(name: (session.model.parameters.first ?? "W1").gradientName) per sample")
    }
    try session.demandShown(typed)
    let batched = session.roles.batched
    if let reason = session.whySamplesStayTogether {
      throw Diagnostic(
        "no sample has a gradient alone: \(reason)", at: [word.range], hint: "'samples' says where they lie")
    }
    guard let m = session.roles.sampleCount else {
      throw Diagnostic("there are no samples", at: [word.range])
    }
    let (count, overflow) = m.multipliedReportingOverflow(by: whole.count)
    guard !overflow, count <= mostEntries else {
      throw Diagnostic(
        "\(m) gradients of \(whole.shape) are more than \(mostEntries) entries", at: [word.range],
        hint: "take a smaller batch: batch size=10")
    }
    var elements: [Double] = []
    var single: Program?
    for sample in 0..<m {
      var values = session.leaves
      for leaf in batched {
        guard let axis = session.roles.sampleAxes[leaf], let value = session.leaves[leaf] else { continue }
        values[leaf] = value.slice(sample, along: axis)
      }
      if single == nil {
        single = try Program(
          session.model, leaves: values.mapValues(\.shape),
          isFused: session.isFused && session.targetsAreDistributions, roles: session.roles.sized(1),
          missing: { Diagnostic("\(name: $0) has no value yet") })
      }
      values[.sampleCount] = Tensor(1)
      var overlay = Overlay(values, over: Bindings([:]))
      for equation in single?.steps ?? [] {
        overlay.values[equation.name] = try Evaluator(overlay).value(of: equation.evaluated)
        if equation.name == typed { break }
      }
      elements += overlay.values[typed]?.elements ?? []
    }
    let all = Tensor(unchecked: Shape([m] + whole.shape.dimensions), elements)
    var report = Report()
    var block = Report.TensorBlock("\(name: typed)", all, remark: "per sample")
    block.asked = typed
    block.sliceLabel = "sample"
    report.add(.tensor(block))
    var sum = [Double](repeating: 0, count: whole.count)
    for (i, x) in elements.enumerated() { sum[i % max(1, whole.count)] += x }
    let scale = whole.elements.reduce(1e-300) { max($0, abs($1)) }
    func isWhole(_ divisor: Double) -> Bool {
      zip(sum, whole.elements).allSatisfy { abs($0 / divisor - $1) <= 1e-9 * scale }
    }
    if isWhole(Double(m)) {
      report.say("\(name: typed) is their mean", .success)
    } else if isWhole(1) {
      report.say("\(name: typed) is their sum", .success)
    } else {
      report.note(
        "\(name: typed) is neither their mean nor their sum: what one sample gives depends on the others of its batch"
      )
    }
    return report
  }
}

extension Tensor {
  /// One index of an axis, which stays with extent 1.
  fileprivate func slice(_ index: Int, along axis: Int) -> Tensor {
    let extents = shape.dimensions
    guard extents.indices.contains(axis) else { return self }
    let inner = extents[(axis + 1)...].reduce(1, *)
    var result: [Double] = []
    for outer in 0..<extents[..<axis].reduce(1, *) {
      let start = (outer * extents[axis] + index) * inner
      result += elements[start..<start + inner]
    }
    var dimensions = extents
    dimensions[axis] = 1
    return Tensor(unchecked: Shape(dimensions), result)
  }
}
