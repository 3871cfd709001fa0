import Formulas
import LinearAlgebra
import Operations

/// The steps of a model from some values, called %0, %1, …, to a formula.
struct LossPath {
  let steps: [Equation]
  let formula: Expression

  init(steps: [Equation], formula: Expression) {
    self.steps = steps
    self.formula = formula
  }

  /// Nil when something else than these values and `m` is read on the way, or one of them is not.
  init?(
    from values: [Expression], to formula: Expression, in equations: [Equation],
    _ definitions: [String: Expression]
  ) {
    func put(_ expression: Expression) -> Expression {
      values.enumerated().reduce(expression) { $0.replacing($1.element, with: .name("%\($1.offset)")) }
    }
    var needed: Set<String> = []
    var read: Set<String> = []
    func visit(_ expression: Expression) -> Bool {
      for name in expression.names where name != .sampleCount {
        if name.hasPrefix("%") {
          read.insert(name)
        } else if let definition = definitions[name] {
          guard needed.contains(name) || visit(put(definition)) else { return false }
          needed.insert(name)
        } else {
          return false
        }
      }
      return true
    }
    let end = put(formula)
    guard visit(end), read.count == values.count else { return nil }
    steps = equations.filter { needed.contains($0.name) }.map { Equation($0.name, put($0.expression)) }
    self.formula = end
  }

  /// Nil where shapes do not meet: sizes are written into the formulas.
  func value(_ values: [Tensor], m: Int) -> Tensor? {
    var bindings = Bindings([.sampleCount: Tensor(Double(m))])
    for (i, value) in values.enumerated() { bindings.values["%\(i)"] = value }
    do throws(Diagnostic) {
      for step in steps {
        _ = try ShapeInference(bindings).shape(of: step.expression)
        bindings.values[step.name] = try Evaluator(bindings).value(of: step.expression)
      }
      _ = try ShapeInference(bindings).shape(of: formula)
      return try Evaluator(bindings).value(of: formula)
    } catch {
      return nil
    }
  }
}

/// Sizes at which losses are compared.
struct LossSizes {
  let shape: Shape
  let m: Int

  /// Pairs of sizes, all different. Where `m` must be one of the extents it is, in the later ones; what labels are counted
  /// by with a number has that extent.
  static func all(rank: Int, labels: LossTarget? = nil) -> [(LossSizes, LossSizes)] {
    func pair(_ a: Shape, _ m: Int, _ b: Shape, _ n: Int) -> (LossSizes, LossSizes) {
      (LossSizes(shape: a, m: m), LossSizes(shape: b, m: n))
    }
    if let n = labels?.count, rank == 2 {
      return labels?.labelAxis == 0
        ? [pair([5, n], n, [3, n], n)] : [pair([n, 5], n, [n, 3], n)]
    }
    switch rank {
    case 0: return [pair([], 7, [], 11)]
    case 1: return [pair([5], 7, [3], 11), pair([5], 5, [3], 3)]
    case 2:
      return [pair([3, 5], 7, [4, 3], 11), pair([7, 5], 7, [4, 3], 4), pair([5, 7], 7, [3, 4], 4)]
    default:
      let (a, b) = ((0..<rank).map { $0 + 2 }, (0..<rank).map { rank + 2 - $0 })
      return [pair(Shape(a), 7, Shape(b), 11), pair(Shape(a), a[0], Shape(b), b[0])]
    }
  }
}
