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

  mutating func call(
    _ name: String, of receiver: Parsed? = nil, at nameRange: Range<Int>
  ) throws(Diagnostic) -> Parsed {
    try inside { (p) throws(Diagnostic) in try p.call(name, receiver, at: nameRange) }
  }

  /// Methods that change no number.
  private static let plainMethods: Set<String> = [
    "detach", "clone", "copy", "numpy", "cpu", "double", "contiguous", "item",
  ]

  /// `X.dot(W)` is dot(X, W), `W1.grad` is dW1. Nil where no name follows the point.
  mutating func method(of value: Parsed) throws(Diagnostic) -> Parsed? {
    guard tokens.indices.contains(position + 1), case .name(let name) = tokens[position + 1].kind else {
      return nil
    }
    let nameRange = tokens[position + 1].range
    position += 2
    func whole(_ expression: Expression, _ children: [RangeTree]) -> Parsed {
      let range = value.ranges.range.lowerBound..<tokens[position - 1].range.upperBound
      return Parsed(expression: expression, ranges: RangeTree(range: range, children: children))
    }
    if name == "grad", case .name(let variable) = value.expression {
      return whole(.name(variable.gradientName), [])
    }
    guard isSymbol("(") else {
      throw Diagnostic(
        "there is no .\(name) here", at: [nameRange],
        hint: ["shape", "size", "ndim"].contains(name)
          ? "'show' and 'shapes' say every shape; the number of samples is m"
          : "what works: X.T, W1.grad, X.dot(W1), S.sum(axis=1)")
    }
    if name == "astype", try acceptsNumberType() { return whole(value.expression, value.ranges.children) }
    let isTranspose = name == "t" || name == "transpose"
    if Self.plainMethods.contains(name) || isTranspose, accept("(") != nil {
      guard accept(")") != nil else {
        if name == "transpose" {
          position -= 1
          return try call(name, of: value, at: nameRange)
        }
        throw Diagnostic("\(name)() takes nothing here", at: [current.range])
      }
      return isTranspose
        ? whole(.transpose(value.expression), [value.ranges]) : whole(value.expression, value.ranges.children)
    }
    return try call(name, of: value, at: nameRange)
  }

  /// `(float)` behind `.astype`: what is here is a floating-point number already.
  private mutating func acceptsNumberType() throws(Diagnostic) -> Bool {
    guard tokens.indices.contains(position + 2), let word = word(tokens[position + 1]),
      ["float", "float64", "double"].contains(word), tokens[position + 2].kind == .symbol(")")
    else {
      throw Diagnostic(
        "astype(float) is all there is here", at: [current.range],
        hint: "'dtype' computes the pass in other formats")
    }
    position += 3
    return true
  }

  /// What prints of NumPy and PyTorch put around a matrix.
  private static let wrappers: Set<String> = [
    "array", "Array", "tensor", "Tensor", "asarray", "as_tensor", "matrix", "float64", "float32", "float16",
    "int64",
    "int32",
  ]

  /// The matrix in `array([[1., 2.]], dtype=float32)`; what is said of it behind it changes no number.
  private mutating func wrapped(_ name: String, at nameRange: Range<Int>, open: Range<Int>) throws(Diagnostic)
    -> Parsed
  {
    let inner = try comparison()
    var depth = 0
    if accept(",") != nil {
      while !isEnd, depth > 0 || !isSymbol(")") {
        if isSymbol("(") { depth += 1 }
        if isSymbol(")") { depth -= 1 }
        position += 1
      }
    }
    let close = try closed(open)
    var ranges = inner.ranges
    ranges.range = nameRange.lowerBound..<close.upperBound
    return Parsed(expression: inner.expression, ranges: ranges)
  }

  private mutating func call(
    _ name: String, _ receiver: Parsed?, at nameRange: Range<Int>
  ) throws(Diagnostic) -> Parsed {
    guard let open = accept("(") else {
      throw Diagnostic("'(' is expected after \(name)", at: [current.range])
    }
    let name = Self.otherNames[name] ?? name
    if case .text = current.kind, let number = try typedNumber(name, at: nameRange, open: open) {
      return number
    }
    if Self.wrappers.contains(name), receiver == nil, !isSymbol(")") {
      return try wrapped(name, at: nameRange, open: open)
    }
    var arguments = receiver.map { [$0] } ?? []
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
          if try !readsSeveral(signature, &arguments, &options) {
            arguments.append(try comparison())
          }
        }
      } while accept(",") != nil
    }
    let close = try closed(open)
    let start = receiver?.ranges.range.lowerBound ?? nameRange.lowerBound
    return try built(name, signature, at: nameRange, arguments, options, range: start..<close.upperBound)
  }

  /// Python's `float("-inf")`; nil for other calls.
  private mutating func typedNumber(
    _ name: String, at nameRange: Range<Int>, open: Range<Int>
  ) throws(Diagnostic) -> Parsed? {
    guard name == "float", case .text(let text) = current.kind, let value = Double(text), !value.isNaN else {
      return nil
    }
    position += 1
    let range = nameRange.lowerBound..<(try closed(open)).upperBound
    let number = Expression.number(value.magnitude)
    return Parsed(
      expression: value < 0 ? .negative(number) : number,
      ranges: RangeTree(range: range, children: value < 0 ? [RangeTree(range: range)] : []))
  }

  /// A text in quotes, or several values in brackets of their own. Apart from `call`, which is as deep as a formula is.
  private mutating func readsSeveral(
    _ signature: Signature?, _ arguments: inout [Parsed], _ options: inout CallOptions
  ) throws(Diagnostic) -> Bool {
    if case .text(let text) = current.kind, signature?.takesText == true, arguments.isEmpty {
      options.text = text
      position += 1
      return true
    }
    guard isSymbol("(") else { return false }
    if let sizes = try sizes() {
      arguments += sizes
      return true
    }
    guard signature?.operands.first?.isRepeated == true, let tuple = try tuple() else { return false }
    arguments += tuple
    return true
  }

  /// Functions that are written as something else here.
  private static let synonyms: [String: (count: Int, make: @Sendable ([Expression]) -> Expression)] = [
    "dot": (2, { $0[0].times($0[1]) }), "matmul": (2, { $0[0].times($0[1]) }),
    "transpose": (1, { .transpose($0[0]) }), "multiply": (2, { $0[0] * $0[1] }),
    "square": (1, { $0[0].raised(to: 2) }), "ln": (1, { .call("log", $0[0]) }),
    "mm": (2, { $0[0].times($0[1]) }), "pow": (2, { .binary(.power, $0[0], $0[1]) }),
    // PyTorch's losses take the predictions first, and cross_entropy takes logits.
    "F.mse_loss": (2, { .call("mse", $0[1], $0[0]) }),
    "F.binary_cross_entropy": (2, { .call("binary_cross_entropy", $0[1], $0[0]) }),
    "F.cross_entropy": (2, { .call("cross_entropy", $0[1], .call("softmax", $0[0])) }),
  ]

  /// Other names of functions.
  private static let otherNames = [
    "concatenate": "concat", "cat": "concat", "permute": "transpose", "power": "pow",
  ]

  /// `max(0, Z)` of a number is the larger of two; of two values it may be that or an axis.
  private static let larger = ["max": "maximum", "min": "minimum"]

  private func built(
    _ name: String, _ signature: Signature?, at nameRange: Range<Int>, _ arguments: [Parsed],
    _ options: CallOptions, range: Range<Int>
  ) throws(Diagnostic) -> Parsed {
    if case .word(let form)? = options["form"] {
      var options = options
      options["form"] = nil
      let name = "\(name)_\(form)"
      return try built(name, vocabulary.signature(name), at: nameRange, arguments, options, range: range)
    }
    var ranges = RangeTree(range: range, symbol: nameRange, children: arguments.map(\.ranges))
    var values = arguments.map(\.expression)
    // NumPy's and PyTorch's concat([A, B]).
    if let signature, signature.operands.first?.isRepeated == true, values.count == 1,
      case .list(let items) = values[0], !items.isEmpty, arguments[0].ranges.children.count == items.count
    {
      values = items
      ranges.children = arguments[0].ranges.children
    }
    if let synonym = Self.synonyms[name], values.count == synonym.count, options.isEmpty {
      let expression = synonym.make(values)
      while ranges.children.count < expression.children.count {
        ranges.children.append(RangeTree(range: range))
      }
      return Parsed(expression: expression, ranges: ranges)
    }
    if let two = Self.larger[name], values.count == 2, options.isEmpty {
      guard case .number = values[0] else {
        throw Diagnostic(
          "\(name) of two values may mean two things", at: [range],
          hint:
            "\(two)(\(values[0]), \(values[1])) is the \(two == "maximum" ? "larger" : "smaller") of both, \(name)(\(values[0]), axis=…) that along an axis"
        )
      }
      return try built(two, vocabulary.signature(two), at: nameRange, arguments, options, range: range)
    }
    guard let signature else {
      let guess = Suggestions.nearest(to: name, in: vocabulary.names())
      throw Diagnostic(
        "there is no function '\(name)'", at: [nameRange],
        hint: guess.map { "did you mean \($0)?" }
          ?? "'help functions' lists them; a product is written \(name) * (…)")
    }
    if signature.takesText, options.text == nil {
      throw Diagnostic("\(name) begins with a text in quotes", at: [range], hint: "usage: \(signature.usage)")
    }
    let allowed = signature.count
    // NumPy's and PyTorch's sum(S, 1).
    if values.count == allowed.upperBound + 1, signature.options.contains(where: { $0.name == "axis" }),
      options.isEmpty,
      let axis = values.last?.wholeNumber
    {
      return Parsed(
        expression: .call(Function(name), Array(values.dropLast()), CallOptions(axis: axis)),
        ranges: RangeTree(range: range, symbol: nameRange, children: ranges.children.dropLast()))
    }
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
  private mutating func tuple() throws(Diagnostic) -> [Parsed]? {
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

  private func word(_ token: Token) -> String? {
    switch token.kind {
    case .name(let word), .text(let word): word
    case .number, .symbol, .end: nil
    }
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
    // PyTorch's approximate='tanh' is a function of its own.
    if let word = word(current), vocabulary.signature("\(name)_\(word)") != nil {
      position += 1
      options["form"] = .word(word)
      return
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
      case ("axis", "None"), ("axis", "none"): return
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
  }
}

extension Expression {
  fileprivate var wholeNumber: Int? {
    switch self {
    case .number(let value): Int(exactly: value)
    case .negative(.number(let value)): Int(exactly: -value)
    case .name, .derivative, .list, .negative, .binary, .transpose, .call, .index: nil
    }
  }
}
