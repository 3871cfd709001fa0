/// How names are written and read: in another text's notation a value goes by another symbol, and the symbol that is
/// shown is the one that can be typed.
package struct Naming: Sendable, Equatable {
  /// What is shown for a name of the program: `net_1` for `Z1`. Gradients follow their values unless they have a symbol
  /// of their own (`delta_1`).
  package var symbols: [String: String]
  /// Names of losses, for `dL/dW1`.
  package var losses: Set<String>
  private let meanings: [String: String]

  package init(symbols: [String: String] = [:], losses: Set<String> = ["L"]) {
    self.symbols = symbols
    self.losses = losses
    meanings = Dictionary(symbols.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
  }

  package static let standard = Naming()

  /// The program's name for what was typed. A name that is shown for another value means that other value; the
  /// program's own name still does where nothing else is shown by it.
  package func meaning(of written: String) -> String { meanings[written] ?? written }

  func isShown(_ symbol: String) -> Bool { meanings[symbol] != nil }
}
