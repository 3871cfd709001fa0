import Differentiation
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Synchronization

/// The equations up to one value, with everything right, for mistakes to be made in.
package struct MistakePass: Sendable {
  /// Forward and backward equations in order; the last one that counts is the target's.
  package let steps: [Equation]
  /// Each name among the steps has a number: `upstream` is asked for every mistake that is tried.
  private let numbers: [String: Int]
  /// Of the steps, and of those that each of them uses.
  private let numbered: [Int]
  private let used: [[Int]]
  package let forwardCount: Int
  package private(set) var target: Int
  package let model: Model
  package let learningRate: Double
  package let shapes: [String: Shape]
  package let sampleCount: Int?
  /// Leaves that the network is a function of.
  let inputs: [String]
  /// What the loss compares with.
  let targets: Set<String>
  /// Values of leaves and steps.
  package private(set) var values: [String: Tensor]
  /// The same backward equations with every activation's derivative written as a name, so that one of them can be
  /// taken wrongly: `dZ1 = dA1 * f′0`.
  let marked: [String: Expression]
  let sites: [ActivationSite]
  /// Steps that have the value they were given, whatever their equations say.
  private var pinned: Set<String> = []
  /// The same backward equations with only the diagonal of a Jacobian.
  let diagonal: [String: Expression]
  /// Kinds of mistakes whose equations cannot be derived for this model, and why.
  let untried: [(what: Prose, why: Diagnostic)]

  /// Where the forward pass applies an activation.
  struct ActivationSite: Sendable {
    let function: Function
    let argument: Expression
    let value: Expression
    let shape: Shape
    let mark: String

    func derivative(argument u: Expression, value v: Expression) -> Expression {
      Operation.of(function)?.slope(at: u, value: v) ?? 1
    }
    var derivative: Expression { derivative(argument: argument, value: value) }
  }

  /// Every way from the loss to the target: fused and through the Jacobian, since a student may take either. Empty
  /// when the target is no step of a pass.
  package static func passes(
    to target: String, model: Model, leaves: [String: Tensor], learningRate: Double, isFused: Bool,
    mayFuse: Bool
  ) throws(Diagnostic) -> [MistakePass] {
    var result: [MistakePass] = []
    for way in ways(isFused, mayFuse) {
      guard let pass = try made(target, model, leaves, learningRate, way) else { continue }
      if !result.contains(where: { $0.steps.map(\.text) == pass.steps.map(\.text) }) { result.append(pass) }
    }
    return result
  }

  private static func ways(_ isFused: Bool, _ mayFuse: Bool) -> [Bool] {
    isFused && mayFuse ? [true, false] : mayFuse ? [false, true] : [false]
  }

  /// The way that the pass itself takes.
  static func own(
    to target: String, model: Model, leaves: [String: Tensor], learningRate: Double, isFused: Bool,
    mayFuse: Bool
  ) throws(Diagnostic) -> MistakePass? {
    for way in ways(isFused, mayFuse) {
      if let pass = try made(target, model, leaves, learningRate, way) { return pass }
    }
    return nil
  }

  /// All that equations follow from: not the numbers.
  private struct Origin: Hashable {
    let target: String
    let model: Model
    let shapes: [String: Shape]
    let learningRate: Double
    let isFused: Bool
  }

  /// The equations of the last passes, without values. A class has the same ones with other numbers.
  private static let known = Mutex<[Origin: MistakePass]>([:])
  private static let mostKnown = 500

  private static func made(
    _ target: String, _ model: Model, _ leaves: [String: Tensor], _ learningRate: Double, _ isFused: Bool
  ) throws(Diagnostic) -> MistakePass? {
    let origin = Origin(
      target: target, model: model, shapes: leaves.mapValues(\.shape), learningRate: learningRate,
      isFused: isFused)
    if let pass = known.withLock({ $0[origin] }) { return try pass.revalued(leaves) }
    guard let pass = try MistakePass(target, model, leaves, learningRate, isFused) else { return nil }
    var bare = pass
    bare.values = [:]
    known.withLock { [bare] in
      if $0.count >= mostKnown { $0 = [:] }
      $0[origin] = bare
    }
    return pass
  }

  private init?(
    _ name: String, _ model: Model, _ leaves: [String: Tensor], _ learningRate: Double, _ isFused: Bool
  ) throws(Diagnostic) {
    let program = try Program(
      model, leaves: leaves.mapValues(\.shape), isFused: isFused,
      missing: { Diagnostic("\(name: $0) has no value yet") })
    var backward = program.backward
    var targets = model.parameters.filter { model.leaves.contains($0) } + program.roles.inputs
    if !program.steps.contains(where: { $0.name == name }) {
      guard let value = name.gradientOf, program.shapes[value] != nil else { return nil }
      targets = [value]
      backward = try Self.derive(program, model, targets, isFused, .standard)
    }
    let all = program.forward + backward
    guard let target = all.firstIndex(where: { $0.name == name }) else { return nil }
    var values = leaves
    if let m = program.sampleCount { values[.sampleCount] = Tensor(Double(m)) }
    var shapes = program.shapes
    for step in all[...target] {
      let value = try Evaluator(Bindings(values)).value(of: step.evaluated)
      values[step.name] = value
      shapes[step.name] = value.shape
    }
    steps = Array(all)
    var numbers: [String: Int] = [:]
    for step in all where numbers[step.name] == nil { numbers[step.name] = numbers.count }
    self.numbers = numbers
    numbered = all.map { numbers[$0.name] ?? 0 }
    used = all.map { $0.expression.names.compactMap { numbers[$0] } }
    forwardCount = program.forward.count
    self.target = target
    self.model = model
    self.learningRate = learningRate
    self.shapes = shapes
    self.values = values
    sampleCount = program.sampleCount
    let sites = try Self.activationSites(program)
    self.sites = sites
    inputs = program.roles.inputs
    self.targets = Set(program.roles.targets)
    let marking = RuleTable.standard.replacing(
      RuleTable.elementwise,
      with: Rule("elementwise function") { (node, dC, i) throws(Diagnostic) in
        guard let site = sites.first(where: { $0.application == node.expression }) else {
          return try RuleTable.standard.rule(for: node.expression)?.backward(node, dC, i)
        }
        return Cotangent(dC.expression * .name(site.mark), node.shape)
      })
    let entryByEntry = RuleTable.standard.replacing(
      RuleTable.jacobian,
      with: Rule("diagonal of the Jacobian") { (node, dC, _) throws(Diagnostic) in
        JacobianStep(node.expression)?.diagonal(node.value).map { Cotangent(dC.expression * $0, node.shape) }
      })
    var untried: [(what: Prose, why: Diagnostic)] = []
    func equations(_ what: Prose, _ rules: RuleTable) -> [String: Expression] {
      do throws(Diagnostic) {
        return Dictionary(
          try Self.derive(program, model, targets, isFused, rules).map { ($0.name, $0.expression) },
          uniquingKeysWith: { _, last in last })
      } catch {
        untried.append((what, error))
        return [:]
      }
    }
    marked = equations("mistakes in an activation's derivative", marking)
    diagonal = equations("the diagonal of a Jacobian alone", entryByEntry)
    self.untried = untried
    findEditable()
  }

  private static func derive(
    _ program: Program, _ model: Model, _ targets: [String], _ isFused: Bool, _ rules: RuleTable
  ) throws(Diagnostic) -> [Equation] {
    try program.derive(output: model.lossName, targets: targets, isFused: isFused, rules: rules)
  }

  private static func activationSites(_ program: Program) throws(Diagnostic) -> [ActivationSite] {
    var result: [ActivationSite] = []
    let inference = ShapeInference(program.shapeEnvironment)
    for equation in program.forward {
      func visit(_ expression: Expression) throws(Diagnostic) {
        if case .call(let f, let arguments, _) = expression, let operation = Operation.of(f),
          operation.isActivation, operation.slope != nil, let u = arguments.first,
          !result.contains(where: { $0.application == expression })
        {
          result.append(
            ActivationSite(
              function: f, argument: u,
              value: expression == equation.expression ? .name(equation.name) : expression,
              shape: try inference.shape(of: u), mark: "f′\(result.count)"))
        }
        for child in expression.children { try visit(child) }
      }
      try visit(equation.expression)
    }
    return result
  }

  /// The same equations with other numbers of the same shapes.
  package func revalued(_ leaves: [String: Tensor]) throws(Diagnostic) -> MistakePass {
    var copy = self
    copy.values = leaves
    if let m = sampleCount { copy.values[.sampleCount] = Tensor(Double(m)) }
    for step in steps[...target] {
      copy.values[step.name] = try Evaluator(Bindings(copy.values)).value(of: step.evaluated)
    }
    return copy
  }

  /// The same equations behind values that somebody else computed, right or wrong: what they are made from is of no
  /// account any more.
  package func pinned(to own: [String: Tensor]) throws(Diagnostic) -> MistakePass {
    var copy = self
    copy.pinned = Set(own.keys)
    copy.findEditable()
    for (index, step) in steps[...target].enumerated() {
      if index != target, let value = own[step.name] {
        copy.values[step.name] = value
      } else {
        copy.values[step.name] = try Evaluator(Bindings(copy.values)).value(of: step.evaluated)
      }
    }
    return copy
  }

  /// The same equations towards another of their values; nil when it is none of them.
  package func towards(_ name: String) -> MistakePass? {
    guard let index = steps.firstIndex(where: { $0.name == name }), index <= target else { return nil }
    var copy = self
    copy.target = index
    copy.findEditable()
    for step in steps[index...].dropFirst() { copy.values[step.name] = nil }
    return copy
  }

  // MARK: Reading it

  package var rightValue: Tensor { values[steps[target].name] ?? Tensor(.nan) }
  var isBackward: Bool { target >= forwardCount }

  /// The steps in which a mistake on the way to the target can be made: the target's own pass, upstream of it.
  private(set) var editable: [Int] = []

  /// The steps on which the target depends when nothing is changed, as positions and as numbers of names.
  private var leading: [Int] = []
  private var isLeading: [Bool] = []

  private mutating func findEditable() {
    isLeading = []
    leading = upstream(of: [:])
    isLeading = [Bool](repeating: false, count: numbers.count)
    for index in leading { isLeading[numbered[index]] = true }
    editable = leading.filter {
      $0 >= (isBackward ? forwardCount : 0) && (!isBackward || $0 <= target)
    }
  }

  /// The steps on which the target depends when some are written differently, in order, the target included.
  func upstream(of changes: [Int: Expression]) -> [Int] {
    // A search asks for thousands: most changes read nothing that does not lead to the target already.
    if !isLeading.isEmpty, readsLeadingOnly(changes) { return leading }
    let (numbers, used) = (numbers, used)
    var needed = [Bool](repeating: false, count: numbers.count)
    needed[numbered[target]] = true
    var result: [Int] = []
    for index in (0...target).reversed() where needed[numbered[index]] {
      // What is pinned has its value whatever it was made from.
      guard index == target || pinned.isEmpty || !pinned.contains(steps[index].name) else { continue }
      result.append(index)
      if let changed = changes[index] {
        for name in changed.names { if let number = numbers[name] { needed[number] = true } }
      } else {
        for number in used[index] { needed[number] = true }
      }
    }
    return result.reversed()
  }

  private func readsLeadingOnly(_ changes: [Int: Expression]) -> Bool {
    for changed in changes.values {
      for name in changed.names {
        if let number = numbers[name], !isLeading[number] { return false }
      }
    }
    return true
  }

  /// The target's value when some steps are written differently; nil when the shapes do not fit then. Only the
  /// target itself may change its shape.
  /// - Throws: when the shapes fit and there is no value all the same.
  package func value(with changes: [Int: Expression]) throws(Diagnostic) -> Tensor? {
    var overlay = Overlay([:], over: Bindings(values))
    var isOther = [Bool](repeating: false, count: numbers.count)
    for index in upstream(of: changes) {
      // First: to take a step out of the pass is dear where thousands of changes are tried.
      guard changes[index] != nil || used[index].contains(where: { isOther[$0] }) else { continue }
      let step = steps[index]
      let expression = changes[index] ?? step.expression
      let value: Tensor
      do { value = try Evaluator(overlay).value(of: expression) } catch {
        guard shape(ifFitting: expression, overlay) != nil else { return nil }
        throw error
      }
      guard index == target || value.shape == shapes[step.name] else { return nil }
      isOther[numbered[index]] = true
      overlay.values[step.name] = value
    }
    return overlay.value(of: steps[target].name)
  }

  /// The shape of a formula of this pass; nil where shapes do not meet in it, which a mistake may make of one.
  func shape(ifFitting expression: Expression, _ values: (any Environment)? = nil) -> Shape? {
    try? ShapeInference(values ?? Bindings(self.values)).shape(of: expression)
  }

  /// About how many operations `value(with:)` takes, for keeping a search short.
  func cost(of changes: [Int: Expression]) -> Int {
    guard let first = changes.keys.min() else { return 0 }
    return upstream(of: changes).reduce(0) { total, index in
      guard index >= first else { return total }
      return total &+ cost(changes[index] ?? steps[index].expression, shapes[steps[index].name] ?? .scalar)
    }
  }

  private func cost(_ expression: Expression, _ shape: Shape) -> Int {
    var result = 700
    expression.visit { node in
      if case .binary(.matrixProduct, let a, _) = node {
        result &+= shape.count &* 16
        if case .name(let name) = a, let inner = shapes[name]?.columns {
          result &+= shape.count &* inner / 2
        } else {
          result &+= shape.count &* 16
        }
      } else if node.children.count > 0 {
        result &+= 200 &+ shape.count &* 6
      }
    }
    return result
  }

  /// The forward steps that have a Jacobian for every sample, with their values as names.
  var jacobianSteps: [(index: Int, value: Expression, step: JacobianStep)] {
    steps[..<forwardCount].indices.compactMap { index in
      JacobianStep(steps[index].expression).map { (index, .name(steps[index].name), $0) }
    }
  }
}

extension MistakePass.ActivationSite {
  fileprivate var application: Expression { .call(function, argument) }
}
