import Differentiation
import Formulas
import LinearAlgebra
import Operations

/// ∂A[i,j]/∂B[k,l] of one step as a formula with deltas, derived from the step's expression, and the numbers that
/// follow from it without a pass for every entry.
package struct JacobianFormula {
  package let output: String
  package let input: String
  package let outputShape: Shape
  package let inputShape: Shape
  package let terms: [DeltaTerm]
  /// The indices of A and of B; a number 0 along an axis of extent 1.
  package let outputIndex: [Index]
  package let inputIndex: [Index]
  private let evaluator: IndexValues

  /// Nil where the step has no formula of this kind.
  package init?(
    of equation: Equation, by input: String, environment: any Environment, counting: SampleCounting?,
    named: [Expression: String], reserved: Set<String> = []
  ) throws(Diagnostic) {
    let shapes = ShapeInference(environment)
    outputShape = try shapes.shape(of: .name(equation.name))
    inputShape = try shapes.shape(of: .name(input))
    output = equation.name
    self.input = input
    let letters = ["i", "j", "k", "l", "p", "q", "r", "s", "t", "u", "v", "w"].filter {
      !reserved.contains($0)
    }
    guard outputShape.rank + inputShape.rank <= letters.count else { return nil }
    var extents: [String: Int] = [:]
    func index(_ shape: Shape, from first: Int) -> [Index] {
      shape.dimensions.enumerated().map { axis, extent in
        guard extent != 1 else { return Index(0) }
        extents[letters[first + axis]] = extent
        return .variable(letters[first + axis])
      }
    }
    outputIndex = index(outputShape, from: 0)
    inputIndex = index(inputShape, from: max(2, outputShape.rank))
    var expander = IndexExpansion(
      environment, counting: counting, isForDerivatives: true, named: named,
      reserved: reserved.union(extents.keys))
    let formula = try expander.expand(equation.expression, outputIndex)
    var derivative = EntryDerivative(
      name: input, target: inputIndex, extents: extents,
      whole: (formula, .entry(.name(equation.name), outputIndex)), expander: expander)
    guard let terms = try derivative.terms(of: formula) else { return nil }
    self.terms = terms.map { term in
      var term = term.promotingDeltas
      term.coefficient = term.coefficient.naming(named)
      return term
    }
    evaluator = IndexValues(environment)
  }

  // MARK: Text

  package var formula: IndexFormula {
    guard let first = terms.first else { return .number(0) }
    return terms.count == 1 ? first.formula : .terms(terms.map(\.formula))
  }

  /// `∂Z2[i,j]/∂W2[k,l]`.
  package var name: IndexFormula { Self.name(output, outputIndex, input, inputIndex) }

  package static func name(_ a: String, _ i: [Index], _ b: String, _ k: [Index]) -> IndexFormula {
    .partial(.entry(.name(a), i), by: b, k)
  }

  // MARK: Structure

  package struct Axis: Hashable, Sendable {
    package let name: String
    package let extent: Int
    package let position: Int
  }

  package var outputAxes: [Axis] { Self.axes(outputIndex, outputShape) }
  package var inputAxes: [Axis] { Self.axes(inputIndex, inputShape) }

  private static func axes(_ index: [Index], _ shape: Shape) -> [Axis] {
    zip(index, shape.dimensions).enumerated().compactMap { position, item in
      item.0.onlyVariable.map { Axis(name: $0, extent: item.1, position: position) }
    }
  }

  /// The indices of B that a term's deltas tie to indices of A, and the deltas that are left.
  package func ties(_ term: DeltaTerm) -> (tied: [String: Index], rest: [DeltaTerm.Delta]) {
    let own = Set(inputAxes.map(\.name))
    let others = Set(outputAxes.map(\.name))
    var tied: [String: Index] = [:]
    var rest: [DeltaTerm.Delta] = []
    for delta in term.deltas {
      let sides = [(delta.a, delta.b), (delta.b, delta.a)]
      let found = sides.first { side in
        side.0.onlyVariable.map { own.contains($0) && tied[$0] == nil } ?? false
          && side.1.factors.letters.allSatisfy(others.contains)
      }
      if let found, let name = found.0.onlyVariable { tied[name] = found.1 } else { rest.append(delta) }
    }
    return (tied, rest)
  }

  /// Entries that are not 0 by the deltas alone, nor because they read outside of a value.
  package func possibleCount() throws(Diagnostic) -> Int {
    var total = 0
    for term in terms {
      let tied = ties(term).tied
      let free = inputAxes.filter { tied[$0.name] == nil }
      let count = free.reduce(outputShape.count) {
        $0.multipliedReportingOverflow(by: $1.extent).partialValue
      }
      let places = term.coefficient.placeFactors
      guard term.coefficient.readsAtSums || !places.isEmpty, count <= Self.mostEntries else {
        total &+= count
        continue
      }
      var indices: IndexNumbers = [:]
      let evaluator = evaluator
      try IndexEvaluator<Double>.each(loops(outputAxes + free), &indices) { (indices) throws(Diagnostic) in
        for (name, index) in tied { indices[name] = index.value(indices) ?? -1 }
        guard Self.position(inputIndex, in: inputShape, indices) != nil else { return }
        for place in places { if try evaluator.value(place, indices) == 0 { return } }
        if try !evaluator.readsPadding(term.coefficient, indices) { total &+= 1 }
      }
    }
    return total
  }

  private func loops(_ axes: [Axis]) -> [IndexFormula.Variable] {
    axes.map { .init(name: $0.name, extent: $0.extent) }
  }

  /// The coefficient of the only term over the indices that it depends on, the sample's first; nil for several terms.
  package func block(
    first: String?
  ) throws(Diagnostic) -> (axes: [Axis], formula: IndexFormula, value: Tensor, inputIndex: [Index])? {
    guard terms.count == 1, let term = terms.first, term.sums.isEmpty else { return nil }
    let (tied, rest) = ties(term)
    guard rest.isEmpty else { return nil }
    func put(_ index: Index) -> Index {
      tied.reduce(index) { $0.substituting($1.key, with: $1.value) }
    }
    let coefficient = term.coefficient.mapIndices(put)
    var axes = (outputAxes + inputAxes).filter { coefficient.contains(variable: $0.name) }
    if let first, let at = axes.firstIndex(where: { $0.name == first }) {
      axes.insert(axes.remove(at: at), at: 0)
    }
    let shape = Shape(axes.map(\.extent))
    guard let count = shape.checkedCount, count <= Self.mostEntries else { return nil }
    var elements: [Double] = []
    elements.reserveCapacity(count)
    var indices: IndexNumbers = [:]
    let evaluator = evaluator
    try IndexEvaluator<Double>.each(loops(axes), &indices) {
      (indices) throws(Diagnostic) in elements.append(try evaluator.value(coefficient, indices))
    }
    return (axes, coefficient, Tensor(unchecked: shape, elements), inputIndex.map(put))
  }

  // MARK: Numbers

  /// More entries than anyone reads, and about what is computed at once.
  package static let mostEntries = 1 << 21

  /// The whole Jacobian, shape of A followed by shape of B. Nil when it is too large.
  package func value() throws(Diagnostic) -> Tensor? {
    let shape = Shape(outputShape.dimensions + inputShape.dimensions)
    guard let count = shape.checkedCount, count <= Self.mostEntries else { return nil }
    var elements = [Double](repeating: 0, count: count)
    var indices: IndexNumbers = [:]
    try accumulate(outputAxes, &indices, into: &elements) { output, input in output * inputShape.count + input
    }
    return Tensor(unchecked: shape, elements)
  }

  /// How one entry of A depends on every entry of B: shape of B.
  package func row(_ index: [Int]) throws(Diagnostic) -> Tensor {
    var elements = [Double](repeating: 0, count: inputShape.count)
    var indices: IndexNumbers = [:]
    for axis in outputAxes where index.indices.contains(axis.position) {
      indices[axis.name] = index[axis.position]
    }
    try accumulate([], &indices, into: &elements) { _, input in input }
    return Tensor(unchecked: inputShape, elements)
  }

  private static func position(_ index: [Index], in shape: Shape, _ indices: IndexNumbers) -> Int? {
    shape.position(of: index.map { $0.value(indices) ?? -1 })
  }

  private func accumulate(
    _ outer: [Axis], _ indices: inout IndexNumbers, into elements: inout [Double],
    _ place: (Int, Int) -> Int
  ) throws(Diagnostic) {
    let evaluator = evaluator
    for term in terms {
      let (tied, rest) = ties(term)
      let loops = loops(outer + inputAxes.filter { tied[$0.name] == nil })
      let formula = DeltaTerm(coefficient: term.coefficient, deltas: rest, sums: term.sums).formula
      try IndexEvaluator<Double>.each(loops, &indices) { (indices) throws(Diagnostic) in
        for (name, index) in tied { indices[name] = index.value(indices) ?? -1 }
        guard let input = Self.position(inputIndex, in: inputShape, indices) else { return }
        let output = Self.position(outputIndex, in: outputShape, indices) ?? 0
        elements[place(output, input)] += try evaluator.value(formula, indices)
      }
    }
  }
}

extension IndexFormula {
  /// Factors that say by the places alone whether it can be other than 0: `k <= i`.
  package var placeFactors: [IndexFormula] {
    switch self {
    case .binary(.multiply, let a, let b): a.placeFactors + b.placeFactors
    case .binary(.divide, let a, _), .negative(let a): a.placeFactors
    case .binary(let operation, _, _) where operation.isComparison && (readsPlacesAlone || choosesPlace):
      [self]
    default: []
    }
  }

  /// `p[i] == k`: a number that says which entry is read.
  private var choosesPlace: Bool {
    guard case .binary(.equal, let a, let b) = self else { return false }
    return [a, b].contains { if case .position = $0 { true } else { false } }
  }

  private var readsPlacesAlone: Bool {
    switch self {
    case .position, .number: true
    case .binary(_, let a, let b): a.readsPlacesAlone && b.readsPlacesAlone
    case .negative(let a): a.readsPlacesAlone
    default: false
    }
  }

  /// Reads an entry at a sum of indices, as a kernel is: 0 where that lies outside.
  package var readsAtSums: Bool {
    contains { part in part.ownIndices.contains { $0.fixed == nil && $0.onlyVariable == nil } }
  }

  /// Entries of formulas that are whole equations, by the equation's name: softmax(Z2)[i,j] is S[i,j].
  fileprivate func naming(_ named: [Expression: String]) -> IndexFormula {
    if case .entry(let value, let index) = self, let name = named[value] { return .entry(.name(name), index) }
    return mapChildren { $0.naming(named) }
  }
}
