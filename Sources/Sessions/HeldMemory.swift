import DataSets
import Formulas
import LinearAlgebra

extension Session {
  /// Where the larger buffers of this session lie, with their bytes: copies of a session share what did not change.
  fileprivate var buffers: [UnsafeRawPointer: Int] {
    var result: [UnsafeRawPointer: Int] = [:]
    func add(_ value: Tensor) {
      guard value.count >= 512 else { return }
      value.elements.withUnsafeBytes { if let base = $0.baseAddress { result[base] = $0.count } }
    }
    for value in leaves.values { add(value) }
    for value in scratch.values { add(value) }
    for value in trace { add(value) }
    for value in optimizerState?.memory.values.map({ $0 }) ?? [] { add(value) }
    return result
  }

  /// Bytes that this session holds and another does not.
  func bytes(apartFrom other: Session) -> Int {
    let theirs = other.buffers
    let own = buffers.reduce(0) { theirs[$1.key] == nil ? $0 + $1.value : $0 }
    return own + (data?.set.name == other.data?.set.name ? 0 : data?.set.byteCount ?? 0)
  }
}

extension Workspace {
  /// What memory goes to, for whoever asked for more than there is.
  var heldMemory: Prose {
    var parts: [Prose] = []
    var values: [(name: String, bytes: Int)] = []
    for (name, value) in session.leaves { values.append((name, 8 * value.count)) }
    for (name, value) in session.scratch { values.append((name, 8 * value.count)) }
    let large = values.filter { $0.bytes >= 1 << 20 }.sorted { ($1.bytes, $0.name) < ($0.bytes, $1.name) }
    for (name, bytes) in large.prefix(3) { parts.append("\(name: name) \(MemoryBudget.text(bytes))") }
    let steps = session.trace.reduce(0) { $0 + 8 * $1.count }
    if steps >= 1 << 20 { parts.append("the steps of the pass \(MemoryBudget.text(steps))") }
    if let set = session.data?.set, set.byteCount >= 1 << 20 {
      parts.append("the data set \(MemoryBudget.text(set.byteCount))")
    }
    let held: Prose = parts.isEmpty ? "" : "held are \(parts.joined(separator: ", ")); "
    return held + "choose smaller sizes, or allow more: limit memory \(2 * (MemoryBudget.limit >> 30) + 2)G"
  }
}
