import Formulas
import LinearAlgebra
import NeuralNetworks
import Rendering
import Reports
import Sessions

/// The screen: the equations, beside them what is asked for, the keys below.
extension PassView {
  struct Frame {
    var lines: [String]
    /// Cells of the left part.
    var left = 0
    /// The equation in each line of the screen.
    var steps: [Int?] = []
    /// What a cell of a line of the right part shows of the matrix.
    var entries: [Int: (Int) -> (row: Int, column: Int)?] = [:]
  }

  /// At most so many lines, none wider than the window.
  func frame(columns: Int, rows: Int) -> Frame {
    guard columns >= Self.least.columns, rows >= Self.least.rows else {
      let text = "\(Self.least.columns)x\(Self.least.rows) at least; q leaves"
      return Frame(lines: rows > 0 && columns > 0 ? [String(text.prefix(columns))] : [])
    }
    let body = rows - 2
    let left = leftWidth(columns)
    let (equations, places) = left > 0 ? equationLines(left, body) : ([], [])
    let right = left > 0 ? columns - left - 3 : columns
    let content = contentLines(right, body)
    let start = max(0, min(scroll, content.count - body))
    let shown = Array(content.dropFirst(start).prefix(body))
    var frame = Frame(lines: [heading(columns)], left: left)
    frame.steps = [nil] + places + [nil]
    let bar = renderer.ascii ? " | " : " │ "
    for index in 0..<body {
      let equation = index < equations.count ? equations[index] : ""
      let text = index < shown.count ? shown[index] : ""
      frame.lines.append(left > 0 ? padded(equation, left) + bar + text : text)
    }
    if panel == .value, start == 0 { frame.entries = entries(shown) }
    frame.lines.append(keyLine(columns))
    return frame
  }

  /// Cells of the equations: no more than they need; none where reasons and graphs ask for the whole window.
  func leftWidth(_ columns: Int) -> Int {
    guard panel == .value || panel == .keys || columns >= 116 else { return 0 }
    let longest = steps.map { DisplayWidth.of(printed(workspace.session.shown($0))) }.max() ?? 0
    return min(44, columns * 2 / 5, longest + 3)
  }

  func heading(_ columns: Int) -> String {
    let count = steps.count
    let cursor = workspace.session.cursor
    let next = steps.indices.contains(cursor) ? "next: \(printed("\(steps[cursor])"))" : "the pass is done"
    return cut(" step \(cursor) of \(count)   \(next)", columns)
  }

  func keyLine(_ columns: Int) -> String {
    if let message = message.first { return cut(" " + printed("\(message)"), columns) }
    let keys =
      panel == .why
      ? "1-9 into a term  u up  arrows  Enter matrix  n step  p back  g graph  ? keys"
      : "n step  p back  PgUp/PgDn  arrows  Enter why  g graph  h heat  ? keys  q leave"
    return cut(" " + keys, columns)
  }

  func printed(_ prose: Prose) -> String {
    var wide = renderer
    wide.width = 10_000
    wide.color = .none
    var report = Report([.text(prose, style: .plain)])
    report.naming = workspace.session.naming
    return wide.pieces(report).flatMap(\.lines).first ?? ""
  }

  func cut(_ text: String, _ width: Int) -> String {
    DisplayWidth.of(text) <= width ? text : String(text.prefix(max(0, width - 3))) + "..."
  }

  /// Cells of a line with colours in it.
  func padded(_ line: String, _ width: Int) -> String {
    line + String(repeating: " ", count: max(0, width - DisplayWidth.of(Self.plain(line))))
  }

  static func plain(_ line: String) -> String {
    var result = ""
    var rest = line[...]
    while let c = rest.popFirst() {
      if c == "\u{1B}" {
        rest = rest.drop { $0 != "m" }.dropFirst()
      } else {
        result.append(c)
      }
    }
    return result
  }

  /// The equations around the one that is looked at, and which each line belongs to.
  func equationLines(_ width: Int, _ height: Int) -> (lines: [String], steps: [Int?]) {
    let cursor = workspace.session.cursor
    let forward = (try? workspace.session.program.get())?.forward.count ?? 0
    var lines: [String] = []
    var places: [Int?] = []
    var top = 0
    for (index, equation) in steps.enumerated() {
      if index == forward, index > 0 {
        lines.append(String(repeating: renderer.ascii ? "-" : "─", count: width))
        places.append(nil)
      }
      let isHidden = workspace.session.reasonHidden(equation.name) != nil
      let text = printed(isHidden ? "\(name: equation.name) = ?" : workspace.session.shown(equation))
      let sign =
        index < cursor
        ? (renderer.ascii ? "*" : "●")
        : index == cursor
          ? (renderer.ascii ? ">" : "▶")
          : (renderer.ascii ? "o" : "○")
      if index == selected { top = lines.count }
      for (part, piece) in DisplayWidth.wrap(text, width: width - 3, indent: 2).enumerated() {
        let line = (part == 0 ? " \(sign) " : "   ") + piece
        lines.append(index == selected ? highlighted(padded(line, width)) : line)
        places.append(index)
      }
    }
    let start = max(0, min(top - height / 2, lines.count - height))
    let shown = Array(lines.dropFirst(start).prefix(height))
    var steps = Array(places.dropFirst(start).prefix(height))
    while steps.count < height { steps.append(nil) }
    return (shown, steps)
  }

  func highlighted(_ line: String) -> String {
    renderer.color == .none ? line : "\u{1B}[7m\(line)\u{1B}[0m"
  }
}
