import LinearAlgebra
import NeuralNetworks
import Platform

/// What a program's lines assigned, in the order in which they ran.
package struct ProgramTrace: Sendable {
  package struct Value: Sendable {
    package let line: Int
    /// `<module>` outside of functions.
    package let function: String
    /// As the program writes it, keys put in: `dW1`, `self.W`, `grads["dW2"]`.
    package let variable: String
    package let precision: Precision
    package let tensor: Tensor
    /// The loops around the line, outermost first, by the line of their header, with the turn they were in.
    package let turns: [Turn]
    /// Tells the W of one layer from that of another.
    let holder: String
    let change: Change
    /// The bits are those that this variable had before.
    let isRepeated: Bool
    /// Which records it is made of: one, or those of every sample of a loop.
    var records: [Int] = []
    /// How its line made it, of earlier records: `v3.T @ v7`; empty where that cannot be read.
    var formula = ""
    var origin = Origin.assigned
    /// The lines of the calls around it, the innermost first.
    var calls: [Int] = []
    /// PyTorch passes gradients back through it.
    var isFollowed = false
    /// Which object of the program's own it is, of a number with its gradient; empty for others.
    var object = ""

    /// A variable of one function: a `b` in another is another.
    var place: String { function + "\t" + variable + "\t" + holder }

    /// With other entries, as its line gives them from other inputs.
    func with(_ tensor: Tensor) -> Value { copy(line, tensor) }

    /// Met in another line.
    func at(line: Int) -> Value { copy(line, tensor) }

    /// As exact as another precision has it.
    func rounded(as other: Precision) -> Value { copy(line, tensor, other) }

    private func copy(_ line: Int, _ tensor: Tensor, _ other: Precision? = nil) -> Value {
      Value(
        line: line, function: function, variable: variable, precision: other ?? precision, tensor: tensor,
        turns: turns,
        holder: holder, change: change, isRepeated: isRepeated, records: records, formula: formula,
        origin: origin, calls: calls, isFollowed: isFollowed, object: object)
    }
  }

  enum Origin: Sendable, Equatable {
    case assigned
    /// What a function was called with, and the line of the call; 0 where that is not known.
    case argument(call: Int)
    /// What a function of the program's own gave back.
    case result
  }

  package struct Turn: Sendable, Equatable {
    let loop: Int
    let turn: Int
  }

  package enum Precision: Sendable {
    case double, single, half, whole

    /// Of the largest entry: what rounding in a pass of this precision may come to.
    var tolerance: Double {
      switch self {
      case .double, .whole: 1e-8
      case .single: 3e-5
      case .half: 2e-2
      }
    }
    /// Digits by which a mistake's value is compared.
    var digits: Int {
      switch self {
      case .double, .whole: 9
      case .single: 4
      case .half: 2
      }
    }
  }

  enum Change: Sendable {
    case new
    /// Assigned anew from itself: `d = d / m`.
    case renewed
    /// In place: `d /= m`, `d[mask] = 0`.
    case inPlace
  }

  package var values: [Value] = []
  /// Why it ended before the program did: an exception, a limit.
  package var end: (line: Int, message: String)?
  /// Whether the tracer saw its end: not of one that was stopped, or ended itself on the way.
  package var isWhole = false

  package init() {}

  /// Arrays that were dumped elsewhere, in the order in which a model computes what they are called after; their lines
  /// are their places in that order.
  package init(_ arrays: [(name: String, tensor: Tensor, isWhole: Bool)], of model: Model) {
    let names = model.leaves + model.equations.map(\.name)
    let order = names + names.reversed().map(\.gradientName)
    // What is called after nothing in the model comes behind its neighbour in the file.
    var last = 0
    let sorted = arrays.enumerated().map { position, array in
      let likely = order.indices.max { a, b in
        (VariableName.likeness(array.name, order[a]), -a) < (VariableName.likeness(array.name, order[b]), -b)
      }
      if let likely, VariableName.likeness(array.name, order[likely]) > 0 { last = likely }
      return (last, position, array)
    }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    values = sorted.enumerated().map { position, item in
      let (_, _, array) = item
      let isSingle = array.tensor.elements.allSatisfy { $0.isNaN || Double(Float($0)) == $0 }
      return Value(
        line: position + 1, function: "", variable: array.name,
        precision: array.isWhole ? .whole : isSingle ? .single : .double, tensor: array.tensor, turns: [],
        holder: "", change: .new, isRepeated: false)
    }
  }

  /// The last value of each variable, by a name that says its line where several share one.
  package var arrays: [(name: String, tensor: Tensor)] {
    var last: [String: (Int, Value)] = [:]
    for (position, value) in values.enumerated() {
      last["\(value.variable)\t\(value.line)"] = (position, value)
    }
    let kept = last.values.sorted { $0.0 < $1.0 }.map(\.1)
    let shared = Dictionary(grouping: kept, by: \.variable).mapValues(\.count)
    return kept.map {
      (shared[$0.variable] ?? 1 > 1 ? "\($0.variable)@\($0.line)" : $0.variable, $0.tensor)
    }
  }

  /// Reads what the tracer wrote, one record a line; a last line that was cut off is left out.
  ///
  /// The program can write to the same place. What its formulas count is the place of a record among the others: behind
  /// a line that is none, nothing can be told of what comes, and the trace ends there.
  package init(_ bytes: [UInt8]) {
    read(bytes)
    // A number that was taken out of a float32 array, by `item()`, is a double and has the array's rounding.
    guard values.contains(where: { $0.precision == .single && $0.tensor.count > 1 }) else { return }
    for at in values.indices where values[at].precision == .double && values[at].tensor.count == 1 {
      values[at] = values[at].rounded(as: .single)
    }
  }

  private mutating func read(_ bytes: [UInt8]) {
    var kept: [String: Tensor] = [:]
    let (feed, tab) = (UInt8(ascii: "\n"), UInt8(ascii: "\t"))
    for line in TextBytes.parts(of: bytes[...], at: feed) where !line.isEmpty {
      // Half of a trace that nobody waits for.
      if Interruption.isRequested { return }
      let fields = Array(TextBytes.parts(of: line, at: tab))
      let texts = fields.prefix(9).map { String(decoding: $0, as: UTF8.self) }
      switch texts.first {
      case "D": isWhole = true
      case "E" where texts.count >= 3: end = end ?? (Self.number(texts[1]) ?? 0, texts[2])
      case "v", "s":
        if let value = record(texts, fields, &kept) {
          values.append(value)
          continue
        }
        fallthrough
      default:
        guard bytes[line.endIndex...].contains(where: { $0 != feed }) else { return }
        end = (values.last?.line ?? 0, "what was recorded of it is damaged behind that line")
        return
      }
    }
  }

  /// The next record; nil where it is none.
  private func record(
    _ texts: [String], _ fields: [ArraySlice<UInt8>], _ kept: inout [String: Tensor]
  ) -> Value? {
    guard texts.count == 9, fields.count == 11, let line = Self.number(texts[1]) else { return nil }
    let key = texts[2] + "\t" + texts[3] + "\t" + texts[7]
    let extents = texts[5].split(separator: ",").compactMap { Self.number($0) }
    let tensor =
      texts[0] == "s"
      ? kept[key]
      : LittleEndian.doubles(hexadecimal: fields[9]).flatMap { Tensor(shape: Shape(extents), elements: $0) }
    guard let tensor else { return nil }
    kept[key] = tensor
    let formula = String(decoding: fields[10], as: UTF8.self)
    let made = texts[8].split(separator: "@", omittingEmptySubsequences: false)
    return Value(
      line: line, function: texts[2], variable: texts[3],
      precision: Self.precision(texts[4].prefix { $0 != "&" && $0 != "+" }),
      tensor: tensor, turns: Self.turns(texts[6]), holder: texts[7],
      change: texts[8].hasPrefix("c") ? .inPlace : texts[8].hasPrefix("r") ? .renewed : .new,
      isRepeated: texts[0] == "s", records: [values.count],
      // Lines are made of earlier records alone.
      formula: ReviewReplay.reads(formula).allSatisfy { $0 < values.count } ? formula : "",
      origin: Self.origin(made.first ?? ""),
      calls: made.dropFirst().first?.split(separator: ",").compactMap { Self.number($0) } ?? [],
      isFollowed: texts[4].hasSuffix("+"),
      object: texts[4].split(separator: "&").dropFirst().first.map(String.init) ?? "")
  }

  /// A line, a turn, an extent; nil for more than any program has.
  private static func number(_ text: some StringProtocol) -> Int? {
    Int(text).flatMap { (0...Int(Int32.max)).contains($0) ? $0 : nil }
  }

  private static func precision(_ name: Substring) -> Precision {
    switch name {
    case "float32": .single
    case "float16", "bfloat16": .half
    case "int": .whole
    default: .double
    }
  }

  private static func origin(_ text: Substring) -> Origin {
    if let at = text.firstIndex(of: "p") { return .argument(call: number(text[at...].dropFirst()) ?? 0) }
    return text.hasSuffix("k") ? .result : .assigned
  }

  private static func turns(_ text: String) -> [Turn] {
    text.split(separator: " ").compactMap { pair in
      let parts = pair.split(separator: ":").compactMap { number($0) }
      return parts.count == 2 ? Turn(loop: parts[0], turn: parts[1]) : nil
    }
  }
}
