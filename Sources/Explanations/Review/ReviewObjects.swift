import LinearAlgebra

/// What a loop gives to one object after the other, neurons of a layer, is one value: a number each is a vector, a list each
/// a matrix with a row for each.
struct ReviewObjects {
  private(set) var values: [ProgramTrace.Value]

  private struct Place: Hashable {
    let line: Int
    let variable: String
    /// The loops around the one over the objects, with their turns, and that one.
    let around: [Int]
  }

  /// The last value of each object, in the order of the turns.
  private struct Row {
    var holders: [String] = []
    var last: [Int] = []
    var all: [Int] = []
    var isOne = true
  }

  init(_ trace: [ProgramTrace.Value]) {
    values = trace
    var rows: [Place: Row] = [:]
    for (position, value) in trace.enumerated() {
      guard value.holder != "0", value.variable.contains("."), !value.variable.contains("["),
        value.tensor.rank < 2, value.origin == .assigned
      else { continue }
      for (depth, turn) in value.turns.enumerated() {
        let around = value.turns[..<depth].flatMap { [$0.loop, $0.turn] } + [turn.loop]
        let place = Place(line: value.line, variable: value.variable, around: around)
        var row = rows[place] ?? Row()
        if turn.turn == row.holders.count, !row.holders.contains(value.holder) {
          row.holders.append(value.holder)
          row.last.append(position)
        } else if turn.turn == row.holders.count - 1, row.holders.last == value.holder {
          row.last[row.last.count - 1] = position
        } else {
          // Not one object in each turn.
          row.isOne = false
        }
        row.all.append(position)
        rows[place] = row
      }
    }
    var whole: [Int: ProgramTrace.Value] = [:]
    var parts: Set<Int> = []
    for (place, row) in rows where row.isOne && row.holders.count > 1 {
      let tensors = row.last.map { trace[$0].tensor }
      guard let end = row.last.last, let width = tensors.first?.count, whole[end] == nil,
        tensors.allSatisfy({ $0.count == width }),
        let joined = Tensor(
          shape: tensors[0].rank == 0 ? [tensors.count] : [tensors.count, width],
          elements: tensors.flatMap(\.elements))
      else { continue }
      parts.formUnion(row.all)
      let turns = Array(trace[end].turns.prefix(place.around.count / 2))
      whole[end] = trace[end].replacing(joined, turns: turns, records: row.last)
    }
    guard !whole.isEmpty else { return }
    values = trace.indices.compactMap { whole[$0] ?? (parts.contains($0) ? nil : trace[$0]) }
  }
}
