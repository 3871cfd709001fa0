import Formulas
import LinearAlgebra
import Operations

/// Second derivatives of a loss: the backward equations are differentiated as any others.
package struct SecondDerivatives {
  private let loss: String
  private let equations: [Equation]
  private let environment: any Environment

  /// - Parameters:
  ///   - equations: forward equations and the backward ones that give the gradients asked for.
  ///   - environment: holds the leaves and the values of all steps. What is detached keeps its value.
  package init(loss: String, equations: [Equation], environment: any Environment) {
    self.loss = loss
    (self.equations, self.environment) = equations.holdingDetached(in: environment)
  }

  /// ∂²L/∂a∂b as a matrix: a row for every entry of `a`, a column for every entry of `b`. By the backward rules, applied
  /// to the backward pass.
  package func hessian(_ a: String, _ b: String) throws(Diagnostic) -> Tensor {
    let rows = try value(a).count, columns = try value(b).count
    guard !path(b, a).isEmpty else { return Tensor(repeating: 0, shape: [rows, columns]) }
    let full = try Jacobian.byReverseMode(
      of: a.gradientName, by: b, equations: equations, environment: environment,
      settings: .init(isFused: false))
    return full.reshaped([rows, columns]) ?? full
  }

  /// The same by dual numbers: shares no rule with the other.
  package func hessianByForwardMode(_ a: String, _ b: String) throws(Diagnostic) -> Tensor {
    let rows = try value(a).count, columns = try value(b).count
    guard !path(b, a).isEmpty else { return Tensor(repeating: 0, shape: [rows, columns]) }
    let full = try Jacobian.byForwardMode(
      of: a.gradientName, by: b, equations: equations, environment: environment)
    return full.reshaped([rows, columns]) ?? full
  }

  /// ∂²L/∂a² · v, shaped like `a`: one pass in dual numbers through the forward and the backward equations.
  package func product(_ a: String, _ v: Tensor) throws(Diagnostic) -> Tensor {
    let base = try value(a)
    let path = path(a, a)
    guard !path.isEmpty else { return base.map { _ in 0 } }
    var pass = ForwardMode([a: DualTensor(base, v)], over: environment)
    try pass.run(path)
    return try pass.dual(.name(a.gradientName)).tangentOrZero
  }

  /// (∂L/∂a at b + h·v, less that at b − h·v) / 2h: finite differences of gradients.
  package func difference(_ a: String, by b: String, along v: Tensor, step h: Double) throws(Diagnostic)
    -> Tensor
  {
    let base = try value(b)
    func gradient(_ sign: Double) throws(Diagnostic) -> Tensor {
      let moved = base.combined(with: v) { $0 + sign * h * $1 } ?? base
      var overlay = Overlay([b: moved], over: environment)
      for equation in path(b, a) {
        overlay.values[equation.name] = try Evaluator(overlay).value(of: equation.expression)
      }
      return overlay.values[a.gradientName] ?? base.map { _ in 0 }
    }
    let (above, below) = (try gradient(1), try gradient(-1))
    return above.combined(with: below) { ($0 - $1) / (2 * h) } ?? above
  }

  private func path(_ input: String, _ a: String) -> [Equation] {
    Jacobian.path(from: input, to: a.gradientName, equations)
  }

  private func value(_ name: String) throws(Diagnostic) -> Tensor {
    guard let value = environment.value(of: name) else { throw environment.missing(name) }
    return value
  }
}
