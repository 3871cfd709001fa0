/// What stands in the brackets behind a value: `W1[0, 1]`, `X[:, 0]`, `E[[0, 3, 1]]`.
extension Parser {
  /// - Returns: with where the lists of positions among them stand, and the axes of the result that `None` makes.
  mutating func subscriptList(
    open: Range<Int>
  ) throws(Diagnostic) -> (items: [Subscript], lists: [RangeTree], newAxes: [Int]) {
    var ranges: [RangeTree] = []
    var result: [Subscript] = []
    var newAxes: [Int] = []
    repeat {
      if isNewAxis {
        newAxes.append(result.count { if case .slice = $0 { true } else { false } } + newAxes.count)
        position += 1
      } else {
        result.append(try oneSubscript(open: open, &ranges))
      }
    } while accept(",") != nil
    let isPaired = result.count { $0.list != nil } > 1
    guard newAxes.isEmpty || ranges.isEmpty else {
      throw Diagnostic(
        "a new axis stands beside slices here, not beside lists of positions", at: [open],
        hint: "expand_dims(A[…], 1) makes it of what is gathered")
    }
    return (isPaired ? result.map(paired) : result, ranges, newAxes)
  }

  /// `None` and `np.newaxis`, alone in their place.
  private var isNewAxis: Bool {
    guard case .name(let name) = current.kind, name == "None" || name == "newaxis",
      tokens.indices.contains(position + 1)
    else { return false }
    return [.symbol(","), .symbol("]")].contains(tokens[position + 1].kind)
  }

  /// Positions that go with others entry by entry are a list: in `S[arange(m), argmax(Y, axis=1)]` the column that a reduced axis
  /// leaves would go with each.
  private func paired(_ item: Subscript) -> Subscript {
    guard case .positions(.call(let f, let arguments, var options)) = item, options.axes != nil,
      options["keepdims"] == nil,
      vocabulary.signature(f.name)?.options.contains(where: { $0.name == "keepdims" }) == true
    else { return item }
    options["keepdims"] = .word("False")
    return .positions(.call(f, arguments, options))
  }

  private var isName: Bool { if case .name = current.kind { true } else { false } }

  private mutating func oneSubscript(
    open: Range<Int>, _ ranges: inout [RangeTree]
  ) throws(Diagnostic) -> Subscript {
    let start = position
    let from = try bound()
    guard accept(":") != nil else {
      if let from, isSymbol(",") || isSymbol("]") { return .at(from) }
      // 2 * 8 + 1 begins as a number does.
      let isSum = from != nil && ["+", "-", "*", "/"].contains { isSymbol($0) }
      position = start
      if isEnd { throw unclosed(open, "]") }
      if case .name("end") = current.kind {
        throw Diagnostic(
          "the last one is -1 here", at: [current.range], hint: "indices count from 0: X[:, -1]")
      }
      let isList = isSymbol("[") || isSymbol("(") || isName || isSum
      guard isList else {
        throw Diagnostic(
          "an index is a whole number, a slice or a list of positions", at: [current.range],
          hint: isSymbol(",") || isSymbol("]") || isSymbol("...") || isSymbol("…")
            ? "all of an axis is a colon: X[1, :], X[:, 1]" : "for example W1[0, 1], X[:, 0] or E[[0, 3, 1]]")
      }
      let list = try inside { (p) throws(Diagnostic) in try p.comparison() }
      if list.expression.isCondition {
        throw Diagnostic(
          "a condition as an index would keep a number of entries that only values tell",
          at: [list.ranges.range],
          hint: "where(X > 0, X, 0) and X * (X > 0) keep the shape and put 0 at the others")
      }
      ranges.append(list.ranges)
      return .positions(list.expression)
    }
    let to = try bound()
    var step = 1
    if accept(":") != nil {
      let range = current.range
      step = try integer() ?? 1
      guard step != 0 else { throw Diagnostic("a slice cannot have step 0", at: [range]) }
    }
    return .slice(from: from, to: to, step: step)
  }

  /// An end of a slice, which may be worked out of numbers: `a[:, 4:2*4]`. Nil where there is none, and where what stands
  /// here is no number, unless a slice shows that it is an end.
  private mutating func bound() throws(Diagnostic) -> Int? {
    guard !isSymbol(":"), !isSymbol(","), !isSymbol("]"), !isSymbol("["), !isEnd else { return nil }
    let (start, first) = (position, current.range)
    let isBehindColon = position > 0 && tokens[position - 1].kind == .symbol(":")
    guard isBehindColon || isNumberNext else { return nil }
    let end = try inside { (p) throws(Diagnostic) in try p.comparison() }
    guard isBehindColon || isSymbol(":") else {
      position = start
      return try integer()
    }
    if let whole = end.expression.foldedNumber.flatMap({ Int(exactly: $0) }) { return whole }
    throw Diagnostic(
      "an end of a slice is a whole number here", at: [first.lowerBound..<end.ranges.range.upperBound],
      hint: end.expression == .name(.sampleCount)
        ? "the first m: a[arange(m)]" : "a[:, 4:8]; 'shapes' says how long the axes are")
  }

  private var isNumberNext: Bool {
    let next = isSymbol("-") && tokens.indices.contains(position + 1) ? tokens[position + 1] : current
    if case .number = next.kind { return true }
    return false
  }

  /// A whole number with an optional sign, or nil when something else stands here.
  package mutating func integer() throws(Diagnostic) -> Int? {
    var ahead = position
    var sign = 1
    if tokens.indices.contains(ahead), tokens[ahead].kind == .symbol("-") {
      sign = -1
      ahead += 1
    }
    guard tokens.indices.contains(ahead), case .number(let value) = tokens[ahead].kind else { return nil }
    guard value == value.rounded(), Swift.abs(value) < 1e15 else {
      throw Diagnostic("a whole number is expected here", at: [tokens[ahead].range])
    }
    position = ahead + 1
    return sign * Int(clamping: value)
  }
}
