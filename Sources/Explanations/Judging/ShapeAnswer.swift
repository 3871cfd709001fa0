import LinearAlgebra

/// A shape as a person writes it.
package enum ShapeAnswer {
  /// `3×4`, `3x4`, `(3, 4)`, `[3, 4]`, `3 by 4`, `torch.Size([3, 4])`, `scalar`; nil for what is none of these, a formula perhaps.
  package static func shape(_ text: String) -> Shape? {
    var text = text.lowercased()
    // As PyTorch prints one.
    if text.hasPrefix("torch.size(") { text = String(text.dropFirst("torch.size(".count)) }
    if text.split(whereSeparator: \.isWhitespace) == ["scalar"] {
      return .scalar
    }
    guard !text.contains(where: { "+-*/@=.".contains($0) }) else { return nil }
    let inner = text.filter { !"()[]".contains($0) }.split { "x×, \t".contains($0) }.filter { $0 != "by" }
    let extents = inner.compactMap { Int($0) }
    guard !extents.isEmpty, extents.count == inner.count, extents.allSatisfy({ $0 > 0 }) else { return nil }
    let shape = Shape(extents)
    return shape.checkedCount == nil ? nil : shape
  }
}
