import Formulas
import LinearAlgebra

/// A formula of matrices and an index → the formula of that one entry, down to named values, by the definitions of the
/// operations in it.
package struct IndexExpansion {
  package let environment: any Environment
  let counting: SampleCounting?
  /// For differentiation: what states its own partial derivatives (softmax) stays an entry of its value, and so does what
  /// is detached.
  let isForDerivatives: Bool
  /// Names of formulas that are whole equations: softmax(Z2) is S.
  package let named: [Expression: String]
  private var used: Set<String>

  package init(
    _ environment: any Environment, counting: SampleCounting? = nil, isForDerivatives: Bool = false,
    named: [Expression: String] = [:], reserved: Set<String> = []
  ) {
    self.environment = environment
    self.counting = counting
    self.isForDerivatives = isForDerivatives
    self.named = named
    used = reserved
  }

  package func shape(_ expression: Expression) throws(Diagnostic) -> Shape {
    try ShapeInference(environment).shape(of: expression)
  }

  /// Numbers that an operand's own formula may be made of, before its value stands for it.
  private static let mostWork = 4096.0

  private static let letters = ["i", "j", "k", "l", "p", "q", "r", "s", "t", "u", "v", "w"]

  /// Letters for indices, the preferred ones where no name in use has them.
  package static func letters(_ preferred: [String], avoiding reserved: Set<String>) -> [String] {
    var used = reserved
    return preferred.map { letter in
      let free =
        used.contains(letter) ? (letters.first { !used.contains($0) && !preferred.contains($0) }) : letter
      let name = free ?? numbered(letter, used)
      used.insert(name)
      return name
    }
  }

  private static func numbered(_ letter: String, _ used: Set<String>) -> String {
    var number = 1
    while used.contains("\(letter)\(number)") { number += 1 }
    return "\(letter)\(number)"
  }

  /// An index variable that is not in use yet.
  package mutating func fresh(_ preferred: String, _ extent: Int) -> IndexFormula.Variable {
    let name =
      ([preferred] + Self.letters).first { !used.contains($0) } ?? Self.numbered(preferred, used)
    used.insert(name)
    return .init(name: name, extent: extent)
  }

  private mutating func freshLocal(_ preferred: String) -> String {
    var name = preferred
    while used.contains(name) { name += "'" }
    used.insert(name)
    return name
  }

  package mutating func expand(
    _ expression: Expression, _ index: [Index]
  ) throws(Diagnostic) -> IndexFormula {
    switch expression {
    case .number(let value): return .number(value)
    case .name: return .entry(expression, index)
    case .derivative, .list, .negative, .binary, .transpose, .call, .index: break
    }
    if let written = expression.writtenOut, case .derivative(_, let a, _) = expression {
      // The slope may be a constant, of no shape.
      return try expand(written, Self.project(index, from: shape(a), to: shape(written)))
    }
    guard let call = OperationCall(expression) else { return .entry(expression, index) }
    let operation = call.operation
    if operation.slope != nil, let argument = call.operands.first,
      isForDerivatives || !operation.isPlain
    {
      return .call(Function(operation.name), try expand(argument, index))
    }
    if isForDerivatives, operation.partial != nil || operation === Operation.detach {
      return .entry(expression, index)
    }
    let application = try ShapeInference(environment).application(of: call).application
    switch application.body {
    case .expression(let template):
      return try expand(template.filled(call, application.setting.shapes), index)
    case .filled(let value): return .number(value)
    case .made: return .entry(expression, index)
    case .move(let move):
      guard let (operand, source) = move.source(index) else { return .entry(expression, index) }
      return operand < 0 ? 0 : try expand(call.operands[operand], source)
    case .formula(let plain):
      return try entry(plain, application, call, index) ?? .entry(expression, index)
    }
  }

  private mutating func entry(
    _ plain: IndexDefinition, _ application: Application, _ call: OperationCall, _ index: [Index]
  ) throws(Diagnostic) -> IndexFormula? {
    let operation = call.operation
    var definition = plain
    if !isForDerivatives, let computed = try operation.computedDefinition(application) {
      let isSame =
        operation.loss == nil ? false : try agree(plain, computed, application, call)
      if !isSame { definition = computed }
    }
    let rank = application.setting.shapes.first?.rank ?? 0
    let axisLetters = rank == 4 ? ["n", "c", "y", "x"] : ["i", "j", "k", "l"]
    var isTransposed = false
    if case .transpose? = call.operands.first { isTransposed = true }
    var expansion = self
    let formula = application.entry(
      definition, at: index,
      fresh: { letter, axis, extent in
        // A transposed left factor meets the right one row by row: the sum runs over the samples, i.
        var preferred = letter == "k" && isTransposed ? "i" : letter
        if let axis, axisLetters.indices.contains(axis) { preferred = axisLetters[axis] }
        return expansion.fresh(preferred, extent)
      }, local: { expansion.freshLocal($0) })
    self = expansion
    guard let formula else { return nil }
    return try reading(call, application, formula)
  }

  /// Where the clip of a logarithm's argument does not bite, the plain formula is the same numbers.
  private func agree(
    _ plain: IndexDefinition, _ computed: IndexDefinition, _ application: Application, _ call: OperationCall
  ) throws(Diagnostic) -> Bool {
    guard plain != computed else { return true }
    var operands: [Tensor] = []
    for operand in call.operands {
      guard let value = try? Evaluator(environment).value(of: operand) else { return true }
      operands.append(value)
    }
    func entry(_ i: Int, _ index: [Int]) -> Double? {
      operands[i].position(of: index).map { operands[i].elements[$0] }
    }
    let first: [Double] = try application.reference(computed: false, entry)
    return first == (try application.reference(computed: true, entry))
  }

  /// A definition's formula with the operands' own formulas for their entries.
  private mutating func reading(
    _ call: OperationCall, _ application: Application, _ formula: IndexFormula
  ) throws(Diagnostic) -> IndexFormula {
    switch formula {
    case .entry(.name(let name), let index):
      guard let i = call.operation.signature.operands.firstIndex(where: { $0.name == name }),
        call.operands.indices.contains(i)
      else { return formula }
      // The value of a function in its derivative goes by its name where it has one.
      if !isForDerivatives, case .derivative = call.source, let name = named[call.operands[i]] {
        return .entry(.name(name), index)
      }
      // What lies outside of an operand is 0, whatever its formula would give there: sigmoid(0) is a half.
      if call.operation.readsOutside, !(isForDerivatives && call.operands[i].keepsZero) {
        return .entry(call.operands[i], index)
      }
      let formula = try expand(call.operands[i], index)
      // A sum in another order has other last bits: whether it equals a value is asked of what was compared.
      let comparesBits = call.operation === Operation.equal || call.operation === Operation.notEqual
      if comparesBits && formula.contains(\.addsUp) { return .entry(call.operands[i], index) }
      // Nobody reads sums in sums in sums, and adding them up again for every term of another one takes minutes.
      return !isForDerivatives && formula.work > Self.mostWork ? .entry(call.operands[i], index) : formula
    case .count(let variables):
      return try count(variables, application, call)
    case .binary(let operation, let a, let b):
      let (left, right) = (try reading(call, application, a), try reading(call, application, b))
      // A mean of one is that one.
      if operation == .divide, case .count = b, right == 1 { return left }
      return .simplified(operation, left, right)
    case .fold(.sum, let variables, let body) where !isForDerivatives && body.hasMask:
      return try sparse(variables, body, call, application)
    default:
      return try formula.mapChildren { (part) throws(Diagnostic) in try reading(call, application, part) }
    }
  }

  /// A sum of which comparisons leave few terms, at a fixed entry: those terms, without the comparisons.
  private mutating func sparse(
    _ variables: [IndexFormula.Variable], _ body: IndexFormula, _ call: OperationCall,
    _ application: Application
  ) throws(Diagnostic) -> IndexFormula {
    let whole = IndexFormula.fold(.sum, variables, body)
    guard whole.freeVariables.isEmpty else {
      return try whole.mapChildren { (part) throws(Diagnostic) in try reading(call, application, part) }
    }
    var terms: [IndexFormula] = []
    var indices: IndexNumbers = [:]
    var expansion = self
    try IndexEvaluator<Double>.each(variables, &indices) { (indices) throws(Diagnostic) in
      let term = body.mapIndices { [indices] in $0.substituting(indices) }
      let plain = try expansion.withoutMasks(term, call)
      guard plain != 0 else { return }
      terms.append(try expansion.reading(call, application, plain))
    }
    self = expansion
    return terms.count > 1 ? .terms(terms) : terms.first ?? 0
  }

  /// Comparisons as the numbers that they are at present.
  private func withoutMasks(_ formula: IndexFormula, _ call: OperationCall) throws(Diagnostic) -> IndexFormula
  {
    switch formula {
    case .position(let index): return index.fixed.map { .number(Double($0)) } ?? formula
    case .binary(let operation, _, _) where operation.isComparison:
      let names = call.operation.signature.operands.map(\.name)
      let evaluator = IndexEvaluator<Double>(entry: { (expression, index) throws(Diagnostic) in
        guard case .name(let name) = expression, let i = names.firstIndex(of: name) else { return nil }
        let value = try Evaluator(environment).value(of: call.operands[i])
        return value.position(of: index).map { value.elements[$0] }
      })
      return .number(try evaluator.value(formula))
    case .binary(let operation, let a, let b):
      let left = try withoutMasks(a, call)
      return .simplified(operation, left, left == 0 && operation == .multiply ? 1 : try withoutMasks(b, call))
    case .negative(let a):
      let inner = try withoutMasks(a, call)
      return inner == 0 ? 0 : .negative(inner)
    default: return formula
    }
  }

  private func count(
    _ variables: [IndexFormula.Variable], _ application: Application, _ call: OperationCall
  ) throws(Diagnostic) -> IndexFormula {
    let n = variables.reduce(1) { $0 * $1.extent }
    if let counting, let generic = try? ShapeInference(counting.shapes).application(of: call).application,
      case .formula(let definition) = generic.body
    {
      // The same letters at shapes in which samples can be told from everything else.
      var letters: [String]?
      func visit(_ formula: IndexFormula) {
        if case .count(let own) = formula { letters = letters ?? own.map(\.name) }
        formula.children.forEach(visit)
      }
      visit(definition.body)
      let there = (letters ?? []).flatMap { generic.letters[$0] ?? [] }.reduce(1, *)
      if case .name(let m) = counting.expression(there) { return .entry(.name(m), []) }
    }
    return .number(Double(n))
  }

  /// Which entry of an operand a broadcast entry reads.
  package static func project(_ index: [Index], from full: Shape, to own: Shape) -> [Index] {
    let missing = full.rank - own.rank
    guard missing >= 0, index.count == full.rank else { return index }
    return own.dimensions.enumerated().map { axis, extent in
      extent == 1 ? Index(0) : index[axis + missing]
    }
  }

  /// Indices replaced by numbers, and what could only be said of a fixed entry said.
  package mutating func concretize(
    _ formula: IndexFormula, _ values: IndexNumbers
  ) throws(Diagnostic) -> IndexFormula {
    switch formula {
    case .entry(let expression, let index):
      let index = index.map { $0.substituting(values) }
      if case .name = expression { return .entry(expression, index) }
      guard index.allSatisfy({ $0.fixed != nil }) else { return .entry(expression, index) }
      return try expand(expression, index)
    case .binary(let operation, let a, let b) where operation == .equal || operation == .notEqual:
      func side(_ part: IndexFormula) throws(Diagnostic) -> IndexFormula {
        guard case .entry(let expression, let index) = part else { return try concretize(part, values) }
        return .entry(expression, index.map { $0.substituting(values) })
      }
      let left = try side(a)
      return .binary(operation, left, try side(b))
    case .delta(let a, let b):
      let (a, b) = (a.substituting(values), b.substituting(values))
      if let x = a.fixed, let y = b.fixed { return x == y ? 1 : 0 }
      return .delta(a, b)
    case .position(let a):
      let a = a.substituting(values)
      return a.fixed.map { .number(Double($0)) } ?? .position(a)
    default:
      return try formula.mapChildren { (part) throws(Diagnostic) in try concretize(part, values) }
    }
  }
}

extension IndexFormula {
  fileprivate var addsUp: Bool {
    switch self {
    case .fold(.sum, _, _), .terms: true
    default: false
    }
  }

  /// A comparison as a factor: it leaves some terms of a sum and makes the others 0.
  fileprivate var hasMask: Bool {
    switch self {
    case .binary(.multiply, let a, let b), .binary(.divide, let a, let b): a.hasMask || b.hasMask
    case .binary(let operation, _, _): operation.isComparison
    default: false
    }
  }
}

extension Expression {
  /// A function of each entry alone that is 0 where all that it reads is 0.
  fileprivate var keepsZero: Bool {
    let zeros = Bindings(Dictionary(names.map { ($0, Tensor(0)) }, uniquingKeysWith: { $1 }))
    return isEntrywise && (try? Evaluator(zeros).value(of: self))?.scalarValue == 0
  }
}
