import Formulas
import Platform
import Reports

extension TextRenderer {
  /// Values downwards, each beside its gradient, joined by lines; folded by layer where the lines leave no room.
  func graphLines(_ graph: Graph) -> [String] {
    var graph = graph
    var lanes = GraphLanes(graph)
    if 2 * lanes.columnCount > usableWidth / 3 {
      graph = graph.folded
      lanes = GraphLanes(graph)
    }
    let isDrawn = 2 * lanes.columnCount <= usableWidth / 3
    let margin = isDrawn ? 2 * lanes.columnCount + 1 : 2
    let values = graph.nodes.map { leftText($0, sources: isDrawn ? [] : $0.sources.map { graph.nodes[$0] }) }
    let gradients = graph.nodes.map(\.gradient)
    let widest = values.joined().map(DisplayWidth.of).max() ?? 0
    let room = usableWidth - margin
    // Beside each other, or the gradient below.
    let isBeside = room >= 48
    let left = isBeside ? min(widest, room / 2 - 2) : room
    var lines: [String] = []
    for (index, node) in graph.nodes.enumerated() {
      let row = lanes.rows[index]
      var cell = values[index].flatMap { DisplayWidth.wrap($0, width: left, indent: 4) }
      var right: [String] = []
      if let gradient = gradients[index] {
        let text = sign(gradient.state) + " " + text(gradient)
        if isBeside {
          right = DisplayWidth.wrap(text, width: room - left - 2, indent: 4)
        } else {
          cell += DisplayWidth.wrap("  " + text, width: left, indent: 6)
        }
      }
      for part in 0..<max(cell.count, right.count) {
        let head =
          !isDrawn
          ? (part == 0 ? sign(node.value.state) + " " : "  ")
          : part == 0 ? drawn(row, lanes.columnCount, node) : continued(row, lanes.columnCount)
        let body = part < cell.count ? cell[part] : ""
        var line = head + (node.value.state == .next && part == 0 ? paint(body, .active) : body)
        if part < right.count {
          line += DisplayWidth.spaces(left + 2 - DisplayWidth.of(body))
          line += gradients[index]?.state == .next && part == 0 ? paint(right[part], .active) : right[part]
        }
        while line.last == " " { line.removeLast() }
        lines.append(line)
      }
    }
    return lines
  }

  private func text(_ value: Graph.Value) -> String {
    let shape = value.shape.isEmpty ? "" : " (\(shown(value.shape)))"
    return safe(value.name) + shape + (value.formula.map { " = " + safe($0) } ?? "")
  }

  private func shown(_ shape: String) -> String { safe("\(shape)") }

  private func leftText(_ node: Graph.Node, sources: [Graph.Node]) -> [String] {
    var lines = node.folded.map(text)
    lines.append(text(node.value) + (node.role.map { "  " + $0 } ?? ""))
    if !sources.isEmpty {
      lines.append("  from " + sources.map { safe($0.value.name) }.joined(separator: ", "))
    }
    return lines
  }

  private func sign(_ state: Graph.State) -> String {
    switch state {
    case .done: ascii ? "*" : "●"
    case .next: ascii ? ">" : "▶"
    case .toCome: ascii ? "o" : "○"
    }
  }

  /// The lines of a row with a node: two cells for a column.
  private func drawn(_ row: GraphLanes.Row, _ count: Int, _ node: Graph.Node) -> String {
    var cells = Array(repeating: " ", count: 2 * count + 1)
    for column in row.passing { cells[2 * column] = ascii ? "|" : "│" }
    let ends = row.joined.map(\.column) + [row.column]
    if let from = ends.min(), let to = ends.max(), from < to {
      for cell in 2 * from + 1..<2 * to where cells[cell] == " " { cells[cell] = ascii ? "-" : "─" }
    }
    for (column, isLast) in row.joined {
      let isOuter = column == ends.min() || column == ends.max()
      let isLeft = column < row.column
      cells[2 * column] =
        switch (isLast, isOuter, isLeft) {
        case (true, true, true): ascii ? "`" : "╰"
        case (true, true, false): ascii ? "'" : "╯"
        case (true, false, _): ascii ? "'" : "┴"
        case (false, true, true): ascii ? "+" : "├"
        case (false, true, false): ascii ? "+" : "┤"
        case (false, false, _): ascii ? "+" : "┼"
        }
    }
    cells[2 * row.column] = node.role == nil ? sign(node.value.state) : (ascii ? "#" : "□")
    return cells.joined()
  }

  private func continued(_ row: GraphLanes.Row, _ count: Int) -> String {
    (0..<count).map { row.below.contains($0) ? (ascii ? "| " : "│ ") : "  " }.joined() + " "
  }

  // MARK: For the ear

  func spoken(_ graph: Graph) -> [String] {
    let readers = graph.readers
    func words(_ value: Graph.Value) -> String {
      let shape = value.shape.isEmpty ? "one number" : shown(value.shape)
      let state =
        switch value.state {
        case .done: "done"
        case .next: "next"
        case .toCome: "to come"
        }
      return "\(safe(value.name)), \(shape)" + (value.formula.map { ", equals \(safe($0)), \(state)" } ?? "")
    }
    return graph.nodes.enumerated().map { index, node in
      var text = words(node.value) + (node.role.map { ", \($0)" } ?? "") + "."
      let names = readers[index].map { safe(graph.nodes[$0].value.name) }
      if !names.isEmpty { text += " Read by \(names.joined(separator: " and "))." }
      if let gradient = node.gradient { text += " Its gradient: \(words(gradient))." }
      return text
    }
  }
}
