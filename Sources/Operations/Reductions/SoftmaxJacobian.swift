import Formulas
import LinearAlgebra

extension Operation {
  /// J_i = diag(S_i) - S_iᵀ S_i for every sample i: m×K×K, also where samples are columns.
  /// Source: Datta, *Neural Networks*, "Computing ∂L/∂Z".
  package static let softmaxJacobian: Operation = Operation(
    "softmax'(S, axis=-1)", symbol: "softmax'", title: "softmax Jacobian",
    cases: [
      Case(
        is: .formula("J[o<1,k,j] = S[k]·δ(k,j) - S[k]·S[j]"),
        backward: ["dS = einsum(\"okk->k\", dJ) - contract(S, \(symmetric))"],
        if: { $0.ranks == [1] && $0.hasOneAxis }),
      Case(
        is: .formula("J[i,k,j] = S[k,i]·δ(k,j) - S[k,i]·S[j,i]"),
        backward: ["dS = einsum(\"ikk->ki\", dJ) - contract(S, \(symmetric), axis=0)"],
        if: { $0.ranks == [2] && $0.hasOneAxis && $0.classAxis == 0 }),
      Case(
        is: .formula("J[i,k,j] = S[i,k]·δ(k,j) - S[i,k]·S[i,j]"),
        backward: ["dS = einsum(\"ikk->ik\", dJ) - contract(S, \(symmetric))"],
        if: { $0.ranks == [2] && $0.hasOneAxis }),
    ],
    value: { operands, setting in
      operands.first.map { SoftmaxJacobian.perSample(of: $0, axis: setting.options.axis ?? -1) }
    })

  /// S_k stands in a row and in a column of its Jacobian.
  private static let symmetric = "dJ + swapaxes(dJ, 1, 2)"

  /// dZ_i = G_i J_i for every sample i.
  package static let contract: Operation = Operation(
    "contract(G, J, axis=-1)", title: "contraction",
    note: "each sample's row of G times its Jacobian in J (m×K×K)",
    cases: [
      Case(
        is: .formula("C[j] = Σ_k G[k]·J[0,k,j]"),
        backward: ["dG = contract(dC, swapaxes(J, 1, 2))", "dJ = stack(outer(G, dC))"],
        if: { $0.ranks == [1, 3] }),
      Case(
        is: .formula("C[j,i] = Σ_k G[k,i]·J[i,k,j]"),
        backward: [
          "dG = contract(dC, swapaxes(J, 1, 2), axis=0)", "dJ = einsum(\"ki,ji->ikj\", G, dC)",
        ],
        if: { $0.ranks == [2, 3] && $0.classAxis == 0 }),
      Case(
        is: .formula("C[i,j] = Σ_k G[i,k]·J[i,k,j]"),
        backward: ["dG = contract(dC, swapaxes(J, 1, 2))", "dJ = einsum(\"ik,ij->ikj\", G, dC)"],
        if: { $0.ranks == [2, 3] }),
    ],
    value: { operands, setting in
      guard operands.count == 2 else { return nil }
      return SoftmaxJacobian.contract(operands[0], operands[1], axis: setting.options.axis ?? -1)
    },
    streaming: Streaming(function: "softmax") { G, S, options in
      SoftmaxJacobian.contract(G, softmax: S, axis: options.axis ?? -1)
    },
    mismatch: { mismatch in
      guard mismatch.shapes.count == 2, let classes = mismatch.shapes[0].dimensions.last else { return nil }
      let g = mismatch.shapes[0]
      let count = g.rank == 2 && mismatch.options.axis == 0 ? g.dimensions[0] : classes
      return Diagnostic(
        "contract needs a Jacobian of \(count)×\(count) for every sample of \(mismatch.arguments[0]) (\(g)), not \(mismatch.shapes[1])"
      )
    })
}

extension Operation.Setting {
  /// Samples are apart from each other only where the classes lie along one axis.
  fileprivate var hasOneAxis: Bool { options.axes?.count ?? 1 == 1 }

  /// The axis of the classes of the first operand.
  var classAxis: Int? { shapes.first?.axis(options.axis ?? -1) }
}

/// Kernels for the Jacobian of every sample.
package enum SoftmaxJacobian {
  package static func perSample(of S: Tensor, axis: Int) -> Tensor {
    let columns = S.rank == 2 && S.shape.axis(axis) == 0
    let rows = columns ? S.transposed() : S
    let m = rows.rank == 1 ? 1 : rows.shape.rows
    return BlockKernels.softmaxJacobian(of: rows, samples: m, classes: rows.shape.columns)
  }

  /// (dZ)_i = (dS)_i J_i for every sample. Nil when the shapes do not fit.
  package static func contract(_ dS: Tensor, _ J: Tensor, axis: Int) -> Tensor? {
    let columns = dS.rank == 2 && dS.shape.axis(axis) == 0
    let G = columns ? dS.transposed() : dS
    let (m, K) = (G.rank == 1 ? 1 : G.shape.rows, G.shape.columns)
    guard J.shape == [m, K, K] else { return nil }
    let dZ = BlockKernels.contract(G, J, samples: m, classes: K)
    return columns ? dZ.transposed() : dZ
  }

  /// The same from S without storing J: for many classes the Jacobian is memory and nothing else.
  static func contract(_ dS: Tensor, softmax S: Tensor, axis: Int) -> Tensor? {
    guard dS.shape == S.shape else { return nil }
    let columns = dS.rank == 2 && dS.shape.axis(axis) == 0
    let (G, rows) = columns ? (dS.transposed(), S.transposed()) : (dS, S)
    let dZ = BlockKernels.contractSoftmax(
      G, rows, samples: G.rank == 1 ? 1 : G.shape.rows, classes: G.shape.columns)
    return columns ? dZ.transposed() : dZ
  }
}
