import Formulas

/// Partial derivatives without the sign ∂. `dZ2` is the gradient of the loss here, and so no other derivative is written
/// like it: ∂Z2[i,j]/∂A1[p,q] is `d(Z2[i,j])/d(A1[p,q])`, and ∂L/∂A1 the gradient `dL/dA1`.
enum PartialText {
  static func of(_ text: String, _ naming: Naming) -> String {
    guard text.contains(sign) else { return text }
    let characters = Array(text)
    var result = ""
    var position = 0
    while position < characters.count {
      guard characters[position] == sign else {
        result.append(characters[position])
        position += 1
        continue
      }
      let order = end(of: characters, from: position + 1, while: ASCIIText.isRaised)
      let above = operand(characters, from: order)
      let isGradient =
        order == position + 1 && naming.losses.contains(naming.meaning(of: String(characters[order..<above])))
        && characters[above...].starts(with: ["/", sign])
      result += "d" + String(characters[position + 1..<order])
      if isGradient {
        let below = operand(characters, from: above + 2)
        result += String(characters[order..<above]) + "/d" + String(characters[above + 2..<below])
        position = below
      } else {
        let isBracketed = order < above && characters[order] == "("
        let inner = String(characters[order..<above])
        result += order == above || isBracketed ? inner : "(\(inner))"
        position = above
      }
    }
    return result
  }

  private static let sign: Character = "∂"

  /// Where what is differentiated ends: a name or brackets, with the arguments and the index behind it.
  private static func operand(_ text: [Character], from start: Int) -> Int {
    var position = end(of: text, from: start) {
      !ASCIIText.isRaised($0) && (Lexer.continuesName($0) || $0 == "′") && $0 != sign
    }
    while position < text.count, text[position] == "(" || text[position] == "[",
      let close = close(of: text, from: position)
    { position = close + 1 }
    return position
  }

  private static func close(of text: [Character], from open: Int) -> Int? {
    var depth = 0
    for position in open..<text.count {
      if "([".contains(text[position]) { depth += 1 }
      if ")]".contains(text[position]) { depth -= 1 }
      if depth == 0 { return position }
    }
    return nil
  }

  private static func end(
    of text: [Character], from start: Int, while isInside: (Character) -> Bool
  ) -> Int {
    text[start...].firstIndex { !isInside($0) } ?? text.count
  }
}
