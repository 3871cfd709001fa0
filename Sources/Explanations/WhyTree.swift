import Differentiation
import Formulas
import LinearAlgebra
import Operations

/// `why --deep`: an entry, the entries that made it, and so on to the inputs, as lines of an indented tree.
package struct WhyTree {
  package static let deepest = 12
  /// Entries that made one entry, the largest terms first; more are counted.
  package static let widest = 6

  /// What a name is: the formula behind it and its value, or a word for what has none (an input).
  package enum Source {
    case made(Expression, Tensor)
    case given(String, Tensor)
  }

  private let environment: any Environment
  private let counting: SampleCounting?
  private let named: [Expression: String]
  private let reserved: Set<String>
  private let source: (String) -> Source?
  private let mostLines: Int
  package private(set) var lines: [Prose] = []
  private var seen: Set<NamedEntry> = []

  package init(
    environment: any Environment, counting: SampleCounting?, named: [Expression: String],
    reserved: Set<String>,
    mostLines: Int = 80, source: @escaping (String) -> Source?
  ) {
    self.environment = environment
    self.counting = counting
    self.named = named
    self.reserved = reserved
    self.mostLines = mostLines
    self.source = source
  }

  package mutating func add(_ entry: NamedEntry, depth: Int = 0) throws(Diagnostic) {
    let indent = String(repeating: "  ", count: depth)
    guard lines.count < mostLines else {
      if lines.count == mostLines { lines.append("\(indent)… more: ask 'why' of one of these") }
      return
    }
    guard let source = source(entry.name) else { return }
    switch source {
    case .given(let word, let tensor):
      guard let value = tensor.position(of: entry.index).map({ tensor.elements[$0] }) else { return }
      lines.append("\(indent)\(entry) = \(figure: value)  (\(word))")
    case .made(let expression, let tensor):
      guard let stored = tensor.position(of: entry.index).map({ tensor.elements[$0] }) else { return }
      guard seen.insert(entry).inserted else {
        lines.append("\(indent)\(entry) = \(figure: stored)  (see above)")
        return
      }
      let why = try Why(
        entry, of: expression, stored: stored, environment: environment, counting: counting, named: named,
        reserved: reserved)
      lines.append("\(indent)\(entry) = \(figure: stored) = \(why.formula)")
      guard depth < Self.deepest else { return }
      let (below, hidden) = try parts(why)
      for part in below { try add(part, depth: depth + 1) }
      if let hidden, lines.count < mostLines { lines.append("\(indent)  … and \(hidden)") }
    }
  }

  /// The entries to go on with: those of the formula, then those of the largest terms.
  private func parts(_ why: Why) throws(Diagnostic) -> (entries: [NamedEntry], hidden: String?) {
    var result: [NamedEntry] = []
    var (smaller, zeros) = (0, 0)
    for group in why.groups {
      // A term that is 0 hands nothing on: what made it 0 is not followed.
      let isSum = group.kind == .sum
      let chosen = Set(
        Why.largest(group.terms, isSum ? Self.widest / 2 : Self.widest).filter {
          !isSum || group.terms[$0].value != 0
        })
      for (i, term) in group.terms.enumerated() where chosen.contains(i) {
        for entry in try why.formula(of: term, in: group).namedEntries where !result.contains(entry) {
          result.append(entry)
        }
      }
      let nothing = isSum ? group.terms.count { $0.value == 0 } : 0
      zeros += nothing
      smaller += group.terms.count - chosen.count - nothing
    }
    for entry in why.formula.namedEntries where !result.contains(entry) && entry.name != .sampleCount {
      result.append(entry)
    }
    var hidden: [String] = []
    if smaller > 0 { hidden.append("\(smaller) smaller term\(smaller == 1 ? "" : "s")") }
    if zeros > 0 { hidden.append("\(zeros) term\(zeros == 1 ? " that is" : "s that are") 0") }
    return (result, hidden.isEmpty ? nil : hidden.joined(separator: ", "))
  }
}
