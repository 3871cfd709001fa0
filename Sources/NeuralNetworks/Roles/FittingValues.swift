import Formulas
import LinearAlgebra
import Operations

/// Which values of names that were there before fit the equations of another model.
package struct FittingValues {
  private let model: Model
  private var shapes: [String: Shape]
  /// `m` in a size: ones(m, m).
  private let sampleCount: Int
  /// Names that met something of a known shape, and fitted.
  private var confirmed: Set<String> = []
  /// Names that met something whose shape nobody knows yet.
  private var uncertain: Set<String> = []

  /// Names whose values are to be dropped: those that contradict an equation, and parameters that meet only what has
  /// no value yet, since what another network called b1 says nothing about this one's.
  package private(set) var misfits: [String] = []
  /// Names that keep a value although nothing in these equations asks for its shape.
  package var unasked: Set<String> { Set(shapes.keys).subtracting(confirmed) }

  package init(_ model: Model, shapes: [String: Shape]) {
    self.model = model
    self.shapes = shapes
    sampleCount = Roles(model, shapes: shapes).sampleCount ?? 2
    var dropped: Set<String> = []
    while let misfit = conflict() {
      self.shapes[misfit] = nil
      dropped.insert(misfit)
    }
    for name in model.parameters where self.shapes[name]?.isScalar == false && !confirmed.contains(name) {
      if uncertain.contains(name) { dropped.insert(name) }
    }
    misfits = model.leaves.filter(dropped.contains)
  }

  /// The value that contradicts an equation, a parameter rather than an input.
  private mutating func conflict() -> String? {
    confirmed = []
    uncertain = []
    var known = shapes
    known[.sampleCount] = .scalar
    var found: String?
    for equation in model.equations {
      known[equation.name] = shape(of: equation.expression, known, &found)
      if found != nil { return found }
    }
    return nil
  }

  /// The shape of a formula as far as the names in it have one: what is added to something unknown keeps its own.
  private mutating func shape(of expression: Expression, _ known: [String: Shape], _ found: inout String?)
    -> Shape?
  {
    if case .name(let name) = expression { return known[name] }
    var operands: [Shape?] = []
    for child in expression.children {
      operands.append(shape(of: child, known, &found))
      if found != nil { return nil }
    }
    guard operands.allSatisfy({ $0 != nil }) else {
      // A number, as a sum over everything is, meets any shape.
      let met = zip(expression.children, operands).filter { $1?.isScalar != true }
      uncertain.formUnion(met.flatMap(\.0.names))
      if case .binary(let operation, _, _) = expression, operation != .matrixProduct {
        return operands.compactMap { $0 }.first
      }
      return nil
    }
    var environment = ShapeEnvironment(shapes: known) { Diagnostic("no value for \($0)") }
    environment.sampleCount = sampleCount
    do throws(Diagnostic) {
      let result = try ShapeInference(environment).shape(of: expression)
      // A number goes with any shape, and asks for none.
      let asking = zip(expression.children, operands).filter { !$0.names.isEmpty && $1?.isScalar == false }
      if asking.count > 1 { confirmed.formUnion(Self.operands(expression)) }
      return result
    } catch {
      let open = Self.operands(expression).filter { shapes[$0] != nil && !confirmed.contains($0) }
      found = parameter(behind: expression) ?? open.first
      return nil
    }
  }

  /// The parameter with a value that comes last on the way to a formula.
  private func parameter(behind expression: Expression) -> String? {
    var names = Set(expression.names)
    for equation in model.equations.reversed() where names.contains(equation.name) {
      names.formUnion(equation.expression.names)
    }
    return model.parameters.last { names.contains($0) && shapes[$0] != nil }
  }

  /// Names that an operation reads as they are, or turned.
  private static func operands(_ expression: Expression) -> [String] {
    func own(_ expression: Expression) -> [String] {
      switch expression {
      case .name(let name): [name]
      case .transpose(let a), .negative(let a), .index(let a, _): own(a)
      case .number, .list, .binary, .call, .derivative: []
      }
    }
    return expression.children.flatMap(own)
  }
}
