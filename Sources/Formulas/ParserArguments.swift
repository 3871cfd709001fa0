/// What stands between the brackets of a call: sizes, several values in brackets of their own, named options.
extension Parser {
  /// NumPy's `zeros((2, 3))`: whole numbers in brackets of their own. Nil, and nothing read, for anything else.
  mutating func sizes() throws(Diagnostic) -> [Parsed]? {
    let start = position
    guard accept("(") != nil else { return nil }
    var result: [Parsed] = []
    repeat {
      let range = current.range
      // A number with a fraction is no size, but may be part of a formula.
      guard let size = (try? integer()).flatMap({ $0 }) else {
        position = start
        return nil
      }
      let number = Expression.number(Double(size.magnitude))
      result.append(
        Parsed(
          expression: size < 0 ? .negative(number) : number,
          ranges: RangeTree(range: range, children: size < 0 ? [RangeTree(range: range)] : [])))
    } while accept(",") != nil
    guard result.count > 1, accept(")") != nil else {
      position = start
      return nil
    }
    return result
  }

  /// NumPy's `concatenate((A, B))`: values in brackets of their own. Nil, and nothing read, for anything else.
  mutating func tuple() throws(Diagnostic) -> [Parsed]? {
    let start = position
    guard accept("(") != nil else { return nil }
    var result = [try comparison()]
    guard isSymbol(",") else {
      position = start
      return nil
    }
    while accept(",") != nil, !isSymbol(")") { result.append(try comparison()) }
    guard accept(")") != nil else {
      position = start
      return nil
    }
    return result
  }

  func word(_ token: Token) -> String? {
    switch token.kind {
    case .name(let word), .text(let word): word
    case .number, .symbol, .end: nil
    }
  }

  /// - Returns: whether the option has PyTorch's word.
  mutating func option(
    _ typed: String, of name: String, _ signature: Signature?, into options: inout CallOptions
  ) throws(Diagnostic) -> Bool {
    let keyRange = current.range
    position += 2
    let key = ForeignFunction.options[typed] ?? typed
    if options[key] != nil || key == "axis" && options.axes != nil {
      throw Diagnostic("'\(typed)' stands here twice", at: [keyRange], hint: "one of them is meant")
    }
    if typed == "dims" {
      throw Diagnostic("axes are counted from 0 here", at: [keyRange], hint: "Julia's dims=1 is axis=0")
    }
    let isOfPyTorch = key != typed
    guard let signature else {
      _ = try comparison()
      return isOfPyTorch
    }
    // Whether the sample's own variance is taken.
    if typed == "unbiased", case .name(let truth) = current.kind, let value = Parser.truth[truth] {
      position += 1
      options[key] = .integer(value == 0 ? 0 : 1)
      return isOfPyTorch
    }
    // PyTorch's approximate='tanh' is a function of its own.
    if let word = word(current), vocabulary.signature("\(name)_\(word)") != nil {
      position += 1
      options["form"] = .word(word)
      return isOfPyTorch
    }
    if ForeignFunction.makers.contains(name), ForeignFunction.keeping.contains(typed) {
      let start = position
      while !isEnd, !isSymbol(","), !isSymbol(")") { position += 1 }
      let said = tokens[start..<position].compactMap(word)
      if typed == "dtype", !said.contains(where: { $0.hasPrefix("float") || $0 == "double" }) {
        throw Diagnostic(
          "numbers are floating-point numbers here", at: [keyRange],
          hint: "without dtype= they are the same numbers")
      }
      return isOfPyTorch
    }
    guard let known = signature.options.first(where: { $0.name == key && !key.isEmpty }) else {
      let names = signature.options.map(\.name).joined(separator: ", ")
      throw Diagnostic(
        "\(name) has no option '\(key)'", at: [keyRange],
        hint: names.isEmpty ? "usage: \(signature.usage)" : "its options are \(names)")
    }
    let valueRange = current.range
    switch current.kind {
    case .name(let word), .text(let word):
      position += 1
      switch (key, word) {
      case ("axis", "None"), ("axis", "none"): return isOfPyTorch
      case (_, "True") where known.isTruth, (_, "False") where known.isTruth:
        if word != known.usual { options[key] = .word(word) }
      case ("reduction", "mean"), ("reduction", "sum"): options[key] = .word(word)
      default:
        guard isTemplate else {
          throw Diagnostic(
            known.name == "reduction" ? "reduction is mean or sum" : "\(key) takes a whole number",
            at: [valueRange])
        }
        options[key] = .word(word)
      }
    case .symbol("(") where key == "axis", .symbol("[") where key == "axis":
      let close = isSymbol("(") ? ")" : "]"
      position += 1
      var axes: [Int] = []
      repeat {
        guard let axis = try integer() else { break }
        axes.append(axis)
      } while accept(",") != nil
      guard accept(close) != nil, !axes.isEmpty else {
        throw Diagnostic("axis takes a whole number or several: axis=(0, 1)", at: [valueRange])
      }
      options[key] = axes.count == 1 ? .integer(axes[0]) : .integers(axes)
    case .number(let value) where known.isNumber:
      position += 1
      options[key] = .number(value)
    default:
      guard let value = try integer(), key != "reduction" else {
        throw Diagnostic(
          key == "reduction" ? "reduction is mean or sum" : "\(key) takes a whole number", at: [valueRange])
      }
      if known.isTruth {
        if (value != 0) != (known.usual == "True") { options[key] = .word(value == 0 ? "False" : "True") }
      } else {
        options[key] = .integer(value)
      }
    }
    return isOfPyTorch
  }
}
