import CEditline

/// How many cells of a terminal a text takes.
enum TextWidth {
  static func of(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + of($1) }
  }

  static func of(_ scalar: Unicode.Scalar) -> Int {
    scalar.value < 127 ? (scalar.value < 32 ? 2 : 1) : max(0, Int(editline_character_width(scalar.value)))
  }

  /// The row, counted from the start of `text`, on which the cursor stands behind it.
  static func row(after text: String, columns: Int) -> Int {
    var row = 0
    var column = 0
    for scalar in text.unicodeScalars {
      if scalar == "\n" {
        row += 1
        column = 0
        continue
      }
      let width = of(scalar)
      if column + width > columns {
        row += 1
        column = 0
      }
      column += width
    }
    return column >= columns ? row + 1 : row
  }
}
