import Formulas
import Operations

extension Model {
  /// Backpropagation through time truncated at so many steps of every `repeat`: what a step reads from an earlier stretch
  /// is detached, as `h.detach()` between stretches is in PyTorch. Nil takes that back.
  package func truncated(at count: Int?) -> Model {
    var result = self
    result.equations = untruncated ?? equations
    result.untruncated = nil
    result.truncation = nil
    guard let count, count > 0 else { return result }
    let whole = result.equations
    let defining = Dictionary(whole.map { ($0.name, $0.steps) }, uniquingKeysWith: { _, last in last })
    var first: [String: Int] = [:]
    for step in whole.flatMap(\.steps) {
      first[step.variable] = min(first[step.variable] ?? step.value, step.value)
    }
    /// Whether two steps of one `repeat` lie in different stretches.
    func areApart(_ a: [RepeatStep], _ b: [RepeatStep]) -> Bool {
      guard let (x, y) = zip(a, b).first(where: { $0 != $1 }), x.variable == y.variable else { return false }
      let start = first[x.variable] ?? 0
      return (x.value - start) / count != (y.value - start) / count
    }
    for i in whole.indices where !whole[i].steps.isEmpty {
      for name in Set(whole[i].expression.names) {
        guard let steps = defining[name], areApart(whole[i].steps, steps) else { continue }
        result.equations[i].expression = result.equations[i].expression.replacing(
          .name(name), with: .call(Function(Operation.detach.name), [.name(name)], .none))
      }
    }
    guard result.equations != whole else { return result }
    result.untruncated = whole
    result.truncation = count
    return result
  }
}
