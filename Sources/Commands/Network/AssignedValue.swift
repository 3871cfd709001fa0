import Operations
import Formulas
import LinearAlgebra
import Reports
import Sessions

/// What set, param and let have in common: an entry of a value replaced, a value given to a leaf.
enum AssignedValue {
  static func patched(
    _ name: String, _ value: Tensor, _ assignment: Assignment, _ session: Session
  ) throws(Diagnostic) -> Tensor {
    guard var whole = session.leaves[name] ?? session.scratch[name] else {
      throw Diagnostic(
        "\(name: name) has no value yet, so no entry of it can be set", at: [assignment.nameRange])
    }
    let target = try assignment.target.target.map { part throws(Diagnostic) -> Subscript in
      guard case .positions(let formula) = part,
        let number = try Evaluator(SessionEnvironment(session)).value(of: formula).scalarValue,
        let index = Int(exactly: number)
      else { return part }
      return .at(index)
    }
    var chosen = Evaluator.selection(target, in: whole.shape)
    if chosen == nil { chosen = try paired(target, in: whole.shape, session) }
    guard let (shape, positions) = chosen else {
      let hasLists = target.contains { if case .positions = $0 { true } else { false } }
      throw Diagnostic(
        "\(name: name) (\(whole.shape)) has no such \(hasLists ? "entries" : "entry")",
        at: [assignment.nameRange],
        hint: hasLists
          ? "indices count from 0; a list of positions for every axis sets as many entries: \(name: name)[[0, 1], [1, 0]] = 3"
          : "indices count from 0")
    }
    guard
      let source = value.broadcast(to: shape) ?? (value.count == shape.count ? value.reshaped(shape) : nil)
    else {
      throw Diagnostic(
        "\(value.shape) does not fit \(name: name)[…], which is \(shape)", at: [assignment.nameRange])
    }
    for (i, position) in positions.enumerated() {
      whole.replaceElement(at: position, with: source.elements[i])
    }
    return whole
  }

  /// The entries that lists of positions pair, one list or number for each axis: `dS[arange(m), labels]`. Nil for anything else.
  private static func paired(
    _ target: [Subscript], in shape: Shape, _ session: Session
  ) throws(Diagnostic) -> (shape: Shape, positions: [Int])? {
    guard target.count == shape.rank else { return nil }
    var lists: [[Int]] = []
    for (part, extent) in zip(target, shape.dimensions) {
      let numbers: [Double]
      switch part {
      case .at(let index): numbers = [Double(index)]
      case .positions(let formula):
        numbers = try Evaluator(SessionEnvironment(session)).value(of: formula).elements
      case .slice: return nil
      }
      let list = numbers.compactMap { number -> Int? in
        guard let index = Int(exactly: number), (-extent..<extent).contains(index) else { return nil }
        return index < 0 ? index + extent : index
      }
      guard list.count == numbers.count, !list.isEmpty else { return nil }
      lists.append(list)
    }
    let count = lists.map(\.count).max() ?? 0
    guard lists.allSatisfy({ $0.count == count || $0.count == 1 }) else { return nil }
    let positions = (0..<count).map { entry in
      zip(lists, shape.dimensions).reduce(0) { $0 * $1.1 + $1.0[$1.0.count == 1 ? 0 : entry] }
    }
    return ([count], positions)
  }

  /// What to say where a value fills more entries than it has.
  static func filling(
    _ name: String, _ value: Tensor, _ assignment: Assignment, _ session: Session
  ) -> Prose? {
    guard let whole = session.leaves[name] ?? session.scratch[name],
      let (shape, _) = Evaluator.selection(assignment.target.target, in: whole.shape),
      value.count < shape.count
    else { return nil }
    let place = Expression.index(.name(name), assignment.target.target)
    let what =
      value.scalarValue.map(Printer.number)
      ?? (value.rank == 1 ? "the row of \(value.count)" : "the \(value.shape)")
    return "\(what) fills the \(shape) of \(place)"
  }

  /// The shape of what the loss compares a target with, as far as the other values show it.
  static func compared(_ name: String, _ session: Session) -> Shape? {
    guard session.roles.targets.contains(name), let loss = session.roles.loss else { return nil }
    var environment = ShapeEnvironment(shapes: session.leaves.mapValues(\.shape)) {
      Diagnostic("\($0) has no value yet")
    }
    environment.shapes[name] = nil
    environment.shapes[.sampleCount] = .scalar
    for equation in session.model.equations
    where equation.expression.names.allSatisfy({ environment.shapes[$0] != nil }) {
      guard let shape = try? ShapeInference(environment).shape(of: equation.expression) else { return nil }
      environment.shapes[equation.name] = shape
    }
    return try? ShapeInference(environment).shape(of: loss.predictions)
  }

  static func store(
    _ name: String, _ given: Tensor, _ workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    var value = given
    let old = workspace.session.leaves[name]
    let labels = LabelTargets.oneHot(name, value, workspace.session)
    if let labels { value = labels }
    // What another network left asks for no shape here.
    if let old, old.shape != value.shape, !workspace.session.inherited.contains(name) {
      // A list given to a row or column is that row or column; a number fills the whole matrix.
      let isColumn =
        old.shape.columns == 1
        && (value.count == old.count || workspace.session.roles.sampleAxes[name] == 0 && old.count > 1)
        || workspace.session.roles.sampleAxes[name] == 1 && value.count == old.shape.rows
      if value.rank == 1, let shape = compared(name, workspace.session), shape.rank == 2,
        shape.count == value.count, min(shape.rows, shape.columns) == 1
      {
        value = value.reshaped(shape) ?? value
      } else if value.rank == 1, old.rank == 2, workspace.session.model.readsPositionsAlone(name) {
        // Positions may have any shape, and with each mean something else.
      } else if value.rank == 1, old.rank == 2, isColumn {
        value = value.reshaped([value.count, 1]) ?? value
      } else if value.rank == 1, old.rank == 2 {
        value = value.reshaped([1, value.count]) ?? value
      } else if value.rank == 0, old.rank > 0 {
        // As the others ask for it now; what it was before may be the shape of another network's.
        let asked = workspace.session.openShapes(without: [name]).shape(name, letters: [:])
        value = value.broadcast(to: asked ?? old.shape) ?? value
      }
    }
    let isTrained = workspace.session.model.parameters.contains(name)
    if old == nil, value.rank == 1, !isTrained || workspace.session.openShapes.isAdded(name),
      !workspace.session.model.readsPositionsAlone(name),
      let shape = workspace.session.openShapes.shape(name, letters: [:]), shape.rank == 2,
      shape.count == value.count,
      shape.columns == 1
    {
      // As it was asked for: a list would be a row beside columns.
      value = value.reshaped(shape) ?? value
    }
    let wasReady = (try? workspace.session.program.get()) != nil
    workspace.session.setLeaf(name, value)
    workspace.session.refitBatch(after: name)
    var report = Report()
    var block = Report.TensorBlock("\(name: name)", value)
    block.remark = workspace.session.role(of: name).map { "\($0)" }
    block.labelSlices(parameters: workspace.session.model.parameters, own: name)
    report.add(.tensor(block))
    if given.rank == 0, value.rank > 0, let number = given.scalarValue {
      report.note("\(Printer.number(number)) fills the \(value.shape) that \(name: name) is")
    }
    if labels != nil {
      report.note("\(given.count) labels: a 1 at the class of each sample")
    }
    if let old, old.shape != value.shape {
      report.note("\(name: name) was \(old.shape) and is now \(value.shape)")
    }
    // What is missing was said when the model was given.
    let isComplete = workspace.session.openShapes.missing.isEmpty
    if case .failure(let reason) = workspace.session.program, wasReady || (old != nil && isComplete) {
      report.say("not ready: \(reason.message)", .warning)
    }
    return report
  }
}
