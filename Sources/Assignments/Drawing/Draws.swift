import Formulas
import Lessons
import LinearAlgebra
import Sessions

/// What a block `draw` of an assignment says: numbers that each student has of their own, under names that the file uses in
/// braces.
///
///     m, n, h = 2..5, different
///     X = m×n integers -3..3
///     W = n×h one decimal -1..1, not 0
///     Y = m×h one-hot
///     t = one of 0.1 | 0.5
///     no kinks, no ties, not balanced
struct Draws: Sendable {
  private var lines: [Line] = []
  private(set) var conditions: Set<DrawCondition> = []
  private(set) var faults: [LessonFault] = []

  private struct Line {
    var names: [String]
    var kind = Kind.oneHot
    /// Nil for a single number.
    var shape: [Extent]?
    var isDifferent = false
    var isNotZero = false
  }

  private enum Kind {
    /// Whole multiples of a unit: 1, 0.1, 0.01.
    case numbers(low: Int, high: Int, decimals: Int)
    case oneHot
    case oneOf([String])
  }

  private enum Extent { case name(String), number(Int) }

  /// More entries are nothing to work by hand.
  private static let mostEntries = 4096

  var names: Set<String> { Set(lines.flatMap(\.names)) }
  var isEmpty: Bool { lines.isEmpty }

  // MARK: Reading

  mutating func read(_ text: String, line number: Int) {
    let text = text.trimmed
    guard !text.isEmpty, !text.hasPrefix("#") else { return }
    do throws(Diagnostic) {
      if let equals = text.firstIndex(of: "=") {
        let left = text[..<equals].split(separator: ",").map { String($0).trimmed }
        let right = String(text[text.index(after: equals)...]).trimmed
        for name in left {
          guard name.first?.isLetter == true, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }),
            name != "seed"
          else { throw Diagnostic("'\(name)' is no name for what is drawn") }
          guard !names.contains(name) else { throw Diagnostic("'\(name)' is drawn twice") }
        }
        guard !left.isEmpty else { throw Diagnostic("a name is missing before the =") }
        lines.append(try parse(right, names: left))
      } else {
        for part in text.split(separator: ",").map({ String($0).trimmed }) {
          guard let condition = DrawCondition(rawValue: part) else {
            let all = DrawCondition.allCases.map(\.rawValue).joined(separator: ", ")
            throw Diagnostic("'\(part)' is no condition on what is drawn: \(all)")
          }
          conditions.insert(condition)
        }
      }
    } catch {
      faults.append(LessonFault(number, error.message.text()))
    }
  }

  private func parse(_ text: String, names: [String]) throws(Diagnostic) -> Line {
    var line = Line(names: names)
    if text.hasPrefix("one of ") {
      let items = text.dropFirst("one of ".count).split(separator: "|").map { String($0).trimmed }
      guard items.count > 1 else { throw Diagnostic("'one of' takes several, with | between them") }
      line.kind = .oneOf(items)
      return line
    }
    let parts = text.split(separator: ",").map { String($0).trimmed }
    for word in parts.dropFirst() {
      switch word {
      case "different": line.isDifferent = true
      case "not 0": line.isNotZero = true
      default: throw Diagnostic("'\(word)' says nothing of what is drawn: different, not 0")
      }
    }
    var words = (parts.first ?? "").split(separator: " ").map(String.init)
    if let first = words.first, let shape = try shape(first) {
      guard names.count == 1 else { throw Diagnostic("one matrix a line") }
      line.shape = shape
      words.removeFirst()
    }
    let kind = words.dropLast().joined(separator: " ")
    let decimals = ["": 0, "integer": 0, "integers": 0, "one decimal": 1, "two decimals": 2]
    if words == ["one-hot"] {
      guard line.shape?.count == 2 else { throw Diagnostic("one-hot is a matrix: Y = m×k one-hot") }
      return line
    }
    guard let range = words.last?.firstRange(of: ".."), let word = words.last, let places = decimals[kind],
      let low = Double(word[..<range.lowerBound]), let high = Double(word[range.upperBound...]), low < high,
      abs(low) <= 1e6, abs(high) <= 1e6
    else {
      throw Diagnostic(
        "'\(text)' says nothing to draw: 2..5; m×n integers -3..3; one decimal -1..1; two decimals 0..1; m×k one-hot; one of a | b"
      )
    }
    let scale = [1.0, 10, 100][places]
    let (first, last) = ((low * scale).rounded(.up), (high * scale).rounded(.down))
    let (from, to) = (Int(clamping: first), Int(clamping: last))
    guard from <= to, !(line.isNotZero && from == 0 && to == 0) else {
      throw Diagnostic("there is no such number from \(word)")
    }
    line.kind = .numbers(low: from, high: to, decimals: places)
    guard !line.isDifferent || to - from + 1 - (line.isNotZero && from <= 0 && to >= 0 ? 1 : 0) >= names.count
    else {
      throw Diagnostic("\(word) has fewer numbers than there are names")
    }
    return line
  }

  /// `m×n`, `3x4`, `m`; nil for a word that is no shape.
  private func shape(_ word: String) throws(Diagnostic) -> [Extent]? {
    guard !word.contains("."), word != "one-hot", word != "one" else { return nil }
    func extent(_ part: Substring) -> Extent? {
      if let number = Int(part), number > 0 { return .number(number) }
      return names.contains(String(part)) ? .name(String(part)) : nil
    }
    for separator in ["×", "x"] {
      let parts = word.split(separator: separator)
      let extents = parts.compactMap(extent)
      if !extents.isEmpty, extents.count == parts.count { return extents }
    }
    if word.contains("×") {
      throw Diagnostic("'\(word)' is no shape of numbers and names that are drawn above it")
    }
    return nil
  }

  // MARK: Drawing

  /// - Throws: where a condition does not hold in a session with its pass run.
  func check(_ session: Session) throws(Diagnostic) {
    for condition in DrawCondition.allCases where conditions.contains(condition) {
      guard try condition.holds(in: session) else {
        throw Diagnostic("'\(condition.rawValue)' does not hold")
      }
    }
  }

  /// - Throws: where a shape has too many entries, or an extent is none.
  func drawn(_ generator: inout RandomGenerator) throws(Diagnostic) -> [String: String] {
    var result: [String: String] = [:]
    for line in lines {
      var used: Set<String> = []
      for name in line.names {
        var text = try text(line, result, &generator)
        var tries = 0
        while line.isDifferent, used.contains(text), tries < 10_000 {
          text = try self.text(line, result, &generator)
          tries += 1
        }
        used.insert(text)
        result[name] = text
      }
    }
    return result
  }

  private func text(
    _ line: Line, _ known: [String: String], _ generator: inout RandomGenerator
  ) throws(Diagnostic) -> String {
    var extents: [Int] = []
    for extent in line.shape ?? [] {
      switch extent {
      case .number(let number): extents.append(number)
      case .name(let name):
        guard let number = known[name].flatMap({ Int($0) }), number > 0 else {
          throw Diagnostic("'\(name)' is drawn as \(known[name] ?? "nothing"), and is used as an extent")
        }
        extents.append(number)
      }
    }
    guard let count = Shape(extents).checkedCount, count <= Self.mostEntries else {
      throw Diagnostic(
        "more than \(Self.mostEntries) entries are drawn for \(line.names.joined(separator: ", "))")
    }
    switch line.kind {
    case .oneOf(let items): return items[generator.integer(below: items.count)]
    case .oneHot:
      let (rows, columns) = (extents.first ?? 1, extents.last ?? 1)
      return Self.nested(
        (0..<rows).flatMap { _ in
          let label = generator.integer(below: columns)
          return (0..<columns).map { $0 == label ? "1" : "0" }
        }, extents)
    case .numbers(let low, let high, let decimals):
      let entries = (0..<count).map { _ -> String in
        var number = 0
        repeat { number = low + generator.integer(below: high - low + 1) } while line.isNotZero && number == 0
        return Self.decimal(number, decimals)
      }
      return extents.isEmpty ? entries[0] : Self.nested(entries, extents)
    }
  }

  /// -12 with one decimal is -1.2.
  static func decimal(_ number: Int, _ decimals: Int) -> String {
    guard decimals > 0 else { return "\(number)" }
    let digits = "\(number.magnitude)"
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return (number < 0 ? "-" : "") + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  private static func nested(_ entries: [String], _ extents: [Int]) -> String {
    guard let last = extents.last, extents.count > 1 else {
      return "[" + entries.joined(separator: ", ") + "]"
    }
    let rows = stride(from: 0, to: entries.count, by: last).map { start in
      "[" + entries[start..<start + last].joined(separator: ", ") + "]"
    }
    return nested(rows, extents.dropLast())
  }
}
