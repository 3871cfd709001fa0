/// Calls: `softmax(Z, axis=1)`, and `relu'(Z)`.
extension Parser {
  mutating func derivative(
    of name: String, at nameRange: Range<Int>, prime: Range<Int>
  ) throws(Diagnostic) -> Parsed {
    guard vocabulary.signature(name) != nil else {
      throw Diagnostic(
        "'\(name)' is not a function, so \(name)' is not a derivative",
        at: [nameRange.lowerBound..<prime.upperBound],
        hint: "a transpose is \(name).T; a gradient is \(name.gradientName)")
    }
    let whole = try call(name, at: nameRange)
    guard vocabulary.hasPrime(name), case .call(let f, let arguments, let options) = whole.expression,
      let argument = arguments.first, arguments.count == 1
    else {
      throw Diagnostic(
        "\(name)' is not defined: the prime is for functions of one value",
        at: [nameRange.lowerBound..<prime.upperBound],
        hint: "'jacobian' shows the derivative of any step by any other")
    }
    return Parsed(expression: .derivative(f, argument, options), ranges: whole.ranges)
  }

  mutating func call(_ name: String, at nameRange: Range<Int>) throws(Diagnostic) -> Parsed {
    guard let open = accept("(") else {
      throw Diagnostic("'(' is expected after \(name)", at: [current.range])
    }
    var arguments: [Parsed] = []
    let signature = vocabulary.signature(name)
    var options = CallOptions.none
    var isOptionSeen = false
    if !isSymbol(")") {
      repeat {
        if case .name(let key) = current.kind, tokens.indices.contains(position + 1),
          tokens[position + 1].kind == .symbol("=")
        {
          try option(key, of: name, signature, into: &options)
          isOptionSeen = true
        } else {
          guard !isOptionSeen else {
            throw Diagnostic("values come before options", at: [current.range])
          }
          if isSymbol("("), let tuple = try sizes() {
            arguments += tuple
          } else {
            arguments.append(try comparison())
          }
        }
      } while accept(",") != nil
    }
    guard let close = accept(")") else {
      if isEnd { throw unclosed(open, ")") }
      try expectEnd()
      throw unclosed(open, ")")
    }
    return try built(
      name, signature, at: nameRange, arguments, options, range: nameRange.lowerBound..<close.upperBound)
  }

  /// Functions that are written as something else here.
  private static let synonyms: [String: (count: Int, make: @Sendable ([Expression]) -> Expression)] = [
    "dot": (2, { $0[0].times($0[1]) }), "matmul": (2, { $0[0].times($0[1]) }),
    "transpose": (1, { .transpose($0[0]) }), "multiply": (2, { $0[0] * $0[1] }),
    "square": (1, { $0[0].raised(to: 2) }),
  ]

  private func built(
    _ name: String, _ signature: Signature?, at nameRange: Range<Int>, _ arguments: [Parsed],
    _ options: CallOptions, range: Range<Int>
  ) throws(Diagnostic) -> Parsed {
    var ranges = RangeTree(range: range, symbol: nameRange, children: arguments.map(\.ranges))
    let values = arguments.map(\.expression)
    if let synonym = Self.synonyms[name], values.count == synonym.count, options.isEmpty {
      let expression = synonym.make(values)
      while ranges.children.count < expression.children.count {
        ranges.children.append(RangeTree(range: range))
      }
      return Parsed(expression: expression, ranges: ranges)
    }
    guard let signature else {
      let guess = Suggestions.nearest(to: name, in: vocabulary.names())
      throw Diagnostic(
        "there is no function '\(name)'", at: [nameRange],
        hint: guess.map { "did you mean \($0)?" }
          ?? "'help functions' lists them; a product is written \(name) * (…)")
    }
    let allowed = signature.count
    guard allowed.contains(values.count) else {
      let wanted =
        allowed.lowerBound == allowed.upperBound
        ? "\(allowed.lowerBound)"
        : allowed.upperBound > 9
          ? "\(allowed.lowerBound) or more" : "\(allowed.lowerBound) to \(allowed.upperBound)"
      throw Diagnostic(
        "\(name) takes \(wanted) value\(wanted == "1" ? "" : "s"), not \(values.count)", at: [range],
        hint: "usage: \(signature.usage)")
    }
    return Parsed(expression: .call(Function(name), values, options), ranges: ranges)
  }

  /// NumPy's `zeros((2, 3))`: whole numbers in brackets of their own. Nil, and nothing read, for anything else.
  private mutating func sizes() throws(Diagnostic) -> [Parsed]? {
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
      result.append(Parsed(expression: .number(Double(size)), ranges: RangeTree(range: range)))
    } while accept(",") != nil
    guard result.count > 1, accept(")") != nil else {
      position = start
      return nil
    }
    return result
  }

  /// PyTorch's words for NumPy's options.
  private static let optionSynonyms = ["dim": "axis", "padding": "pad", "keepdim": "keepdims"]

  private mutating func option(
    _ key: String, of name: String, _ signature: Signature?, into options: inout CallOptions
  ) throws(Diagnostic) {
    let keyRange = current.range
    position += 2
    let key = Self.optionSynonyms[key] ?? key
    guard let signature else {
      _ = try comparison()
      return
    }
    guard let known = signature.options.first(where: { $0.name == key }) else {
      let names = signature.options.map(\.name).joined(separator: ", ")
      throw Diagnostic(
        "\(name) has no option '\(key)'", at: [keyRange],
        hint: names.isEmpty ? "usage: \(signature.usage)" : "its options are \(names)")
    }
    let valueRange = current.range
    switch current.kind {
    case .name(let word):
      position += 1
      switch (key, word) {
      case ("axis", "None"), ("axis", "none"), ("keepdims", "True"): return
      case ("keepdims", "False"): options[key] = .word(word)
      case ("reduction", "mean"), ("reduction", "sum"): options[key] = .word(word)
      default:
        guard isTemplate else {
          throw Diagnostic(
            known.name == "reduction" ? "reduction is mean or sum" : "\(key) takes a whole number",
            at: [valueRange])
        }
        options[key] = .word(word)
      }
    case .symbol("(") where key == "axis":
      position += 1
      var axes: [Int] = []
      repeat {
        guard let axis = try integer() else { break }
        axes.append(axis)
      } while accept(",") != nil
      guard accept(")") != nil, !axes.isEmpty else {
        throw Diagnostic("axis takes a whole number or several: axis=(0, 1)", at: [valueRange])
      }
      options[key] = axes.count == 1 ? .integer(axes[0]) : .integers(axes)
    default:
      guard let value = try integer(), key != "reduction" else {
        throw Diagnostic(
          key == "reduction" ? "reduction is mean or sum" : "\(key) takes a whole number", at: [valueRange])
      }
      if key == "keepdims" {
        if value == 0 { options[key] = .word("False") }
      } else {
        options[key] = .integer(value)
      }
    }
  }
}
