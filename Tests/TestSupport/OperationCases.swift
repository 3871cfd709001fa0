import Formulas
import LinearAlgebra
import Operations

/// A formula for every operation of the table, at random shapes, axes and strides. A name is a value; its shape is drawn
/// from the letters behind it, `A:mk`, each letter an extent of its own.
package struct OperationCase: Sendable, CustomStringConvertible {
  package let text: String
  package let shapes: [String: String]
  /// Drawn so: away from 0, positive, labels.
  package let isPositive: Bool

  package init(_ text: String, _ shapes: [String: String], positive isPositive: Bool = false) {
    self.text = text
    self.shapes = shapes
    self.isPositive = isPositive
  }

  package var description: String { text }

  /// Values under a seed: every letter draws an extent, all different; m may be given.
  package func values(_ seed: UInt64, samples: Int? = nil) -> [String: Tensor] {
    var generator = RandomGenerator(seed: seed)
    var extents: [Character: Int] = ["1": 1, "2": 2, "3": 3]
    extents["m"] = samples
    var free = [4, 5, 6, 7, 8]
    let names = shapes.sorted { $0.key < $1.key }
    // All extents before any value: they are the same for another m.
    let drawn = names.map { name, letters in
      let dimensions = letters.map { letter -> Int in
        if let known = extents[letter] { return known }
        let drawn = free.remove(at: generator.integer(below: free.count))
        extents[letter] = drawn
        return drawn
      }
      return (name, Shape(dimensions))
    }
    var result: [String: Tensor] = [:]
    for (name, shape) in drawn {
      result[name] =
        isPositive ? generator.uniform(shape: shape, 0.2, 0.9) : generator.normal(shape: shape)
    }
    return result
  }

  /// Every operation of the table occurs.
  package static let all: [OperationCase] =
    ["+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!="].flatMap { symbol in
      [
        OperationCase("A \(symbol) B", ["A": "mk", "B": "mk"], positive: true),
        OperationCase("A \(symbol) B", ["A": "mk", "B": "1k"], positive: true),
        OperationCase("A \(symbol) B", ["A": "k", "B": "mk"], positive: true),
        OperationCase("A \(symbol) B", ["A": "", "B": "mk"], positive: true),
        OperationCase("A \(symbol) B", ["A": "m1", "B": "1k"], positive: true),
      ]
    } + [
      OperationCase("A**B", ["A": "mk", "B": ""], positive: true), OperationCase("A**3", ["A": "mk"]),
      OperationCase("A @ B", ["A": "mk", "B": "kn"]), OperationCase("A @ B", ["A": "k", "B": "kn"]),
      OperationCase("A @ B", ["A": "mk", "B": "k"]), OperationCase("A @ B", ["A": "k", "B": "k"]),
      OperationCase("-A", ["A": "mk"]), OperationCase("A.T", ["A": "mk"]), OperationCase("A.T", ["A": "k"]),
      OperationCase("A[1:3, 0]", ["A": "mk"]), OperationCase("A[::2]", ["A": "mk"]),
      OperationCase("A[-1]", ["A": "mk"]), OperationCase("[A, B]", ["A": "k", "B": "k"]),
      OperationCase("scatter(G, A[0:2, 1])", ["A": "mk", "G": "2"]),
    ]
    + [
      ("A @ B", ["A": "2mk", "B": "2kn"]), ("A @ B", ["A": "2mk", "B": "kn"]),
      ("A @ B", ["A": "mk", "B": "2kn"]), ("A @ B", ["A": "21mk", "B": "3kn"]),
      ("A @ B", ["A": "2mk", "B": "k"]), ("A @ B", ["A": "k", "B": "23kn"]), ("A.T", ["A": "2mk"]),
      ("A[[0, 2, 0]]", ["A": "mk"]), ("A[[0, 2, 0]]", ["A": "k"]), ("A[[0, 2, 0], 1]", ["A": "mk"]),
      ("A[[0, 1, 3], [2, 0, 2]]", ["A": "mk"]), ("A[:, [1, 0]]", ["A": "mk"]),
      ("A[1:4:2, [1, 0, 1]]", ["A": "mk"]), ("A[::-1, [1, 1]]", ["A": "mk"]),
      ("A[[[0, 1], [3, 0]]]", ["A": "mk"]),
      ("A[1, :, [0, 1]]", ["A": "2mk"]),
      ("A[[0, 1], :, [[0], [2]]]", ["A": "2mk"]), ("A[:, [1, 1], 2]", ["A": "2mk"]),
      ("A[arange(4), [0, 1, 0, 2]]", ["A": "mk"]), ("scatter(G, A[[0, 2, 0]])", ["A": "mk", "G": "3k"]),
      ("scatter(G, A[::-2, [1, 0, 1]])", ["A": "3k", "G": "23"]),
      ("scatter(G, A[0, [1, 0, 1]])", ["A": "mk", "G": "3"]),
      ("swapaxes(A, 0, 2)", ["A": "2mk"]), ("swapaxes(A, -1, -2)", ["A": "23mk"]),
      ("transpose(A, 1, 2, 0)", ["A": "2mk"]), ("transpose(A, 1, 2)", ["A": "2mk"]),
      ("concat(A, B, axis=1)", ["A": "mk", "B": "m2"]), ("concat(A, B, A)", ["A": "mk", "B": "2k"]),
      ("concat(A, B, axis=-2)", ["A": "2mk", "B": "2nk"]), ("stack(A, B)", ["A": "mk", "B": "mk"]),
      ("stack(A, B, A, axis=1)", ["A": "mk", "B": "mk"]), ("stack(A, B, axis=-1)", ["A": "mk", "B": "mk"]),
      ("einsum(\"ij,jk->ik\", A, B)", ["A": "mk", "B": "kn"]),
      ("einsum(\"bij,bkj->bik\", A, B)", ["A": "2mk", "B": "2nk"]),
      ("einsum(\"ij->j\", A)", ["A": "mk"]), ("einsum(\"ij->\", A)", ["A": "mk"]),
      ("einsum(\"ii->i\", A)", ["A": "kk"]), ("einsum(\"ii\", A)", ["A": "kk"]),
      ("einsum(\"ij,ij,j->i\", A, B, P)", ["A": "mk", "B": "mk", "P": "k"]),
      ("einsum(\"...ij,jk->...ik\", A, B)", ["A": "23mk", "B": "kn"]),
      ("einsum(\"i,j->ij\", A, B)", ["A": "m", "B": "k"]),
      ("einsum(\"ij,kl->il\", A, B)", ["A": "mk", "B": "n2"]),
      ("cumsum(A)", ["A": "k"]), ("cumsum(A, axis=0)", ["A": "mk"]),
      ("cumsum(A, axis=-1, reverse=True)", ["A": "2mk"]),
      ("tril(A)", ["A": "mk"]), ("tril(A, k=1)", ["A": "2mk"]), ("triu(A)", ["A": "kk"]),
      ("triu(A, k=-1)", ["A": "mk"]),
      ("softmax(A, axis=(1, 2))", ["A": "2mk"]), ("softmax(A, axis=(0, 2))", ["A": "2mk"]),
      ("logsumexp(A, axis=(0, 1))", ["A": "2mk"]), ("logsumexp(A, keepdims=False)", ["A": "mk"]),
      ("first(A > 0)", ["A": "mk"]), ("first(A > 0, axis=0)", ["A": "mk"]),
      ("first(A > 0, axis=(0, 2))", ["A": "2mk"]),
      ("linspace(A, B, 5)", ["A": "", "B": ""]), ("linspace(A, B, 1)", ["A": "", "B": ""]),
      ("var(A, axis=1, ddof=1)", ["A": "mk"]), ("var(A, axis=(0, 1), ddof=1, keepdims=False)", ["A": "2mk"]),
      ("std(A, axis=0, keepdims=False)", ["A": "mk"]), ("layer_norm(A)", ["A": "mk"]),
      ("layer_norm(A, B, P, eps=1e-3)", ["A": "2mk", "B": "k", "P": "k"]),
      ("batch_norm(A, B)", ["A": "mk", "B": "1k"]), ("batch_norm(A, B, P)", ["A": "mk", "B": "k", "P": "k"]),
      ("size(A)", ["A": "mk"]), ("size(A, axis=0)", ["A": "mk"]), ("size(A, axis=-1)", ["A": "mkn"]),
      ("dropout(A)", ["A": "mk"]), ("dropout(A, p=0.25, seed=4)", ["A": "mk"]),
      ("dropout_mask(A, 3, p=0.2)", ["A": "mk"]),
    ].map { OperationCase($0.0, $0.1) }
    + [OperationCase("A**B", ["A": "mk", "B": "k"], positive: true)]
    + Operation.functionsOfOne.map {
      OperationCase("\($0.name)(A)", ["A": "mk"], positive: ["log", "sqrt"].contains($0.name))
    }
    + ["sum", "mean", "max", "min", "argmax", "argmin", "var", "std"].flatMap { f in
      ["", ", axis=0", ", axis=1", ", axis=-1, keepdims=False"].map {
        OperationCase("\(f)(A\($0))", ["A": "mk"])
      }
        + [
          OperationCase("\(f)(A, axis=1)", ["A": "mkn"]), OperationCase("\(f)(A, axis=(0, 2))", ["A": "mkn"]),
          OperationCase("\(f)(A, axis=(1, 2), keepdims=False)", ["A": "2mkn"]),
        ]
    }
    + ["softmax", "logsumexp"].flatMap { f in
      [
        OperationCase("\(f)(A)", ["A": "mk"]), OperationCase("\(f)(A, axis=0)", ["A": "mk"]),
        OperationCase("\(f)(A)", ["A": "k"]), OperationCase("\(f)(A, axis=1)", ["A": "mkn"]),
      ]
    } + [
      OperationCase("softmax'(A)", ["A": "mk"]), OperationCase("softmax'(A, axis=0)", ["A": "mk"]),
      OperationCase("softmax'(A)", ["A": "k"]), OperationCase("contract(A, B)", ["A": "k", "B": "1kk"]),
      OperationCase("contract(A, B)", ["A": "mk", "B": "mkk"]),
      OperationCase("contract(A, B, axis=0)", ["A": "km", "B": "mkk"]),
      OperationCase("maximum(A, B)", ["A": "mk", "B": "1k"]),
      OperationCase("minimum(A, B)", ["A": "", "B": "mk"]), OperationCase("maximum(A, 0)", ["A": "mk"]),
      OperationCase("where(A, B, C)", ["A": "mk", "B": "1k", "C": ""]),
      OperationCase("clip(A, -0.5, 0.7)", ["A": "mk"]), OperationCase("diag(A)", ["A": "k"]),
      OperationCase("diag(A)", ["A": "1k"]), OperationCase("diag(A)", ["A": "k1"]),
      OperationCase("diag(A)", ["A": "kk"]), OperationCase("diag(A)", ["A": "mk"]),
      OperationCase("diag(A)", ["A": "2k"]), OperationCase("diag(A)", ["A": "k2"]),
      OperationCase("outer(A, B)", ["A": "m", "B": "k"]),
      OperationCase("outer(A, B)", ["A": "mk", "B": "n"]),
      OperationCase("reshape(A, -1, 2)", ["A": "m2k"]), OperationCase("flatten(A)", ["A": "mkn"]),
      OperationCase("expand_dims(A, 1)", ["A": "mk"]), OperationCase("expand_dims(A, -1)", ["A": "k"]),
      OperationCase("squeeze(A)", ["A": "m1k"]), OperationCase("squeeze(A, axis=1)", ["A": "m1k"]),
      OperationCase("onehot([1, 0, 3], 4)", [:]), OperationCase("onehot([0, 2, 1])", [:]),
      OperationCase("detach([1, 2])", [:]),
      OperationCase("eye(3)", [:]),
      OperationCase("eye(2, 4)", [:]), OperationCase("zeros(2, 3)", [:]), OperationCase("ones(3)", [:]),
      OperationCase("linspace(-1, 2, 5)", [:]), OperationCase("linspace(3, 4, 1)", [:]),
      OperationCase("arange(6)", [:]), OperationCase("randn(2, 2, seed=3)", [:]),
      OperationCase("rand(4, seed=1)", [:]),
    ]
    + ["", ", pad=1", ", stride=2", ", stride=2, pad=1", ", stride=3, pad=2"].flatMap { options in
      [
        OperationCase("conv2d(A, B\(options))", ["A": "2cyx", "B": "3c23"]),
        OperationCase(
          "conv2d_input_gradient(conv2d(A, B\(options)), B, A\(options))", ["A": "2cyx", "B": "3c23"]),
        OperationCase(
          "conv2d_weight_gradient(conv2d(A, B\(options)), A, B\(options))", ["A": "2cyx", "B": "3c23"]),
      ]
    }
    + ["2", "2, stride=1", "3, stride=2"].flatMap { options in
      [
        OperationCase("maxpool(A, \(options))", ["A": "23yx"]),
        OperationCase("avgpool(A, \(options))", ["A": "23yx"]),
        OperationCase("maxpool_gradient(maxpool(A, \(options)), A, \(options))", ["A": "23yx"]),
        OperationCase("maxpool_entries(A, B, \(options))", ["A": "23yx", "B": "23yx"]),
        OperationCase("avgpool_gradient(avgpool(A, \(options)), A, \(options))", ["A": "23yx"]),
      ]
    }
    + ["cross_entropy", "binary_cross_entropy", "mse", "half_mse", "sse", "half_sse"].flatMap { f in
      [
        OperationCase("\(f)(A, B)", ["A": "mk", "B": "mk"], positive: true),
        OperationCase("\(f)(A, B)", ["A": "k", "B": "k"], positive: true),
        OperationCase("\(f)(A, B, reduction=sum)", ["A": "mk", "B": "mk"], positive: true),
      ]
    } + [OperationCase("cross_entropy(A, B, axis=0)", ["A": "mk", "B": "mk"], positive: true)]
}
