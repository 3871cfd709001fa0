/// How names are written and read: in another text's notation a value goes by another symbol, and the symbol that is
/// shown is the one that can be typed.
package struct Naming: Sendable, Equatable {
  /// What is shown for a name of the program: `net_1` for `Z1`, `delta_1` for `dZ1`.
  private let symbols: [String: String]
  /// Names of losses, for `dL/dW1`.
  package let losses: Set<String>
  /// Every name in use, as it is shown: no index goes by one of these.
  package let shown: Set<String>
  private let meanings: [String: String]

  /// - Parameters:
  ///   - symbols: those of two names that would be the same, or of one that is in use without a symbol, are left out.
  ///   - names: every name in use.
  package init(symbols: [String: String] = [:], losses: Set<String> = [.loss], names: Set<String> = []) {
    let symbols = Self.unambiguous(symbols, names)
    self.symbols = symbols
    self.losses = losses
    shown = Set(names.map { symbols[$0] ?? $0 })
    meanings = Dictionary(symbols.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
  }

  private static func unambiguous(_ symbols: [String: String], _ names: Set<String>) -> [String: String] {
    var result: [String: String] = [:]
    var taken: Set<String> = []
    for (name, symbol) in symbols.sorted(by: { $0.key < $1.key }) where taken.insert(symbol).inserted {
      result[name] = symbol
    }
    // A name that loses its symbol is shown as it is, and may be another's symbol.
    while let clash = result.first(where: { names.contains($0.value) && result[$0.value] == nil }) {
      result[clash.key] = nil
    }
    return result
  }

  package static let standard = Naming()

  /// Whether every name is written as the program has it.
  package var isStandard: Bool { symbols.isEmpty }

  /// The program's name for what was typed. A name that is shown for another value means that other value; the
  /// program's own name still does where nothing else is shown by it.
  package func meaning(of written: String) -> String { meanings[written] ?? written }

  /// The program's name for a word, `dW1` for `∂L/∂w_1`; a word that is no name stays as it is.
  package func name(_ word: String) -> String {
    guard let tokens = try? Lexer.tokens(of: word, naming: self), tokens.count == 2,
      case .name(let name)? = tokens.first?.kind
    else { return word }
    return name
  }

  /// The name whose symbol, or which itself, is nearest to what was typed.
  package func nearest(to written: String, in names: some Sequence<String>) -> String? {
    let names = Array(names)
    var own: [String: String] = [:]
    for name in names { own[name] = name }
    for name in names { own[symbol(name)] = name }
    return Suggestions.nearest(to: written, in: names.map(symbol) + names).flatMap { own[$0] }
  }

  /// What is shown for a name of the program.
  package func symbol(_ name: String) -> String { symbols[name] ?? name }

  package func isShown(_ symbol: String) -> Bool { meanings[symbol] != nil }

  /// `dZ2`, `dW2[0,1]`, or in symbols `∂net_2`.
  func differential(_ entry: NamedEntry) -> String {
    let mark = symbols.isEmpty ? String(Lexer.gradientLetter) : "∂"
    return mark + operand(entry.name) + IndexText().brackets(entry.index.map { Index($0) })
  }

  /// A symbol behind ∂: one that is a fraction itself stands in brackets.
  func operand(_ name: String) -> String {
    let symbol = symbol(name)
    return symbol.contains("/") ? "(\(symbol))" : symbol
  }
}
