import Differentiation
import Explanations
import Formulas
import LinearAlgebra
import Operations
import Reports
import Sessions

/// A Jacobian as it is shown: its index formula, its structure named and used, and its numbers.
struct JacobianReport {
  let output: String
  let input: String
  let outputShape: Shape
  let inputShape: Shape
  private let path: [Equation]
  let session: Session
  private let environment: SessionEnvironment
  /// Nil for a path of several steps, and for steps without a formula with deltas.
  private let formula: JacobianFormula?

  /// JSON carries the whole tensor up to this many entries.
  static let mostInJSON = 1 << 16

  init(
    _ output: String, _ input: String, path: [Equation], session: Session, environment: SessionEnvironment
  ) throws(Diagnostic) {
    self.output = output
    self.input = input
    self.path = path
    self.session = session
    self.environment = environment
    outputShape = environment.shape(of: output) ?? .scalar
    inputShape = environment.shape(of: input) ?? .scalar
    if let step = path.first, path.count == 1 {
      formula = try JacobianFormula(
        of: step, by: input, environment: environment,
        counting: try session.readyProgram().counting, named: session.namedFormulas,
        reserved: session.naming.shown)
    } else {
      formula = nil
    }
  }

  var name: Prose { derivative([]) }

  /// `∂Z2/∂W2`, `∂Z2[0,1]/∂W2[1,2]`; of a loss it is a gradient and has its name, `dL/dW2`.
  private func derivative(_ index: [Int], by other: [Int] = []) -> Prose {
    if session.naming.losses.contains(output) { return quotient(index, by: other) }
    let value = IndexFormula.entry(.name(output), index.map { Index($0) })
    return "\(IndexFormula.partial(value, by: input, other.map { Index($0) }))"
  }

  private func quotient(_ index: [Int], by other: [Int]) -> Prose {
    let (value, by) = (NamedEntry(name: output, index: index), NamedEntry(name: input, index: other))
    return "\(derivativeOf: value, by: by)"
  }

  /// JSON has it under the name `dZ2/dW2`.
  func tensorBlock(
    _ value: Tensor, at index: [Int] = [], by other: [Int] = [], remark: Prose? = nil
  ) -> Report.TensorBlock {
    var block = Report.TensorBlock(derivative(index, by: other), value, remark: remark)
    block.asked = quotient(index, by: other).text()
    return block
  }

  private var fullShape: Shape { Shape(outputShape.dimensions + inputShape.dimensions) }

  // MARK: One row, one number

  /// `[i, j]`: how one entry of A depends on B. `[i, j, k, l]`: one number.
  func entry(_ words: [CommandLine.Word]) throws(Diagnostic) -> Report {
    let written = words.map(\.text).joined()
    let inner = written.filter { !"[] ".contains($0) }.split(separator: ",", omittingEmptySubsequences: false)
    let index = inner.compactMap { Int($0) }
    let first = Array(index.prefix(outputShape.rank))
    let second = Array(index.dropFirst(outputShape.rank))
    let range = (words.first?.range.lowerBound ?? 0)..<(words.last?.range.upperBound ?? 1)
    guard index.count == inner.count, let position = outputShape.position(of: first),
      second.isEmpty || inputShape.position(of: second) != nil
    else {
      let example = outputShape.dimensions.map { String(max(0, min(1, $0 - 1))) }.joined(separator: ", ")
      let shapes: Prose = "\(name: output) is \(outputShape), \(name: input) is \(inputShape)"
      throw Diagnostic(
        "there is no entry \(written.prefix(40)): \(shapes)", at: [range],
        hint: "[\(example)] is one entry of \(name: output) by every entry of \(name: input)")
    }
    let row =
      if let formula { try formula.row(first) } else {
        try row(position)
      }
    var report = Report()
    let entry = NamedEntry(name: output, index: first)
    if second.isEmpty {
      if let formula { say(formula, IndexNumbers(numbers(formula.outputAxes, first)), &report) }
      report.add(.tensor(tensorBlock(row, at: first)))
      report.explain(
        "Every entry says how fast \(entry) grows with that entry of \(name: input): so many times a small step there."
      )
      return report
    }
    let value = inputShape.position(of: second).map { row.elements[$0] } ?? 0
    if let formula {
      let values = IndexNumbers(numbers(formula.inputAxes, second) + numbers(formula.outputAxes, first))
      report.say("\(formula.name) = \(formula.formula)", .formula)
      say(formula, values, &report)
    }
    report.add(.tensor(tensorBlock(Tensor(value), at: first, by: second)))
    return report
  }

  private func numbers(_ axes: [JacobianFormula.Axis], _ index: [Int]) -> [(String, Int)] {
    axes.map { ($0.name, index[$0.position]) }
  }

  private func say(_ formula: JacobianFormula, _ values: IndexNumbers, _ report: inout Report) {
    func put(_ index: Index) -> Index { index.substituting(values) }
    let name = JacobianFormula.name(output, formula.outputIndex.map(put), input, formula.inputIndex.map(put))
    report.say("\(name) = \(formula.formula.mapIndices(put))", .formula)
  }

  // MARK: Numbers of a path

  private func byRows(at position: Int?) -> Tensor? {
    try? Jacobian.byReverseMode(
      of: output, by: input, equations: path, environment: environment,
      settings: .init(
        isFused: session.isFused && session.targetsAreDistributions, counting: session.readyProgram().counting
      ),
      at: position)
  }

  private func row(_ position: Int) throws(Diagnostic) -> Tensor {
    if let row = byRows(at: position) { return row }
    guard let value = try dense() else { throw Jacobian.tooLarge(fullShape) }
    let n = inputShape.count
    return Tensor(unchecked: inputShape, Array(value.elements[position * n..<(position + 1) * n]))
  }

  /// By whichever needs fewer passes: a row for every entry of A, or a column for every entry of B.
  private func dense() throws(Diagnostic) -> Tensor? {
    guard let count = fullShape.checkedCount, count <= JacobianFormula.mostEntries else { return nil }
    if outputShape.count <= inputShape.count, let rows = byRows(at: nil) { return rows }
    return try Jacobian.byForwardMode(of: output, by: input, equations: path, environment: environment)
  }

  // MARK: The whole

  func whole(isFull: Bool) throws(Diagnostic) -> Report {
    var report = Report()
    if outputShape.count == 1, !isFull { return try gradient() }
    if isFull { return try flattened() }
    let (rows, columns) = (outputShape.count, inputShape.count)
    let all = rows.multipliedReportingOverflow(by: columns)
    let size = all.overflow ? "" : " = \(all.partialValue) entries"
    report.say(
      "\(name): \(name: output) (\(outputShape)) by \(name: input) (\(inputShape)), \(rows) × \(columns)\(size)"
    )
    guard let formula else { return try composite(&report) }
    report.say("\(formula.name) = \(formula.formula)", .formula)
    guard let (axes, coefficient, block, tied) = try formula.block(first: sharedSample(formula)) else {
      guard let value = try formula.value() else { throw Jacobian.tooLarge(fullShape) }
      structure(of: value, &report)
      return report
    }
    let structure = JacobianStructure(formula, tied: tied, sample: sharedSample(formula))
    if !all.overflow {
      report.explain(
        "\(structure.sentence)\(structure.zeros(possible: try formula.possibleCount(), of: all.partialValue))"
      )
    }
    let isBlocks = path.first.flatMap { JacobianStep($0.expression) } != nil && block.rank == 3
    if !isBlocks, fullShape.checkedCount ?? .max <= Self.mostInJSON, let value = try formula.value() {
      hidden(value, &report)
    }
    var shown = block
    if structure.isDiagonal, let inOrder = try formula.block(first: nil)?.value.reshaped(outputShape) {
      shown = inOrder
    }
    guard block.rank > 0 else {
      report.explain("Where they meet it is \(figure: block.elements.first ?? 0).")
      return report
    }
    let entry = JacobianFormula.name(output, formula.outputIndex, input, tied)
    let same = (formula.outputAxes + formula.inputAxes).map(\.name).filter { name in
      !axes.contains { $0.name == name }
        && (formula.outputIndex + tied).contains { $0.factors[name] != nil }
    }
    let remark: Prose =
      same.isEmpty ? "\(entry)" : "\(entry), the same for every \(same.joined(separator: ", "))"
    var drawn = Report.TensorBlock(
      isBlocks ? name : structure.isDiagonal ? "diagonal" : "block", shown, formula: "\(coefficient)",
      remark: remark)
    drawn.sliceLabel = sharedSample(formula) == axes.first?.name ? "sample" : axes.first?.name ?? "sample"
    if axes.count > 1 { drawn.innerLabel = axes[1].name }
    if isBlocks {
      drawn.asked = quotient([], by: []).text()
      drawn.showsRowSums = true
      let K = block.shape.columns
      for i in 0..<block.count where (i / K) % K == i % K { drawn.marked.insert(i) }
    }
    report.add(.tensor(drawn))
    if isBlocks { report.note("the diagonal is marked, Σ is the sum of the row") }
    return report
  }

  /// The variable of A's sample axis when B's is tied to it.
  private func sharedSample(_ formula: JacobianFormula) -> String? {
    guard let axis = sampleAxis,
      let own = formula.outputIndex.indices.contains(axis) ? formula.outputIndex[axis] : nil,
      formula.inputIndex.indices.contains(axis), formula.terms.count == 1, let term = formula.terms.first,
      let other = formula.inputIndex[axis].onlyVariable, formula.ties(term).tied[other] == own
    else { return nil }
    return own.onlyVariable
  }

  /// The axis along which both hold samples; nil when B is a parameter.
  var sampleAxis: Int? {
    func axis(_ name: String) -> Int? {
      let roles = session.roles
      return roles.sampleAxes[name] ?? name.gradientOf.flatMap { roles.sampleAxes[$0] }
    }
    guard !session.model.parameters.contains(input), let own = axis(output), own == axis(input) else {
      return nil
    }
    return own
  }

  func hidden(_ value: Tensor, _ report: inout Report) {
    var data = tensorBlock(value)
    data.isDrawn = false
    report.add(.tensor(data))
  }

  private func gradient() throws(Diagnostic) -> Report {
    var report = Report()
    let row =
      if let formula { try formula.row(outputShape.dimensions.map { _ in 0 }) } else {
        try row(0)
      }
    if let formula { report.say("\(formula.name) = \(formula.formula)", .formula) }
    report.add(.tensor(tensorBlock(row)))
    let gradient: Prose =
      session.model.lossName == output ? ": this is the gradient \(name: input.gradientName)" : ""
    report.explain(
      "\(name: output) is one number, so its Jacobian has the shape of \(name: input)\(gradient).")
    return report
  }

  private func flattened() throws(Diagnostic) -> Report {
    var report = Report()
    let whole = if let formula { try formula.value() } else { try dense() }
    guard let flat = whole?.reshaped([outputShape.count, inputShape.count]) else {
      throw Jacobian.tooLarge(fullShape)
    }
    var block = tensorBlock(
      flat,
      remark: "rows: entries of \(name: output), columns: entries of \(name: input), both row by row")
    block.isFull = true
    report.add(.tensor(block))
    return report
  }

  private func composite(_ report: inout Report) throws(Diagnostic) -> Report {
    if path.count > 1 { report.say(route, .formula) }
    guard let value = try dense() else { throw Jacobian.tooLarge(fullShape) }
    structure(of: value, &report)
    return report
  }

  /// The steps between: a chain where each has only the one before it, else their names.
  private var route: Prose {
    let own = Set(path.map(\.name) + [input])
    let before = [input] + path.map(\.name)
    let isChain = zip(path, before).allSatisfy { step, previous in
      step.expression.names.filter(own.contains) == [previous]
    }
    if isChain {
      let chain = before.reversed().map { "\(name: $0)" as Prose }.joined(separator: " ← ")
      return "through \(chain): the chain rule over these steps"
    }
    return
      "through \(names: path.dropLast().map(\.name)): the chain rule, summed over every way from \(name: input) to \(name: output)"
  }
}
