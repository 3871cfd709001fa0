/// A sum with one term for every step of a `repeat`, written once: `Σ_{t=3..1} h{t-1}.T @ dq{t}`.
package struct RepeatSum {
  package let variable: String
  /// Values of the variable, in the order of the terms.
  package let values: [Int]
  /// One term, braces for what counts.
  package let term: String

  /// Nil unless the terms differ in nothing but numbers that follow the steps.
  /// - Parameters:
  ///   - terms: what is summed.
  ///   - step: the step that a term's equation was written for; nil outside of a `repeat`.
  package init?(
    _ terms: [Equation.Term], naming: Naming = .standard, step: (String) -> RepeatStep?
  ) {
    let steps = terms.compactMap { step($0.origin) }
    guard terms.count > 1, steps.count == terms.count, let first = steps.first,
      steps.allSatisfy({ $0.variable == first.variable })
    else { return nil }
    variable = first.variable
    values = steps.map(\.value)
    guard Set(values).count == values.count else { return nil }
    let printer = Printer(naming)
    let parts = terms.map { Self.parts(printer.text($0.formula)) }
    var result = ""
    for position in parts[0].indices {
      let own = parts.compactMap { $0.indices.contains(position) ? $0[position] : nil }
      guard own.count == parts.count, let text = Self.common(own, first.variable, values) else {
        return nil
      }
      result += text
    }
    guard parts.allSatisfy({ $0.count == parts[0].count }) else { return nil }
    term = result
  }

  /// The order of the values is that of the sum, as it is computed.
  package var text: String {
    let isRun =
      zip(values, values.dropFirst()).allSatisfy { $1 == $0 - 1 }
      || zip(values, values.dropFirst()).allSatisfy { $1 == $0 + 1 }
    let range =
      isRun ? "\(values[0])..\(values[values.count - 1])" : values.map(String.init).joined(separator: ",")
    return "Σ_{\(variable)=\(range)} \(term)"
  }

  /// Runs of digits apart from what stands between them.
  private static func parts(_ text: String) -> [Substring] {
    var result: [Substring] = []
    var rest = text[...]
    while let c = rest.first {
      let part = rest.prefix { ($0.isASCII && $0.isNumber) == (c.isASCII && c.isNumber) }
      result.append(part)
      rest = rest.dropFirst(part.count)
    }
    return result
  }

  /// A text that stands for all: itself where they are equal, `{t-1}` where they count with the steps.
  private static func common(_ parts: [Substring], _ variable: String, _ steps: [Int]) -> String? {
    if parts.allSatisfy({ $0 == parts[0] }) { return String(parts[0]) }
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == steps.count else { return nil }
    let differences = Set(zip(numbers, steps).map { $0 &- $1 })
    if differences.count == 1, let d = differences.first {
      return d == 0 ? "{\(variable)}" : d < 0 ? "{\(variable)-\(-d)}" : "{\(variable)+\(d)}"
    }
    let sums = Set(zip(numbers, steps).map { $0 &+ $1 })
    return sums.count == 1 ? sums.first.map { "{\($0)-\(variable)}" } : nil
  }
}
