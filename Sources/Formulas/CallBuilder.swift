/// A call by name → a formula: synonyms are resolved, the number of arguments and the options are checked.
enum CallBuilder {
  static func build(
    name: String, nameRange: Range<Int>, arguments: [Parsed], options: CallOptions, range: Range<Int>
  ) throws(Diagnostic) -> Parsed {
    let children = arguments.map(\.ranges)
    func made(_ expression: Expression) -> Parsed {
      Parsed(expression: expression, ranges: RangeTree(range: range, symbol: nameRange, children: children))
    }
    let values = arguments.map(\.expression)
    switch (name, values.count) {
    case ("dot", 2), ("matmul", 2): return made(.binary(.matrixProduct, values[0], values[1]))
    case ("transpose", 1): return made(.transpose(values[0]))
    case ("multiply", 2): return made(.binary(.multiply, values[0], values[1]))
    case ("square", 1):
      return Parsed(
        expression: .binary(.power, values[0], 2),
        ranges: RangeTree(range: range, symbol: nameRange, children: children + [RangeTree(range: range)]))
    default: break
    }
    guard let function = Function.named(name) else {
      let guess = Suggestions.nearest(to: name, in: Function.all.map(\.name))
      throw Diagnostic(
        "there is no function '\(name)'", at: [nameRange],
        hint: guess.map { "did you mean \($0)?" }
          ?? "'help functions' lists them; a product is written \(name) * (…)")
    }
    try check(function, arguments: values.count, options: options, nameRange: nameRange, range: range)
    return made(.call(function, values, options))
  }

  private static func check(
    _ function: Function, arguments count: Int, options: CallOptions, nameRange: Range<Int>, range: Range<Int>
  ) throws(Diagnostic) {
    let allowed: ClosedRange<Int>
    let usage: String
    let known: Set<String>
    switch function {
    case .elementwise(let f): (allowed, usage, known) = (1...1, "\(f.name)(A)", [])
    case .loss(let f): (allowed, usage, known) = (2...2, "\(f.name)(Y, P)", ["axis", "reduction"])
    case .builtin(let f):
      (allowed, usage, known) = (f.signature.arguments, f.signature.usage, f.signature.options)
    }
    guard allowed.contains(count) else {
      let wanted =
        allowed.lowerBound == allowed.upperBound
        ? "\(allowed.lowerBound)" : "\(allowed.lowerBound) to \(allowed.upperBound)"
      throw Diagnostic(
        "\(function.name) takes \(wanted) value\(wanted == "1" ? "" : "s"), not \(count)", at: [range],
        hint: "usage: \(usage)")
    }
    for text in options.texts {
      let key = String(text.prefix { $0 != "=" })
      guard known.contains(key) else {
        throw Diagnostic("\(function.name) has no option '\(key)'", at: [range], hint: "usage: \(usage)")
      }
    }
  }
}
