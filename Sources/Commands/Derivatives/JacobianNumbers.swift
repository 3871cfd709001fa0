import Formulas
import LinearAlgebra
import Reports

extension JacobianReport {
  /// What the numbers show where no formula says it: zeros counted, samples kept apart.
  func structure(of value: Tensor, _ report: inout Report) {
    let zeros = value.elements.count { $0 == 0 }
    if value.count <= Self.mostInJSON { hidden(value, &report) }
    if let diagonal = diagonal(value) {
      report.explain(
        "Diagonal: each entry of \(name: output) depends on the same entry of \(name: input) alone; the diagonal is shown in the shape of \(name: output). \(zeros) of \(value.count) entries are 0."
      )
      report.show("diagonal", diagonal)
      return
    }
    if let blocks = perSample(value) {
      report.explain(
        "Block per sample: no sample depends on another, so only the blocks shown can be other than 0. \(zeros) of \(value.count) entries are 0."
      )
      report.show("blocks", blocks)
      return
    }
    report.explain(words(value, zeros: zeros))
    guard let flat = value.reshaped([outputShape.count, inputShape.count]) else { return }
    var block = tensorBlock(
      flat, remark: "rows: entries of \(name: output), columns: entries of \(name: input)")
    block.isData = value.count > Self.mostInJSON
    report.add(.tensor(block))
    let letters = ["i", "j", "k", "l", "p", "q", "r", "s"].prefix(outputShape.rank)
    report.note(
      "'jacobian \(name: output) \(name: input) [\(letters.joined(separator: ", "))]' shows one row in the shape of \(name: input)"
    )
  }

  private func words(_ value: Tensor, zeros: Int) -> Prose {
    guard zeros > 0 else {
      return "Dense: every entry of \(name: output) depends on every entry of \(name: input)."
    }
    let counted: Prose = "\(zeros) of \(value.count) entries are 0."
    guard let taken = taken(value) else { return zeros > value.count / 2 ? "Sparse: \(counted)" : counted }
    if taken == Array(0..<inputShape.count) {
      return "The identity: the entries of \(name: input) one after the other, in another shape. \(counted)"
    }
    let count = taken.count { $0 != nil }
    return count == taken.count
      ? "Each entry of \(name: output) is one of \(name: input). \(counted)"
      : "\(count) of the \(taken.count) entries of \(name: output) are entries of \(name: input), and the others do not depend on it. \(counted)"
  }

  /// Where each entry of A stands in B; nil for an entry that is none of it, and nil at all where some row is neither a single
  /// 1 nor 0.
  private func taken(_ value: Tensor) -> [Int?]? {
    let n = inputShape.count
    var result: [Int?] = []
    for row in 0..<outputShape.count {
      let entries = value.elements[row * n..<(row + 1) * n]
      let others = entries.indices.filter { entries[$0] != 0 }
      guard others.count < 2, others.allSatisfy({ entries[$0] == 1 }) else { return nil }
      result.append(others.first.map { $0 - row * n })
    }
    return result.contains { $0 != nil } ? result : nil
  }

  /// The diagonal of the numbers in the shape of A; nil where anything is beside it, or all is 0.
  private func diagonal(_ value: Tensor) -> Tensor? {
    guard outputShape == inputShape, outputShape.count > 1 else { return nil }
    let n = outputShape.count
    guard value.elements.indices.allSatisfy({ $0 % (n + 1) == 0 || value.elements[$0] == 0 }) else {
      return nil
    }
    let diagonal = (0..<n).map { value.elements[$0 * (n + 1)] }
    return diagonal.contains { $0 != 0 } ? Tensor(unchecked: outputShape, diagonal) : nil
  }

  private func perSample(_ value: Tensor) -> Tensor? {
    guard let axis = sampleAxis, outputShape.rank == 2, inputShape.rank == 2,
      outputShape.dimensions[axis] > 1
    else { return nil }
    let m = outputShape.dimensions[axis]
    let (rows, columns) = (outputShape.dimensions[1 - axis], inputShape.dimensions[1 - axis])
    var blocks = [Double](repeating: 0, count: m * rows * columns)
    for a in 0..<outputShape.count {
      let (i, p) = axis == 0 ? (a / rows, a % rows) : (a % m, a / m)
      for b in 0..<inputShape.count {
        let (k, q) = axis == 0 ? (b / columns, b % columns) : (b % m, b / m)
        let entry = value.elements[a * inputShape.count + b]
        if i == k { blocks[(i * rows + p) * columns + q] = entry } else if entry != 0 { return nil }
      }
    }
    return Tensor(unchecked: [m, rows, columns], blocks)
  }
}
