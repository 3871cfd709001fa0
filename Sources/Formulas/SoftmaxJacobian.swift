import LinearAlgebra

/// J_i = diag(S_i) − S_iᵀ S_i for every sample. S: m×K (or K×m with axis 0) → J: m×K×K.
/// Source: Datta, *Neural Networks*, "Computing ∂L/∂Z".
package enum SoftmaxJacobian {
  package static func perSample(of S: Tensor, axis: Int) -> Tensor {
    let columns = S.rank == 2 && S.shape.axis(axis) == 0
    let rows = columns ? S.transposed() : S
    let K = rows.shape.columns
    let m = rows.rank == 1 ? 1 : rows.shape.rows
    return BlockKernels.softmaxJacobian(of: rows, samples: m, classes: K)
  }

  /// (dZ)_i = (dS)_i J_i for every sample. Nil when the shapes do not fit.
  package static func contract(_ dS: Tensor, _ J: Tensor, axis: Int) -> Tensor? {
    let columns = dS.rank == 2 && dS.shape.axis(axis) == 0
    let G = columns ? dS.transposed() : dS
    let K = G.shape.columns
    let m = G.rank == 1 ? 1 : G.shape.rows
    guard J.shape == [m, K, K] else { return nil }
    let dZ = BlockKernels.contract(G, J, samples: m, classes: K)
    return columns ? dZ.transposed() : dZ
  }

  /// `contract(dS, softmax'(Z))` without storing J: for large K the Jacobian is memory and nothing else.
  package static func contract(_ dS: Tensor, softmax S: Tensor, axis: Int) -> Tensor? {
    guard dS.shape == S.shape else { return nil }
    let columns = dS.rank == 2 && dS.shape.axis(axis) == 0
    let (G, rows) = columns ? (dS.transposed(), S.transposed()) : (dS, S)
    let dZ = BlockKernels.contractSoftmax(
      G, rows, samples: G.rank == 1 ? 1 : G.shape.rows, classes: G.shape.columns)
    return columns ? dZ.transposed() : dZ
  }
}
