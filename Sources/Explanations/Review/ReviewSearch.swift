import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Platform

// What a program calls its arrays says less than what it computes of them: the leaves are those of which its own values
// come out, whatever they are called, and however they lie.

extension ReviewLeaves {
  /// The leaves by what they are called, or those of which the program has more of the forward values.
  /// - Throws: when a leaf has no variable, with the shape it must have.
  static func likeliest(
    _ trace: ProgramTrace, model: Model, roles: Roles, shapes: [String: Shape], given: [String: String]
  ) throws(Diagnostic) -> ReviewLeaves {
    let called = try ReviewLeaves(trace, model: model, roles: roles, shapes: shapes, given: given).fittest
    let score = called.score
    // Without a shape for each nothing is known yet of the others.
    guard called.matches.count == model.leaves.count(where: { $0 != .sampleCount && $0 != .learningRate }),
      score < model.equations.count, let other = searched(trace, model, shapes, given),
      other.score > score
    else { return called }
    return other
  }

  /// The leaves by what comes of them alone.
  /// - Throws: when the program has too few of the model's values.
  static func bySearch(
    _ trace: ProgramTrace, _ model: Model, _ shapes: [String: Shape], _ given: [String: String]
  ) throws(Diagnostic) -> ReviewLeaves {
    guard let found = searched(trace, model, shapes, given) else {
      throw Diagnostic("the program has too few of the model's values to tell its arrays by them")
    }
    return found
  }

  /// Leaves of which the program has the values that the model's equations give; nil where it has too few of them.
  /// - Parameters:
  ///   - shapes: of the session's leaves: what is trained of a network that `net` wrote has these.
  ///   - given: variables by the leaf that they are.
  private static func searched(
    _ trace: ProgramTrace, _ model: Model, _ shapes: [String: Shape], _ given: [String: String]
  ) -> ReviewLeaves? {
    let known =
      model.specification == nil ? [:] : shapes.filter { model.parameters.contains($0.key) }
    var search = LeafSearch(trace, model, known, given)
    // Much more is tried where that finds nothing.
    var wide = LeafSearch(trace, model, known, given, isWide: true)
    guard let matches = search.matches ?? wide.matches else { return nil }
    let (own, whole) = inOneMatrix(model, matches, trace)
    let sizes = Dictionary(whole.map { ($0.leaf, $0.value.shape) }, uniquingKeysWith: { first, _ in first })
    var leaves = ReviewLeaves(of: trace, own, Roles(own, shapes: sizes), sizes)
    leaves.matches = whole
    return leaves
  }

  /// A model whose weights and biases are rows of one matrix, where the program has them so: its gradients and steps are
  /// those of that matrix.
  private static func inOneMatrix(
    _ model: Model, _ matches: [Match], _ trace: ProgramTrace
  ) -> (Model, [Match]) {
    var (model, matches) = (model, matches)
    for weights in matches {
      let whole = trace.values[weights.position].tensor
      guard let bias = matches.first(where: { $0.leaf != weights.leaf && $0.position == weights.position }),
        weights.value.shape.rank == 2, weights.value.shape.rows > 1 || whole.shape.rows == 2,
        weights.value.count + bias.value.count == whole.count
      else { continue }
      let taken = Set(model.leaves + model.equations.map(\.name))
      let plain = weights.variable.filter { $0.isLetter || $0.isNumber }
      let name = ([plain] + [weights.leaf + bias.leaf]).first {
        !taken.contains($0) && $0.first?.isLetter == true
      }
      guard let name else { continue }
      let isLast = weights.remark == LeafSearch.withoutLast
      let rows = whole.shape.rows
      func part(_ leaf: String, _ range: Range<Int>) -> Equation {
        Equation(
          leaf, .index(.name(name), [.slice(from: range.lowerBound, to: range.upperBound, step: 1)]))
      }
      model.equations.insert(
        contentsOf: [
          part(weights.leaf, isLast ? 0..<(rows - 1) : 1..<rows),
          part(bias.leaf, isLast ? (rows - 1)..<rows : 0..<1),
        ], at: 0)
      model.parameters = [name] + model.parameters.filter { $0 != weights.leaf && $0 != bias.leaf }
      model.specification = nil
      model.repetitions = []
      let match = Match(
        leaf: name, variable: weights.variable, line: weights.line,
        remark: "\(weights.leaf) and \(bias.leaf) in one", value: whole, position: weights.position)
      matches = matches.filter { $0.position != weights.position } + [match]
    }
    return (model, matches)
  }
}

/// Assignments of a program's arrays to leaves, equation by equation: those are kept with which the program has the most of
/// the values so far.
private struct LeafSearch {
  private struct Source {
    let position: Int
    let value: ProgramTrace.Value
    let word: VariableName
  }

  private struct Partial {
    var found: [String: ReviewLeaves.Match] = [:]
    var values: [String: Tensor] = [:]
    var letters: [String: Int] = [:]
    /// Equations whose value the program has.
    var recorded: Set<String> = []
    var hits: Int { recorded.count }
    var likeness = 0
  }

  private let trace: ProgramTrace
  private let model: Model
  private let leaves: Set<String>
  private let given: [String: String]
  /// With the turns of loops put together, and with what a single value has not told.
  private let isWide: Bool
  private let open: OpenShapes
  private let sources: [Source]
  private var calledSo: [String: [(Source, Int)]] = [:]
  /// Recorded values by their number of entries.
  private let recorded: [Int: [ProgramTrace.Value]]
  /// Entries that may still be read: on large data fewer assignments are tried.
  private var budget = 60_000_000
  private var trials = 0
  /// What is called so gives a value that the program has: nothing else is tried.
  private var isFound = false
  static let withoutLast = "without its last row"
  private static let mostTrials = 6_000
  private static let width = 24
  private static let openWidth = 240
  private static let mostCounts = 4
  private static let mostSources = 60
  private static let mostRecorded = 4000

  init(
    _ trace: ProgramTrace, _ model: Model, _ shapes: [String: Shape], _ given: [String: String],
    isWide: Bool = false
  ) {
    (self.trace, self.model, self.given, self.isWide) = (trace, model, given, isWide)
    leaves = Set(model.leaves.filter { $0 != .sampleCount && $0 != .learningRate })
    open = OpenShapes(model, shapes: shapes)
    let computed = ReviewLeaves(of: trace, model, Roles(model, shapes: shapes), shapes)
    var seen: Set<[Double]> = []
    var sources: [Source] = []
    let recorded = Array(trace.values.prefix(Self.mostRecorded))
    let rows = isWide ? Self.rows(of: recorded) : []
    let all =
      rows.compactMap { value in value.records.first.map { ($0, value) } }
      + recorded.enumerated().map { ($0, $1) }
    for (position, value) in all {
      let word = VariableName(value.variable)
      guard value.tensor.count > 1 || value.precision != .whole, value.tensor.count > 0, !word.isGradient,
        !computed.isComputed(value), sources.count < Self.mostSources
      else { continue }
      // The same entries are the same array; of 0s alone there may be several.
      if !value.tensor.isConstant, !seen.insert(value.tensor.elements).inserted { continue }
      sources.append(Source(position: position, value: value, word: word))
    }
    self.sources = sources
    self.recorded = Dictionary(
      grouping: (recorded + rows).filter { $0.precision != .whole || $0.tensor.count > 1 },
      by: \.tensor.count)
  }

  /// The vectors that the turns of a loop assign, put together: a loop over the samples has a row for each.
  private static func rows(of recorded: [ProgramTrace.Value]) -> [ProgramTrace.Value] {
    var turns: [Int: Int] = [:]
    for value in recorded where value.change == .new && value.tensor.count > 1 {
      for turn in value.turns { turns[turn.loop] = max(turns[turn.loop] ?? 0, turn.turn + 1) }
    }
    return Set(turns.values).filter { $0 > 1 }.sorted().prefix(mostCounts).flatMap { count in
      ReviewPass.stacked(recorded, count).filter { $0.records.count == count }
    }
  }

  /// The assignment with which the program has the most of the values; nil where they are fewer than half of them.
  var matches: [ReviewLeaves.Match]? {
    mutating get {
      var kept = [Partial()]
      for equation in model.equations {
        var next: [Partial] = []
        trials = Self.mostTrials
        for partial in kept {
          isFound = false
          let missing = equation.expression.names.reduce(into: [String]()) { names, name in
            if leaves.contains(name), partial.found[name] == nil, !names.contains(name) { names.append(name) }
          }
          extend(partial, missing[...], equation, &next)
        }
        // Of what the program has no value for, nothing is told yet, and one value may be met by chance.
        let best = next.map(\.hits).max() ?? 0
        let isTold = best > 1 && best > (kept.map(\.hits).max() ?? 0)
        kept = Array(
          next.enumerated().sorted { better($0, than: $1) }.map(\.element)
            .prefix(isTold || !isWide ? Self.width : Self.openWidth))
      }
      guard let best = kept.first, best.hits > 1,
        (isWide ? covered(best.recorded) : best.hits) * 2 >= model.equations.count
      else {
        return nil
      }
      return model.leaves.compactMap { best.found[$0] }
    }
  }

  /// How many equations are met: those whose value the program has, and what it computes only within their lines.
  private func covered(_ recorded: Set<String>) -> Int {
    var met = recorded
    for equation in model.equations.reversed() {
      let readers = model.equations.filter { $0.expression.names.contains(equation.name) }
      if !readers.isEmpty, readers.allSatisfy({ met.contains($0.name) }) { met.insert(equation.name) }
    }
    return met.count
  }

  private func better(_ a: (offset: Int, element: Partial), than b: (offset: Int, element: Partial)) -> Bool {
    if a.element.hits != b.element.hits { return a.element.hits > b.element.hits }
    return (a.element.likeness, -a.offset) > (b.element.likeness, -b.offset)
  }

  private mutating func extend(
    _ partial: Partial, _ missing: ArraySlice<String>, _ equation: Equation, _ next: inout [Partial]
  ) {
    guard let leaf = missing.first else {
      if let whole = computed(partial, equation) {
        next.append(whole)
        isFound =
          whole.hits > partial.hits
          && equation.expression.names.allSatisfy { name in
            whole.found[name].map { VariableName.likeness($0.variable, name) == 3 } ?? true
          }
      }
      return
    }
    for (source, likeness) in called(leaf) {
      guard trials > 0, budget > 0, !isFound, !Interruption.isRequested else { return }
      for reading in readings(source.value, leaf, partial) {
        let isOther = !partial.found.values.contains {
          $0.position == source.position && ($0.remark == nil || $0.remark == reading.remark)
        }
        guard isOther else { continue }
        var longer = partial
        longer.letters = reading.letters
        longer.values[leaf] = reading.tensor
        longer.likeness += likeness * 2 + (reading.remark == nil ? 1 : 0)
        longer.found[leaf] = ReviewLeaves.Match(
          leaf: leaf, variable: source.value.variable, line: source.value.line, remark: reading.remark,
          value: reading.tensor, position: source.position)
        extend(longer, missing.dropFirst(), equation, &next)
      }
    }
  }

  /// The arrays by how much they are called so, the likeliest first.
  private mutating func called(_ leaf: String) -> [(Source, Int)] {
    if let known = calledSo[leaf] { return known }
    let wanted = VariableName(leaf)
    let alike = sources.enumerated().map { at, source in
      (
        at, source,
        given[leaf].map { $0 == source.value.variable ? 3 : -2 } ?? source.word.likeness(wanted, leaf)
      )
    }
    let isCalled = alike.contains { $0.2 > 0 }
    // Zeros are too many to be taken for what nothing calls them.
    let usable = alike.filter { $0.2 > -2 && ($0.2 != 0 || !isCalled || !$0.1.value.tensor.isConstant) }
    let sorted = usable.sorted { ($1.2, $0.0) < ($0.2, $1.0) }.map { ($0.1, $0.2) }
    calledSo[leaf] = sorted
    return sorted
  }

  /// With the equation's value, if it has one.
  private mutating func computed(_ partial: Partial, _ equation: Equation) -> Partial? {
    var values = partial.values
    values[.sampleCount] = Tensor(Double(partial.letters[.sampleCount] ?? 1))
    trials -= 1
    budget -= equation.expression.names.reduce(500) { $0 + 20 * (values[$1]?.count ?? 0) }
    guard let value = try? Evaluator(Bindings(values)).value(of: equation.expression), value.isFinite else {
      return nil
    }
    var whole = partial
    whole.values[equation.name] = value
    // What a product with 0s leaves of a leaf says nothing of the others.
    let isCopy = equation.expression.names.contains { values[$0]?.elements == value.elements }
    if !(isWide && isCopy), isRecorded(value) { whole.recorded.insert(equation.name) }
    return whole
  }

  private func isRecorded(_ value: Tensor) -> Bool {
    guard !value.isConstant || value.count == 1 else { return false }
    return recorded[value.count]?.contains { other in
      let tolerance = other.precision.tolerance
      if let number = value.scalarValue, let own = other.tensor.scalarValue {
        return number != 0 && abs(own - number) <= tolerance * abs(number)
      }
      return ReviewForm.readings(other.tensor, as: value.shape).contains {
        $0.tensor.agrees(with: value, tolerance: tolerance)
      }
    } ?? false
  }

  // MARK: Readings

  private struct Reading {
    let tensor: Tensor
    let remark: String?
    let letters: [String: Int]
  }

  /// Every way in which an array may be a leaf: as it is, transposed, a vector as a row or column, class numbers as one-hot
  /// rows, weights with their bias as one more row.
  private func readings(_ value: ProgramTrace.Value, _ leaf: String, _ partial: Partial) -> [Reading] {
    let letters = partial.letters
    let isTrained = model.parameters.contains(leaf)
    var forms: [(Tensor, String?)] = [(value.tensor, nil)]
    if value.tensor.rank == 2 { forms.append((value.tensor.transposed(), "transposed")) }
    if value.tensor.rank < 2 {
      let n = value.tensor.count
      forms += [[1, n], [n, 1], [n, 1, 1]].compactMap { value.tensor.reshaped($0).map { ($0, nil) } }
    }
    // What is not trained may still be one row for all samples.
    let isRow = !isTrained && value.precision != .whole && value.tensor.rank == 1
    let extents = open.extents[leaf]
    // A step of a sequence, along either of the axes on which it may lie.
    if !isTrained, value.tensor.rank == 3, extents?.count == 2 {
      for axis in 0..<2 where value.tensor.shape.dimensions[axis] <= 16 {
        for step in 0..<value.tensor.shape.dimensions[axis] {
          guard let part = value.tensor.sample(step, axis: axis) else { continue }
          var rest = value.tensor.shape.dimensions
          rest.remove(at: axis)
          if let tensor = part.reshaped(Shape(rest)) {
            forms.append((tensor, "step \(step) of axis \(axis)"))
          }
        }
      }
    }
    if !isTrained, extents.map({ $0.count == 2 }) ?? true {
      forms += classCounts(value, extents, partial).compactMap { classes in
        oneHot(value, classes).map { ($0, ReviewLeaves.oneHot) }
      }
    }
    var result = forms.compactMap { tensor, remark in
      unified(extents, tensor.shape, letters).map { Reading(tensor: tensor, remark: remark, letters: $0) }
    }
    if isRow, result.isEmpty, extents?.count == 2, let row = value.tensor.reshaped([1, value.tensor.count]) {
      result = [Reading(tensor: row, remark: nil, letters: letters)]
    }
    if isTrained, value.tensor.rank == 2, value.tensor.shape.rows > 2, result.isEmpty {
      result = parts(value.tensor).compactMap { tensor, remark in
        unified(extents, tensor.shape, letters).map { Reading(tensor: tensor, remark: remark, letters: $0) }
      }
    }
    return result
  }

  /// The weights and the bias of a matrix that holds both.
  private func parts(_ whole: Tensor) -> [(Tensor, String)] {
    let (rows, columns) = (whole.shape.rows, whole.shape.columns)
    func part(_ range: Range<Int>) -> Tensor? {
      Tensor(
        shape: [range.count, columns],
        elements: Array(whole.elements[(range.lowerBound * columns)..<(range.upperBound * columns)]))
    }
    let found = [
      (part(0..<(rows - 1)), Self.withoutLast), (part((rows - 1)..<rows), "its last row"),
      (part(1..<rows), "without its first row"), (part(0..<1), "its first row"),
    ]
    return found.compactMap { tensor, remark in tensor.map { ($0, remark) } }
  }

  /// How many classes labels may be of: as the shape has it that is wanted, or any value with a row for each of them.
  private func classCounts(
    _ value: ProgramTrace.Value, _ extents: [OpenShapes.Extent]?, _ partial: Partial
  ) -> [Int] {
    switch extents?.last {
    case .size(let size): [size]
    case .letter(let letter) where partial.letters[letter] != nil: [partial.letters[letter] ?? 0]
    default:
      Set(
        partial.values.values.map(\.shape.dimensions).filter { $0.count == 2 && $0[0] == value.tensor.count }
          .map { $0[1] }
      ).sorted()
    }
  }

  private func oneHot(_ value: ProgramTrace.Value, _ classes: Int) -> Tensor? {
    let labels = value.tensor
    guard value.precision == .whole, labels.count > 1, labels.count < 100_000, classes > 1, classes < 10_000,
      labels.shape.dimensions.filter({ $0 != 1 }).count == 1,
      labels.elements.allSatisfy({ $0 >= 0 && $0 < Double(classes) && $0 == $0.rounded() })
    else { return nil }
    var rows = Tensor(repeating: 0, shape: [labels.count, classes])
    for (sample, label) in labels.elements.enumerated() {
      guard let label = Int(exactly: label), let at = rows.position(of: [sample, label]) else { return nil }
      rows.replaceElement(at: at, with: 1)
    }
    return rows
  }

  private func unified(
    _ extents: [OpenShapes.Extent]?, _ shape: Shape, _ letters: [String: Int]
  ) -> [String: Int]? {
    guard let extents else { return letters }
    return OpenShapes.letters(in: extents, as: shape.dimensions, letters)
  }
}
