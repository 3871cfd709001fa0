import Formulas
import NeuralNetworks

/// Which leaves of a typed model are taken for parameters: by how books and programs call them, and by how the equations
/// read them.
struct TrainedNames {
  /// Names that are parameters with digits behind them or none.
  static let letters = ["W", "w", "b", "V", "U", "theta", "gamma", "beta"]
  /// What names of parameters end with: fc1_weight, bngain.
  static let words = ["weight", "weights", "bias", "biases", "gain"]

  private let leaves: Set<String>
  /// Leaves that are positions in others: numbers of words and classes.
  private let positions: Set<String>
  /// Leaves from which such positions choose rows.
  private let tables: Set<String>

  init(_ equations: [Equation], leaves: [String]) {
    self.leaves = Set(leaves)
    var (positions, tables): (Set<String>, Set<String>) = ([], [])
    func visit(_ expression: Expression) {
      if case .index(let base, let items) = expression {
        let names = Set(items.compactMap(\.list).flatMap(\.names)).intersection(leaves)
        positions.formUnion(names)
        if case .name(let table) = base, items.count == 1, let list = items[0].list,
          !names.isEmpty || list.contains(name: .sampleCount)
        {
          tables.insert(table)
        }
      }
      expression.children.forEach(visit)
    }
    for equation in equations { visit(equation.expression) }
    (self.positions, self.tables) = (positions, tables)
  }

  func contains(_ name: String) -> Bool {
    guard leaves.contains(name), !positions.contains(name) else { return false }
    // Queries, keys and values are given together.
    if name == "V", leaves.contains("Q") || leaves.contains("K") { return false }
    return Self.letters.contains { isNumbered(name, $0) || hasSuffix(name, $0) }
      || (Self.isWord(name) && leaves.contains { $0 != name && Self.isWord($0) })
      || tables.contains(name) && !["X", "x", "Y", "y"].contains(name)
  }

  /// A word of its own says little, bias and weight together what they are.
  private static func isWord(_ name: String) -> Bool {
    words.contains { stem(name).lowercased().hasSuffix($0) }
  }

  private static func stem(_ name: String) -> Substring {
    var rest = name[...]
    while let last = rest.last, last.isNumber || last == "_" { rest = rest.dropLast() }
    return rest
  }

  private func isNumbered(_ name: String, _ letters: String) -> Bool {
    name.hasPrefix(letters) && name.dropFirst(letters.count).allSatisfy { $0.isNumber || $0 == "_" }
  }

  /// WQ, Wxh, W_hidden and bf, with what they belong to; a longer name where weights and bias share it.
  private func hasSuffix(_ name: String, _ letters: String) -> Bool {
    guard ["W", "U", "b"].contains(letters), name.hasPrefix(letters) else { return false }
    let rest = name.dropFirst(letters.count)
    guard let first = rest.first, !first.isNumber else { return false }
    if rest.count <= 2 || (first == "_" && letters != "b") { return true }
    return leaves.contains((letters == "b" ? "W" : "b") + rest)
  }
}
