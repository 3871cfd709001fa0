import Formulas
import LinearAlgebra

// What can be told of an operation from the form of its definition.

extension Operation {
  private var formulas: [IndexDefinition] {
    cases.compactMap { item in
      guard case .formula(let text) = item.meaning else { return nil }
      let names = signature.operands.filter { !$0.isSize }.map(\.name)
      return try? parsed.definition(text, values: Set(names).sorted(), constants: [:]).formula
    }
  }

  /// Result and operands are read at the same index, broadcast.
  package var isEntrywise: Bool {
    guard let definition = formulas.first, definition.index == [.rest], !worksAlongAxis else { return false }
    return definition.body.readsOnly([.rest])
  }

  /// Has an axis along which it works, line by line.
  package var worksAlongAxis: Bool {
    signature.options.contains { $0.name == "axis" }
      && formulas.contains { $0.body.contains { $0.ownIndices.contains(.rest) } }
  }

  /// The sum of all entries, or their mean, where no axis is named.
  package enum Total: Sendable { case sum, mean }

  package var total: Total? {
    guard worksAlongAxis, let body = formulas.last?.body else { return nil }
    func isSum(_ formula: IndexFormula) -> Bool {
      if case .fold(.sum, _, .entry) = formula { true } else { false }
    }
    if isSum(body) { return .sum }
    if case .binary(.divide, let sum, .count) = body, isSum(sum) { return .mean }
    return nil
  }
}

extension Operation {
  /// The definition's right side as a formula of one number: `1 / (1 + exp(-Z1))`.
  package func rightSide(of argument: String) -> String {
    let setting = Operation.Setting(shapes: [.scalar], sizes: [nil])
    guard let application = try? application(at: setting), case .formula(let definition) = application.body
    else {
      return name
    }
    func renamed(_ formula: IndexFormula) -> IndexFormula {
      if case .entry = formula { return .entry(.name(argument), []) }
      return formula.mapChildren { renamed($0) }
    }
    return IndexText(precision: nil).text(renamed(definition.body))
  }
}

extension Operation {
  /// What it is, in one line: its note, else its definition.
  package var summary: String {
    if slope != nil {
      let formula = rightSide(of: argumentName)
      return [note, scalarIsBasic ? nil : formula].compactMap { $0 }.joined(separator: ": ")
    }
    return note ?? definitionText
  }

  /// A function of calculus is not made of simpler ones.
  private var scalarIsBasic: Bool { rightSide(of: argumentName) == "\(name)(\(argumentName))" }

  /// The definition as it is written: `S[…,k] = exp(Z[…,k]) / Σ_n exp(Z[…,n])`.
  package var definitionText: String {
    for item in cases {
      switch item.meaning {
      case .formula(let text), .expression(let text): return text
      case .written, .move, .filled, .made: continue
      }
    }
    return title
  }
}

extension IndexFormula {
  fileprivate func readsOnly(_ index: [Index]) -> Bool {
    if case .entry(_, let own) = self { return own.isEmpty || own == index }
    if case .fold = self { return false }
    return children.allSatisfy { $0.readsOnly(index) }
  }
}

extension Expression {
  /// Of entries at one place alone: what such a formula is at a place does not depend on any other.
  package var isEntrywise: Bool {
    switch self {
    case .number, .name: true
    case .negative(let a): a.isEntrywise
    case .binary(let operation, let a, let b):
      operation != .matrixProduct && a.isEntrywise && b.isEntrywise
    case .call(let f, let operands, _): Operation.of(f)?.slope != nil && operands.allSatisfy(\.isEntrywise)
    case .list, .transpose, .derivative, .index: false
    }
  }
}
