import CEditline

/// How many cells of a terminal a text takes.
enum TextWidth {
  static func of(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + of($1) }
  }

  static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 127 { return scalar.value < 32 ? 2 : 1 }
    let width = Int(editline_character_width(scalar.value))
    // Unknown to the locale: most likely an ordinary character.
    return width < 0 ? 1 : width
  }

  /// Where the cursor stands behind `text`, counted from the text's start, in a window of so many columns.
  static func position(after text: String, columns: Int) -> (row: Int, column: Int) {
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
    return column >= columns ? (row + 1, 0) : (row, column)
  }
}
