import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

/// Every value that a program computed beside the pass of a model: which is right, which follows from a wrong one
/// before it, and which is wrong for the program's own inputs to that line.
package struct Review: Sendable {
  package enum Verdict: Sendable, Equatable {
    case right
    /// As its equation gives it from a wrong value that this line computed.
    case follows(line: Int)
    case wrong
    case unknown
  }

  package struct Finding: Sendable {
    package internal(set) var value: ProgramTrace.Value
    /// The value of the pass that it is, or should be; nil when it is none.
    package var name: String?
    package var verdict = Verdict.unknown
    /// Said behind the verdict: "transposed", "3 times dZ2".
    package var remark: Prose?
    package var diagnosis = Diagnosis()
    /// Mistakes that are told from the numbers alone: a factor, the sign of an update.
    package var ids: [String] = []
    /// The right value for the program's own inputs to this line.
    package var expected: Tensor?
    /// As the pass has it, without the factor.
    package var tensor: Tensor
    /// The bits of an earlier value under another name.
    package var isCopy = false
    /// A parameter after its step.
    package var isUpdate = false

    /// No later line changes this variable; an array.
    package var isLast = false

    /// What a gradient is times the right one, for the program's own inputs: m where the mean is still to be taken, -1
    /// where the sign is still to be turned round. Only at the end it shows whether that was done.
    var factor = 1.0
    /// What the gradients were times theirs from which it was computed.
    var inherited = 1.0
    /// The step of a parameter, and what the gradient was multiplied with.
    var rate: Double?
    /// Right but for what it is computed from.
    var isRightOtherwise = false
    /// A later line takes back what was said about it.
    var isWithdrawn = false

    init(_ value: ProgramTrace.Value) {
      self.value = value
      tensor = value.tensor
    }
  }

  package internal(set) var findings: [Finding] = []
  package let leaves: ReviewLeaves
  package let learningRate: Double

  /// The first line that is wrong by itself.
  package var firstWrong: Finding? { findings.first { $0.verdict == .wrong } }

  let values: [ProgramTrace.Value]
  /// The records of these: behind an update other values are right.
  let inFirstPass: Set<Int>
  let model: Model
  /// Right values with the program's own leaves.
  let truth: [String: Tensor]
  /// Steps, then what follows from them.
  let order: [String]
  /// What a person calls logits and what probabilities.
  let output: (logits: String?, value: String?)
  /// Counts by which a mean divides.
  let counts: [Double]
  /// What the gradients are times those of the model: m where the program's loss is a sum.
  let scale: Double
  let mayFuse: Bool
  /// Numbers in the program's text.
  let literals: Set<Double>
  /// By the target: the ways on which it is reached, fused and through the Jacobian.
  var passes: [String: [MistakePass]] = [:]
  /// By the position of a value: that of the next one of the same variable.
  let following: [Int: Int]
  var blamed = 0
  var trialsOf: [String: (placed: Set<String>, trials: [Diagnosis.Trials])] = [:]
  /// To the last value of all.
  var wholePasses: [MistakePass] = []
  /// The program's own value of a name, right or wrong, and the finding it is from.
  var own: [String: (tensor: Tensor, finding: Int)] = [:]
  /// The latest finding of a variable.
  var latest: [String: Int] = [:]
  /// The finding of a record of the trace.
  var placed: [Int: Int] = [:]
  var replay: ReviewReplay
  /// What right lines before it make of the value at hand.
  var outcome = ReviewReplay.Outcome.untouched
  /// Of the pass, on both of its ways.
  let equations: [Equation]
  var parts: [KnownPart]?
  /// Gradients of values that have no name in the pass.
  var intermediates: [KnownPart]?
  /// Names of the pass, taken apart once.
  private var words: [(name: String, word: VariableName)] = []
  private var likenessesOf: [String: [(name: String, likeness: Int)]] = [:]
  let optimizer: ChosenOptimizer

  /// - Parameters:
  ///   - shapes: of the session's leaves; the samples in them are open.
  ///   - learningRate: where the program has none.
  ///   - given: variables by the leaf that they are.
  ///   - isSearched: the sizes are the program's, and its leaves those of which its values come out.
  /// - Throws: when the program's arrays are not those of the model.
  package init(
    _ trace: ProgramTrace, model: Model, roles: Roles, shapes: [String: Shape], learningRate: Double,
    optimizer: ChosenOptimizer = ChosenOptimizer(), given: [String: String] = [:], source: String = "",
    isSearched: Bool = false
  ) throws(Diagnostic) {
    self.optimizer = optimizer
    replay = ReviewReplay(trace)
    literals = Set(
      source.split(whereSeparator: { !($0.isNumber || $0 == "." || $0 == "e") }).compactMap { Double($0) })
    var leaves =
      try isSearched
      ? ReviewLeaves.bySearch(trace, model, shapes, given)
      : ReviewLeaves.likeliest(trace, model: model, roles: roles, shapes: shapes, given: given)
    var whole = leaves.model.withNamedParts
    whole.parameters += leaves.moved(replay)
    leaves.model = whole
    let model = whole
    self.model = model
    self.leaves = leaves
    let rate = trace.values.first { $0.tensor.shape.isScalar && VariableName.isLearningRate($0.variable) }
    self.learningRate = rate?.tensor.scalarValue ?? learningRate
    let known = leaves.values
    func program(isFused: Bool) throws(Diagnostic) -> Program {
      try Program(
        model, leaves: known.mapValues(\.shape), isFused: isFused,
        missing: { Diagnostic("the program has no value for \(name: $0)") })
    }
    let usual = try program(isFused: true)
    mayFuse = Self.sumToOne(usual.roles, known)
    var computed = known
    if let m = usual.sampleCount { computed[.sampleCount] = Tensor(Double(m)) }
    var order: [String] = []
    var equations: [Equation] = []
    for isFused in mayFuse ? [true, false] : [false] {
      let steps = try program(isFused: isFused).steps
      equations += steps
      for step in steps where computed[step.name] == nil {
        computed[step.name] = try Evaluator(Bindings(computed)).value(of: step.evaluated)
        order.append(step.name)
      }
    }
    self.order = order
    self.equations = equations
    truth = computed
    let value = usual.roles.loss?.output
    let last = model.equations.first { $0.name == value }?.expression
    var logits: String?
    if case .call(_, let arguments, _)? = last, case .name(let name)? = arguments.first { logits = name }
    output = (logits, value)
    let m = Double(usual.sampleCount ?? 1)
    let entries = value.flatMap { computed[$0].map { Double($0.count) } } ?? m
    counts = Set([m, entries]).filter { $0 > 1 }.sorted()
    values = ReviewPass(trace.values, truth, model, samples: usual.sampleCount ?? 1).values
    inFirstPass = Set(values.flatMap(\.records))
    var next: [String: Int] = [:]
    var following: [Int: Int] = [:]
    for (position, value) in values.enumerated().reversed() {
      following[position] = next[value.place]
      next[value.place] = position
    }
    self.following = following
    let compared = model.equations.last?.expression.names.compactMap { computed[$0]?.shape.dimensions } ?? []
    scale = Self.lossScale(
      values, truth[model.lossName]?.scalarValue,
      [m, entries, entries / m] + Set(compared.joined()).sorted().map(Double.init))
    wholePasses = usual.steps.last.map { passes(to: $0.name) } ?? []
    for position in values.indices { place(position) }
    for index in latest.values where findings[index].value.tensor.count > 1 { findings[index].isLast = true }
    settle()
  }

  private static func sumToOne(_ roles: Roles, _ leaves: [String: Tensor]) -> Bool {
    guard let loss = roles.loss, loss.needsDistributions, case .name(let name) = loss.target,
      let Y = leaves[name], let axis = roles.lossAxis, Y.shape.dimensions.indices.contains(axis)
    else { return true }
    return Y.sum(axis: axis).elements.allSatisfy { abs($0 - 1) < 1e-6 }
  }

  /// m where the program adds the losses up and the model takes their mean; or as many as there are entries, or outputs.
  private static func lossScale(
    _ values: [ProgramTrace.Value], _ loss: Double?, _ counts: [Double]
  ) -> Double {
    guard let loss, loss != 0 else { return 1 }
    func has(_ wanted: Double) -> Bool {
      values.contains { value in
        // What PyTorch differentiates has no other place where the mean could be.
        guard let number = value.tensor.scalarValue, VariableName(value.variable).kind == "loss",
          !value.isFollowed || wanted == loss
        else { return false }
        return abs(number - wanted) <= max(1e-6, value.precision.tolerance) * abs(wanted)
      }
    }
    return has(loss) ? 1 : counts.first { $0 > 1 && has(loss * $0) } ?? 1
  }

  /// The right value in the program's convention.
  func target(_ name: String) -> Tensor? {
    guard let right = truth[name] else { return nil }
    return scale == 1 || (name.gradientOf == nil && name != model.lossName) ? right : right.map { $0 * scale }
  }

  /// The values of the pass that a variable may be, likeliest first.
  mutating func names(for value: ProgramTrace.Value) -> [(name: String, likeness: Int)] {
    let fed = Set(model.leaves)
    let all = likenesses(value)
    // A number alone is too easily met.
    guard value.tensor.count > 1 || all.contains(where: { $0.likeness > 0 }) else { return [] }
    return all.enumerated().map { index, one in
      (
        name: one.name, likeness: one.likeness, isTaken: own[one.name] != nil || fed.contains(one.name),
        index: index
      )
    }
    .sorted { a, b in
      if a.likeness != b.likeness { return a.likeness > b.likeness }
      return a.isTaken != b.isTaken ? b.isTaken : a.index < b.index
    }
    .map { ($0.name, $0.likeness) }
  }

  mutating func likenesses(_ value: ProgramTrace.Value) -> [(name: String, likeness: Int)] {
    let key = value.variable + "\t" + value.holder
    if let known = likenessesOf[key] { return known }
    let word = leaves.word(of: value)
    let gradient = gradientBesideItsParameter(value, word) ?? gradientOfItsVariable(value.variable, word)
    let only = model.parameters.count == 1 ? model.parameters.first?.gradientName : nil
    if words.isEmpty { words = (order + leaves.matches.map(\.leaf)).map { ($0, VariableName($0)) } }
    let all = words.map { name, own in
      (
        name: name,
        likeness: gradient == name || (only == name && word.isGradientAlone) ? 3 : likeness(word, name, own)
      )
    }
    likenessesOf[key] = all
    return all
  }

  /// `self.dW` of the object whose `self.W` is a parameter.
  private func gradientBesideItsParameter(
    _ value: ProgramTrace.Value, _ word: VariableName
  ) -> String? {
    guard value.holder != "0", value.variable.contains("."), word.isGradient else { return nil }
    return leaves.matches.first { match in
      let own = leaves.trace.values[match.position]
      let other = leaves.word(of: own)
      return own.holder == value.holder && own.variable.contains(".") && own.variable != value.variable
        && model.parameters.contains(match.leaf) && other.kind == word.kind && other.number == word.number
    }?.leaf.gradientName
  }

  /// `gw` where the program's `w` is a parameter, whatever the model calls it.
  private func gradientOfItsVariable(_ variable: String, _ word: VariableName) -> String? {
    let named = leaves.matches.filter { match in
      model.parameters.contains(match.leaf)
        && (word.isGradient(of: leaves.word(of: leaves.trace.values[match.position]))
          // `dw["v"]` of `w["v"]`.
          || (match.variable.contains("[") && variable == "d" + match.variable))
    }
    return named.count == 1 ? named.first?.leaf.gradientName : nil
  }

  private func likeness(_ word: VariableName, _ name: String, _ other: VariableName) -> Int {
    let meant = word.kind == "logits" ? output.logits : word.kind == "s" ? output.value : nil
    if let meant, name == (word.isGradient ? meant.gradientName : meant) { return 2 }
    return word.likeness(other, name)
  }
}
