/// How many colours the output may use.
package enum ColorDepth: Sendable, Hashable {
  case none, sixteen, twoFiftySix, trueColor

  /// The value of `--color`.
  package enum Choice: String, Sendable, CaseIterable { case auto, always, never }

  /// `--color` decides, then NO_COLOR, then CLICOLOR_FORCE, then whether this is a terminal that is not dumb.
  /// How many colours: COLORTERM, then TERM, else the sixteen that every terminal has.
  /// Sources: no-color.org, bixense.com/clicolors.
  package static func detect(
    _ choice: Choice, environment: (String) -> String?, isTerminal: Bool
  ) -> ColorDepth {
    let terminal = environment("TERM") ?? ""
    let isWanted: Bool
    switch choice {
    case .never: isWanted = false
    case .always: isWanted = true
    case .auto:
      if let value = environment("NO_COLOR"), !value.isEmpty {
        isWanted = false
      } else if let value = environment("CLICOLOR_FORCE"), !value.isEmpty, value != "0" {
        isWanted = true
      } else {
        isWanted = isTerminal && !terminal.isEmpty && terminal != "dumb"
      }
    }
    guard isWanted else { return .none }
    if let value = environment("COLORTERM"), value == "truecolor" || value == "24bit" { return .trueColor }
    return terminal.hasSuffix("256color") ? .twoFiftySix : .sixteen
  }
}
