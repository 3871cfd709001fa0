/// A line of a pasted table, cut into cells at blanks or, where it has them, at commas.
struct PastedLine {
  enum Kind: Equatable {
    case blank, cells
    /// Julia's `2×3 Matrix{Float64}:` and `3-element Vector{Float64}:`.
    case size([Int])
    /// MATLAB's `Columns 1 through 8`.
    case columns
    /// MATLAB's `1.0e+03 *`.
    case scale
    /// What pandas writes below a Series.
    case dtype
    /// R's `[1,] 0.1 0.2`.
    case rLabels
    /// What Markdown writes below the names of columns.
    case rule
    /// What is drawn between two rows, with nothing in it.
    case frame
    /// Which matrix follows: `[:, :, 2] =` of Julia, `ans(:,:,2) =` of MATLAB, from 1.
    case slice(Int)
  }

  struct Cell: Equatable {
    let text: String
    /// In the text of all lines.
    let range: Range<Int>
    /// In its line.
    let start: Int
    var end: Int { start + text.count }

    /// As a formula writes it; nil where it is no number.
    var number: String? {
      if let truth = ["True": "1", "TRUE": "1", "true": "1", "False": "0", "FALSE": "0", "false": "0"][text] {
        return truth
      }
      let plain = text.map { $0 == "−" ? "-" : $0 }
      let unsigned = plain.drop { $0 == "+" || $0 == "-" }
      guard plain.count - unsigned.count < 2 else { return nil }
      if ["Inf", "inf", "Infinity"].contains(String(unsigned)) {
        return (plain.first == "-" ? "-" : "") + "inf"
      }
      let mantissa = unsigned.prefix { $0 != "e" && $0 != "E" }
      let exponent = unsigned.dropFirst(mantissa.count + 1)
      let digits = exponent.drop { $0 == "+" || $0 == "-" }
      guard mantissa.contains(where: \.isDigit), mantissa.allSatisfy({ $0.isDigit || $0 == "." }),
        mantissa.count(where: { $0 == "." }) < 2, exponent.count - digits.count < 2,
        digits.allSatisfy(\.isDigit), digits.isEmpty == (mantissa.count == unsigned.count)
      else { return nil }
      return String(plain.first == "+" ? plain.dropFirst() : plain[...])
    }
    var isNumber: Bool { number != nil }
    /// Begins as a number does, and goes on otherwise: `0,5`, `1_000`, `0x1F`, but no date.
    var isNearlyNumber: Bool {
      !isNumber && text.drop { "+-−".contains($0) }.first?.isDigit == true
        && text.allSatisfy { $0.isDigit || "+-−.,_xX".contains($0) || $0.isHexDigit && text.contains("x") }
        && !text.dropFirst().contains("-")
    }
    var isMissing: Bool { ["NaN", "nan", "NA", "<NA>", "None", "NaT", "NULL"].contains(text) }
    var isElided: Bool { ["...", "..", "…", "⋮", "⋱", "⋯"].contains(text) }
    /// A name of a column or row, and no part of a formula.
    var isWord: Bool {
      !isNumber && !isMissing && !isElided
        && text.first.map { $0.isLetter || $0 == "_" || $0 == "\"" } == true
        && !text.contains { "()[]*/@=<>+".contains($0) }
    }
    /// Of a column: `petal length (cm)`.
    var isUnit: Bool {
      text.count > 2 && text.first == "(" && text.last == ")" && text.dropFirst().first?.isLetter == true
    }
    /// R's `[1,]`, `[,1]` and `[1]`.
    var isRLabel: Bool {
      text.count > 2 && text.first == "[" && text.last == "]" && text.contains(where: \.isDigit)
        && text.dropFirst().dropLast().allSatisfy { $0.isDigit || $0 == "," }
    }
  }

  let cells: [Cell]
  let range: Range<Int>
  let kind: Kind
  /// What cells are cut at, where it is no blank: a comma, a semicolon of a spreadsheet, a bar of Markdown.
  let separator: Character?
  var hasCommas: Bool { separator == "," }
  /// A row in brackets of its own, which alone is a formula as well.
  let isFramed: Bool
  /// Blanks before its first cell.
  let indent: Int
  /// pandas breaks wide tables with a `\`.
  let goesOn: Bool

  init(_ text: Substring, at offset: Int) {
    var characters = Array(text)
    while let last = characters.last, last.isWhitespace || last == ";" { characters.removeLast() }
    goesOn = characters.last == "\\"
    if goesOn { characters.removeLast() }
    range = offset..<offset + max(1, characters.count)
    let whole = String(characters).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    isFramed = Self.unframe(&characters)
    separator = Self.separator(characters)
    if separator == "|" {
      if let first = characters.firstIndex(of: "|") { characters[first] = " " }
      characters.removeLast()
    }
    cells = Self.named(Self.cells(characters, at: offset, by: separator), isApart: separator == nil)
    indent = characters.prefix { $0.isWhitespace }.count
    kind =
      !whole.isEmpty && whole.allSatisfy({ "⎡⎢⎣⎤⎥⎦ ".contains($0) })
      ? .frame
      : separator == "|" && whole.contains("--") && whole.allSatisfy({ "|-: ".contains($0) })
        ? .rule : Self.slice(whole) ?? Self.kind(String(characters.drop { $0.isWhitespace }), cells)
  }

  /// Takes the brackets of a row of its own away: `[0.1 0.2]`, and those that are drawn over several lines.
  private static func unframe(_ characters: inout [Character]) -> Bool {
    for i in characters.indices where "⎡⎢⎣⎤⎥⎦".contains(characters[i]) { characters[i] = " " }
    let last = characters.lastIndex { !$0.isWhitespace && $0 != "," }
    guard let first = characters.firstIndex(where: { !$0.isWhitespace }), let last, first < last,
      characters[first] == "[", characters[last] == "]",
      case let inner = characters[first + 1..<last].split(whereSeparator: { $0.isWhitespace || $0 == "," }),
      inner.count > 1, inner.allSatisfy({ Cell(text: String($0), range: 0..<1, start: 0).isNumber })
    else { return false }
    characters[first] = " "
    characters.removeSubrange(last...)
    return true
  }

  private static func separator(_ characters: [Character]) -> Character? {
    guard !characters.contains("[") else { return nil }
    let first = characters.first { !$0.isWhitespace }
    if characters.count > 1, first == "|", characters.last == "|" { return "|" }
    if characters.contains(";"), !characters.contains("(") { return ";" }
    return characters.contains(",") ? "," : nil
  }

  private static func slice(_ text: String) -> Kind? {
    guard text.hasSuffix("="), let open = text.firstIndex(where: { "[(".contains($0) }) else { return nil }
    let inner = text[open...].dropLast().filter { $0 != " " }.dropFirst().dropLast()
    let parts = inner.split(separator: ",")
    guard parts.count == 3, parts[0] == ":", parts[1] == ":", let number = Int(parts[2]), number > 0 else {
      return nil
    }
    return .slice(number)
  }

  private static func cells(_ characters: [Character], at offset: Int, by separator: Character?) -> [Cell] {
    var cells: [Cell] = []
    var start = 0
    func add(_ end: Int) {
      var range = start..<end
      while let first = range.first, characters[first].isWhitespace { range = range.dropFirst() }
      while let last = range.last, characters[last].isWhitespace { range = range.dropLast() }
      if separator != nil || !range.isEmpty {
        cells.append(
          Cell(
            text: String(characters[range]),
            range: offset + range.lowerBound..<offset + max(range.upperBound, range.lowerBound + 1),
            start: range.lowerBound))
      }
      start = end + 1
    }
    for (i, c) in characters.enumerated() where c == separator || separator == nil && c.isWhitespace {
      add(i)
    }
    add(characters.count)
    // A row of MATLAB's may end with a comma.
    if separator == ",", cells.last?.text.isEmpty == true, cells.count > 1 { cells.removeLast() }
    return cells
  }

  /// Titles of columns with a blank in them, `x 0  x 1`, of which two blanks set one from the next: each a cell.
  private static func named(_ cells: [Cell], isApart: Bool) -> [Cell] {
    guard isApart, cells.contains(where: \.isNumber), cells.first?.isWord == true else { return cells }
    var titles: [Cell] = []
    for cell in cells {
      guard let last = titles.last, cell.start == last.end + 1 else {
        titles.append(cell)
        continue
      }
      titles[titles.count - 1] = Cell(
        text: last.text + " " + cell.text, range: last.range.lowerBound..<cell.range.upperBound,
        start: last.start)
    }
    return titles.count > 1 && titles.allSatisfy(\.isWord) ? titles : cells
  }

  private static func kind(_ text: String, _ cells: [Cell]) -> Kind {
    guard let first = cells.first, !text.isEmpty else { return .blank }
    let words = text.split(whereSeparator: \.isWhitespace)
    if text.last == ":", text.first?.isDigit == true {
      if words[0].hasSuffix("-element"), let count = Int(words[0].dropLast("-element".count)) {
        return .size([count])
      }
      let counts = words[0].split(separator: "×", omittingEmptySubsequences: false).map { Int($0) }
      if counts.count > 1, counts.allSatisfy({ $0 != nil }) { return .size(counts.compactMap { $0 }) }
    }
    // MATLAB's `2×2 logical array`.
    let extents = words[0].split(separator: "×", omittingEmptySubsequences: false).map { Int($0) }
    if extents.count > 1, words.count > 1, extents.allSatisfy({ $0 != nil }),
      elementTypes.contains(String(words[1]))
    {
      return .size(extents.compactMap { $0 })
    }
    if words.count > 1, words[0] == "Columns" || words[0] == "Column",
      words[1].allSatisfy({ $0.isDigit || $0 == ":" })
    {
      return .columns
    }
    if words.count == 2, words[1] == "*", first.isNumber { return .scale }
    if ["dtype:", "Name:", "Length:", "Freq:"].contains(String(words[0])), text.contains("dtype: ") {
      return .dtype
    }
    if first.isRLabel, cells.count > 1 || text.hasPrefix("[,") { return .rLabels }
    return .cells
  }

  private static let elementTypes: Set<String> = [
    "logical", "single", "double", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
  ]

  var isSlice: Bool { if case .slice = kind { true } else { false } }

  /// It stands above rows.
  var isAnnouncement: Bool {
    switch kind {
    case .columns, .scale, .size, .slice: true
    case .blank, .cells, .dtype, .rLabels, .rule, .frame: false
    }
  }

  /// A name, and numbers apart from it: `x -1` is a formula.
  var isNamedRow: Bool {
    guard kind == .cells, cells.count > 1, !cells[0].isNumber, !cells[0].isElided, !cells[0].text.isEmpty,
      cells[0].text.allSatisfy({ $0.isLetter || $0.isNumber || "-:._%\"".contains($0) })
    else { return false }
    return cells.dropFirst().allSatisfy { $0.isNumber || $0.isMissing || $0.isElided }
      && (separator != nil || cells.count > 2 || cells[1].start > cells[0].end + 1)
  }

  /// It has numbers, or something in their place.
  var isRow: Bool { kind == .cells && cells.contains { $0.isNumber || $0.isMissing || $0.isElided } }
}

extension Character {
  fileprivate var isDigit: Bool { isASCII && isNumber }
}
