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

  var workspace: Workspace
  /// The equation that is looked at.
  var selected: Int
  /// The entry, and the matrix of a stack.
  var (row, column, slice) = (0, 0, 0)
  var panel = Panel.value
  var isHeatOn = true
  var message: [String] = []
  var scroll = 0
  /// The numbers by which the reasons at hand were gone into, from the entry on.
  var trail: [Int] = []
  /// The renderer of the session, without a window.
  let renderer: TextRenderer

  init(_ workspace: Workspace, _ renderer: TextRenderer) {
    self.workspace = workspace
    self.renderer = renderer
    selected = max(0, workspace.session.cursor - 1)
  }

  var steps: [Equation] { (try? workspace.session.program.get())?.steps ?? [] }
  var step: Equation? { steps.indices.contains(selected) ? steps[selected] : nil }

  var value: Tensor? {
    let trace = workspace.session.trace
    guard let step, workspace.session.reasonHidden(step.name) == nil else { return nil }
    return trace.indices.contains(selected) ? trace[selected] : nil
  }

  // MARK: Keys

  /// False when it is to be left.
  mutating func handle(_ key: RawTerminal.Key, columns: Int, rows: Int) -> Bool {
    message = []
    if panel == .why, goesOn(key) { return true }
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

  /// A number goes into a term of the reasons, `u` back.
  private mutating func goesOn(_ key: RawTerminal.Key) -> Bool {
    switch key {
    case .character("u") where !trail.isEmpty: trail.removeLast()
    case .character(let c) where c.isWholeNumber:
      guard let number = c.wholeNumberValue, number > 0 else { return false }
      trail.append(number)
      if case .failure(let diagnostic) = reasons {
        message = [diagnostic.message.text()]
        trail.removeLast()
      }
    default: return false
    }
    scroll = 0
    return true
  }

  private mutating func show(_ panel: Panel) {
    self.panel = panel
    (scroll, trail) = (0, [])
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

  mutating func select(_ index: Int) {
    selected = max(0, min(index, steps.count - 1))
    scroll = 0
    trail = []
    move(0, 0)
  }

  mutating func move(_ down: Int, _ right: Int) {
    guard panel != .graph, panel != .keys, let shape = value?.shape else {
      scroll = max(0, scroll + down)
      return
    }
    (scroll, trail) = (0, [])
    row = max(0, min(row + down, shape.rows - 1))
    column = max(0, min(column + right, shape.columns - 1))
    slice = max(0, min(slice, shape.count / max(1, shape.rows * shape.columns) - 1))
  }

  private mutating func turn(_ way: Int) {
    slice = max(0, slice + way)
    move(0, 0)
  }
}
