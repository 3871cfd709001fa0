import Formulas
import LinearAlgebra

/// An operation at the shapes of its operands: which of its definitions holds, what its letters run over, and the shape
/// of the result. The shape is found by unification: an index letter has one extent wherever it stands.
package struct Application: Sendable {
  package enum Body: Sendable {
    case formula(IndexDefinition)
    case expression(Expression)
    case move(Move)
    case filled(Double)
    case made
  }

  package let operation: Operation
  package let setting: Operation.Setting
  package let choice: Operation.Case
  package let body: Body
  package let shape: Shape
  /// For a formula: the axes that every index letter stands for, `…` among them, by their extents.
  let letters: [String: [Int]]
  /// The axes that `axis=` names, resolved; nil for all, or where there is no such option.
  let axes: [Int]?

  init(_ operation: Operation, _ setting: Operation.Setting) throws(Diagnostic) {
    self.operation = operation
    self.setting = setting
    guard let choice = operation.cases.first(where: { $0.applies?(setting) ?? true }) else {
      throw Self.misfit(operation, setting)
    }
    self.choice = choice
    switch choice.meaning {
    case .expression(let text):
      let written = text.drop { $0 != "=" }.dropFirst()
      body = .expression(try operation.parsed.template(String(written)))
      (shape, letters, axes) = (.scalar, [:], nil)
    case .move(let make):
      let move = try make(setting)
      body = .move(move)
      (shape, letters, axes) = (move.shape, [:], nil)
    case .filled(let value, let make):
      body = .filled(value)
      (shape, letters, axes) = (try make(setting), [:], nil)
    case .made(let make):
      body = .made
      (shape, letters, axes) = (try make(setting), [:], nil)
    case .formula, .written:
      let known = try operation.definition(choice, setting, choice.formula(at: setting) ?? "")
      var binding = LetterBinding(operation, setting, known)
      try binding.unify()
      (shape, letters, axes) = (try binding.resultShape(), binding.letters, binding.axes)
      body = .formula(known.formula)
    }
  }

  /// Result and operands are read entry by entry, broadcast: `C[…] = A[…] + B[…]`.
  package var isEntrywise: Bool {
    guard case .formula(let definition) = body, axes == nil, definition.index == [.rest] else { return false }
    var isEntrywise = true
    func visit(_ formula: IndexFormula) {
      if case .entry(_, let index) = formula, !index.isEmpty, index != [.rest] { isEntrywise = false }
      formula.children.forEach(visit)
    }
    visit(definition.body)
    return isEntrywise
  }

  /// The extents of the axes that each letter of the definition stands for.
  package var letterExtents: [String: [Int]] { letters }

  /// A shape with the reduced axes kept at extent 1.
  package func keptShape(of shape: Shape) -> Shape {
    (axes ?? Array(0..<shape.rank)).reduce(shape) { $0.reducing(axis: $1) }
  }

  package static func misfit(_ operation: Operation, _ setting: Operation.Setting) -> Diagnostic {
    let shapes = setting.shapes.map { $0.isScalar ? "a scalar" : "\($0)" }
    let list =
      shapes.count > 1
      ? shapes.dropLast().joined(separator: ", ") + " and " + (shapes.last ?? "") : shapes.first ?? ""
    return Diagnostic(
      setting.shapes.count > 1
        ? "\(operation.symbol ?? operation.name) of \(list): the shapes do not meet"
        : "\(operation.symbol ?? operation.name) does not work on \(list)")
  }
}

extension Operation {
  /// A text of this operation as a formula, in which options of calls may be names of options.
  package func template(_ text: String) throws(Diagnostic) -> Expression { try parsed.template(text) }

  /// The parsed definition with whole-number options and sizes put in.
  func definition(
    _ choice: Case, _ setting: Setting, _ text: String
  ) throws(Diagnostic) -> ParsedTexts.Definition {
    var constants: [String: Int] = [:]
    for (i, operand) in signature.operands.enumerated() where operand.isSize {
      if setting.sizes.indices.contains(i), let size = setting.sizes[i] { constants[operand.name] = size }
    }
    for option in signature.options where option.name != "axis" {
      if let value = setting.options.integer(option.name) ?? Int(option.usual) ?? constants[option.usual] {
        constants[option.name] = value
      }
    }
    var written = text
    if setting.options.reduction == .sum { written = Self.summed(text) }
    return try parsed.definition(
      written, values: signature.operands.filter { !$0.isSize }.map(\.name), constants: constants)
  }

  /// A mean without its division: `reduction=sum`.
  static func summed(_ text: String) -> String {
    guard let slash = text.range(of: " / |") else { return text }
    let rest = text[slash.upperBound...].drop { $0 != "|" }.dropFirst()
    return String(text[..<slash.lowerBound]) + rest
  }

  /// The formula that is evaluated and explained: the safer one where there is one.
  package func computedDefinition(_ application: Application) throws(Diagnostic) -> IndexDefinition? {
    guard case .formula(let formula) = application.body else { return nil }
    guard let computed else { return formula }
    return try definition(application.choice, application.setting, computed).formula
  }
}

extension String {
  /// Without Foundation.
  fileprivate func range(of part: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
      start = index(after: start)
    }
    return nil
  }
}

/// Which axes the letters of a definition stand for.
struct LetterBinding {
  let operation: Operation
  let setting: Operation.Setting
  let definition: ParsedTexts.Definition
  /// Extents of the axes that a letter stands for.
  var letters: [String: [Int]] = [:]
  let axes: [Int]?
  /// Letters whose range is given, and need not be that of an operand's axis.
  private var stated: Set<String> = []
  /// The letters behind `…` lie on the axes that `axis=` names, not on the last ones.
  let isAlongAxes: Bool

  init(_ operation: Operation, _ setting: Operation.Setting, _ definition: ParsedTexts.Definition) {
    self.operation = operation
    self.setting = setting
    self.definition = definition
    let option = operation.signature.options.first { $0.name == "axis" }
    isAlongAxes = option != nil && definition.formula.body.contains { $0.ownIndices.contains(.rest) }
    let rank = setting.shapes.first?.rank ?? 0
    let asked = setting.options.axes ?? option.flatMap { Int($0.usual) }.map { [$0] }
    axes = isAlongAxes ? asked?.map { $0 < 0 ? $0 + rank : $0 }.sorted() : nil
  }

  var misfit: Diagnostic { Application.misfit(operation, setting) }

  mutating func unify() throws(Diagnostic) {
    letters = definition.bounds.mapValues { [$0] }
    let ranges = try operation.ranges?(setting) ?? [:]
    letters.merge(ranges.mapValues { [$0] }) { _, new in new }
    stated = Set(ranges.keys).union(definition.bounds.keys)
    var failure: Diagnostic?
    var groups: [[Int]] = []
    func visit(_ formula: IndexFormula) {
      if case .entry(.name(let name), let index) = formula,
        let i = operation.signature.operands.firstIndex(where: { $0.name == name }),
        setting.shapes.indices.contains(i)
      {
        do throws(Diagnostic) { try meet(index, setting.shapes[i], &groups) } catch {
          failure = failure ?? error
        }
      }
      formula.children.forEach(visit)
    }
    visit(definition.formula.body)
    if let failure { throw failure }
    // What stands for the rest is broadcast.
    var rest = Shape.scalar
    for group in groups {
      guard let common = rest.broadcast(with: Shape(group)) else { throw misfit }
      rest = common
    }
    letters["…"] = rest.dimensions
  }

  /// The extents that one occurrence of an operand gives to its letters.
  private mutating func meet(_ index: [Index], _ shape: Shape, _ groups: inout [[Int]]) throws(Diagnostic) {
    guard let slots = slots(index, rank: shape.rank) else { throw misfit }
    // Along all axes of a number there is none.
    if isAlongAxes, shape.rank == 0 {
      for letter in index.compactMap(\.onlyVariable) where letters[letter] == nil { letters[letter] = [] }
    }
    var rest: [Int] = []
    for (slot, extent) in zip(slots, shape.dimensions) {
      switch slot {
      case .rest: rest.append(extent)
      case .letter(let name, let part):
        var known = letters[name] ?? []
        if part < known.count {
          guard known[part] == extent || stated.contains(name) else { throw misfit }
        } else {
          known.append(extent)
          letters[name] = known
        }
      case .formula: break
      }
    }
    if index.contains(.rest) { groups.append(rest) }
  }

  enum Slot {
    case rest
    /// A part of a letter that stands for several axes.
    case letter(String, Int)
    case formula(Index)
  }

  /// What every axis of a value is indexed with; nil when there are too many or too few indices.
  func slots(_ index: [Index], rank: Int) -> [Slot]? {
    func slot(_ item: Index, _ part: Int) -> Slot {
      item.onlyVariable.map { .letter($0, part) } ?? .formula(item)
    }
    guard let at = index.firstIndex(of: .rest) else {
      return index.count == rank ? index.map { slot($0, 0) } : nil
    }
    let explicit = Array(index[(at + 1)...])
    guard isAlongAxes else {
      let own = rank - explicit.count
      return own >= 0 ? Array(repeating: .rest, count: own) + explicit.map { slot($0, 0) } : nil
    }
    guard let letter = explicit.first else {
      // A value of the rest alone: one entry for each of the others.
      return Array(repeating: .rest, count: rank)
    }
    let chosen = axes ?? Array(0..<rank)
    guard chosen.allSatisfy({ (0..<rank).contains($0) }) else { return nil }
    var part = 0
    return (0..<rank).map { axis in
      guard chosen.contains(axis) else { return .rest }
      defer { part += 1 }
      return slot(letter, part)
    }
  }

  /// The axes of the result: which letter each is, or an index 0 that a reduced axis keeps.
  func resultSlots() -> [Slot] {
    let index = definition.formula.index
    let rest = letters["…"]?.count ?? 0
    guard index.contains(.rest) else {
      return index.map { $0.onlyVariable.map { .letter($0, 0) } ?? .formula($0) }
    }
    let explicit = index.filter { $0 != .rest }
    guard isAlongAxes else {
      return Array(repeating: .rest, count: rest)
        + explicit.map { $0.onlyVariable.map { .letter($0, 0) } ?? .formula($0) }
    }
    let rank = setting.shapes.first?.rank ?? 0
    if !explicit.isEmpty { return slots(index, rank: rank) ?? [] }
    guard let axes, setting.options.keepsAxes else { return Array(repeating: .rest, count: rest) }
    return (0..<rank).map { axes.contains($0) ? .formula(Index(0)) : .rest }
  }

  func resultShape() throws(Diagnostic) -> Shape {
    var next = 0
    var dimensions: [Int] = []
    for slot in resultSlots() {
      switch slot {
      case .rest:
        dimensions.append(letters["…"]?[next] ?? 1)
        next += 1
      case .letter(let name, let part):
        guard let extents = letters[name], extents.indices.contains(part) else { throw misfit }
        dimensions.append(extents[part])
      case .formula: dimensions.append(1)
      }
    }
    return Shape(dimensions)
  }
}
