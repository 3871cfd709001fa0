import Exports
import Formulas
import LinearAlgebra
import NeuralNetworks
import Rendering
import Reports
import Sessions

/// What stands at the right: the matrix with its operands, the reasons of an entry, the graph.
extension PassView {
  func contentLines(_ width: Int, _ height: Int) -> [String] {
    var renderer = renderer
    renderer.width = width
    renderer.rows = max(16, height)
    renderer.heat = isHeatOn
    var report = report(height)
    report.naming = workspace.session.naming
    return renderer.pieces(report).flatMap(\.lines)
  }

  func report(_ height: Int) -> Report {
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

  static let keys = Report.Table(
    header: [],
    rows: [
      ["n, space", "a step forwards"], ["p, backspace", "a step back"],
      ["PgUp, PgDn", "another equation, the cursor stays"], ["arrows", "another entry of the matrix"],
      ["< >", "another matrix of a stack"], ["Enter", "why this entry is what it is; again: the matrix"],
      ["1 to 9, u", "among the reasons: into a term, and back"],
      ["g", "the graph"], ["h", "heat: blue is negative, orange positive"],
      ["mouse", "a click chooses an equation or an entry, the wheel scrolls"], ["q", "leave"],
    ])

  /// `dW1[0,2]`, as it is typed.
  var entryName: String? {
    guard let step, let value else { return nil }
    if value.shape.isScalar { return step.name }
    let index = leading(value.shape) + (value.rank > 1 ? [row] : []) + [column]
    return "\(step.name)[\(index.map(String.init).joined(separator: ","))]"
  }

  func leading(_ shape: Shape) -> [Int] {
    var rest = slice
    return shape.dimensions.dropLast(2).reversed().map { extent -> Int in
      defer { rest /= max(1, extent) }
      return rest % max(1, extent)
    }.reversed()
  }

  private var whyReport: Report {
    switch reasons {
    case .success(let report): report
    case .failure(let diagnostic): Report([.failure(diagnostic, prompt: "")])
    case nil: valueReport
    }
  }

  /// What `why` says of the entry, and of the terms that were gone into; nil where there is no entry.
  var reasons: Result<Report, Diagnostic>? {
    guard let entryName else { return nil }
    var copy = workspace
    copy.activity = nil
    copy.session.settings.notation = .default
    let lines = ["why \(entryName)"] + trail.map { "why \($0)" }
    return lines.flatMap { Interpreter.run($0, in: &copy) }.last?.result
  }

  var valueReport: Report {
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
  func matrix(_ title: Prose, _ value: Tensor) -> Report.TensorBlock {
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
  func operands(_ step: Equation, _ value: Tensor) -> [Report.TensorBlock] {
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
  static func marks(_ expression: Expression, _ row: Int, _ column: Int) -> [String: (Int?, Int?)] {
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
}
