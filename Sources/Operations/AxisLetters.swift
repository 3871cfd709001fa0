import Formulas
import LinearAlgebra

/// Which axes of an operation's operands and of its result are equally long, by its definition: an index letter has one
/// extent wherever it stands.
package struct AxisLetters: Sendable {
  package enum Axis: Sendable, Hashable {
    /// A letter, and which of the axes that it stands for.
    case letter(String, Int)
    /// An axis that `…` stands for, counted from the last one: broadcast.
    case rest(fromEnd: Int)
    /// No letter alone: read through a sum of indices, or kept at extent 1.
    case other
  }

  /// Every occurrence of an operand in the definition, axis by axis.
  package let operands: [(operand: Int, axes: [Axis])]
  package let result: [Axis]

  /// Nil for what is not defined by a formula, and for values of another number of axes than it takes.
  package init?(_ operation: Operation, _ setting: Operation.Setting) {
    guard let choice = operation.cases.first(where: { $0.applies?(setting) ?? true }),
      let text = try? choice.formula(at: setting),
      let definition = try? operation.definition(choice, setting, text)
    else { return nil }
    var binding = LetterBinding(operation, setting, definition)
    var found: [(operand: Int, axes: [Axis])] = []
    var isFitting = true
    func visit(_ formula: IndexFormula) {
      if case .entry(.name(let name), let index) = formula,
        let i = operation.signature.operands.firstIndex(where: { $0.name == name }),
        setting.shapes.indices.contains(i)
      {
        if let slots = binding.slots(index, rank: setting.shapes[i].rank) {
          found.append((i, Self.axes(slots)))
        } else {
          isFitting = false
        }
      }
      formula.children.forEach(visit)
    }
    visit(definition.formula.body)
    guard isFitting else { return nil }
    let rest = found.map { $0.axes.count { if case .rest = $0 { true } else { false } } }.max() ?? 0
    binding.letters["…"] = Array(repeating: 1, count: rest)
    operands = found
    result = Self.axes(binding.resultSlots())
  }

  private static func axes(_ slots: [LetterBinding.Slot]) -> [Axis] {
    var fromEnd = 0
    let axes = slots.reversed().map { slot -> Axis in
      switch slot {
      case .letter(let name, let part): return .letter(name, part)
      case .formula: return .other
      case .rest:
        defer { fromEnd += 1 }
        return .rest(fromEnd: fromEnd)
      }
    }
    return axes.reversed()
  }
}
