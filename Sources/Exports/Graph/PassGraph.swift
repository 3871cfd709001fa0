import Formulas
import LinearAlgebra
import NeuralNetworks
import Reports
import Sessions

extension Graph {
  /// The pass of a session, as far as it is done.
  package init(_ session: Session) throws(Diagnostic) {
    let program = try session.readyProgram()
    self.init(
      session.model, program, cursor: session.cursor, role: { session.role(of: $0) },
      formula: { session.reasonHidden($0.name) == nil ? session.shownFormula(of: $0) : "?" },
      isHidden: { session.reasonHidden($0) != nil })
  }

  /// A pass that was run to its end, with the place where it was left.
  package init(_ pass: FinishedPass) {
    let roles = pass.program.roles
    self.init(
      pass.model, pass.program, cursor: pass.cursor,
      role: { name in
        pass.model.parameters.contains(name)
          ? "parameter"
          : roles.targets.contains(name) ? "target" : roles.inputs.contains(name) ? "input" : "constant"
      }, formula: { "\($0.expression)" }, isHidden: { _ in false })
  }

  private init(
    _ model: Model, _ program: Program, cursor: Int, role: (String) -> String?, formula: (Equation) -> Prose?,
    isHidden: (String) -> Bool
  ) {
    var nodes: [Node] = []
    var places: [String: Int] = [:]
    let order = Dictionary(
      program.steps.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first }
    )
    func value(_ name: String, _ formula: Prose?) -> Value {
      let state: State = order[name].map { $0 < cursor ? .done : $0 == cursor ? .next : .toCome } ?? .done
      let shape = isHidden(name) ? "?" : program.shapes[name].map { $0.isScalar ? "" : $0.description } ?? ""
      return Value("\(name: name)", shape: shape, formula: formula, state: state)
    }
    func gradient(_ name: String) -> Value? {
      guard let step = program.backward.first(where: { $0.name == name.gradientName }) else { return nil }
      return value(step.name, formula(step))
    }
    func add(_ name: String, _ formula: Prose?, role: String?, sources: [Int]) {
      places[name] = nodes.count
      nodes.append(Node(value(name, formula), role: role, gradient: gradient(name), sources: sources))
    }
    let leaves = Set(model.leaves)
    for equation in program.forward {
      let read = equation.expression.names.map(model.resolve)
      for name in read where leaves.contains(name) && places[name] == nil {
        add(name, nil, role: role(name) ?? "given", sources: [])
      }
      var sources: [Int] = []
      for place in read.compactMap({ places[$0] }) where !sources.contains(place) { sources.append(place) }
      add(equation.name, formula(equation), role: nil, sources: sources)
    }
    self.init(nodes)
  }
}
