/// One index of an entry: a number, a variable, or a sum of both, as in `X[0, c, 2·p + r - 1]`.
package struct Index: Hashable, Sendable {
  package var constant: Int
  /// Factor of every variable in it, none of them 0.
  package var factors: [String: Int]

  package init(_ constant: Int, _ factors: [String: Int] = [:]) {
    self.constant = constant
    self.factors = factors.filter { $0.value != 0 }
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
    constant == 0 && factors.count == 1 && factors.first?.value == 1 ? factors.first?.key : nil
  }

  package static func + (a: Index, b: Index) -> Index {
    Index(a.constant &+ b.constant, a.factors.merging(b.factors, uniquingKeysWith: &+))
  }

  package static func - (a: Index, b: Index) -> Index { a + b.scaled(by: -1) }

  package static func + (a: Index, b: Int) -> Index { Index(a.constant &+ b, a.factors) }

  package func scaled(by factor: Int) -> Index {
    Index(constant &* factor, factors.mapValues { $0 &* factor })
  }

  package func substituting(_ name: String, with other: Index) -> Index {
    guard let factor = factors[name] else { return self }
    var rest = self
    rest.factors[name] = nil
    return rest + other.scaled(by: factor)
  }

  package func substituting(_ values: [String: Int]) -> Index {
    guard !factors.isEmpty else { return self }
    var result = self
    for (name, factor) in factors {
      guard let value = values[name] else { continue }
      result.constant &+= factor &* value
      result.factors[name] = nil
    }
    return result
  }

  /// The number it is under these values; nil when a variable has none.
  package func value(_ values: [String: Int]) -> Int? {
    var result = constant
    for (name, factor) in factors {
      guard let value = values[name] else { return nil }
      result &+= factor &* value
    }
    return result
  }

  /// `2·p+r-1`, `1-p`.
  package var text: String {
    let ordered = factors.sorted { $0.key < $1.key }
    var result = ""
    func add(_ isNegative: Bool, _ part: String) {
      result += (isNegative ? "-" : result.isEmpty ? "" : "+") + part
    }
    func add(_ factor: Int, _ name: String) {
      add(factor < 0, factor.magnitude == 1 ? name : "\(factor.magnitude)·\(name)")
    }
    for (name, factor) in ordered where factor > 0 { add(factor, name) }
    if constant != 0 || factors.isEmpty { add(constant < 0, String(constant.magnitude)) }
    for (name, factor) in ordered where factor < 0 { add(factor, name) }
    return result
  }
}
