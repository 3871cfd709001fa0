import Formulas
import LinearAlgebra
import Operations

/// The same values in the symbols of another text. Display only: names are replaced where reports are made into
/// words, nowhere else; what is typed and what JSON carries keep the names of the session.
package enum Notation: String, Sendable, CaseIterable {
  /// Z1, A1, S (Datta).
  case `default`
  /// net_1, out_1, delta_1 (*On a simple matrix based neural network model*).
  case netout
  /// x1 … x5 between the layers, weights counted from 0, loss e (Taura).
  case column
  /// Every formula entry by entry, with its sums written out (*Cross entropy, softmax …*, handwritten).
  case index

  package var summary: String {
    switch self {
    case .default: "Z1, A1, S, dZ1"
    case .netout: "net_1, out_1, delta_1, ∂L/∂w_1"
    case .column: "x, W0, x1 … y, t, e: every value between two functions is an x"
    case .index: "Z1[i,j] = Σ_k X[i,k]·W1[k,j] + b1[0,j]: every formula entry by entry"
    }
  }

  /// What each name of a model is called. `output` is the name of the last layer's value.
  package func names(of steps: [String], output: String?) -> [String: String] {
    var result: [String: String] = [:]
    let layers = steps.compactMap { $0.first == "Z" ? Int($0.dropFirst()) : nil }.max() ?? 1
    for step in steps {
      if let name = name(of: step, output: output, layers: layers) { result[step] = name }
    }
    // A gradient is called after its value; the pre-activations' have a letter of their own in net/out.
    for (name, symbol) in result {
      switch self {
      case .default, .index: break
      case .netout:
        let layer = name.dropFirst()
        result[name.gradientName] = name.first == "Z" ? "delta_\(layer)" : "∂L/∂\(symbol)"
      case .column: result[name.gradientName] = "∂e/∂\(symbol)"
      }
    }
    return result
  }

  private func name(of step: String, output: String?, layers: Int) -> String? {
    guard let letter = step.first else { return nil }
    let layer = Int(step.dropFirst())
    switch (self, letter, layer) {
    case (.default, _, _), (.index, _, _): return nil
    case (.netout, "Z", let layer?): return "net_\(layer)"
    case (.netout, "A", let layer?): return "out_\(layer)"
    case (.netout, "W", let layer?): return "w_\(layer)"
    case (.netout, "b", let layer?): return "b_\(layer)"
    case (.netout, "X", nil) where step == "X": return "x"
    case (.netout, "Y", nil) where step == "Y": return "y"
    case (.netout, "S", nil) where step == "S": return "out_\(layers)"
    case (.column, _, _) where step == output: return "y"
    case (.column, "Z", let layer?): return "x\(2 * layer - 1)"
    case (.column, "A", let layer?): return "x\(2 * layer)"
    case (.column, "W", let layer?): return "W\(layer - 1)"
    case (.column, "b", let layer?): return "b\(layer - 1)"
    case (.column, "X", nil) where step == "X": return "x"
    case (.column, "Y", nil) where step == "Y": return "t"
    case (.column, "L", nil) where step == "L": return "e"
    case (.netout, _, _), (.column, _, _): return nil
    }
  }

  /// A text with whole names replaced.
  package static func rename(_ text: String, _ names: [String: String]) -> String {
    guard !names.isEmpty else { return text }
    var result = ""
    var word = ""
    func flush() {
      result += names[word] ?? word
      word = ""
    }
    for character in text {
      if Lexer.continuesName(character) {
        word.append(character)
      } else {
        flush()
        result.append(character)
      }
    }
    flush()
    return result
  }

  /// `Z1[i,j] = Σ_k …` for one equation; nil where an entry has no formula of its own.
  package static func entryText(
    of equation: Equation, shape: Shape, environment: any Environment, counting: SampleCounting?,
    named: [Expression: String], precision: Int
  ) -> String? {
    let letters = ["i", "j", "k", "l"]
    guard shape.rank <= letters.count else { return nil }
    var used: Set<String> = []
    let index = shape.dimensions.enumerated().map { axis, extent -> Index in
      guard extent != 1 else { return Index(0) }
      used.insert(letters[axis])
      return .variable(letters[axis])
    }
    var expander = IndexExpansion(environment, counting: counting, named: named, reserved: used)
    guard let formula = try? expander.expand(equation.expression, index) else { return nil }
    let left = index.isEmpty ? equation.name : "\(equation.name)[\(index.map(\.text).joined(separator: ","))]"
    return "\(left) = \(IndexText(precision: precision).text(formula))"
  }
}
