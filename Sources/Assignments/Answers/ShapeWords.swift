import Explanations

/// A shape in words and signs around its extents: `5 rows and 4 columns`, `torch.Size([5, 4])`, `\mathbb{R}^{5 \times 4}`,
/// `the shape of W1`.
enum ShapeWords {
  private static let words: Set = [
    "torch", "size", "tensor", "matrix", "shape", "the", "same", "as", "like", "of", "is", "it", "has", "a",
    "by", "and", "times", "x", "mathbb", "r", "rows", "row", "columns", "column", "cols",
  ]

  /// The extents alone, or the value whose shape it is; nil where something else is said.
  static func plain(_ text: String) -> String? {
    guard ShapeAnswer.shape(text) == nil else { return nil }
    var text = text.replacing("-by-", with: " by ").replacing("torch.Size", with: "Size")
    text.replace(#/\.shape\s*$/#, with: "")
    text.replace(#/^\s*[A-Za-z0-9_]+\s*:/#, with: "")
    guard text.allSatisfy({ $0.isLetter || $0.isNumber || " \t,;*×()[]{}$^\\_=:".contains($0) }) else {
      return nil
    }
    let parts = text.split { !$0.isLetter && !$0.isNumber }.flatMap { part -> [String] in
      // 5x4
      let extents = part.split(separator: "x", omittingEmptySubsequences: false)
      return extents.allSatisfy { Int($0) != nil } ? extents.map(String.init) : [String(part)]
    }
    let extents = parts.filter { Int($0) != nil }
    let rest = parts.filter { Int($0) == nil && !words.contains($0.lowercased()) }
    if extents.isEmpty { return rest.count == 1 ? rest[0] : nil }
    guard rest.isEmpty, extents.count > 1 else { return nil }
    let kinds = parts.compactMap { part in ["row", "col"].first { part.lowercased().hasPrefix($0) } }
    return (kinds == ["col", "row"] ? extents.reversed() : extents).joined(separator: "×")
  }
}
