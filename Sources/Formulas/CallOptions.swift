/// The named options of a call: `axis=1`, `axis=(0, 1)`, `reduction=sum`, `stride=2`.
package struct CallOptions: Hashable, Sendable {
  package enum Value: Hashable, Sendable {
    case integer(Int)
    case integers([Int])
    case number(Double)
    case word(String)
    /// `"ij,jk->ik"`, written before the values.
    case text(String)
  }

  package enum Reduction: String, Sendable, CaseIterable { case mean, sum }

  private var values: [String: Value] = [:]

  package init(axis: Int? = nil, reduction: Reduction? = nil, stride: Int? = nil, pad: Int? = nil) {
    self.axis = axis
    self["reduction"] = reduction.map { .word($0.rawValue) }
    self["stride"] = stride.map { .integer($0) }
    self["pad"] = pad.map { .integer($0) }
  }

  package static let none = CallOptions()

  package subscript(name: String) -> Value? {
    get { values[name] }
    set { values[name] = newValue }
  }

  package func integer(_ name: String) -> Int? {
    if case .integer(let value) = values[name] { value } else { nil }
  }

  /// A number, whole or not.
  package func number(_ name: String) -> Double? {
    switch values[name] {
    case .number(let value): value
    case .integer(let value): Double(value)
    case .integers, .word, .text, nil: nil
    }
  }

  package func isTrue(_ name: String) -> Bool { values[name] == .word("True") }

  /// The one axis that is named, or nil.
  package var axis: Int? {
    get { integer("axis") }
    set { values["axis"] = newValue.map { .integer($0) } }
  }

  /// All axes that are named; nil when none is.
  package var axes: [Int]? {
    switch values["axis"] {
    case .integer(let axis): [axis]
    case .integers(let axes): axes
    case .word, .text, .number, nil: nil
    }
  }

  package var reduction: Reduction? {
    get { if case .word(let word) = values["reduction"] { Reduction(rawValue: word) } else { nil } }
    set { values["reduction"] = newValue.map { .word($0.rawValue) } }
  }

  /// What stands in quotes before the values.
  package var text: String? {
    get { if case .text(let text) = values["text"] { text } else { nil } }
    set { values["text"] = newValue.map { .text($0) } }
  }

  package var stride: Int? { integer("stride") }
  package var pad: Int? { integer("pad") }
  package var seed: Int? { integer("seed") }
  /// Reduced axes stay with extent 1 unless `keepdims=False` was written.
  package var keepsAxes: Bool { values["keepdims"] != .word("False") }

  package var names: [String] { values.keys.sorted() }
  package var isEmpty: Bool { values.isEmpty }

  /// As written in a call.
  package var texts: [String] {
    values.sorted { $0.key < $1.key }.compactMap { name, value in
      switch value {
      case .text: nil
      case .number(let number): "\(name)=\(Printer.number(number))"
      case .integer(let number): "\(name)=\(number)"
      case .integers(let numbers): "\(name)=(\(numbers.map(String.init).joined(separator: ", ")))"
      case .word(let word): "\(name)=\(word)"
      }
    }
  }
}
