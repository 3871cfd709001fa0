extension ReadyModel {
  package static let hessian = ReadyModel(
    name: "hessian", summary: "a function of two numbers, for its second derivatives",
    source: "JAX documentation, jax.hessian",
    conventions: [
      "'hessian x' gives the matrix of second derivatives, 'hvp x v' its product with a "
        + "vector: at (1, 2) it is [6 -2; -2 -480]"
    ],
    equations: """
      a = x[0]**3
      b = 2 * x[0] * x[1]
      c = x[1]**6
      L = a - b - c
      """,
    parameters: [
      "x": "[1, 2]"
    ],
    given: [:])
}
