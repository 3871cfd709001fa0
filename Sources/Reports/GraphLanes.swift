/// Where the nodes of a graph stand: one to a row, in columns that are lines from a value down to its last reader.
package struct GraphLanes: Sendable {
  package struct Row: Sendable {
    /// The node's column.
    package var column: Int
    /// Columns that end in the node or branch off to it, and whether they end here.
    package var joined: [(column: Int, ends: Bool)] = []
    /// Columns that pass.
    package var passing: Set<Int> = []
    /// Columns that go on below.
    package var below: Set<Int> = []
  }

  package private(set) var rows: [Row] = []
  package private(set) var columnCount = 0

  package init(_ graph: Graph) {
    let last = graph.readers.map { $0.last ?? -1 }
    // The node whose value each column carries.
    var lanes: [Int?] = []
    for (index, node) in graph.nodes.enumerated() {
      let joined = lanes.indices.filter { column in lanes[column].map(node.sources.contains) ?? false }
      let ending = joined.filter { column in lanes[column].map { last[$0] == index } ?? false }
      // A value goes on in the column of what it is made of, in that of a step rather than of a parameter.
      let own =
        ending.first { column in lanes[column].map { graph.nodes[$0].role == nil } ?? false } ?? ending.first
        ?? lanes.firstIndex { $0 == nil } ?? lanes.count
      var row = Row(column: own)
      row.joined = joined.filter { $0 != own }.map { ($0, ending.contains($0)) }
      row.passing = Set(lanes.indices.filter { lanes[$0] != nil && !joined.contains($0) && $0 != own })
      for column in ending { lanes[column] = nil }
      while lanes.count <= own { lanes.append(nil) }
      lanes[own] = last[index] > index ? index : nil
      row.below = Set(lanes.indices.filter { lanes[$0] != nil })
      rows.append(row)
      columnCount = max(columnCount, lanes.count)
      while lanes.last == .some(nil) { lanes.removeLast() }
    }
  }
}
