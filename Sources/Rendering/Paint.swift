import Reports

/// Colours by what they mean. With `.none` it hands back the text as it is.
struct Paint {
  let depth: ColorDepth
  var ground: Screen.Ground?

  enum Role {
    case title, formula, negative, mark, active, heading, note, warning, success, failure, caret, hint
    case series(Int)
  }

  func callAsFunction(_ text: String, _ role: Role) -> String {
    depth == .none || text.isEmpty ? text : "\u{1B}[" + code(role) + "m" + text + "\u{1B}[0m"
  }

  private func code(_ role: Role) -> String {
    guard let ground else { return plainCode(role) }
    let theme = depth == .sixteen ? Theme.sixteen(ground) : Theme.wide(ground)
    return switch role {
    case .title, .heading: "1"
    case .formula, .hint: theme.formula
    case .negative, .failure: theme.bad
    case .mark: "1;" + theme.mark
    case .active: "1;4"
    case .note: theme.note
    case .warning: theme.warning
    case .success: theme.good
    case .caret: "1;" + theme.bad
    case .series(let index): theme.series[Int(clamping: index.magnitude) % theme.series.count]
    }
  }

  /// On a ground that is not known, the terminal's own sixteen colours, which its owner has chosen to be read.
  private func plainCode(_ role: Role) -> String {
    switch role {
    case .title, .heading: "1"
    case .formula, .hint: "36"
    case .negative, .failure: "31"
    case .mark: "1;33"
    case .active: "1;4"
    case .note: "2"
    case .warning: "33"
    case .success: "32"
    case .caret: "1;31"
    case .series(let index): ["36", "33", "35", "32", "34", "31"][Int(clamping: index.magnitude) % 6]
    }
  }

  /// A cell with a background from blue (share −1) over near-white (0) to orange (1), the digits black.
  func heat(_ text: String, share: Double) -> String {
    let t = max(-1, min(1, share))
    switch depth {
    case .none: return text
    case .sixteen:
      // Blue needs white digits; the sixteen have no orange, and yellow is next to it.
      let code = t <= -0.5 ? "97;44" : t < -0.1 ? "30;104" : t <= 0.1 ? "30;47" : t < 0.5 ? "30;103" : "30;43"
      return "\u{1B}[" + code + "m" + text + "\u{1B}[0m"
    case .twoFiftySix, .trueColor:
      let end: (Double, Double, Double) = t < 0 ? (92, 150, 235) : (245, 150, 50)
      let weight = abs(t)
      func mix(_ to: Double) -> Int { Int(clamping: (240 + (to - 240) * weight).rounded()) }
      let background = rgb(mix(end.0), mix(end.1), mix(end.2))
      return "\u{1B}[38;5;16;48;" + background + "m" + text + "\u{1B}[0m"
    }
  }

  /// The tail of a `38;` or `48;` sequence for a colour of 0...255 each.
  func rgb(_ r: Int, _ g: Int, _ b: Int) -> String {
    if depth == .trueColor { return "2;\(r);\(g);\(b)" }
    if r == g && g == b && r > 3 && r < 247 { return "5;\(232 + (r - 3) / 10)" }
    // The 6×6×6 cube has its levels at 0, 95, 135, 175, 215, 255.
    func level(_ value: Int) -> Int { value < 48 ? 0 : value < 115 ? 1 : min(5, (value - 35) / 40) }
    return "5;\(16 + 36 * level(r) + 6 * level(g) + level(b))"
  }
}
