import Formulas
import LinearAlgebra
import Operations

/// What a program's lines give when the wrong values before them are right: each line's own formula is tried with those.
struct ReviewReplay: Sendable {
  enum Outcome: Sendable {
    /// No wrong value leads to it.
    case untouched
    /// Its line with right values, and the line of the wrong one.
    case replayed(Tensor, line: Int)
    /// A wrong value leads to it, on a way that cannot be tried again.
    case unreadable(line: Int)
  }

  private let records: [ProgramTrace.Value]
  /// Right values in the place of wrong ones, as the program holds them.
  private var mended: [Int: (tensor: Tensor, line: Int)] = [:]
  /// Of the records up to one.
  private var known: [Outcome] = []
  private var first: Int { mended.keys.min() ?? .max }
  private let readersOf: [Int: [Int]]
  /// Whether the program's lines can be tried at all: arrays of a file have none.
  let isReadable: Bool

  init(_ trace: ProgramTrace) {
    records = trace.values
    isReadable = records.contains { !$0.formula.isEmpty }
    var readers: [Int: [Int]] = [:]
    for (record, value) in records.enumerated() {
      for read in Self.reads(value.formula) where read < record { readers[read, default: []].append(record) }
    }
    readersOf = readers
  }

  /// Records whose lines read this one.
  func readers(of record: Int) -> [Int] { readersOf[record] ?? [] }

  /// From here on a record has the value that it should have.
  mutating func mend(_ value: ProgramTrace.Value, with right: Tensor) {
    let parts = value.records
    forget(from: parts)
    var begin = 0
    for record in parts where records.indices.contains(record) {
      let own = records[record].tensor
      let part = parts.count == 1 ? right : right.part(begin, own.shape)
      begin += own.count
      // A sum that kept its axis or not is the same to the lines behind it.
      mended[record] = (
        part.flatMap { $0.count == own.count ? $0.reshaped(own.shape) : $0 } ?? own, value.line
      )
    }
  }

  /// A copy in which a record has another value, to see what becomes of the lines behind it.
  func trying(_ tensor: Tensor, at record: Int) -> ReviewReplay {
    var copy = self
    copy.forget(from: [record])
    copy.mended[record] = (tensor, records[record].line)
    return copy
  }

  private mutating func forget(from changed: [Int]) {
    known.removeLast(max(0, known.count - (changed.min() ?? known.count)))
  }

  mutating func outcome(of value: ProgramTrace.Value) -> Outcome {
    guard !mended.isEmpty, !value.records.isEmpty else { return .untouched }
    let parts = value.records.map { outcome(of: $0) }
    guard parts.count > 1 else { return parts[0] }
    var entries: [Double] = []
    var line: Int?
    for (record, part) in zip(value.records, parts) {
      switch part {
      case .untouched: entries += records[record].tensor.elements
      case .replayed(let tensor, let from):
        entries += tensor.elements
        line = line ?? from
      case .unreadable(let from): return .unreadable(line: from)
      }
    }
    guard let line else { return .untouched }
    return Tensor(shape: value.tensor.shape, elements: entries).map { .replayed($0, line: line) }
      ?? .unreadable(line: line)
  }

  private mutating func outcome(of record: Int) -> Outcome {
    // Formulas read earlier records alone, so that none is asked for before it is known.
    while known.count <= record, known.count < records.count { known.append(next(known.count)) }
    return known.indices.contains(record) ? known[record] : .untouched
  }

  private func next(_ record: Int) -> Outcome {
    if let (tensor, line) = mended[record] { return .replayed(tensor, line: line) }
    guard record > first else { return .untouched }
    let formula = records[record].formula
    if formula.isEmpty {
      // What it is made of is not known, and something before it is wrong.
      let line = mended[first]?.line ?? 0
      return isComputed(record) ? .unreadable(line: line) : .untouched
    }
    var inputs: [String: Tensor] = [:]
    var line: Int?
    var isUnreadable = false
    for read in Self.reads(formula) where read < record {
      switch known[read] {
      case .untouched: inputs["v\(read)"] = records[read].tensor
      case .replayed(let tensor, let from):
        inputs["v\(read)"] = tensor
        line = line ?? from
      case .unreadable(let from):
        line = line ?? from
        isUnreadable = true
      }
    }
    guard let line else { return .untouched }
    let tensor = isUnreadable ? nil : replayed(record, inputs)
    return tensor.map { .replayed($0, line: line) } ?? .unreadable(line: line)
  }

  /// Numbers that a person wrote down or drew are of no line before.
  private func isComputed(_ record: Int) -> Bool {
    records[record].precision != .whole && records[record].tensor.count > 1
  }

  /// The line's formula with other inputs; nil where it does not even give the program's own value with the program's.
  private func replayed(_ record: Int, _ inputs: [String: Tensor]) -> Tensor? {
    let own = records[record]
    guard let formula = try? Parser.parse(own.formula).expression else { return nil }
    let names = Set(formula.names)
    let before = names.reduce(into: [String: Tensor]()) { values, name in
      if let at = Int(name.dropFirst()), records.indices.contains(at) { values[name] = records[at].tensor }
    }
    guard let there = try? Evaluator(Bindings(before)).value(of: formula), there.count == own.tensor.count,
      there.reshaped(own.tensor.shape)?.agrees(with: own.tensor, tolerance: own.precision.tolerance) ?? false,
      let value = try? Evaluator(Bindings(inputs)).value(of: formula)
    else { return nil }
    return value.count == own.tensor.count ? value.reshaped(own.tensor.shape) : value
  }

  // MARK: Where a value is from

  /// Of a line that only hands on a value, the record in which it was made.
  func source(of record: Int) -> Int { sources(of: record).last ?? record }

  /// The records through which it was handed on, the latest first.
  func sources(of record: Int) -> [Int] {
    var result: [Int] = []
    var at = record
    while records.indices.contains(at), let read = copied(at) {
      result.append(read)
      at = read
    }
    return result
  }

  /// The same through lines that should change something and do not, this record the first.
  func chain(of record: Int) -> [(record: Int, isIdle: Bool)] {
    var result: [(record: Int, isIdle: Bool)] = []
    var at = record
    while records.indices.contains(at) {
      let copied = copied(at)
      let unchanged = copied == nil ? unchangedInput(of: at) : nil
      result.append((at, unchanged != nil))
      guard let next = copied ?? unchanged else { break }
      at = next
    }
    return result
  }

  /// What a line computes with and gives back as it was: `dA * 1.0`, `dZ[Z < -99] = 0`.
  private func unchangedInput(of record: Int) -> Int? {
    let own = records[record]
    guard own.tensor.count > 1, !own.tensor.isConstant,
      own.formula.hasPrefix("where(") || [" * ", " / ", " + ", " - "].contains(where: own.formula.contains)
    else { return nil }
    return Self.reads(own.formula).first { $0 < record && records[$0].tensor == own.tensor }
  }

  /// Other records of the same line and variable: of another turn or call.
  func others(like record: Int) -> [Int] {
    guard records.indices.contains(record) else { return [] }
    let own = records[record]
    return records.indices.lazy.filter { at in
      at != record && records[at].line == own.line && records[at].variable == own.variable
        && records[at].function == own.function && records[at].change != .inPlace
    }.prefix(12).map { $0 }
  }

  /// What a search among later values makes of one: it is what was looked for, the search goes on behind it, or not.
  enum Way { case found, on, closed }

  /// Values that are looked at behind one, and where each of them is computed anew.
  static let mostBehind = 200, mostTriedBehind = 60

  /// Whether among the values that are computed from these, through each other, there is one that is looked for.
  func leads(
    from records: [Int], atMost limit: Int = mostBehind, _ way: (Int, ProgramTrace.Value) -> Way
  ) -> Bool {
    var waiting = records
    var seen = Set(records)
    while let read = waiting.popLast(), seen.count < limit {
      for reader in readers(of: read) where seen.insert(reader).inserted {
        guard let value = value(reader) else { continue }
        switch way(reader, value) {
        case .found: return true
        case .on: waiting.append(reader)
        case .closed: break
        }
      }
    }
    return false
  }

  /// Whether a line behind it assigns it to another variable as it is, or makes of it what is called after a name.
  func isPassedOn(_ record: Int, _ name: String) -> Bool {
    leads(from: [record]) { _, value in
      guard value.line != records[record].line else { return .closed }
      let isCopy = Self.copied(value.formula) != nil
      if value.origin == .assigned, isCopy || VariableName.likeness(value.variable, name) >= 2 {
        return .found
      }
      return isCopy ? .on : .closed
    }
  }

  /// Whether a later line adds something to it.
  func isAddedTo(_ record: Int) -> Bool {
    readers(of: record).contains {
      records[$0].formula.contains(" + ") && records[$0].line != records[record].line
    }
  }

  /// Whether a later line adds something to it under its own name.
  func isAddedTo(_ record: Int, by variable: String) -> Bool {
    readers(of: record).contains {
      records[$0].formula.contains(" + ") && records[$0].line != records[record].line
        && records[$0].variable == variable && records[$0].change != .new
    }
  }

  /// Records that lead to this one, on all ways, through those that `isOpen` lets pass; the earliest first.
  func ancestors(
    of record: Int, through isOpen: (ProgramTrace.Value) -> Bool, depth: Int = .max
  ) -> [Int] {
    var found: Set<Int> = []
    var waiting = Self.reads(records[record].formula)
    // The nearest first: there may be more than are looked at.
    while let nearest = waiting.indices.max(by: { waiting[$0] < waiting[$1] }), found.count < 24 {
      let next = waiting.remove(at: nearest)
      guard records.indices.contains(next), next < record, isOpen(records[next]), found.insert(next).inserted
      else { continue }
      if depth > 1 { waiting += Self.reads(records[next].formula) }
    }
    return found.sorted()
  }

  func value(_ record: Int) -> ProgramTrace.Value? {
    records.indices.contains(record) ? records[record] : nil
  }

  /// The record that one has the bits of: one, or the last of several of the same line, as what a loop gave to one object
  /// after the other is met again as one.
  private func copied(_ record: Int) -> Int? {
    let formula = records[record].formula
    if let read = Self.copied(formula) { return read < record ? read : nil }
    guard formula.first == "[" else { return nil }
    let read = Self.reads(formula)
    guard let last = read.last, last < record,
      formula == "[\(read.map { "v\($0)" }.joined(separator: ", "))]",
      read.allSatisfy({
        records[$0].line == records[last].line && records[$0].variable == records[last].variable
          && records[$0].holder != "0" && records[$0].variable.contains(".")
      })
    else { return nil }
    return last
  }

  static func copied(_ formula: String) -> Int? {
    formula.first == "v" ? Int(formula.dropFirst()) : nil
  }

  /// The records that a formula names.
  static func reads(_ formula: String) -> [Int] {
    var result: [Int] = []
    var number: Int?
    var isWord = false
    for byte in formula.utf8 {
      let isDigit = byte >= 48 && byte <= 57
      if let at = number, isDigit {
        number = at < 1 << 40 ? at * 10 + Int(byte - 48) : at
        continue
      }
      if let at = number { result.append(at) }
      number = byte == UInt8(ascii: "v") && !isWord ? 0 : nil
      isWord = isDigit || byte == UInt8(ascii: "_") || (byte | 32 >= 97 && byte | 32 <= 122)
      if number != nil { isWord = false }
    }
    if let at = number { result.append(at) }
    // Always in the same order: what is looked at first may be all that is looked at.
    var seen: Set<Int> = []
    return result.filter { seen.insert($0).inserted }
  }
}

extension Tensor {
  /// Some of the entries, one behind the other.
  fileprivate func part(_ begin: Int, _ shape: Shape) -> Tensor? {
    guard begin + shape.count <= count else { return nil }
    return Tensor(shape: shape, elements: Array(elements[begin..<(begin + shape.count)]))
  }
}
