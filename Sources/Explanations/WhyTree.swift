import Differentiation
import Formulas
import LinearAlgebra
import Operations

/// `why --deep`: an entry, the entries that made it, and so on to the inputs, as lines of an indented tree. What does not
/// fit the lines that there are is no further than one number away: the tree ends earlier everywhere, and where it ends
/// stands a door.
package struct WhyTree {
  static let deepest = 12
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
  private var deepest = WhyTree.deepest
  /// A line, and where it says less than there is, the entry that says more.
  package private(set) var lines: [(text: Prose, door: NamedEntry?)] = []
  private var seen: Set<NamedEntry> = []

  package var doors: [NamedEntry] { lines.compactMap(\.door) }

  /// The lines with the number of its door before each that has one.
  package var numbered: [Prose] {
    let width = doors.isEmpty ? 0 : "\(doors.count)".count + 2
    var number = 0
    return lines.map { line in
      var lead = ""
      if line.door != nil {
        number += 1
        lead = "\(number)"
      }
      return
        "\(String(repeating: " ", count: max(0, width - lead.count - 2)))\(lead)\(width > 0 ? "  " : "")\(line.text)"
    }
  }

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

  /// The tree below an entry, as deep as the lines allow.
  package mutating func grow(_ entry: NamedEntry) throws(Diagnostic) {
    var fitting = self
    for depth in 1...Self.deepest {
      var tree = self
      tree.deepest = depth
      try tree.add(entry)
      if depth > 1, tree.lines.count > mostLines { break }
      let isWhole = tree.lines.count == fitting.lines.count
      fitting = tree
      if isWhole { break }
    }
    self = fitting
  }

  private mutating func add(_ entry: NamedEntry, depth: Int = 0) throws(Diagnostic) {
    let indent = String(repeating: "  ", count: depth)
    guard lines.count <= mostLines || deepest == 1 else { return }
    guard let source = source(entry.name) else { return }
    switch source {
    case .given(let word, let tensor):
      guard let value = tensor.position(of: entry.index).map({ tensor.elements[$0] }) else { return }
      lines.append(("\(indent)\(entry) = \(figure: value)  (\(word))", nil))
    case .made(let expression, let tensor):
      guard let stored = tensor.position(of: entry.index).map({ tensor.elements[$0] }) else { return }
      guard seen.insert(entry).inserted else {
        lines.append(("\(indent)\(entry) = \(figure: stored)  (see above)", nil))
        return
      }
      let why = try Why(
        entry, of: expression, stored: stored, environment: environment, counting: counting, named: named,
        reserved: reserved)
      let (below, smaller, zeros) = try parts(why)
      let isEnd = depth >= deepest && (!below.isEmpty || smaller + zeros > 0)
      lines.append(("\(indent)\(entry) = \(figure: stored) = \(why.formula)", isEnd ? entry : nil))
      guard depth < deepest else { return }
      for part in below { try add(part, depth: depth + 1) }
      // What is 0 in the sum that was asked for hands nothing on: nobody goes there.
      if smaller + zeros > 0 {
        let hidden = Self.hidden(smaller, zeros)
        lines.append(("\(indent)  … and \(hidden)", depth > 0 || smaller > 0 ? entry : nil))
      }
    }
  }

  /// The entries to go on with: those of the formula, then those of the largest terms.
  private func parts(_ why: Why) throws(Diagnostic) -> (entries: [NamedEntry], smaller: Int, zeros: Int) {
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
    return (result, smaller, zeros)
  }

  private static func hidden(_ smaller: Int, _ zeros: Int) -> String {
    var hidden: [String] = []
    if smaller > 0 { hidden.append("\(smaller) smaller term\(smaller == 1 ? "" : "s")") }
    if zeros > 0 { hidden.append("\(zeros) term\(zeros == 1 ? " that is" : "s that are") 0") }
    return hidden.joined(separator: ", ")
  }
}
