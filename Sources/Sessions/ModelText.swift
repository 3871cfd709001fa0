import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

/// The text of a model: equations, one a line or between `;`, titles behind `#`, and equations that stand once for
/// several steps: `repeat t = 1..4: h{t} = tanh(x{t} @ Wx + h{t-1} @ Wh)`, to the end of its line or, with nothing
/// behind the colon, up to an `end` of its own.
package struct ModelText {
  package private(set) var equations: [Equation] = []
  package private(set) var repetitions: [Model.Repetition] = []
  package private(set) var headings: [String: String] = [:]

  /// More equations than this are refused: a pass through them could not be read.
  package static let mostEquations = 2000

  /// With its value for a name in a size, which nothing can change behind the equations: `arange(n)`.
  private func sized(_ expression: Expression, of text: String) throws(Diagnostic) -> Expression {
    var values: [String: Expression] = [:]
    for name in Set(expression.sizes.filter(\.hasOwnNames).flatMap(\.names)).sorted()
    where name != .sampleCount {
      let isOwn = equations.contains { $0.name == name }
      guard !isOwn, environment.shape(of: name)?.isScalar == true,
        let value = environment.value(of: name)?.scalarValue
      else {
        throw diagnostic(
          "\(name: name) says a size, and has no value \(isOwn ? "before the model is computed" : "yet")",
          0..<max(1, text.count),
          hint:
            "m is the number of samples, X.shape[1] how long an axis is; or 'let \(name: name) = 3' before the model"
        )
      }
      values[name] = .number(value)
    }
    func visit(_ part: Expression) -> Expression {
      let sizes = part.sizeOperands
      return part.mapChildren { sizes.contains($0) ? $0.substituting(values) : visit($0) }
    }
    return visit(expression)
  }

  private let line: String
  private let offset: Int
  private let naming: Naming
  private let environment: any Environment
  private let items: [ModelTextItem]
  private var heading: String?
  /// The first equation that uses a name.
  private var users: [String: String] = [:]
  private var given: Set<String> = []

  /// - Parameters:
  ///   - text: stands in `line` from `offset` on; mistakes are marked there.
  ///   - environment: gives the values that bounds of a `repeat` may name.
  package init(
    _ text: String, at offset: Int, in line: String, naming: Naming, environment: any Environment
  ) throws(Diagnostic) {
    self.line = line
    self.offset = offset
    self.naming = naming
    self.environment = environment
    items = ModelTextItem.items(text)
    var position = 0
    let parts = try parts(&position, until: .text)
    for part in parts {
      guard case .repetition = part else {
        try write(part, [])
        continue
      }
      let start = equations.count
      let title = heading.map { ["# \($0)"] } ?? []
      try write(part, [])
      // What is kept is read again in the program's own names.
      if naming.isStandard {
        repetitions.append(.init(equations: start..<equations.count, lines: title + (try lines(part))))
      }
    }
    for i in equations.indices
    where equations[i].expression.sizes.contains(where: \.hasOwnNames) {
      equations[i] = Equation(equations[i].name, try sized(equations[i].expression, of: text))
    }
    // dZ is the gradient of Z, and two values of one name could not be told apart.
    let names = equations.flatMap { [$0.name] + $0.expression.names }
    for clash in names {
      guard let value = clash.gradientOf, names.contains(value) else { continue }
      throw diagnostic(
        "\(name: clash) is the name of the gradient of \(name: value)", 0..<max(1, text.count),
        hint: "choose another name for one of the two")
    }
  }

  /// Whether a line begins a `repeat` that goes on to an `end` of its own.
  static func opensRepeat(_ line: String) -> Bool {
    ModelTextItem.items(line).reversed().contains { item in
      item.word == "repeat" && item.header.map { $0.rest.allSatisfy(\.isWhitespace) } ?? true
    }
  }

  static func isEnd(_ line: String) -> Bool {
    line.split(whereSeparator: \.isWhitespace).first == "end"
  }

  // MARK: Structure

  private indirect enum Part {
    case equation(ModelTextItem)
    case heading(ModelTextItem)
    case repetition(ModelTextItem, [Part])
  }

  private enum Closing { case text, line, word }

  private func parts(_ position: inout Int, until closing: Closing) throws(Diagnostic) -> [Part] {
    let opening = items.indices.contains(position - 1) ? items[position - 1] : nil
    var result: [Part] = []
    while items.indices.contains(position) {
      let item = items[position]
      position += 1
      switch item.word {
      case "end":
        guard closing != .text else {
          throw diagnostic("this 'end' closes nothing", item.range, hint: "a model on one line has none")
        }
        return result
      case "repeat": result.append(try repetition(item, &position))
      default: result.append(item.word.hasPrefix("#") ? .heading(item) : .equation(item))
      }
      if closing == .line, items[position - 1].endsLine { return result }
    }
    if closing == .word, let opening {
      throw diagnostic(
        "this repeat is not closed", opening.range,
        hint: "close it with a line that says end, or put its equations behind the colon")
    }
    return result
  }

  private func repetition(_ item: ModelTextItem, _ position: inout Int) throws(Diagnostic) -> Part {
    guard let header = item.header else {
      throw diagnostic("a colon is missing in this repeat", item.range, hint: Self.example)
    }
    let rest = ModelTextItem(header.rest, at: header.start, endsLine: item.endsLine)
    guard let rest else { return .repetition(item, try parts(&position, until: .word)) }
    // What stands behind the colon is the first equation, and the next may follow in the same line.
    var inner: [Part]
    if rest.word == "repeat" {
      inner = [try repetition(rest, &position)]
    } else {
      inner = [.equation(rest)]
    }
    if !items[position - 1].endsLine { inner += try parts(&position, until: .line) }
    return .repetition(item, inner)
  }

  private static let example: Prose = "for example: repeat t = 1..4: h{t} = tanh(x{t} @ Wx + h{t-1} @ Wh)"

  /// As it is typed in a block, what it counts in numbers.
  private func lines(_ part: Part) throws(Diagnostic) -> [String] {
    switch part {
    case .equation(let item), .heading(let item): return [item.text]
    case .repetition(let item, let parts):
      let (variable, range) = try header(item)
      let header = "repeat \(variable) = \(range.lowerBound)..\(range.upperBound):"
      if parts.count == 1, case .equation(let equation) = parts[0] { return ["\(header) \(equation.text)"] }
      var inner: [String] = []
      for part in parts { inner += try lines(part).map { "  " + $0 } }
      return [header] + inner + ["end"]
    }
  }

  // MARK: Equations

  private mutating func write(_ part: Part, _ steps: [RepeatStep]) throws(Diagnostic) {
    switch part {
    case .heading(let item):
      heading = try filled(item, steps).text.drop { $0 == "#" || $0.isWhitespace }.description
    case .equation(let item):
      let filled = try filled(item, steps)
      do throws(Diagnostic) { try add(filled.text, steps) } catch {
        var error = error
        error.marks = error.marks.map { filled.place($0, offset) }
        error.source = line
        throw error
      }
    case .repetition(let item, let parts):
      let (variable, range) = try header(item)
      guard !steps.contains(where: { $0.variable == variable }) else {
        throw diagnostic("\(variable) is counted by the repeat around this one", item.range)
      }
      let count = try count(part)
      guard equations.count + count <= Self.mostEquations else {
        let total = count == Self.tooMany ? "more than \(Self.tooMany)" : "\(count)"
        throw diagnostic(
          "this repeat stands for \(total) equations, and a model has at most \(Self.mostEquations)",
          item.range, hint: "every step is one that can be looked at: give fewer")
      }
      for value in range {
        for part in parts { try write(part, steps + [RepeatStep(variable, value)]) }
      }
    }
  }

  /// Where counting ends.
  private static let tooMany = 1_000_000_000

  /// How many equations a part stands for.
  private func count(_ part: Part) throws(Diagnostic) -> Int {
    switch part {
    case .heading: return 0
    case .equation: return 1
    case .repetition(let item, let inner):
      let (_, range) = try header(item)
      var body = 0
      for part in inner { body += try count(part) }
      let product = range.count.multipliedReportingOverflow(by: max(1, body))
      return product.overflow ? Self.tooMany : min(Self.tooMany, product.partialValue)
    }
  }

  /// What a `repeat` counts, and from where to where.
  private func header(
    _ item: ModelTextItem
  ) throws(Diagnostic) -> (String, ClosedRange<Int>) {
    let words = (item.header?.text ?? "").dropFirst("repeat".count)
    let sides = words.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let variable = String(sides[0]).trimmed
    guard sides.count == 2, let first = variable.first, Lexer.startsName(first),
      variable.allSatisfy(Lexer.continuesName), let dots = sides[1].firstRange(of: "..")
    else {
      throw diagnostic(
        "a repeat says what it counts, from where to where", item.range, hint: Self.example)
    }
    let from = try whole(String(sides[1][..<dots.lowerBound]), item.range, environment, naming)
    let to = try whole(String(sides[1][dots.upperBound...]), item.range, environment, naming)
    guard from >= -Self.tooMany, to <= Self.tooMany else {
      throw diagnostic(
        "a repeat counts no further than \(Self.tooMany)", item.range,
        hint: "every step is one that can be looked at: give fewer")
    }
    guard from <= to else {
      throw diagnostic(
        "this repeat has no step: \(variable) would go from \(from) up to \(to)", item.range,
        hint: "braces may count down: h{\(from) - \(variable)}")
    }
    return (variable, from...to)
  }

  private mutating func add(_ text: String, _ steps: [RepeatStep]) throws(Diagnostic) {
    let (name, nameRange, formula, start) = try Assignment.split(text, at: 0, in: line, naming: naming)
    let parsed = try CommandLine.formula(formula, at: start, in: line, naming: naming)
    if let file = parsed.expression.files.first {
      throw Diagnostic(
        "an equation reads names, and \(file.name) is a file", at: [start..<start + formula.count],
        hint: "give the array a name: write X in the equation, then set X = \(file.name)")
    }
    guard name.target.isEmpty else {
      throw Diagnostic("an equation gives a whole value a name, not an entry", at: [nameRange])
    }
    guard ![.sampleCount, .learningRate].contains(name.name) else {
      throw Diagnostic("\(name: name.name) has a meaning of its own: choose another name", at: [nameRange])
    }
    guard given.insert(name.name).inserted else {
      let hint: Prose =
        steps.isEmpty
        ? "every step has a name of its own"
        : "every step has a name of its own: h{\(steps.last?.variable ?? "t")}; 'end' stands before what comes behind the repeat"
      throw Diagnostic("\(name: name.name) is given twice", at: [nameRange], hint: hint)
    }
    let read = parsed.expression.names
    if let count = steps.map(\.variable).first(where: { read.contains($0) && !given.contains($0) }) {
      throw Diagnostic(
        "\(count) is what the repeat counts, and its number stands in braces: {\(count)}",
        at: [start..<start + formula.count],
        hint: "as in X[{\(count)}, :]; beside a value of that name the repeat counts by another")
    }
    if parsed.expression.contains(name: name.name) {
      throw Diagnostic("\(name: name.name) is used to compute itself", at: [nameRange])
    }
    if let user = users[name.name], let equation = equations.first(where: { $0.name == user }) {
      throw Diagnostic(
        "\(name: name.name) is used in \(equation) before it is given", at: [nameRange],
        hint: "put its equation first")
    }
    for used in parsed.expression.names where users[used] == nil { users[used] = name.name }
    var equation = Equation(name.name, parsed.expression)
    equation.steps = steps
    let parts = try equation.writtenOut(stream: equations.count)
    for part in parts.dropLast() where users[part.name] != nil || !given.insert(part.name).inserted {
      throw Diagnostic(
        "\(name: part.name) is a step that \(name: name.name) is written with: choose another name for one of the two",
        at: [nameRange])
    }
    if let title = heading { headings[parts.first?.name ?? name.name] = title }
    heading = nil
    guard equations.count < Self.mostEquations else {
      throw Diagnostic("a model has at most \(Self.mostEquations) equations", at: [nameRange])
    }
    for var part in parts {
      part.steps = steps
      equations.append(part)
    }
  }

  // MARK: Braces

  /// An item with numbers for its braces.
  private func filled(_ item: ModelTextItem, _ steps: [RepeatStep]) throws(Diagnostic) -> FilledText {
    var result = FilledText()
    var rest = Array(item.text)[...]
    while let c = rest.first {
      let place = item.range.lowerBound + rest.startIndex
      guard c == "{", !steps.isEmpty, let close = rest.firstIndex(of: "}") else {
        result.append(String(c), from: place..<place + 1)
        rest.removeFirst()
        continue
      }
      let inner = String(rest[(rest.startIndex + 1)..<close])
      let counts = steps.map { ($0.variable, Tensor(Double($0.value))) }
      let braces = place..<item.range.lowerBound + close + 1
      let known = Bindings(Dictionary(counts, uniquingKeysWith: { $1 }))
      // The loop's own letter, whatever goes by it in a notation.
      let value = try whole(inner, braces, known, .standard)
      if value < 0, result.text.last.map(Lexer.continuesName) ?? false {
        throw diagnostic(
          "{\(inner)} is \(value) where \(steps.map(\.description).joined(separator: ", ")), and no name has a sign",
          braces, hint: "begin later, or give the first steps equations of their own")
      }
      result.append(String(value), from: braces)
      rest = rest[(close + 1)...]
    }
    return result
  }

  /// A whole number that stands at a place of the text or is computed there.
  private func whole(
    _ text: String, _ range: Range<Int>, _ known: any Environment, _ naming: Naming
  ) throws(Diagnostic) -> Int {
    if let number = Int(text.trimmed) { return number }
    let value: Double?
    do {
      value = try Evaluator(known).checkedValue(of: Parser.parse(text, naming: naming)).scalarValue
    } catch {
      throw diagnostic("'\(text.trimmed)' in a repeat: \(error.message)", range, hint: error.hint)
    }
    guard let value, let whole = Int(exactly: value) else {
      throw diagnostic(
        "'\(text.trimmed)' is \(value.map(Printer.number) ?? "no number"), and a repeat counts in whole numbers",
        range)
    }
    return whole
  }

  private func diagnostic(_ message: Prose, _ range: Range<Int>, hint: Prose? = nil) -> Diagnostic {
    var result = Diagnostic(
      message, at: [offset + range.lowerBound..<offset + range.upperBound], hint: hint)
    result.source = line
    return result
  }
}

/// Text in which numbers stand for braces, and where each character of it was typed.
private struct FilledText {
  private(set) var text = ""
  private var places: [Range<Int>] = []

  mutating func append(_ part: String, from place: Range<Int>) {
    text += part
    places += part.map { _ in place }
  }

  /// Where a range of it stands in a line in which the model begins at `offset`.
  func place(_ range: Range<Int>, _ offset: Int) -> Range<Int> {
    guard let last = places.last else { return offset..<offset + 1 }
    let end = last.upperBound..<last.upperBound + 1
    let first = places.indices.contains(range.lowerBound) ? places[range.lowerBound] : end
    let final = places.indices.contains(range.upperBound - 1) ? places[range.upperBound - 1] : first
    return offset + first.lowerBound..<offset + max(first.upperBound, final.upperBound)
  }
}
