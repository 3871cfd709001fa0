import Explanations
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

/// Everything a student's session holds, in a few values: a copy of it is what `undo` goes back to.
package struct Session: Sendable {
  package var model: Model
  /// Values of inputs, targets and parameters.
  package private(set) var leaves: [String: Tensor]
  /// Inputs and targets that have their value from another network, whose shape these equations do not ask for.
  package private(set) var inherited: Set<String> = []
  /// The student's own names.
  package private(set) var scratch: [String: Tensor] = [:]
  /// Values of the steps behind the cursor, in the program's order.
  package private(set) var trace: [Tensor] = []
  package private(set) var isFused = true
  package var settings = Settings()
  /// The seed of the next random numbers that are typed without one.
  package var nextSeed = 0
  /// Inputs and targets as a network was given them to begin with: numbers that nobody chose.
  package var toyBatch: [String: Tensor] = [:]
  /// The rows that batches are drawn from, or nil when X and Y are all there is.
  package var data: DataState?
  /// The loss of every epoch that this model was trained for, for `plot loss`.
  package var losses: [Double] = []
  /// The loss on the test rows behind each of these epochs; nan where there were none.
  package var testLosses: [Double] = []
  /// How far the optimiser that stepped last has come, and what it remembers.
  package var optimizerState: OptimizerState?
  /// What is kept back from the student, or nil. It belongs to the model's steps and ends when those change.
  package var withheld: (any Withholding)?
  package var stops = Stops()
  /// What was nudged, the last behind the others, until other values change.
  package private(set) var nudges: [Nudge] = []

  /// What the leaves are, and where their samples lie.
  package private(set) var roles: Roles
  private var compared: [ComparedTarget] = []
  /// The model at the shapes of the leaves, or why they do not fit.
  package private(set) var program: Result<Program, Diagnostic>

  package struct Settings: Sendable, Equatable {
    package var learningRate = 0.1
    package var optimizer = ChosenOptimizer()
    package var precision = 4
    /// What the pass is computed in; `dtype`.
    package var format = NumberFormat.float64
    package var isHeatOn = false
    package var seed = 1
    package var notation = Notation.default
    /// Whether every step says where its formula comes from.
    package var isExplaining = false
  }

  package init(model: Model, leaves: [String: Tensor]) {
    self.model = model
    self.leaves = leaves
    roles = Roles(model, shapes: leaves.mapValues(\.shape))
    program = .failure(Diagnostic("no model"))
    rebuild()
  }

  // MARK: The pass

  /// How many steps are done.
  package var cursor: Int { trace.count }

  package func readyProgram() throws(Diagnostic) -> Program { try program.get() }

  /// Throws where the equations end with a matrix: what goes back needs one number to go back from.
  package func demandLoss() throws(Diagnostic) {
    if let reason = try readyProgram().missingLoss { throw reason }
  }

  /// Computes the step at the cursor and moves behind it. Nil at the end of the trace.
  package mutating func advance() throws(Diagnostic) -> (equation: Equation, value: Tensor)? {
    let program = try readyProgram()
    guard program.steps.indices.contains(cursor) else { return nil }
    try run(to: cursor + 1)
    return trace.last.map { (program.steps[cursor - 1], $0) }
  }

  /// Moves the cursor back to before a step; what was computed behind it is forgotten.
  package mutating func rewind(to position: Int) { trace.removeLast(max(0, trace.count - max(0, position))) }

  /// Runs silently until a number of steps is done.
  package mutating func run(to position: Int) throws(Diagnostic) {
    guard cursor < position else { return }
    let program = try readyProgram()
    guard cursor < program.steps.count else { return }
    // Another pass, other masks.
    if cursor == 0, let draw = leaves[.draw]?.scalarValue { leaves[.draw] = Tensor(draw + 1) }
    var withoutTrace = self
    withoutTrace.trace = []
    let pass = RunningPass(
      program, model, leaves: leaves, own: scratch, format: settings.format
    ) { [withoutTrace] trace in
      var session = withoutTrace
      session.trace = trace
      return SessionEnvironment(session, showsHidden: true)
    }
    swap(&pass.trace, &trace)
    defer { swap(&pass.trace, &trace) }
    try pass.run(to: position)
  }

  /// The whole pass with values of somebody's own in the place of some steps, and each step behind them computed from these.
  package func following(_ values: [String: Tensor]) throws(Diagnostic) -> Session {
    var copy = self
    if cursor > 0, let draw = leaves[.draw]?.scalarValue { copy.leaves[.draw] = Tensor(draw - 1) }
    copy.trace = []
    var changed: Set<String> = []
    while let step = try copy.advance() {
      let name = step.equation.name
      if let value = values[name] {
        copy.trace[copy.trace.count - 1] = value
        let isOther = zip(value.elements, step.value.elements).contains {
          abs($0 - $1) > 1e-12 * max(1, abs($1))
        }
        if isOther { changed.insert(name) }
      } else if let safer = step.equation.computedAs,
        step.equation.expression.names.contains(where: changed.contains),
        !safer.names.contains(where: changed.contains)
      {
        // What is computed around a value, for safety, does not follow from it.
        copy.trace[copy.trace.count - 1] = try Evaluator(SessionEnvironment(copy, showsHidden: true))
          .value(of: step.equation.expression)
      }
    }
    return copy
  }

  /// A copy with the pass run, for commands that look at values without moving the cursor.
  package func completed(forward: Bool) throws(Diagnostic) -> Session {
    let program = try readyProgram()
    var copy = self
    try copy.run(to: forward ? program.forward.count : program.steps.count)
    return copy
  }

  /// The value of a step that is done.
  package func computed(_ name: String) -> Tensor? {
    guard case .success(let program) = program,
      let index = program.position(of: name), index < trace.count
    else { return nil }
    return trace[index]
  }

  // MARK: Changes

  /// Other values or equations: nothing is computed of them, and a nudge of the former ones is theirs.
  private mutating func beginAnew() { (trace, nudges) = ([], []) }

  package mutating func setLeaf(_ name: String, _ value: Tensor) { setLeaves([name: value]) }

  package mutating func setLeaves(_ values: [String: Tensor]) {
    let areSameShapes = values.allSatisfy { leaves[$0]?.shape == $1.shape }
    let wasDistribution = targetsAreDistributions
    leaves.merge(values) { _, new in new }
    inherited.subtract(values.keys)
    beginAnew()
    if !areSameShapes || values[.sampleCount] != nil || wasDistribution != targetsAreDistributions {
      rebuild()
    }
  }

  /// Gives an entry another number and comes to the same place of the pass again.
  /// - Parameter noted: the place that is noted with it, this one unless it is given.
  package mutating func nudge(
    _ entry: NamedEntry, at position: Int, to number: Double, noted: Int? = nil
  ) throws(Diagnostic) {
    guard var value = leaves[entry.name] else { return }
    let (place, kept) = (cursor, nudges)
    let nudge = Nudge(entry: entry, old: value.elements[position], new: number, cursor: noted ?? place)
    value.replaceElement(at: position, with: number)
    setLeaf(entry.name, value)
    try run(to: place)
    nudges = kept + [nudge]
  }

  /// At the start of the pass, as it was before anything was nudged.
  package var withoutNudges: Session {
    var (copy, before) = (self, [String: Tensor]())
    for nudge in nudges.reversed() {
      guard var value = before[nudge.entry.name] ?? leaves[nudge.entry.name],
        let position = value.position(of: nudge.entry.index)
      else { continue }
      value.replaceElement(at: position, with: nudge.old)
      before[nudge.entry.name] = value
    }
    if !before.isEmpty { copy.setLeaves(before) }
    return copy
  }

  /// Takes the last nudge away.
  package mutating func takeBackNudge() throws(Diagnostic) {
    guard let last = nudges.last, var value = leaves[last.entry.name],
      let position = value.position(of: last.entry.index)
    else { return }
    let (place, others) = (cursor, nudges.dropLast())
    value.replaceElement(at: position, with: last.old)
    setLeaf(last.entry.name, value)
    try run(to: place)
    nudges = Array(others)
  }

  /// Whether the inputs and targets are numbers that nobody chose, and there are no others.
  package var hasToyBatch: Bool { data == nil && keepsToyBatch }

  /// Whether the inputs and targets are still those that a network was given to begin with. Beside a data set that does
  /// not fit it they can be: without the set they are the batch.
  var keepsToyBatch: Bool { !toyBatch.isEmpty && toyBatch.allSatisfy { leaves[$0] == $1 } }

  package mutating func callBatchToy(_ isToy: Bool = true) {
    toyBatch = isToy ? leaves.filter { [.input, .target].contains($0.key) } : [:]
  }

  package mutating func forgetLeaves(_ names: [String]) {
    for name in names { leaves[name] = nil }
    beginAnew()
    rebuild()
  }

  package mutating func letName(_ name: String, _ value: Tensor) { scratch[name] = value }
  package mutating func forget(_ name: String) { scratch[name] = nil }

  /// What was trained was another network, or this one from its beginning.
  package mutating func forgetLosses() { (losses, testLosses) = ([], []) }

  package mutating func replaceModel(
    _ model: Model, leaves: [String: Tensor], inherited: Set<String> = []
  ) {
    if model.equations != self.model.equations { optimizerState = nil }
    self.model = model
    self.leaves = leaves
    self.inherited = inherited
    beginAnew()
    rebuild()
  }

  /// A name that only looks like a parameter's, in a model that compares its parameters with a target and reads nothing
  /// else: given a value without a word about training, it is what the model reads.
  package func isInputAfterAll(_ name: String) -> Bool {
    model.guessed.contains(name) && roles.inputs.isEmpty && !roles.targets.isEmpty
      && model.parameters.count > 1
  }

  package mutating func untrain(_ name: String) {
    model.parameters.removeAll { $0 == name }
    model.guessed.remove(name)
    beginAnew()
    rebuild()
  }

  /// How samples lie, as a person says it.
  package mutating func setSamples(_ samples: Roles.Samples) {
    model.samples = samples
    trace = []
    rebuild()
  }

  /// Why samples cannot lie so, or nil: the equations make something else of the extent that it names.
  package func objection(to samples: Roles.Samples) -> Diagnostic? {
    roles.objection(to: samples, shapes: leaves.filter { $0.key != .sampleCount }.mapValues(\.shape))
  }

  package mutating func setFormat(_ format: NumberFormat) {
    settings.format = format
    trace = []
  }

  /// The same place of the pass in another format.
  package func recomputed(in format: NumberFormat) throws(Diagnostic) -> Session {
    guard settings.format != format else { return self }
    var copy = self
    // The same masks are drawn.
    if cursor > 0, let draw = leaves[.draw]?.scalarValue { copy.leaves[.draw] = Tensor(draw - 1) }
    copy.setFormat(format)
    try copy.run(to: cursor)
    return copy
  }

  package mutating func setFused(_ isFused: Bool) {
    self.isFused = isFused
    trace = []
    rebuild()
  }

  /// Whether the shortcut (S − Y)/m holds; where it does not, softmax steps through its Jacobian.
  package var targetsAreDistributions: Bool { improperTarget == nil }

  /// What is compared with a softmax without being a distribution over the classes of every sample.
  var improperTarget: Expression? {
    compared.first { !$0.isDistribution(in: model, leaves, m: roles.sampleCount) }?.formula
  }

  /// Keeps something back, or nothing any more; what is planted begins or ends with it.
  package mutating func withhold(_ withholding: (any Withholding)?) {
    // The same steps go on: a wrong accusation does not end the pass.
    if let now = withheld, let next = withholding, now.planted == next.planted {
      withheld = next
      return
    }
    withheld = nil
    trace = []
    rebuild()
    withheld = withholding
    if let mistakes = withholding?.planted, !mistakes.isEmpty {
      program = program.map { $0.planting(mistakes) }
    }
  }

  /// Names whose values are kept back.
  package var hidden: Set<String> { withheld?.hidden ?? [] }

  /// Why the value of a name is kept back; nil when it is shown.
  package func reasonHidden(_ name: String) -> String? {
    hidden.contains(name) ? withheld?.reason : nil
  }

  /// `m` as it was set, for a model in which only numbers meet.
  private var givenSampleCount: Int? { leaves[.sampleCount]?.scalarValue.flatMap { Int(exactly: $0) } }

  private mutating func rebuild() {
    let shapes = leaves.filter { $0.key != .sampleCount }.mapValues(\.shape)
    let given = model.leaves.contains { (shapes[$0]?.rank ?? 0) > 0 } ? nil : givenSampleCount
    if given == nil { leaves[.sampleCount] = nil }
    roles = Roles(model, shapes: shapes, given: given, known: roles)
    compared = ComparedTarget.all(in: model, roles)
    forgetUnfitMemory()
    if model.specification == nil {
      model.aliases = [:]
      model.addAliases(input: roles.inputs.count == 1 ? roles.inputs[0] : nil, output: roles.loss?.output)
    }
    let before = withheld == nil ? nil : try? program.get()
    defer {
      let plain = program
      if let mistakes = withheld?.planted, !mistakes.isEmpty {
        program = program.map { $0.planting(mistakes) }
      }
      if let before {
        let after = try? program.get()
        if after?.steps != before.steps || after?.shapes != before.shapes {
          withheld = nil
          program = plain
        }
      }
    }
    let known = leaves
    let trained = Set(model.parameters)
    let areDistributions = targetsAreDistributions
    do throws(Diagnostic) {
      program = .success(
        try Program(
          model, leaves: known.mapValues(\.shape), isFused: isFused && areDistributions,
          areDistributions: areDistributions, roles: roles,
          missing: { [model] name in
            let shapes = OpenShapes(model, shapes: shapes)
            guard shapes.missing.count <= 1 else {
              return Diagnostic("\(name: name) has no value yet", hint: shapes.request)
            }
            return Diagnostic(
              "\(name: name) has no value yet",
              hint: trained.contains(name)
                ? "give it one: param \(name: name) = …, or 'init'" : "give it one: set \(name: name) = …")
          }))
    } catch {
      program = .failure(error)
    }
  }

  /// Shapes as far as they follow from the equations and the values that are there.
  package var openShapes: OpenShapes { openShapes() }

  /// - Parameter forgotten: names that are taken to have no value.
  package func openShapes(without forgotten: Set<String> = []) -> OpenShapes {
    OpenShapes(
      model,
      shapes: leaves.filter { $0.key != .sampleCount && !forgotten.contains($0.key) }.mapValues(\.shape))
  }

  /// Whether a command changed anything that `undo` should bring back.
  package func differs(from other: Session) -> Bool {
    let differ = Self.differ
    return cursor != other.cursor || settings != other.settings || isFused != other.isFused
      || model != other.model || stops != other.stops || nudges != other.nudges
      || nextSeed != other.nextSeed || inherited != other.inherited || keepsToyBatch != other.keepsToyBatch
      || differ(leaves, other.leaves) || differ(scratch, other.scratch) || data != other.data
      || losses.map(\.bitPattern) != other.losses.map(\.bitPattern)
      || testLosses.map(\.bitPattern) != other.testLosses.map(\.bitPattern)
      || optimizerState?.chosen != other.optimizerState?.chosen
      || optimizerState?.steps != other.optimizerState?.steps
      || differ(optimizerState?.memory ?? [:], other.optimizerState?.memory ?? [:])
      || withheld.map { AnyHashable($0) } != other.withheld.map { AnyHashable($0) }
  }

  private static func differ(_ a: [String: Tensor], _ b: [String: Tensor]) -> Bool {
    a.count != b.count
      || !a.allSatisfy { name, value in b[name].map { value.isIdentical(to: $0) } ?? false }
  }
}
