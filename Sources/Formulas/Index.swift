/// A number for each of some index letters: what they are at an entry, or their factors in a sum. There are few of them in
/// any formula, so that a list, in order, is read faster than a letter is hashed.
package struct IndexNumbers: Hashable, Sendable, Sequence, ExpressibleByDictionaryLiteral {
  private struct Item: Hashable, Sendable {
    let letter: String
    var number: Int
  }
  private var items: [Item] = []

  package init() {}

  package init(dictionaryLiteral elements: (String, Int)...) { self.init(elements) }

  /// Of a letter that comes twice the last number.
  package init(_ elements: some Sequence<(String, Int)>) {
    for (letter, number) in elements { self[letter] = number }
  }

  package init(_ letters: some Sequence<String>, _ numbers: some Sequence<Int>) {
    self.init(zip(letters, numbers))
  }

  package var isEmpty: Bool { items.isEmpty }
  package var count: Int { items.count }
  package var letters: [String] { items.map(\.letter) }

  package subscript(letter: String) -> Int? {
    get {
      for item in items where item.letter == letter { return item.number }
      return nil
    }
    set {
      if let at = items.firstIndex(where: { $0.letter == letter }) {
        if let newValue { items[at].number = newValue } else { items.remove(at: at) }
      } else if let newValue {
        items.insert(
          Item(letter: letter, number: newValue), at: items.firstIndex { $0.letter > letter } ?? items.count)
      }
    }
  }

  package func makeIterator() -> some IteratorProtocol<(letter: String, number: Int)> {
    items.lazy.map { (letter: $0.letter, number: $0.number) }.makeIterator()
  }

  /// `constant` and the products of these factors with the numbers of their letters; nil when a letter has none.
  fileprivate func sum(from constant: Int, _ numbers: IndexNumbers) -> Int? {
    var result = constant
    for item in items {
      guard let number = numbers[item.letter] else { return nil }
      result &+= item.number &* number
    }
    return result
  }

  /// Without those that are 0 then.
  fileprivate func scaled(by factor: Int) -> IndexNumbers {
    var result = self
    for i in items.indices { result.items[i].number &*= factor }
    result.items.removeAll { $0.number == 0 }
    return result
  }

  fileprivate static func + (a: IndexNumbers, b: IndexNumbers) -> IndexNumbers {
    var result = a
    for item in b.items {
      let sum = (a[item.letter] ?? 0) &+ item.number
      result[item.letter] = sum == 0 ? nil : sum
    }
    return result
  }
}

/// One index of an entry: a number, a variable, or a sum of both, as in `X[0, c, 2·p + r - 1]`.
package struct Index: Hashable, Sendable {
  package var constant: Int
  /// Factor of every variable in it, none of them 0.
  package var factors: IndexNumbers

  package init(_ constant: Int, _ factors: IndexNumbers = [:]) {
    self.constant = constant
    self.factors = factors.scaled(by: 1)
  }

  /// Stands in a definition for any number of axes, as in NumPy's indexing.
  package static let rest = Index.variable("…")
  /// The same axes at other indices.
  package static let otherRest = Index.variable("…′")

  package static func variable(_ name: String) -> Index { Index(0, [name: 1]) }

  /// Its value when it holds no variable.
  package var fixed: Int? { factors.isEmpty ? constant : nil }

  /// Its name when it is one variable and nothing else.
  package var onlyVariable: String? {
    guard constant == 0, factors.count == 1 else { return nil }
    for (letter, factor) in factors where factor == 1 { return letter }
    return nil
  }

  package static func + (a: Index, b: Index) -> Index {
    Index(a.constant &+ b.constant, a.factors + b.factors)
  }

  package static func - (a: Index, b: Index) -> Index { a + b.scaled(by: -1) }

  package static func + (a: Index, b: Int) -> Index { Index(a.constant &+ b, a.factors) }

  package func scaled(by factor: Int) -> Index {
    Index(constant &* factor, factors.scaled(by: factor))
  }

  package func substituting(_ name: String, with other: Index) -> Index {
    guard let factor = factors[name] else { return self }
    var rest = self
    rest.factors[name] = nil
    return rest + other.scaled(by: factor)
  }

  package func substituting(_ values: IndexNumbers) -> Index {
    guard !factors.isEmpty else { return self }
    var result = self
    for (letter, factor) in factors {
      guard let value = values[letter] else { continue }
      result.constant &+= factor &* value
      result.factors[letter] = nil
    }
    return result
  }

  /// The number it is under these values; nil when a variable has none.
  package func value(_ values: IndexNumbers) -> Int? { factors.sum(from: constant, values) }

  /// `2·p+r-1`, `1-p`.
  package var text: String {
    var result = ""
    func add(_ isNegative: Bool, _ part: String) {
      result += (isNegative ? "-" : result.isEmpty ? "" : "+") + part
    }
    func add(_ factor: Int, _ name: String) {
      add(factor < 0, factor.magnitude == 1 ? name : "\(factor.magnitude)·\(name)")
    }
    for (name, factor) in factors where factor > 0 { add(factor, name) }
    if constant != 0 || factors.isEmpty { add(constant < 0, String(constant.magnitude)) }
    for (name, factor) in factors where factor < 0 { add(factor, name) }
    return result
  }
}
