/// Lists, also as people paste them: entries with commas or with blanks between them, rows with `;`, as NumPy, PyTorch,
/// MATLAB and Julia print matrices.
extension Parser {
  mutating func list(open: Range<Int>) throws(Diagnostic) -> Parsed {
    let isNested = isInList
    // A bracket with nothing behind it on its line: no program prints so, and each line is a row.
    let linesAreRows = !isNested && current.startsLine && isEntryNext
    var rows: [[Parsed]] = [[]]
    // Where a line begins that may be a row of its own or go on with the one above.
    var breaks: [(entry: Int, place: Range<Int>)] = []
    var isClosed: Range<Int>?
    // Commas without a blank before three digits, and with one.
    var (tight, loose): (Range<Int>?, Bool) = (nil, false)
    while isClosed == nil {
      isClosed = accept("]")
      if isClosed != nil { break }
      guard !isEnd else { throw unclosed(open, "]") }
      let item = try listing { (p) throws(Diagnostic) in try p.comparison() }
      rows[rows.count - 1].append(item)
      if isSymbol(",") {
        try checkThousands(of: item)
        if let thousand = thousands(of: item) {
          tight = tight ?? thousand
        } else {
          loose = loose || isFollowedByBlank
        }
        position += 1
        skipContinuation()
        continue
      }
      let isRowEnd = accept(";") != nil
      if isRowEnd { skipContinuation() }
      if isRowEnd || linesAreRows && current.startsLine && item.isEntry && isEntryNext {
        rows.append([])
      } else if !isSymbol("]"), !isEnd, !(item.isEntry && isEntryNext) {
        throw Diagnostic(
          "a comma or ']' is expected here", at: [current.range], hint: "entries are separated by commas")
      } else if !isNested, current.startsLine, case .number = current.kind {
        breaks.append((rows[rows.count - 1].count, current.range))
      }
    }
    if loose, let tight {
      throw Diagnostic(
        "this may be one number or two: other commas here have a blank behind them", at: [tight],
        hint: "numbers are written without marks between thousands, 1234.5")
    }
    // Lines of one length may be rows, as in MATLAB, or one long row that NumPy broke; of others no matrix is made.
    if rows.count == 1, let first = breaks.first, rows[0].count == (breaks.count + 1) * first.entry,
      breaks.enumerated().allSatisfy({ $1.entry == ($0 + 1) * first.entry })
    {
      throw Diagnostic(
        "this line may be a row of its own or go on with the one above", at: [first.place],
        hint:
          "a ; behind the line above begins a row, a , goes on; after a line of nothing but [ each line is a row"
      )
    }
    let range = open.lowerBound..<(isClosed?.upperBound ?? open.upperBound)
    func made(_ items: [Parsed], _ range: Range<Int>) -> Parsed {
      Parsed(
        expression: .list(items.map(\.expression)),
        ranges: RangeTree(range: range, children: items.map(\.ranges)))
    }
    if rows.count > 1, rows.last?.isEmpty == true { rows.removeLast() }
    guard rows.count > 1 else { return made(rows[0], range) }
    let written = rows.map { row in
      made(
        row,
        (row.first?.ranges.range.lowerBound ?? range.lowerBound)..<(row.last?.ranges.range.upperBound
          ?? range.upperBound))
    }
    return made(written, range)
  }

  /// MATLAB's `...` at the end of a line, behind what ends an entry or a row; NumPy has a comma behind the one it elides with.
  private mutating func skipContinuation() {
    if isSymbol("…"), tokens.indices.contains(position + 1), tokens[position + 1].startsLine { position += 1 }
  }

  /// Where `1,234` stands, of which three digits follow the comma.
  private func thousands(of item: Parsed) -> Range<Int>? {
    guard case .number(let before) = item.expression, before >= 1, before < 1000, before == before.rounded(),
      tokens.indices.contains(position + 1), case .number(let next) = tokens[position + 1].kind, next < 1000,
      item.ranges.range.upperBound == current.range.lowerBound,
      tokens[position + 1].range.lowerBound == current.range.upperBound,
      tokens[position + 1].range.count == 3 || next != next.rounded() && next >= 100
    else { return nil }
    return item.ranges.range.lowerBound..<tokens[position + 1].range.upperBound
  }

  private var isFollowedByBlank: Bool {
    tokens.indices.contains(position + 1) && tokens[position + 1].range.lowerBound > current.range.upperBound
  }

  /// Refuses `1,234 5,678`, where a comma may separate thousands and a blank numbers.
  private func checkThousands(of item: Parsed) throws(Diagnostic) {
    guard tokens.indices.contains(position + 2), case .number = tokens[position + 1].kind,
      item.ranges.range.upperBound == current.range.lowerBound,
      tokens[position + 1].range.lowerBound == current.range.upperBound,
      tokens[position + 1].range.upperBound < tokens[position + 2].range.lowerBound,
      isNumber(at: position + 2) || tokens[position + 2].kind == .symbol("-")
    else { return }
    let range = item.ranges.range.lowerBound..<tokens[position + 1].range.upperBound
    throw Diagnostic(
      "this may be one number or two: commas and blanks both separate here", at: [range],
      hint:
        "numbers are written without marks between thousands, 1234.5, and with a comma or a blank between two"
    )
  }

  /// Whether what stands here can be the next entry without a comma before it.
  private var isEntryNext: Bool {
    switch current.kind {
    case .number: isApart
    case .symbol("["), .symbol("…"): true
    case .symbol("-"), .symbol("+"): isLooseSign && isNumber(at: position + 1)
    case .name(let name): Parser.truth[name] != nil || Parser.isNumberWord(name)
    case .symbol, .text, .end: false
    }
  }

  static let truth: [String: Double] = [
    "True": 1, "False": 0, "true": 1, "false": 0, "True_": 1, "False_": 0,
  ]
  static let notFinite: Set<String> = ["NA", "None", "NaT"]
  static let notNumbers: Set<String> = ["nan", "NaN"]
  /// As NumPy, PyTorch and Julia write it; what a mask holds.
  static let infinities: Set<String> = ["inf", "Inf", "infinity", "Infinity"]

  private static func isNumberWord(_ name: String) -> Bool {
    notFinite.contains(name) || notNumbers.contains(name) || infinities.contains(name)
  }

  func isNumber(at i: Int) -> Bool {
    guard tokens.indices.contains(i) else { return false }
    switch tokens[i].kind {
    case .number: return true
    case .name(let name): return Parser.isNumberWord(name)
    case .symbol, .text, .end: return false
    }
  }

  /// A sign with a blank before it and none behind: `1 -2` in a list is two numbers, and for names that cannot be known.
  private var isLooseSign: Bool {
    isApart && tokens.indices.contains(position + 1)
      && tokens[position + 1].range.lowerBound == current.range.upperBound
  }

  /// Whether a blank stands before this.
  var isApart: Bool {
    tokens.indices.contains(position - 1) && tokens[position - 1].range.upperBound < current.range.lowerBound
  }

  /// Whether a sign in a list begins the next entry.
  /// - Throws: where it may as well be a sum.
  func beginsEntry(after left: Parsed) throws(Diagnostic) -> Bool {
    guard isInList, isLooseSign, isSymbol("-") || isSymbol("+") else { return false }
    if left.isEntry, isNumber(at: position + 1) { return true }
    throw Diagnostic(
      "this may be one entry or two", at: [current.range],
      hint: "a sum has blanks on both sides of the sign, or none; two entries have a comma between them")
  }
}

extension Parsed {
  /// A number or a list, as it stands in the text.
  var isEntry: Bool {
    if expression == .notANumber { return true }
    return switch expression {
    case .number, .list, .negative(.number): true
    case .name, .derivative, .negative, .binary, .transpose, .call, .index: false
    }
  }
}
