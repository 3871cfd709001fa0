import Commands
import LinearAlgebra
import Platform

/// A dense network in nested loops over rows of samples, with one mistake built in on request. The oracle: it shares
/// nothing with the program but the numbers of the session.
struct PlainNetwork {
  typealias Matrix = [[Double]]

  var X: Matrix
  var Y: Matrix
  var W: [Matrix]
  var b: [Matrix]
  /// Of the hidden layers; the head is softmax or sigmoid with its usual loss.
  var activations: [String]
  var isSoftmax: Bool
  var learningRate = 0.1

  static func transpose(_ A: Matrix) -> Matrix {
    guard let width = A.first?.count else { return [] }
    return (0..<width).map { j in A.map { $0[j] } }
  }

  static func product(_ A: Matrix, _ B: Matrix) -> Matrix {
    A.map { row in
      (0..<(B.first?.count ?? 0)).map { j in
        var sum = 0.0
        for k in row.indices { sum += row[k] * B[k][j] }
        return sum
      }
    }
  }

  static func combine(_ A: Matrix, _ B: Matrix, _ f: (Double, Double) -> Double) -> Matrix {
    zip(A, B).map { zip($0, $1).map(f) }
  }

  static func map(_ A: Matrix, _ f: (Double) -> Double) -> Matrix { A.map { $0.map(f) } }

  static func softmaxRows(_ Z: Matrix) -> Matrix {
    Z.map { row in
      let e = row.map { exp($0) }
      let total = e.reduce(0, +)
      return e.map { $0 / total }
    }
  }

  static func apply(_ name: String, _ u: Double) -> Double {
    switch name {
    case "relu": u > 0 ? u : 0
    case "tanh": tanh(u)
    default: 1 / (1 + exp(-u))
    }
  }

  static func slope(_ name: String, _ u: Double) -> Double {
    switch name {
    case "relu": u > 0 ? 1 : 0
    case "tanh": 1 - tanh(u) * tanh(u)
    default: apply(name, u) * (1 - apply(name, u))
    }
  }

  /// Every gradient by name when one mistake is made, at hidden layer `layer` (from 0) where it concerns one.
  func gradients(mistake: String = "", layer: Int = 0) -> [String: Matrix] {
    let count = W.count
    let m = Double(X.count)
    var Z: [Matrix] = []
    var A: [Matrix] = [X]
    for l in 0..<count {
      let z = Self.product(A[l], W[l]).map { row in row.indices.map { row[$0] + b[l][0][$0] } }
      Z.append(z)
      if l < count - 1 {
        A.append(Self.map(z) { Self.apply(activations[l], $0) })
      } else if isSoftmax {
        A.append(
          mistake == "softmax-wrong-axis"
            ? Self.transpose(Self.softmaxRows(Self.transpose(z))) : Self.softmaxRows(z))
      } else {
        A.append(Self.map(z) { Self.apply("sigmoid", $0) })
      }
    }
    let S = A[count]
    var dZ = Self.combine(S, Y) { ($0 - $1) / m / (isSoftmax ? 1 : Double(Y[0].count)) }
    switch mistake {
    case "missing-mean", "sum-for-mean": dZ = Self.map(dZ) { $0 * m }
    case "double-mean": dZ = Self.map(dZ) { $0 / m }
    case "wrong-sign": dZ = Self.map(dZ) { -$0 }
    case "sigmoid-derivative-on-softmax": dZ = Self.combine(dZ, S) { $0 * $1 * (1 - $1) }
    case "diagonal-jacobian":
      let dS = Self.combine(S, Y) { -$1 / $0 / m }
      dZ = Self.combine(dS, S) { $0 * $1 * (1 - $1) }
    default: break
    }
    var result: [String: Matrix] = [:]
    for l in (0..<count).reversed() {
      result["dZ\(l + 1)"] = dZ
      let dW = Self.product(Self.transpose(A[l]), dZ)
      result["dW\(l + 1)"] = mistake == "transposed" ? Self.transpose(dW) : dW
      let total = (0..<dZ[0].count).map { j in dZ.map { $0[j] }.reduce(0, +) }
      result["db\(l + 1)"] =
        mistake == "bias-not-summed" ? dZ : [mistake == "bias-averaged" ? total.map { $0 / m } : total]
      guard l > 0 else { break }
      let isHere = layer == l - 1
      var back = W[l]
      if mistake == "updated-weights" { back = Self.combine(back, dW) { $0 - learningRate * $1 } }
      var dA = Self.product(dZ, Self.transpose(back))
      if mistake == "hadamard-for-product", isHere { dA = Self.combine(dZ, W[l]) { $0 * $1 } }
      if mistake == "swapped-factors", isHere { dA = Self.product(Self.transpose(W[l]), dZ) }
      if mistake == "transposed", isHere, W[l].count == W[l][0].count { dA = Self.product(dZ, W[l]) }
      result["dA\(l)"] = dA
      switch mistake {
      case "missing-activation-derivative" where isHere: dZ = dA
      case "activation-derivative-at-wrong-argument" where isHere:
        dZ = Self.combine(dA, A[l]) { $0 * Self.slope(activations[l - 1], $1) }
      case "wrong-layer-mask" where isHere:
        let other = l - 1 == 0 ? 1 : 0
        dZ = Self.combine(dA, Z[other]) { $0 * Self.slope(activations[l - 1], $1) }
      default: dZ = Self.combine(dA, Z[l - 1]) { $0 * Self.slope(activations[l - 1], $1) }
      }
    }
    return result
  }
}

extension Tensor {
  var rows: PlainNetwork.Matrix {
    (0..<shape.rows).map { i in (0..<shape.columns).map { elements[i * shape.columns + $0] } }
  }
}
