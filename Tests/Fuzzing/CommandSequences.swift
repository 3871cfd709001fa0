import LinearAlgebra
import Sessions

/// Commands as a person may type them one after the other: most fit the session they meet, some do not.
package struct CommandSequences {
  package var random: RandomGenerator

  package init(seed: UInt64) { random = RandomGenerator(seed: seed) }

  private mutating func pick<T>(_ items: [T]) -> T { items[random.integer(below: items.count)] }

  private static let networks = [
    "net 2 4:relu 3:softmax", "net 2 3:tanh 3:softmax", "net 3 5:tanh 2:sigmoid", "net 2 3:gelu 1",
    "net 2 4:relu 3:softmax layout=columns seed=7", "net 2 3:sigmoid 2:softmax reduction=sum bias=off",
    "net 1x4x4 conv(2,3x3,pad=1):relu maxpool(2) flatten 3:softmax seed=3", "net 2 3:tanh 2 loss=half_sse",
    "model Z = X @ W1 + b1; S = softmax(Z); L = cross_entropy(Y, S)", "model p = w*x + b; L = mse(t, p)",
    "model L = sum((w - 3)**2)", "model A = tanh(X); B = A * A; L = mean(B)",
    "model h = relu(V @ u); q = sum(h * u2); L = (q - t)**2", "model L = 0",
  ]

  private static let plain = [
    "forward", "backward", "step", "step 2", "step 3", "back", "back 2", "restart", "forward; backward",
    "update",
    "update lr=0.3", "train epochs=2", "train epochs=2 batch=2 seed=4", "train optimizer=adam epochs=1",
    "undo",
    "undo", "redo", "reset", "fused off", "fused on", "notation netout", "notation column", "notation index",
    "notation default", "precision 6", "precision 4", "heat on", "heat off", "samples rows",
    "samples columns",
    "samples none", "data xor", "data moons n=20", "data spiral n=12 seed=2", "data blobs n=9 test=0.3",
    "data parabola n=8", "data off", "batch next", "batch 4", "batch all", "batch test", "batch rows 1 3 0",
    "shuffle", "shuffle seed=5", "info", "trace", "shapes", "loss", "accuracy", "gradcheck", "set lr = 0.25",
    "set m = 4", "jacobian softmax", "derive dW1", "plot loss", "cost", "let G = 1 / 3",
    "let H = randn(3, 4)",
    "let G = G + G", "let Q = zeros(2, 3)", "let Q[0, 1] = -0.0", "let N = [0/0, 1/0, -1/0]", "forwrd",
    "show Nope",
    "dtype float32", "dtype bfloat16", "dtype float64", "numerics", "optimizer adam", "optimizer momentum",
    "optimizer sgd", "update optimizer=rmsprop", "break dZ1", "break S if L > 1", "watch W1", "watch L",
    "delete",
    "display W1",
    "display S dW1",
    "undisplay", "continue", "finish", "where", "list", "nudge W1[0,0] 0.5", "nudge", "truncate 2",
    "truncate off",
    "nudge X[0,0]", "nudge b1[0] -0.1", "nudge w 0.01", "nudge W1[0,0] to 0.5 at 2", "back", "finish",
    "where",
    "seed 5", "seed", "let R = rand(2, 2)", "data digits", "net 64 6:relu 10:softmax", "watch max(abs(dW1))",
    "break L", "display sum(W1)", "delete 1", "undisplay 1", "param W1 = W1 + 1", "set X[0] = 0/0",
    "explain on", "explain off", "init", "init W1 seed=3", "model xor", "model rnn",
    "model batchnorm",
    "model siamese", "model dropout", "hessian b2", "hvp W2 dW2", "graph", "why dW1", "up",
    "notation blackboard",
    "set X = [[1, 2], [3]]", "W1 @ W1 @ W1", "net 2 4:rleu", "load /nonexistent/file", "net 3", "equations",
  ]

  package mutating func next(in session: Session) -> String {
    switch random.integer(below: 20) {
    case 0, 1: return pick(Self.networks)
    case 2, 3, 4:
      let name = pick(session.leaves.keys.sorted() + ["X", "w", "t", "x", "b"])
      return assignment(name, session)
    case 5:
      let steps = (try? session.readyProgram().steps.map(\.name)) ?? []
      let name = pick(steps + ["S", "dW1"])
      return pick([
        "until \(name)", "show \(name)", "why \(name)[0,0]", "derive \(name)", "check \(name) = \(name)",
      ])
    default: return pick(Self.plain)
    }
  }

  private mutating func assignment(_ name: String, _ session: Session) -> String {
    let shape = session.leaves[name]?.shape.dimensions ?? [[], [3], [3, 2], [4]][random.integer(below: 4)]
    switch random.integer(below: 6) {
    case 0: return "set \(name) = \(name) * 0.5"
    case 1:
      return "set \(name) = randn(\((shape.isEmpty ? [1] : shape).map(String.init).joined(separator: ", ")))"
    case 2: return "param \(name) = \(random.uniform() / 3)"
    case 3: return "param \(name)"
    case 4: return "set \(name)[0] = 0.1"
    default:
      let value = Tensor(unchecked: Shape(shape), (0..<Shape(shape).count).map { _ in random.normal() })
      return "set \(name) = \(SessionScript.literal(value))"
    }
  }
}
