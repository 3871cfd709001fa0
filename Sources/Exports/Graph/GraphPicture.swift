import Formulas
import Reports

/// A graph as a file of another program.
package struct GraphPicture {
  private let graph: Graph
  private let naming: Naming

  package init(_ graph: Graph, _ naming: Naming) {
    self.graph = graph
    self.naming = naming
  }

  private func label(_ value: Graph.Value) -> String {
    let shape = value.shape.isEmpty ? "" : " (\(value.shape))"
    return (value.state == .next ? "▶ " : "") + value.name.text(naming) + shape
      + (value.formula.map { " = " + $0.text(naming) } ?? "")
  }

  private func lines(_ node: Graph.Node) -> [String] {
    [label(node.value) + (node.role.map { ", \($0)" } ?? "")] + (node.gradient.map { [label($0)] } ?? [])
  }

  /// Whether the step at the cursor computes it or its gradient.
  private func isNext(_ node: Graph.Node) -> Bool {
    node.value.state == .next || node.gradient?.state == .next
  }

  // MARK: Graphviz

  package static let dotTitle = "// a pass, written by stepgrad\n"

  /// Source: Graphviz, "DOT language".
  package var dot: String {
    var text = Self.dotTitle + "digraph pass {\n  node [shape=box, fontname=\"monospace\"];\n"
    func quoted(_ lines: [String]) -> String {
      let plain = lines.map { $0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") }
      return "\"" + plain.map { $0 + "\\l" }.joined() + "\""
    }
    for (index, node) in graph.nodes.enumerated() {
      let style = (node.role == nil ? "" : ", style=rounded") + (isNext(node) ? ", penwidth=3" : "")
      text += "  n\(index) [label=\(quoted(lines(node)))\(style)];\n"
      for source in node.sources { text += "  n\(source) -> n\(index);\n" }
    }
    return text + "}\n"
  }

  // MARK: SVG

  package static let svgTitle =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"a pass, drawn by stepgrad\""

  /// In pixels.
  private static let (row, gap, letter, line, pad) = (46, 28, 8, 18, 10)

  /// Every node in a row of its own, every column as wide as its widest node.
  package var svg: String {
    let lanes = GraphLanes(graph)
    let labels = graph.nodes.map(lines)
    var widths = Array(repeating: 40, count: max(1, lanes.columnCount))
    for (index, row) in lanes.rows.enumerated() {
      let width = (labels[index].map(\.count).max() ?? 0) * Self.letter + 2 * Self.pad
      widths[row.column] = max(widths[row.column], width)
    }
    let starts = widths.indices.map { column in
      Self.gap + widths[..<column].reduce(0) { $0 + $1 + Self.gap }
    }
    func middle(_ column: Int) -> Int { starts[column] + widths[column] / 2 }
    func top(_ index: Int) -> Int { Self.gap + index * (Self.row + Self.gap) }
    let width = (starts.last ?? 0) + (widths.last ?? 0) + Self.gap
    let height = top(graph.nodes.count)
    var text =
      Self.svgTitle
      + " viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" height=\"\(height)\" font-family=\"monospace\" font-size=\"13\">\n"
    text += "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    for (index, node) in graph.nodes.enumerated() {
      for source in node.sources {
        let (from, to) = (middle(lanes.rows[source].column), middle(lanes.rows[index].column))
        let (start, end) = (top(source) + Self.row, top(index))
        text +=
          "<path d=\"M\(from) \(start) V\(end - Self.gap / 2) H\(to) V\(end)\" fill=\"none\" stroke=\"#5b6770\"/>\n"
      }
    }
    for (index, node) in graph.nodes.enumerated() {
      let left = starts[lanes.rows[index].column]
      let box = widths[lanes.rows[index].column]
      let corner = node.role == nil ? 2 : 14
      text +=
        "<rect x=\"\(left)\" y=\"\(top(index))\" width=\"\(box)\" height=\"\(Self.row)\" rx=\"\(corner)\" fill=\"\(node.role == nil ? "#eef4fb" : "#f6f3ea")\" stroke=\"\(isNext(node) ? "#c25400" : "#2f3b45")\" stroke-width=\"\(isNext(node) ? 3 : 1)\"/>\n"
      for (number, label) in labels[index].enumerated() {
        let color = number == 0 ? "#101418" : "#7a3500"
        text +=
          "<text x=\"\(left + Self.pad)\" y=\"\(top(index) + 18 + number * Self.line)\" fill=\"\(color)\">\(Self.escaped(label))</text>\n"
      }
    }
    return text + "</svg>\n"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
