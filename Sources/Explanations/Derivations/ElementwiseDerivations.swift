import Formulas
import LinearAlgebra

/// f′ of a function that works entry by entry, from the lines kept with the function.
enum ElementwiseDerivations {
  private static let mostEntries = 512

  static func make(
    _ f: ElementwiseFunction, _ equations: [Equation], _ environment: any Environment
  ) -> Derivation {
    var result = Derivation("the derivative of \(f.name)", source: nil)
    var (u, v) = ("u", "v")
    var values: Tensor?
    for equation in equations {
      guard case .call(.elementwise(f), let arguments, _) = equation.expression,
        case .name(let name)? = arguments.first, let value = environment.value(of: name), value.count > 0
      else { continue }
      (u, v, values) = (name, equation.name, value)
      break
    }
    let isFound = values != nil
    let all = values ?? Tensor(unchecked: [1, 9], [-2, -1.5, -1, -0.5, 0.25, 0.5, 1, 1.5, 2])
    // Beyond 100 a written-out exp(u)² comes near the largest double; outside its domain f has no value.
    let usable = all.elements.filter { abs($0) < 100 && f.value($0).isFinite && f.tangent($0).isFinite }
    let kept = Array(usable.prefix(mostEntries))
    let argument = Tensor(unchecked: [1, kept.count], kept)
    result.tensors = [u: argument, v: argument.map(f.value)]
    result.remarks = [
      isFound
        ? "\(v) = \(f.name)(\(u)) = \(f.summary.replacingWord("u", with: u))"
        : "v = \(f.name)(u) = \(f.summary); this model has no \(f.name): u runs over -2 … 2"
    ]
    if kept.count < all.count {
      result.remarks.append("evaluated at \(kept.count) of \(all.count) entries")
    }
    let names: [String: Expression] = ["u": .name(u), "v": .name(v)]
    var lines = f.derivation.map {
      Derivation.Line(
        $0.expression.substituting(names),
        $0.reason.replacingWord("u", with: u).replacingWord("v", with: v))
    }
    let final = f.derivative.substituting(names)
    if lines.last?.formula != .matrix(final) { lines.append(.init(final, "as the backward pass writes it")) }
    result.chains = [.init([], .slope(f, .name(u)), lines)]
    if !f.kinks.isEmpty {
      result.conclusion.append(
        "at \(u) = \(f.kinks.map(Printer.number).joined(separator: ", ")) there is no derivative; the value taken there is \(f.kinks.map { Printer.number(f.tangent($0)) }.joined(separator: ", "))"
      )
    }
    result.conclusion.append("backwards: d\(u) = d\(v) * \(bracketed(final)), entry by entry")
    return result
  }

  private static func bracketed(_ expression: Expression) -> String {
    switch expression {
    case .binary: "(\(expression))"
    case .number, .name, .list, .negative, .transpose, .call, .derivative, .index: "\(expression)"
    }
  }
}

extension String {
  /// A one-letter name replaced where it stands alone.
  func replacingWord(_ word: Character, with other: String) -> String {
    var result = ""
    let characters = Array(self)
    func isPart(_ i: Int) -> Bool {
      characters.indices.contains(i)
        && (characters[i].isLetter || characters[i].isNumber || characters[i] == "_")
    }
    for (i, c) in characters.enumerated() {
      result += c == word && !isPart(i - 1) && !isPart(i + 1) ? other : String(c)
    }
    return result
  }
}
