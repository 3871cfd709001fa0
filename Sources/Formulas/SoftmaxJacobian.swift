import LinearAlgebra

/// J_i = diag(S_i) − S_iᵀ S_i for every sample. S: m×K (or K×m with axis 0) → J: m×K×K.
/// Source: Datta, *Neural Networks*, "Computing ∂L/∂Z".
package enum SoftmaxJacobian {
  package static func perSample(of S: Tensor, axis: Int) -> Tensor {
    let columns = S.rank == 2 && S.shape.axis(axis) == 0
    let rows = columns ? S.transposed() : S
    let K = rows.shape.columns
    let m = rows.rank == 1 ? 1 : rows.shape.rows
    var J = [Double](repeating: 0, count: m * K * K)
    rows.elements.withUnsafeBufferPointer { s in
      J.withUnsafeMutableBufferPointer { J in
        for i in 0..<m {
          for k in 0..<K {
            let sk = s[i * K + k]
            let row = (i * K + k) * K
            for j in 0..<K { J[row + j] = -sk * s[i * K + j] }
            J[row + k] += sk
          }
        }
      }
    }
    return Tensor(unchecked: [m, K, K], J)
  }

  /// (dZ)_i = (dS)_i J_i for every sample. Nil when the shapes do not fit.
  package static func contract(_ dS: Tensor, _ J: Tensor, axis: Int) -> Tensor? {
    let columns = dS.rank == 2 && dS.shape.axis(axis) == 0
    let G = columns ? dS.transposed() : dS
    let K = G.shape.columns
    let m = G.rank == 1 ? 1 : G.shape.rows
    guard J.shape == [m, K, K] else { return nil }
    var result = [Double](repeating: 0, count: m * K)
    G.elements.withUnsafeBufferPointer { g in
      J.elements.withUnsafeBufferPointer { J in
        for i in 0..<m {
          for k in 0..<K {
            let row = (i * K + k) * K
            for j in 0..<K { result[i * K + j] += g[i * K + k] * J[row + j] }
          }
        }
      }
    }
    let dZ = Tensor(unchecked: G.shape, result)
    return columns ? dZ.transposed() : dZ
  }
}
