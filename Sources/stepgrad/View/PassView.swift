import Exports
import Formulas
import LineEditing
import LinearAlgebra
import NeuralNetworks
import Rendering
import Reports
import Sessions

/// The pass on the full screen: equations at the left, the value at hand with what it is made of at the right.
struct PassView {
  enum Panel { case value, why, graph, keys }

  static let least = (columns: 60, rows: 20)

  private(set) var workspace: Workspace
  /// The equation that is looked at.
  private(set) var selected: Int
  /// The entry, and the matrix of a stack.
  private(set) var (row, column, slice) = (0, 0, 0)
  private(set) var panel = Panel.value
  private var isHeatOn = true
  private var message: [String] = []
  private var scroll = 0
  /// The renderer of the session, without a window.
  private let renderer: TextRenderer

  init(_ workspace: Workspace, _ renderer: TextRenderer) {
    self.workspace = workspace
    self.renderer = renderer
    selected = max(0, workspace.session.cursor - 1)
  }

  private var steps: [Equation] { (try? workspace.session.program.get())?.steps ?? [] }
  private var step: Equation? { steps.indices.contains(selected) ? steps[selected] : nil }

  private var value: Tensor? {
    let trace = workspace.session.trace
    guard let step, workspace.session.reasonHidden(step.name) == nil else { return nil }
    return trace.indices.contains(selected) ? trace[selected] : nil
  }

  // MARK: Keys

  /// False when it is to be left.
  mutating func handle(_ key: RawTerminal.Key, columns: Int, rows: Int) -> Bool {
    message = []
    switch key {
    case .character("q"), .character("Q"), .escape:
      if panel == .value { return false }
      show(.value)
    case .character("n"), .character("s"), .character(" "): run("step")
    case .character("p"), .character("b"), .backspace: run("back 1")
    case .pageUp, .character("k"): select(selected - 1)
    case .pageDown, .character("j"): select(selected + 1)
    case .home: select(0)
    case .end: select(steps.count - 1)
    case .up: move(-1, 0)
    case .down: move(1, 0)
    case .left: move(0, -1)
    case .right: move(0, 1)
    case .character("<"): turn(-1)
    case .character(">"): turn(1)
    case .enter, .character("w"): show(panel == .why ? .value : .why)
    case .character("g"): show(panel == .graph ? .value : .graph)
    case .character("?"): show(panel == .keys ? .value : .keys)
    case .character("h"): isHeatOn.toggle()
    case .wheel(let way): scroll = max(0, scroll + 3 * way)
    case .press(let row, let column): press(row, column, columns: columns, rows: rows)
    case .tab, .delete, .character: break
    }
    return true
  }

  private mutating func show(_ panel: Panel) {
    self.panel = panel
    scroll = 0
  }

  /// A command of the session, as if it was typed.
  private mutating func run(_ line: String) {
    for outcome in Interpreter.run(line, in: &workspace) {
      if case .failure(let diagnostic) = outcome.result { message = [diagnostic.message.text()] }
    }
    workspace.repeatable = nil
    if panel != .graph { show(.value) }
    select(max(0, workspace.session.cursor - 1))
  }

  private mutating func select(_ index: Int) {
    selected = max(0, min(index, steps.count - 1))
    scroll = 0
    move(0, 0)
  }

  private mutating func move(_ down: Int, _ right: Int) {
    guard panel != .graph, panel != .keys, let shape = value?.shape else {
      scroll = max(0, scroll + down)
      return
    }
    row = max(0, min(row + down, shape.rows - 1))
    column = max(0, min(column + right, shape.columns - 1))
    slice = max(0, min(slice, shape.count / max(1, shape.rows * shape.columns) - 1))
  }

  private mutating func turn(_ way: Int) {
    slice = max(0, slice + way)
    move(0, 0)
  }

  /// A click on an equation, or on a number of the matrix.
  private mutating func press(_ y: Int, _ x: Int, columns: Int, rows: Int) {
    let frame = frame(columns: columns, rows: rows)
    guard frame.steps.indices.contains(y) else { return }
    if x < frame.left {
      if let step = frame.steps[y] { select(step) }
    } else if panel == .value, let place = frame.entries[y], let found = place(x - frame.left - 3) {
      (row, column) = (found.row, found.column)
      move(0, 0)
    }
  }

  // MARK: The picture

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
    let left = min(44, columns * 2 / 5)
    let (equations, places) = equationLines(left, body)
    let right = columns - left - 3
    let content = contentLines(right, body)
    let start = max(0, min(scroll, content.count - body))
    let shown = Array(content.dropFirst(start).prefix(body))
    var frame = Frame(lines: [heading(columns)], left: left)
    frame.steps = [nil] + places + [nil]
    let bar = renderer.ascii ? " | " : " │ "
    for index in 0..<body {
      let equation = index < equations.count ? equations[index] : ""
      let text = index < shown.count ? shown[index] : ""
      frame.lines.append(padded(equation, left) + bar + text)
    }
    if panel == .value, start == 0 { frame.entries = entries(shown) }
    frame.lines.append(keyLine(columns))
    return frame
  }

  private func heading(_ columns: Int) -> String {
    let count = steps.count
    let cursor = workspace.session.cursor
    let next = steps.indices.contains(cursor) ? "next: \(printed("\(steps[cursor])"))" : "the pass is done"
    return cut(" step \(cursor) of \(count)   \(next)", columns)
  }

  private func keyLine(_ columns: Int) -> String {
    if let message = message.first { return cut(" " + printed("\(message)"), columns) }
    let keys = "n step  p back  PgUp/PgDn  arrows  Enter why  g graph  h heat  ? keys  q leave"
    return cut(" " + keys, columns)
  }

  private func printed(_ prose: Prose) -> String {
    var wide = renderer
    wide.width = 10_000
    wide.color = .none
    var report = Report([.text(prose, style: .plain)])
    report.naming = workspace.session.naming
    return wide.pieces(report).flatMap(\.lines).first ?? ""
  }

  private func cut(_ text: String, _ width: Int) -> String {
    DisplayWidth.of(text) <= width ? text : String(text.prefix(max(0, width - 3))) + "..."
  }

  /// Cells of a line with colours in it.
  private func padded(_ line: String, _ width: Int) -> String {
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
  private func equationLines(_ width: Int, _ height: Int) -> (lines: [String], steps: [Int?]) {
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

  private func highlighted(_ line: String) -> String {
    renderer.color == .none ? line : "\u{1B}[7m\(line)\u{1B}[0m"
  }

  // MARK: The right part

  private func contentLines(_ width: Int, _ height: Int) -> [String] {
    var renderer = renderer
    renderer.width = width
    renderer.rows = max(16, height)
    renderer.heat = isHeatOn
    var report = report(height)
    report.naming = workspace.session.naming
    return renderer.pieces(report).flatMap(\.lines)
  }

  private func report(_ height: Int) -> Report {
    switch panel {
    case .keys: return Report([.table(Self.keys)])
    case .graph:
      do throws(Diagnostic) { return Report([.graph(try Graph(workspace.session))]) } catch {
        return Report([.failure(error, prompt: "")])
      }
    case .why: return whyReport
    case .value: return valueReport
    }
  }

  private static let keys = Report.Table(
    header: [],
    rows: [
      ["n, space", "a step forwards"], ["p, backspace", "a step back"],
      ["PgUp, PgDn", "another equation, the cursor stays"], ["arrows", "another entry of the matrix"],
      ["< >", "another matrix of a stack"], ["Enter", "why this entry is what it is; again: the matrix"],
      ["g", "the graph"], ["h", "heat: blue is negative, orange positive"],
      ["mouse", "a click chooses an equation or an entry, the wheel scrolls"], ["q", "leave"],
    ])

  /// `dW1[0,2]`, as it is typed.
  private var entryName: String? {
    guard let step, let value else { return nil }
    if value.shape.isScalar { return step.name }
    let index = leading(value.shape) + (value.rank > 1 ? [row] : []) + [column]
    return "\(step.name)[\(index.map(String.init).joined(separator: ","))]"
  }

  private func leading(_ shape: Shape) -> [Int] {
    var rest = slice
    return shape.dimensions.dropLast(2).reversed().map { extent -> Int in
      defer { rest /= max(1, extent) }
      return rest % max(1, extent)
    }.reversed()
  }

  private var whyReport: Report {
    guard let entryName else { return valueReport }
    var copy = workspace
    copy.activity = nil
    copy.session.settings.notation = .default
    for outcome in Interpreter.run("why \(entryName)", in: &copy) {
      switch outcome.result {
      case .success(let report): return report
      case .failure(let diagnostic): return Report([.failure(diagnostic, prompt: "")])
      }
    }
    return Report()
  }

  private var valueReport: Report {
    guard let step else { return Report() }
    let session = workspace.session
    var report = Report()
    guard let value else {
      let reason = session.reasonHidden(step.name)
      report.say(reason == nil ? session.shown(step) : "\(name: step.name) = ?", .formula)
      if let rule = step.rules.last { report.explain("by the rule: \(rule)") }
      let away = selected - session.cursor + 1
      report.explain(
        reason.map { "\($0)" } ?? "not computed yet: \(away) step\(away == 1 ? "" : "s") away (n steps)")
      return report
    }
    var block = matrix("\(name: step.name)", value)
    block.formula = session.shownFormula(of: step)
    block.activeRow = value.rank > 1 ? row : nil
    block.activeColumn = value.rank > 0 ? column : nil
    report.add(.tensor(block))
    if let entryName, !value.shape.isScalar {
      let place = (slice * max(1, value.shape.rows) + row) * max(1, value.shape.columns) + column
      if value.elements.indices.contains(place) {
        report.say("\(entryName) = \(figure: value.elements[place])   Enter: why", .note)
      }
    }
    if let computed = step.computedAs { report.note("computed as \(computed)") }
    if let rule = step.rules.last { report.note("by the rule: \(rule)") }
    report.add(.blank)
    for operand in operands(step, value) { report.add(.tensor(operand)) }
    return report
  }

  /// One matrix of a stack.
  private func matrix(_ title: Prose, _ value: Tensor) -> Report.TensorBlock {
    guard value.rank > 2 else { return Report.TensorBlock(title, value) }
    let size = value.shape.rows * value.shape.columns
    let from = min(slice * size, max(0, value.count - size))
    let part = Tensor(
      unchecked: [value.shape.rows, value.shape.columns],
      Array(value.elements[from..<min(value.count, from + size)]))
    let index = leading(value.shape).map(String.init).joined(separator: ",")
    return Report.TensorBlock("\(title)[\(index)]", part)
  }

  /// What the equation reads, the row and the column set off that meet in the entry.
  private func operands(_ step: Equation, _ value: Tensor) -> [Report.TensorBlock] {
    let environment = SessionEnvironment(workspace.session)
    let marks = Self.marks(step.expression, row, column)
    return step.expression.names.compactMap { name in
      guard let operand = environment.value(of: workspace.session.model.resolve(name)), operand.rank > 0,
        operand.rank <= 2 || operand.shape == value.shape
      else { return nil }
      var block = matrix("\(name: name)", operand)
      if let mark = marks[name] {
        (block.activeRow, block.activeColumn) = mark
      } else if operand.shape == value.shape {
        (block.activeRow, block.activeColumn) = (row, column)
      }
      return block
    }
  }

  /// Of the factors of a product, the row of the one and the column of the other.
  private static func marks(_ expression: Expression, _ row: Int, _ column: Int) -> [String: (Int?, Int?)] {
    var product = expression
    while case .binary(let operation, let a, _) = product, operation == .add || operation == .subtract {
      product = a
    }
    guard case .binary(.matrixProduct, let a, let b) = product else { return [:] }
    var result: [String: (Int?, Int?)] = [:]
    switch a {
    case .name(let name): result[name] = (row, nil)
    case .transpose(.name(let name)): result[name] = (nil, row)
    default: break
    }
    switch b {
    case .name(let name): result[name] = (nil, column)
    case .transpose(.name(let name)): result[name] = (column, nil)
    default: break
    }
    return result
  }

  // MARK: The mouse

  /// For lines of the matrix at the top, which entry a cell belongs to; none where rows or columns are left out.
  private func entries(_ shown: [String]) -> [Int: (Int) -> (row: Int, column: Int)?] {
    var result: [Int: (Int) -> (row: Int, column: Int)?] = [:]
    var row = 0
    for (index, line) in shown.enumerated() {
      let characters = Array(Self.plain(line))
      guard characters.count > 2, "⎡⎢⎣[".contains(characters[2]) else {
        if row > 0 { break }
        continue
      }
      guard !characters.contains("⋮"), !characters.contains(":") else { break }
      let place = row
      result[index + 1] = { cell in
        guard characters.indices.contains(cell) else { return nil }
        var (count, isInside) = (-1, false)
        for (position, c) in characters.enumerated().dropFirst(3) {
          if c == "…" { return nil }
          let isDigit = c.isNumber || "-.en".contains(c)
          if isDigit, !isInside { count += 1 }
          isInside = isDigit
          if position >= cell { break }
        }
        return count >= 0 ? (place, count) : nil
      }
      row += 1
    }
    return result
  }
}
