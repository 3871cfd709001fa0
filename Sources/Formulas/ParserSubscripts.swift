/// What stands in the brackets behind a value: `W1[0, 1]`, `X[:, 0]`.
extension Parser {
  mutating func subscriptList(open: Range<Int>) throws(Diagnostic) -> [Subscript] {
    var result = [try oneSubscript(open: open)]
    while accept(",") != nil { result.append(try oneSubscript(open: open)) }
    return result
  }

  private mutating func oneSubscript(open: Range<Int>) throws(Diagnostic) -> Subscript {
    let from = try integer()
    guard accept(":") != nil else {
      guard let from else {
        throw isEnd
          ? unclosed(open, "]")
          : Diagnostic(
            "an index is a whole number or a slice", at: [current.range],
            hint: "for example W1[0, 1] or X[:, 0]")
      }
      return .at(from)
    }
    let to = try integer()
    var step = 1
    if accept(":") != nil {
      let range = current.range
      step = try integer() ?? 1
      guard step != 0 else { throw Diagnostic("a slice cannot have step 0", at: [range]) }
    }
    return .slice(from: from, to: to, step: step)
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
