import Formulas
import LinearAlgebra
import Operations

/// f′ of a function that works entry by entry, from the lines kept with the function.
enum ElementwiseDerivations {
  private static let mostEntries = 512

  static func make(
    _ f: Operation, _ equations: [Equation], _ environment: any Environment
  ) -> Derivation {
    var result = Derivation("the derivative of \(f.name)", source: nil)
    var (u, v) = ("u", "v")
    var values: Tensor?
    for equation in equations {
      guard case .call(Function(f.name), let arguments, _) = equation.expression,
        case .name(let name)? = arguments.first, let value = environment.value(of: name), value.count > 0
      else { continue }
      (u, v, values) = (name, equation.name, value)
      break
    }
    let isFound = values != nil
    let all = values ?? Tensor(unchecked: [1, 9], [-2, -1.5, -1, -0.5, 0.25, 0.5, 1, 1.5, 2])
    let function = f.scalarFunction
    // Beyond 100 a written-out exp(u)² comes near the largest double; outside its domain f has no value.
    let usable = all.elements.filter {
      abs($0) < 100 && function?.value($0).isFinite == true && function?.derivative($0).isFinite == true
    }
    let kept = Array(usable.prefix(mostEntries))
    let argument = Tensor(unchecked: [1, kept.count], kept)
    result.tensors = [u: argument, v: argument.map { function?.value($0) ?? .nan }]
    result.remarks = [
      isFound
        ? "\(v) = \(f.name)(\(u)) = \(f.rightSide(of: u))"
        : "v = \(f.name)(u) = \(f.rightSide(of: "u")); this model has no \(f.name): u runs over -2 … 2"
    ]
    if kept.count < all.count {
      result.remarks.append("evaluated at \(kept.count) of \(all.count) entries")
    }
    let names: [String: Expression] = [f.argumentName: .name(u), f.resultName: .name(v)]
    var lines: [Derivation.Line] = []
    for line in f.derivation {
      guard let formula = try? f.template(line.formula) else { continue }
      lines.append(
        Derivation.Line(
          formula.substituting(names),
          line.reason.replacingWord("Z", with: u).replacingWord("A", with: v)))
    }
    let final = f.slope(at: .name(u), value: .name(v)) ?? 1
    if lines.last?.formula != .matrix(final) { lines.append(.init(final, "as the backward pass writes it")) }
    result.chains = [.init([], .slope(Function(f.name), .name(u)), lines)]
    if !f.kinks.isEmpty {
      result.conclusion.append(
        "at \(u) = \(f.kinks.map(Printer.number).joined(separator: ", ")) there is no derivative; the value taken there is \(f.kinks.map { Printer.number(function?.derivative($0) ?? .nan) }.joined(separator: ", "))"
      )
    }
    result.conclusion.append(
      "backwards: \(u.gradientName) = \(v.gradientName) * \(bracketed(final)), entry by entry")
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
