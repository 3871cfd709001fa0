import Reports

/// The tails of colour codes for one ground, each with a contrast of 4.5 to 1 or more: to black and the usual dark grounds
/// up to #282c34, or to white and the usual light ones down to #eee8d5. Source: WCAG 2.2, success criterion 1.4.3.
struct Theme {
  let formula, bad, mark, note, warning, good: String
  let series: [String]

  static func wide(_ ground: Screen.Ground) -> Theme {
    switch ground {
    case .dark:
      Theme(
        formula: "38;5;81", bad: "38;5;210", mark: "38;5;221", note: "38;5;250", warning: "38;5;215",
        good: "38;5;114",
        series: ["38;5;81", "38;5;221", "38;5;183", "38;5;114", "38;5;215", "38;5;210"])
    case .light:
      Theme(
        formula: "38;5;24", bad: "38;5;124", mark: "38;5;90", note: "38;5;240", warning: "38;5;94",
        good: "38;5;22",
        series: ["38;5;24", "38;5;94", "38;5;90", "38;5;22", "38;5;25", "38;5;124"])
    }
  }

  /// Of xterm's sixteen, those that are bright enough on black or dark enough on white.
  static func sixteen(_ ground: Screen.Ground) -> Theme {
    switch ground {
    case .dark:
      Theme(
        formula: "96", bad: "91", mark: "93", note: "37", warning: "93", good: "92",
        series: ["96", "93", "95", "92", "37", "91"])
    case .light:
      Theme(
        formula: "34", bad: "31", mark: "35", note: "39", warning: "35", good: "34",
        series: ["34", "31", "35", "30", "34", "31"])
    }
  }
}
