/// Calls: `softmax(Z, axis=1)`, and `relu'(Z)`.
extension Parser {
  mutating func derivative(
    of name: String, at nameRange: Range<Int>, prime: Range<Int>
  ) throws(Diagnostic) -> Parsed {
    if case .renamed(let own, _)? = ForeignFunction.table[name], vocabulary.signature(own) != nil {
      return try derivative(of: own, at: nameRange, prime: prime)
    }
    guard vocabulary.signature(name) != nil else {
      throw Diagnostic(
        "'\(name)' is not a function, so \(name)' is not a derivative",
        at: [nameRange.lowerBound..<prime.upperBound],
        hint: isSymbol("(")
          ? "the function goes by its own name: relu'(Z1), sigmoid'(Z1)"
          : "a transpose is \(name).T; a gradient is \(name.gradientName)")
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
    // The values of a tensor, through which no gradient goes.
    if name == "data", !isSymbol("(") {
      return whole(.call("detach", value.expression), [value.ranges])
    }
    if let axis = try extent(name) {
      let options = axis.map { CallOptions(axis: $0) } ?? .none
      return whole(.call("size", [value.expression], options), [value.ranges])
    }
    guard isSymbol("(") else {
      throw Diagnostic(
        "there is no .\(name) here", at: [nameRange],
        hint: ["shape", "ndim"].contains(name)
          ? "X.shape[0] counts along the first axis; 'show' and 'shapes' say every shape"
          : name == "values" || name == "indices"
            ? "max(A, axis=1) gives the values, argmax(A, axis=1) the positions"
            : "what works: X.T, W1.grad, X.shape[0], X.dot(W1), S.sum(axis=1)")
    }
    if name == "astype", try acceptsNumberType() { return whole(value.expression, value.ranges.children) }
    let isTranspose = name == "t" || name == "transpose"
    if ForeignFunction.plainMethods.contains(name) || isTranspose, accept("(") != nil {
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

  /// The axis that `.shape[0]` and `.size(0)` count along, `.some(nil)` for `.size` of all; nil for other attributes.
  private mutating func extent(_ name: String) throws(Diagnostic) -> Int?? {
    guard name == "size" || name == "shape" && isSymbol("[") else { return nil }
    let isBracketed = isSymbol("[")
    guard let open = accept("[") ?? accept("("), isBracketed || accept(")") == nil else { return .some(nil) }
    let start = current.range
    guard let axis = try comparison().expression.wholeNumber else {
      throw Diagnostic(
        "an axis is a whole number", at: [start], hint: "X.shape[0] counts along the first axis")
    }
    if !isBracketed { _ = try closed(open) } else if accept("]") == nil { throw unclosed(open, "]") }
    return axis
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

  /// The matrix in `array([[1., 2.]], dtype=float32)`; what is said of it behind it changes no number.
  private mutating func wrapped(_ name: String, at nameRange: Range<Int>, open: Range<Int>) throws(Diagnostic)
    -> Parsed
  {
    if case .text = current.kind {
      throw Diagnostic(
        "a matrix in quotes is not read", at: [current.range],
        hint: "without them: [1 2; 3 4] or [[1, 2], [3, 4]]")
    }
    let inner = try comparison()
    var depth = 0
    var shape: [Parsed]?
    if accept(",") != nil {
      while !isEnd, depth > 0 || !isSymbol(")") {
        if depth == 0, word(current) == "shape" || word(current) == "size",
          tokens.indices.contains(position + 2),
          tokens[position + 1].kind == .symbol("=")
        {
          position += 2
          shape = try sizes()
          continue
        }
        if isSymbol("(") { depth += 1 }
        if isSymbol(")") { depth -= 1 }
        position += 1
      }
    }
    let close = try closed(open)
    let range = nameRange.lowerBound..<close.upperBound
    // Of an empty array only this tells the shape.
    if inner.expression == .list([]), let shape {
      return Parsed(
        expression: .call("zeros", shape.map(\.expression), .none),
        ranges: RangeTree(range: range, symbol: nameRange, children: shape.map(\.ranges)))
    }
    var ranges = inner.ranges
    ranges.range = range
    return Parsed(expression: inner.expression, ranges: ranges)
  }

  private mutating func call(
    _ name: String, _ receiver: Parsed?, at nameRange: Range<Int>
  ) throws(Diagnostic) -> Parsed {
    guard let open = accept("(") else {
      throw Diagnostic("'(' is expected after \(name)", at: [current.range])
    }
    var name = name
    if name.hasPrefix("jax.") {
      let own = String(name.dropFirst(4))
      let isOther = ForeignFunction.table["F.\(own)"] != nil
      name = vocabulary.signature("\(own)_tanh") != nil ? "\(own)_tanh" : isOther ? "F.\(own)" : own
    }
    let typed = name
    let foreign = (receiver == nil ? nil : ForeignFunction.table[".\(name)"]) ?? ForeignFunction.table[name]
    var (like, usual) = (String?.none, [String: CallOptions.Value]())
    switch foreign {
    case .renamed(let other, let options): (name, usual) = (other, options)
    case .formula(_, let other, _): like = other
    case .advice(let words):
      throw Diagnostic("there is no \(name) here", at: [nameRange], hint: "\(words)")
    case nil: break
    }
    if case .text = current.kind, let number = try typedNumber(name, at: nameRange, open: open) {
      return number
    }
    if ForeignFunction.wrappers.contains(name), receiver == nil, !isSymbol(")") {
      return try wrapped(name, at: nameRange, open: open)
    }
    var arguments = receiver.map { [$0] } ?? []
    let first = current
    let signature = vocabulary.signature(like ?? name)
    var options = CallOptions.none
    var (isOptionSeen, isOfPyTorch) = (false, false)
    var bounds: [String: Parsed] = [:]
    if !isSymbol(")") {
      repeat {
        if case .name(let key) = current.kind, tokens.indices.contains(position + 1),
          tokens[position + 1].kind == .symbol("=")
        {
          if ["clamp", "clip"].contains(name), let bound = ForeignFunction.bounds[key] {
            position += 2
            bounds[bound] = try comparison()
            isOptionSeen = true
            continue
          }
          if ForeignFunction.operandWords[name]?[key] == arguments.count {
            position += 2
            arguments.append(try comparison())
            isOptionSeen = true
            continue
          }
          guard foreign == nil || signature != nil else {
            throw Diagnostic("\(typed) has no options here", at: [current.range])
          }
          isOfPyTorch = try option(key, of: name, signature, into: &options) || isOfPyTorch
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
    if let text = options.text, let fault = vocabulary.faultInText(name, text, arguments.count) {
      // Behind the quotation mark.
      var diagnostic = fault.0
      let start = first.range.lowerBound + 1
      diagnostic.marks = [start + fault.1.lowerBound..<start + fault.1.upperBound]
      throw diagnostic
    }
    if signature?.options.contains(where: { $0.name == "ddof" }) == true, options["ddof"] == nil {
      if receiver != nil, !isOfPyTorch, options.axis == nil {
        throw Diagnostic(
          "X.\(name)() divides by n in NumPy and by n - 1 in PyTorch", at: [nameRange],
          hint: "\(name)(X) is NumPy's, \(name)(X, ddof=1) PyTorch's")
      }
      if isOfPyTorch { usual["ddof"] = .integer(1) }
    }
    for (key, value) in usual where options[key] == nil { options[key] = value }
    if !bounds.isEmpty {
      // A bound on one side is the larger or the smaller of two; two are the values of clip.
      if bounds.count == 1, arguments.count == 1, let bound = bounds.first {
        (name, arguments) = (bound.key, arguments + [bound.value])
        let range = (receiver?.ranges.range.lowerBound ?? nameRange.lowerBound)..<close.upperBound
        return try built(name, vocabulary.signature(name), at: nameRange, arguments, .none, range: range)
      }
      arguments += ["maximum", "minimum"].compactMap { bounds[$0] }
      guard arguments.count == 3, bounds.count == 2 || bounds["minimum"] != nil else {
        throw Diagnostic("\(typed) takes a value and its two bounds", at: [nameRange], hint: "clip(A, 0, 1)")
      }
    }
    let start = receiver?.ranges.range.lowerBound ?? nameRange.lowerBound
    return try built(
      name, signature, foreign, at: nameRange, arguments, options, range: start..<close.upperBound)
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
      // NumPy's and PyTorch's sum(A, (0, 1)).
      let axes = sizes.compactMap(\.expression.wholeNumber)
      if let signature, arguments.count == signature.count.upperBound, options.axes == nil,
        axes.count == sizes.count, signature.options.contains(where: { $0.name == "axis" })
      {
        options["axis"] = .integers(axes)
      } else {
        arguments += sizes
      }
      return true
    }
    let start = current.range.lowerBound
    guard signature?.operands.first?.isRepeated == true, let tuple = try tuple() else { return false }
    let range = start..<tokens[position - 1].range.upperBound
    arguments.append(
      Parsed(
        expression: .list(tuple.map(\.expression)),
        ranges: RangeTree(range: range, children: tuple.map(\.ranges))))
    return true
  }

  /// `max(0, Z)` of a number is the larger of two; of two values it may be that or an axis.
  private static let larger = ["max": "maximum", "min": "minimum"]

  private func built(
    _ name: String, _ signature: Signature?, _ foreign: ForeignFunction? = nil, at nameRange: Range<Int>,
    _ arguments: [Parsed], _ options: CallOptions, range: Range<Int>
  ) throws(Diagnostic) -> Parsed {
    if case .word(let form)? = options["form"] {
      var options = options
      options["form"] = nil
      let name = "\(name)_\(form)"
      return try built(name, vocabulary.signature(name), at: nameRange, arguments, options, range: range)
    }
    var ranges = RangeTree(range: range, symbol: nameRange, children: arguments.map(\.ranges))
    var values = arguments.map(\.expression)
    var options = options
    // NumPy's and PyTorch's concat([A, B]), and concat([A, B], 1).
    if signature?.operands.first?.isRepeated == true, values.count == 2, case .list = values[0],
      options.axes == nil, let axis = values[1].wholeNumber
    {
      options.axis = axis
      values.removeLast()
      ranges.children.removeLast()
    }
    if let signature, signature.operands.first?.isRepeated == true, values.count == 1,
      case .list(let items) = values[0], !items.isEmpty, arguments[0].ranges.children.count == items.count
    {
      values = items
      ranges.children = arguments[0].ranges.children
    }
    if case .formula(let count, let like, let make)? = foreign, count.contains(values.count),
      options.isEmpty || like != nil, let expression = make(values, options)
    {
      while ranges.children.count < expression.children.count {
        ranges.children.append(RangeTree(range: range))
      }
      return Parsed(expression: expression, ranges: ranges)
    }
    let isAxis = foreign != nil && values.last?.wholeNumber != nil
    if let two = Self.larger[name], values.count == 2, options.isEmpty, !isAxis {
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
          ?? (name.count <= 2
            ? "'help functions' lists them; a product is written \(name) * (…)"
            : "'help functions' lists them"))
    }
    if signature.takesText, options.text == nil {
      throw Diagnostic("\(name) begins with a text in quotes", at: [range], hint: "usage: \(signature.usage)")
    }
    let allowed = signature.count
    // NumPy's and PyTorch's sum(S, 1), tril(A, -1).
    if values.count == allowed.upperBound + 1,
      let option = signature.options.first(where: { $0.name == "axis" || $0.name == "k" })?.name,
      options[option] == nil, let number = values.last?.wholeNumber
    {
      options[option] = .integer(number)
      return Parsed(
        expression: .call(Function(name), Array(values.dropLast()), options),
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
        hint: Self.optionByName(name, values, signature) ?? "usage: \(signature.usage)")
    }
    return Parsed(expression: .call(Function(name), values, options), ranges: ranges)
  }

  /// `dropout(H, 0.5)`, as PyTorch has it: an option goes by its name here.
  private static func optionByName(_ name: String, _ values: [Expression], _ signature: Signature) -> Prose? {
    guard values.count == signature.count.upperBound + 1, case .number(let number)? = values.last,
      let option = signature.options.first
    else { return nil }
    let operands = values.dropLast().map { "\($0)" as Prose }.joined(separator: ", ")
    return "an option goes by its name: \(name)(\(operands), \(option.name)=\(Printer.number(number)))"
  }
}
