import Formulas
import Synchronization

/// The texts of an operation, parsed when first used: start-up pays for none of them.
final class ParsedTexts: Sendable {
  struct Definition: Sendable {
    let formula: IndexDefinition
    /// Ranges that the text gives: `r<size`.
    let bounds: [String: Int]
  }

  private struct Key: Hashable {
    let text: String
    let constants: [String: Int]
  }

  private let definitions = Mutex<[Key: Definition]>([:])
  private let templates = Mutex<[String: Expression]>([:])
  private let program = Mutex<EntryProgram??>(nil)

  func definition(
    _ text: String, values: [String], constants: [String: Int]
  ) throws(Diagnostic) -> Definition {
    let key = Key(text: text, constants: constants)
    if let known = definitions.withLock({ $0[key] }) { return known }
    let (formula, bounds) = try IndexFormulaParser.definition(
      text, values: Set(values), constants: constants)
    let result = Definition(formula: formula, bounds: bounds)
    definitions.withLock { $0[key] = result }
    return result
  }

  func template(_ text: String) throws(Diagnostic) -> Expression {
    if let known = templates.withLock({ $0[text] }) { return known }
    let result = try Parser.parse(text, vocabulary: .operations, isTemplate: true).expression
    templates.withLock { $0[text] = result }
    return result
  }

  /// A function of each entry alone, made when it is first asked for.
  func program(_ make: () -> EntryProgram?) -> EntryProgram? {
    if let known = program.withLock({ $0 }) { return known }
    let made = make()
    program.withLock { $0 = .some(made) }
    return made
  }
}
