import Formulas
import LinearAlgebra

extension Application {
  /// The formula of one entry of the result, in which the operands' entries stand by the operands' names.
  /// - Parameters:
  ///   - definition: the operation's own, or the safer one.
  ///   - fresh: makes a new index variable, from the letter of the definition and the axis of the first operand that it
  ///     runs over, if it runs over one.
  package func entry(
    _ definition: IndexDefinition, at index: [Index],
    fresh: @escaping (_ letter: String, _ axis: Int?, _ extent: Int) -> IndexFormula.Variable,
    local: @escaping (String) -> String
  ) -> IndexFormula? {
    var binding = LetterBinding(operation, setting, .init(formula: definition, bounds: [:]))
    binding.letters = letters
    var bound: [String: [Index]] = [:]
    let slots = binding.resultSlots()
    guard slots.count == index.count else { return nil }
    for (slot, item) in zip(slots, index) {
      switch slot {
      case .rest: bound["…", default: []].append(item)
      case .letter(let name, _): bound[name, default: []].append(item)
      case .formula: break
      }
    }
    var writer = EntryWriter(application: self, binding: binding, fresh: fresh, local: local)
    return writer.written(definition.body, bound, [:])
  }

  /// An index of every axis of the result: the letters of the definition, and others for what `…` stands for.
  package func resultIndex(rest: (Int) -> String) -> [Index] {
    guard case .formula(let definition) = body else {
      return shape.dimensions.indices.map { .variable(rest($0)) }
    }
    var binding = LetterBinding(operation, setting, .init(formula: definition, bounds: [:]))
    binding.letters = letters
    var position = 0
    return binding.resultSlots().map { slot in
      switch slot {
      case .rest:
        position += 1
        return .variable(rest(position - 1))
      case .letter(let name, _): return .variable(name)
      case .formula(let index): return index
      }
    }
  }

  /// An index in the words of the definition, `…,k`, for a value of this rank: of every axis which of the rest it is, or
  /// its index. Nil where there are too many or too few.
  package func axes(_ index: [Index], rank: Int) -> [(rest: Int?, index: Index)]? {
    guard case .formula(let definition) = body else { return nil }
    var binding = LetterBinding(operation, setting, .init(formula: definition, bounds: [:]))
    binding.letters = letters
    guard let slots = binding.slots(index, rank: rank) else { return nil }
    let own = slots.count { if case .rest = $0 { true } else { false } }
    var next = (letters["…"]?.count ?? own) - own
    return slots.map { slot in
      switch slot {
      case .rest:
        next += 1
        return (next - 1, .rest)
      case .letter(let name, _): return (nil, .variable(name))
      case .formula(let index): return (nil, index)
      }
    }
  }
}

/// Puts indices and fresh variables into a definition.
private struct EntryWriter {
  let application: Application
  let binding: LetterBinding
  let fresh: (String, Int?, Int) -> IndexFormula.Variable
  let local: (String) -> String
  /// Two sums over one letter run over the same variable.
  private var variables: [String: [IndexFormula.Variable]] = [:]

  init(
    application: Application, binding: LetterBinding,
    fresh: @escaping (String, Int?, Int) -> IndexFormula.Variable, local: @escaping (String) -> String
  ) {
    self.application = application
    self.binding = binding
    self.fresh = fresh
    self.local = local
  }

  mutating func written(
    _ formula: IndexFormula, _ bound: [String: [Index]], _ locals: [String: String]
  ) -> IndexFormula? {
    switch formula {
    case .number: return formula
    case .local(let name): return .local(locals[name] ?? name)
    case .entry(.name(let name), let index): return entry(name, index, bound)
    case .entry, .partial, .difference: return formula
    case .delta(let a, let b):
      return put(a, bound).flatMap { a in put(b, bound).map { Self.delta(a, $0) } }
    case .position(let a):
      return place(a, bound).map { $0.fixed.map { .number(Double($0)) } ?? .position($0) }
    case .count(let variables): return .count(variables.flatMap(expanded))
    case .fold(let kind, let variables, let body):
      var inner = bound
      var own: [IndexFormula.Variable] = []
      for variable in variables {
        let made = made(variable)
        own += made
        let indices = made.map { Index.variable($0.name) }
        inner[variable.name] = indices
      }
      guard let body = written(body, inner, locals) else { return nil }
      return own.isEmpty ? body : .fold(kind, own, body)
    case .letting(let name, let value, let body):
      guard let value = written(value, bound, locals) else { return nil }
      var inner = locals
      inner[name] = local(name)
      guard let body = written(body, bound, inner) else { return nil }
      return .letting(inner[name] ?? name, value, body)
    case .binary(let operation, let a, let b):
      guard let a = written(a, bound, locals), let b = written(b, bound, locals) else { return nil }
      return .simplified(operation, a, b)
    case .negative, .call, .choice, .terms:
      var isComplete = true
      let result = formula.mapChildren { part -> IndexFormula in
        if let part = written(part, bound, locals) { return part }
        isComplete = false
        return part
      }
      return isComplete ? result : nil
    }
  }

  /// An index as a number: over several axes, the place in line.
  private func place(_ index: Index, _ bound: [String: [Index]]) -> Index? {
    guard let letter = index.onlyVariable, let parts = bound[letter], parts.count != 1,
      let extents = binding.letters[letter], extents.count == parts.count
    else { return put(index, bound) }
    return zip(parts, extents).reduce(Index(0)) { $0.scaled(by: $1.1) + $1.0 }
  }

  private mutating func made(_ variable: IndexFormula.Variable) -> [IndexFormula.Variable] {
    if let known = variables[variable.name] { return known }
    let extents =
      variable.name == "…" || variable.extent == 0 ? binding.letters[variable.name] ?? [] : [variable.extent]
    let made = extents.enumerated().map { part, extent in
      let axis = variable.name == "…" ? rest(part) : binding.isAlongAxes ? along(part) : nil
      var result = fresh(variable.name, axis, extent)
      result.isBounded = variable.extent != 0
      return result
    }
    variables[variable.name] = made
    return made
  }

  static func delta(_ a: Index, _ b: Index) -> IndexFormula {
    guard let x = a.fixed, let y = b.fixed else { return a == b ? 1 : .delta(a, b) }
    return x == y ? 1 : 0
  }

  /// The axis of the first operand that a part of an axis letter, or of the rest, lies on.
  private func along(_ part: Int) -> Int? {
    guard let axes = binding.axes else { return part }
    return axes.indices.contains(part) ? axes[part] : nil
  }

  private func rest(_ part: Int) -> Int? {
    let rank = application.setting.shapes.first?.rank ?? 0
    let others = (0..<rank).filter { !(binding.axes ?? []).contains($0) }
    return others.indices.contains(part) ? others[part] : part
  }

  private func expanded(_ variable: IndexFormula.Variable) -> [IndexFormula.Variable] {
    (binding.letters[variable.name] ?? [variable.extent]).map { .init(name: variable.name, extent: $0) }
  }

  private func put(_ index: Index, _ bound: [String: [Index]], part: Int = 0) -> Index? {
    var result = Index(index.constant)
    for (name, factor) in index.factors {
      guard let indices = bound[name], indices.indices.contains(part) else { return nil }
      result = result + indices[part].scaled(by: factor)
    }
    return result
  }

  private func entry(_ name: String, _ index: [Index], _ bound: [String: [Index]]) -> IndexFormula? {
    guard let i = application.operation.signature.operands.firstIndex(where: { $0.name == name }),
      application.setting.shapes.indices.contains(i)
    else { return .entry(.name(name), index) }
    let shape = application.setting.shapes[i]
    guard let slots = binding.slots(index, rank: shape.rank) else { return nil }
    let rest = binding.letters["…"] ?? []
    let own = slots.count { if case .rest = $0 { true } else { false } }
    var next = rest.count - own
    var result: [Index] = []
    for (slot, extent) in zip(slots, shape.dimensions) {
      switch slot {
      case .rest:
        guard let indices = bound["…"], indices.indices.contains(next) else { return nil }
        // Broadcast: one entry for all.
        result.append(extent == 1 && rest[next] != 1 ? Index(0) : indices[next])
        next += 1
      case .letter(let letter, let part):
        guard let put = put(.variable(letter), bound, part: part) else { return nil }
        result.append(put)
      case .formula(let formula):
        guard let put = put(formula, bound) else { return nil }
        result.append(put)
      }
    }
    return .entry(.name(name), result)
  }
}

extension IndexFormula {
  /// Numbers that are known when the indices are: 0·x, 1·x, 0 - x, 2 + 3.
  package static func simplified(_ operation: BinaryOperator, _ a: IndexFormula, _ b: IndexFormula)
    -> IndexFormula
  {
    if case .number(let x) = a, case .number(let y) = b {
      return .number(IndexEvaluator<Double>.apply(operation, x, y))
    }
    switch (operation, a, b) {
    case (.multiply, .number(0), _), (.multiply, _, .number(0)): return 0
    case (.multiply, _, _): return .product(a, b)
    case (.add, .number(0), let x), (.add, let x, .number(0)), (.subtract, let x, .number(0)): return x
    case (.subtract, .number(0), let x): return .negative(x)
    default: return .binary(operation, a, b)
    }
  }
}
