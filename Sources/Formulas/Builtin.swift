/// Functions whose result depends on more than one entry, or that make matrices.
package enum Builtin: String, Sendable, CaseIterable {
  case sum, mean, max, min, argmax, softmax, logsumexp
  case maximum, minimum, `where`, clip
  case onehot, diag, outer, eye, zeros, ones, linspace, arange, randn, rand
  case reshape, flatten
  case contract, scatter
  case conv2d
  case conv2dInputGradient = "conv2d_input_gradient"
  case conv2dWeightGradient = "conv2d_weight_gradient"
  case maxpool, avgpool
  case maxpoolGradient = "maxpool_gradient"
  case avgpoolGradient = "avgpool_gradient"

  package struct Signature: Sendable {
    package let usage: String
    package let summary: String
    package let arguments: ClosedRange<Int>
    package var options: Set<String> = []
  }

  package var signature: Signature {
    switch self {
    case .sum: reduction("sum", "sum of all entries, or along an axis (that axis keeps extent 1)")
    case .mean: reduction("mean", "mean of all entries, or along an axis")
    case .max: reduction("max", "largest entry, or along an axis")
    case .min: reduction("min", "smallest entry, or along an axis")
    case .argmax: reduction("argmax", "position of the largest entry, zero-based")
    case .softmax: reduction("softmax", "exp(z) / Σ exp(z) along the last axis unless told")
    case .logsumexp: reduction("logsumexp", "log Σ exp(z) along the last axis unless told")
    case .maximum:
      Signature(usage: "maximum(A, B)", summary: "the larger of two, entry by entry", arguments: 2...2)
    case .minimum:
      Signature(usage: "minimum(A, B)", summary: "the smaller of two, entry by entry", arguments: 2...2)
    case .where: Signature(usage: "where(C, A, B)", summary: "A where C is not 0, else B", arguments: 3...3)
    case .clip:
      Signature(usage: "clip(A, low, high)", summary: "A held between two numbers", arguments: 3...3)
    case .onehot:
      Signature(usage: "onehot(labels, K)", summary: "a row of K with a 1 at each label", arguments: 1...2)
    case .diag:
      Signature(usage: "diag(v)", summary: "a vector as diagonal, or a matrix's diagonal", arguments: 1...1)
    case .outer:
      Signature(usage: "outer(a, b)", summary: "every entry of a times every entry of b", arguments: 2...2)
    case .eye: Signature(usage: "eye(n)", summary: "identity matrix", arguments: 1...1)
    case .zeros: Signature(usage: "zeros(rows, columns)", summary: "all entries 0", arguments: 0...4)
    case .ones: Signature(usage: "ones(rows, columns)", summary: "all entries 1", arguments: 0...4)
    case .linspace:
      Signature(usage: "linspace(a, b, n)", summary: "n numbers from a to b, both included", arguments: 3...3)
    case .arange: Signature(usage: "arange(n)", summary: "0, 1, … n-1", arguments: 1...1)
    case .randn:
      Signature(
        usage: "randn(rows, columns, seed=0)", summary: "standard normal numbers", arguments: 1...4,
        options: ["seed"])
    case .rand:
      Signature(
        usage: "rand(rows, columns, seed=0)", summary: "uniform numbers in [0, 1)", arguments: 1...4,
        options: ["seed"])
    case .reshape:
      Signature(usage: "reshape(A, rows, columns)", summary: "same entries, new shape", arguments: 2...5)
    case .flatten: Signature(usage: "flatten(A)", summary: "one row for each sample", arguments: 1...1)
    case .contract:
      Signature(
        usage: "contract(G, J)", summary: "each sample's row of G times its Jacobian in J (m×K×K)",
        arguments: 2...2, options: ["axis"])
    case .scatter:
      Signature(
        usage: "scatter(G, A[i, j])", summary: "zeros like A, with G at the selected entries",
        arguments: 2...2)
    case .conv2d:
      Signature(
        usage: "conv2d(X, W, stride=1, pad=0)", summary: "cross-correlation, m×C×H×W with O×C×h×w",
        arguments: 2...2, options: ["stride", "pad"])
    case .conv2dInputGradient:
      Signature(
        usage: "conv2d_input_gradient(dY, W, X, stride=1, pad=0)", summary: "dL/dX of conv2d(X, W)",
        arguments: 3...3, options: ["stride", "pad"])
    case .conv2dWeightGradient:
      Signature(
        usage: "conv2d_weight_gradient(dY, X, W, stride=1, pad=0)", summary: "dL/dW of conv2d(X, W)",
        arguments: 3...3, options: ["stride", "pad"])
    case .maxpool:
      Signature(
        usage: "maxpool(X, size, stride=size)", summary: "largest entry of every window", arguments: 2...2,
        options: ["stride"])
    case .avgpool:
      Signature(
        usage: "avgpool(X, size, stride=size)", summary: "mean of every window", arguments: 2...2,
        options: ["stride"])
    case .maxpoolGradient:
      Signature(
        usage: "maxpool_gradient(dY, X, size, stride=size)", summary: "dL/dX of maxpool", arguments: 3...3,
        options: ["stride"])
    case .avgpoolGradient:
      Signature(
        usage: "avgpool_gradient(dY, X, size, stride=size)", summary: "dL/dX of avgpool", arguments: 3...3,
        options: ["stride"])
    }
  }

  private func reduction(_ name: String, _ summary: String) -> Signature {
    Signature(usage: "\(name)(A, axis=…)", summary: summary, arguments: 1...1, options: ["axis", "keepdims"])
  }

  /// Functions whose arguments are sizes.
  package var isMaker: Bool {
    switch self {
    case .eye, .zeros, .ones, .arange, .randn, .rand: true
    case .sum, .mean, .max, .min, .argmax, .softmax, .logsumexp, .maximum, .minimum, .where, .clip,
      .onehot, .diag, .outer, .linspace, .reshape, .flatten, .contract, .scatter, .conv2d,
      .conv2dInputGradient, .conv2dWeightGradient, .maxpool, .avgpool, .maxpoolGradient, .avgpoolGradient:
      false
    }
  }
}
