/// A drawing surface finer than terminal cells: 2×4 dots in a cell as braille patterns, or one character a
/// cell in ASCII. Dots count from the upper left.
struct Canvas {
  let width: Int
  let height: Int
  let isASCII: Bool
  private var dots: [UInt8]
  /// The series drawn last in a cell, for its colour; -1 for none.
  private(set) var owners: [Int]
  private var letters: [Character?]

  /// Signs of series in ASCII and of points of a class, in the order of the series.
  static let signs: [Character] = ["*", "+", "o", "x", "#", "@"]

  init(width: Int, height: Int, isASCII: Bool) {
    self.width = max(1, min(width, 10_000))
    self.height = max(1, min(height, 10_000))
    self.isASCII = isASCII
    let count = self.width * self.height
    dots = Array(repeating: 0, count: count)
    owners = Array(repeating: -1, count: count)
    letters = Array(repeating: nil, count: count)
  }

  var dotWidth: Int { isASCII ? width : width * 2 }
  var dotHeight: Int { isASCII ? height : height * 4 }

  /// Outside the surface nothing is drawn.
  mutating func set(_ x: Int, _ y: Int, series: Int) {
    guard x >= 0, y >= 0, x < dotWidth, y < dotHeight else { return }
    let cell = isASCII ? y * width + x : (y / 4) * width + x / 2
    // Braille's dots 1–3 and 4–6 run down the two columns, 7 and 8 came later below. Source: Unicode, U+2800.
    let bits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
    dots[cell] |= isASCII ? 1 : bits[(y % 4) * 2 + x % 2]
    owners[cell] = series
  }

  /// A whole cell as a letter, over whatever dots it has.
  mutating func put(_ letter: Character, column: Int, row: Int, series: Int) {
    guard column >= 0, row >= 0, column < width, row < height else { return }
    letters[row * width + column] = letter
    owners[row * width + column] = series
  }

  /// A line by Bresenham's method. `pattern` says for each step whether its dot is drawn; `phase` runs on
  /// from one piece to the next.
  mutating func line(
    from a: (x: Int, y: Int), to b: (x: Int, y: Int), series: Int, phase: inout Int, pattern: [Bool] = [true]
  ) {
    let dx = Int(clamping: (b.x - a.x).magnitude)
    let dy = -Int(clamping: (b.y - a.y).magnitude)
    let stepX = a.x < b.x ? 1 : -1
    let stepY = a.y < b.y ? 1 : -1
    var error = dx + dy
    var (x, y) = a
    while true {
      if pattern[phase % pattern.count] { set(x, y, series: series) }
      if x == b.x && y == b.y { return }
      phase = (phase + 1) % pattern.count
      let twice = 2 * error
      if twice >= dy {
        error += dy
        x += stepX
      }
      if twice <= dx {
        error += dx
        y += stepY
      }
    }
  }

  func character(column: Int, row: Int) -> Character {
    let cell = row * width + column
    if let letter = letters[cell] { return letter }
    guard dots[cell] != 0 else { return " " }
    if isASCII { return Canvas.signs[max(0, owners[cell]) % Canvas.signs.count] }
    return Character(Unicode.Scalar(0x2800 + UInt32(dots[cell])) ?? " ")
  }

  /// Rows of text without blanks at their ends, each cell in the colour of its series.
  func lines(_ paint: Paint) -> [String] {
    (0..<height).map { row in
      var line = ""
      let end = (0..<width).last { character(column: $0, row: row) != " " } ?? -1
      for column in 0..<(end + 1) {
        let text = String(character(column: column, row: row))
        let owner = owners[row * width + column]
        line += text == " " || owner < 0 ? text : paint(text, .series(owner))
      }
      return line
    }
  }
}
