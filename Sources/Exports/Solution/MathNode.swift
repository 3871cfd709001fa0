/// Mathematics as it is set: what LaTeX and MathML both have.
package indirect enum MathNode: Sendable, Equatable {
  case row([MathNode])
  case number(String)
  /// A letter for a value, `Z`, or a longer word, in the manner of variables.
  case variable(String)
  /// A function's name, upright.
  case function(String)
  /// A sign between or before parts: `+`, `⊙`, `∂`.
  case sign(String)
  case words(String)
  case below(MathNode, MathNode)
  case above(MathNode, MathNode)
  case fraction(MathNode, MathNode)
  case root(MathNode)
  /// In round brackets.
  case bracketed(MathNode)
  /// A large sign with what it runs over under it: Σ over i.
  case over(String, MathNode)
  /// In square brackets; nil for what is left out.
  case matrix([[String?]])

  static func list(_ items: [MathNode]) -> MathNode {
    var result: [MathNode] = []
    for (i, item) in items.enumerated() {
      if i > 0 { result.append(.sign(",")) }
      result.append(item)
    }
    return .row(result)
  }
}
