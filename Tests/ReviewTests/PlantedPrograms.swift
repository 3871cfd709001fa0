import Testing

/// Programs as people write them, each with mistakes to be made in it by an edit of its text.
struct PlantedProgram: Sendable, CustomTestStringConvertible {
  struct Plant: Sendable {
    /// The mistake that is to be named; nil where the line alone is asked for.
    let mistake: String?
    let text: String
    let replacement: String
  }

  let style: String
  let network: String
  let source: String
  let plants: [Plant]

  var testDescription: String { style }

  /// The line at which a plant begins.
  func line(of plant: Plant) -> Int? {
    var line = 1
    var rest = source[...]
    while !rest.isEmpty {
      if rest.hasPrefix(plant.text) { return line }
      if rest.removeFirst() == "\n" { line += 1 }
    }
    return nil
  }

  func planted(_ plant: Plant) -> String {
    var result = ""
    var rest = source[...]
    while !rest.isEmpty {
      if rest.hasPrefix(plant.text) { return result + plant.replacement + rest.dropFirst(plant.text.count) }
      result.append(rest.removeFirst())
    }
    return result
  }
}

extension PlantedProgram {
  static let all: [PlantedProgram] = [
    PlantedProgram(
      style: "a flat script", network: "2 4:relu 3:softmax",
      source: #"""
        import numpy as np
        X = np.array([[1.0, 2.0], [0.5, -1.0], [-1.5, 0.3], [0.7, 0.9], [-0.2, 1.1]])
        y_onehot = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0]])
        rng = np.random.default_rng(1)
        W1 = rng.normal(size=(2, 4)); b1 = rng.normal(size=4)
        W2 = rng.normal(size=(4, 3)); b2 = rng.normal(size=3)
        lr = 0.1
        m = X.shape[0]
        for epoch in range(3):
            Z1 = X @ W1 + b1
            A1 = np.maximum(0, Z1)
            scores = A1 @ W2 + b2
            e = np.exp(scores - scores.max(axis=1, keepdims=True))
            probs = e / e.sum(axis=1, keepdims=True)
            loss = -np.mean(np.sum(y_onehot * np.log(probs), axis=1))
            dscores = (probs - y_onehot) / m
            dW2 = A1.T @ dscores
            db2 = dscores.sum(axis=0)
            dhidden = dscores @ W2.T
            dhidden[A1 <= 0] = 0
            dW1 = X.T @ dhidden
            db1 = dhidden.sum(axis=0)
            W1 -= lr * dW1
            b1 -= lr * db1
            W2 -= lr * dW2
            b2 -= lr * db2

        """#,
      plants: [
        .init(
          mistake: "missing-mean", text: "dscores = (probs - y_onehot) / m",
          replacement: "dscores = probs - y_onehot"),
        .init(
          mistake: "wrong-sign", text: "dscores = (probs - y_onehot) / m",
          replacement: "dscores = (y_onehot - probs) / m"),
        .init(
          mistake: "missing-activation-derivative", text: "    dhidden[A1 <= 0] = 0\n",
          replacement: "    dhidden = dhidden * 1.0\n"),
        .init(
          mistake: nil, text: "e / e.sum(axis=1, keepdims=True)",
          replacement: "e / e.sum(axis=0, keepdims=True)"),
        .init(
          mistake: "bias-averaged", text: "db2 = dscores.sum(axis=0)",
          replacement: "db2 = dscores.mean(axis=0)"),
        .init(mistake: "bias-not-summed", text: "db1 = dhidden.sum(axis=0)", replacement: "db1 = dhidden"),
        .init(
          mistake: "wrong-sum-axis", text: "db1 = dhidden.sum(axis=0)",
          replacement: "db1 = dhidden.sum(axis=1)"),
        .init(mistake: "missing-axis", text: "db1 = dhidden.sum(axis=0)", replacement: "db1 = dhidden.sum()"),
        .init(mistake: "double-mean", text: "dW2 = A1.T @ dscores", replacement: "dW2 = A1.T @ dscores / m"),
        .init(
          mistake: "input-for-activation", text: "dW2 = A1.T @ dscores", replacement: "dW2 = Z1.T @ dscores"),
        .init(
          mistake: "sigmoid-derivative-on-softmax", text: "dscores = (probs - y_onehot) / m",
          replacement: "dscores = (probs - y_onehot) * probs * (1 - probs) / m"),
        .init(
          mistake: "mean-over-classes", text: "dscores = (probs - y_onehot) / m",
          replacement: "dscores = (probs - y_onehot) / probs.size"),
        .init(
          mistake: "extra-factor", text: "dscores = (probs - y_onehot) / m",
          replacement: "dscores = 2 * (probs - y_onehot) / m"),
        .init(mistake: nil, text: "dhidden[A1 <= 0] = 0", replacement: "dhidden[dhidden <= 0] = 0"),
        .init(mistake: "wrong-sign", text: "W1 -= lr * dW1", replacement: "W1 += lr * dW1"),
        .init(mistake: nil, text: "scores = A1 @ W2 + b2", replacement: "scores = A1 @ W2"),
        .init(mistake: nil, text: "b2 -= lr * db2", replacement: "b2 -= lr * b2"),
      ]),
    PlantedProgram(
      style: "a class with a cache dictionary", network: "2 5:tanh 3:softmax",
      source: #"""
        import numpy as np
        class Net:
            def __init__(self, n, h, k):
                r = np.random.RandomState(0)
                self.params = {}
                self.params["W1"] = r.randn(n, h)
                self.params["b1"] = r.randn(h) * 0.1
                self.params["W2"] = r.randn(h, k)
                self.params["b2"] = r.randn(k) * 0.1
            def forward(self, X):
                p = self.params
                Z1 = X.dot(p["W1"]) + p["b1"]
                A1 = np.tanh(Z1)
                Z2 = A1.dot(p["W2"]) + p["b2"]
                Z2 = Z2 - Z2.max(axis=1, keepdims=True)
                S = np.exp(Z2) / np.exp(Z2).sum(axis=1, keepdims=True)
                self.cache = {"X": X, "A1": A1,
                              "S": S}
                return S
            def backward(self, y):
                c = self.cache
                m = len(y)
                dZ = c["S"].copy()
                dZ[range(m), y] -= 1
                dZ /= m
                grads = {}
                grads["dW2"] = c["A1"].T.dot(dZ)
                grads["db2"] = dZ.sum(axis=0)
                dA = dZ.dot(self.params["W2"].T)
                dZ1 = dA * (1 - c["A1"] ** 2)
                grads["dW1"] = c["X"].T.dot(dZ1)
                grads["db1"] = dZ1.sum(axis=0)
                return grads
        X = np.array([[1.0, 2.0], [0.5, -1.0], [-1.5, 0.3], [0.2, 0.1]])
        y = np.array([0, 1, 2, 1])
        net = Net(2, 5, 3)
        for i in range(2):
            S = net.forward(X)
            g = net.backward(y)
            for name in net.params:
                net.params[name] -= 0.1 * g["d" + name]

        """#,
      plants: [
        .init(mistake: "missing-mean", text: "        dZ /= m\n", replacement: "        dZ /= 1\n"),
        .init(
          mistake: "missing-activation-derivative", text: "dZ1 = dA * (1 - c[\"A1\"] ** 2)",
          replacement: "dZ1 = dA * 1.0"),
        .init(
          mistake: "activation-derivative-at-wrong-argument", text: "dZ1 = dA * (1 - c[\"A1\"] ** 2)",
          replacement: "dZ1 = dA * (1 - np.tanh(c[\"A1\"]) ** 2)"),
        .init(
          mistake: nil, text: "dZ1 = dA * (1 - c[\"A1\"] ** 2)", replacement: "dZ1 = dA * (1 - c[\"A1\"])"),
        .init(
          mistake: nil, text: "dA = dZ.dot(self.params[\"W2\"].T)",
          replacement: "dA = (self.params[\"W2\"].dot(dZ.T)).T * 2"),
        .init(
          mistake: "bias-averaged", text: "grads[\"db1\"] = dZ1.sum(axis=0)",
          replacement: "grads[\"db1\"] = dZ1.mean(axis=0)"),
      ]),
    PlantedProgram(
      style: "a class for each layer", network: "2 5:relu 3:softmax",
      source: #"""
        import numpy as np
        class Dense:
            def __init__(self, n, k, seed):
                r = np.random.RandomState(seed)
                self.W = r.randn(n, k); self.b = r.randn(k) * 0.1
            def forward(self, X):
                self.X = X
                return X @ self.W + self.b
            def backward(self, g):
                self.dW = self.X.T @ g
                self.db = g.sum(0)
                return g @ self.W.T
            def step(self, lr):
                self.W -= lr * self.dW
                self.b -= lr * self.db
        class ReLU:
            def forward(self, Z):
                self.mask = Z > 0
                return Z * self.mask
            def backward(self, g):
                return g * self.mask
        def softmax(Z):
            E = np.exp(Z - Z.max(1, keepdims=True))
            return E / E.sum(1, keepdims=True)
        X = np.array([[1.0, 2.0], [0.5, -1.0], [-1.5, 0.3], [0.2, 0.1]])
        Y = np.eye(3)[[0, 1, 2, 1]]
        net = [Dense(2, 5, 0), ReLU(), Dense(5, 3, 1)]
        for epoch in range(3):
            out = X
            for layer in net:
                out = layer.forward(out)
            S = softmax(out)
            grad = (S - Y) / len(X)
            for layer in reversed(net):
                grad = layer.backward(grad)
            for layer in net:
                if hasattr(layer, "step"):
                    layer.step(0.1)

        """#,
      plants: [
        .init(mistake: "missing-mean", text: "grad = (S - Y) / len(X)", replacement: "grad = S - Y"),
        .init(
          mistake: "missing-activation-derivative", text: "        return g * self.mask\n",
          replacement: "        return g * 1.0\n"),
        .init(mistake: "bias-averaged", text: "self.db = g.sum(0)", replacement: "self.db = g.mean(0)"),
        .init(
          mistake: nil, text: "return E / E.sum(1, keepdims=True)",
          replacement: "return E / E.sum(0, keepdims=True)"),
      ]),
    PlantedProgram(
      style: "loops over lists of layers", network: "3 4:sigmoid 5:sigmoid 2:linear",
      source: #"""
        import numpy as np
        np.random.seed(3)
        sizes = [3, 4, 5, 2]
        weights = [np.random.randn(a, b) for a, b in zip(sizes[:-1], sizes[1:])]
        biases = [np.random.randn(b) for b in sizes[1:]]
        def sigmoid(z):
            return 1 / (1 + np.exp(-z))
        inputs = np.random.randn(6, 3)
        targets = np.random.randn(6, 2)
        activations = [inputs]
        zs = []
        for l in range(3):
            z = activations[l] @ weights[l] + biases[l]
            zs.append(z)
            activations.append(sigmoid(z) if l < 2 else z)
        loss = np.mean((activations[-1] - targets) ** 2)
        delta = 2 * (activations[-1] - targets) / targets.size
        grads_w = [None] * 3
        grads_b = [None] * 3
        for l in reversed(range(3)):
            grads_w[l] = activations[l].T @ delta
            grads_b[l] = delta.sum(axis=0)
            if l > 0:
                delta = (delta @ weights[l].T) * activations[l] * (1 - activations[l])
        for l in range(3):
            weights[l] = weights[l] - 0.05 * grads_w[l]
            biases[l] = biases[l] - 0.05 * grads_b[l]

        """#,
      plants: [
        .init(
          mistake: "missing-factor", text: "delta = 2 * (activations[-1] - targets) / targets.size",
          replacement: "delta = (activations[-1] - targets) / targets.size"),
        .init(
          mistake: "missing-mean", text: "delta = 2 * (activations[-1] - targets) / targets.size",
          replacement: "delta = 2 * (activations[-1] - targets)"),
        .init(
          mistake: "missing-activation-derivative",
          text: "delta = (delta @ weights[l].T) * activations[l] * (1 - activations[l])",
          replacement: "delta = delta @ weights[l].T"),
        .init(
          mistake: "activation-derivative-at-wrong-argument",
          text: "delta = (delta @ weights[l].T) * activations[l] * (1 - activations[l])",
          replacement: "delta = (delta @ weights[l].T) * zs[l-1] * (1 - zs[l-1])"),
        .init(
          mistake: "wrong-sign", text: "weights[l] = weights[l] - 0.05 * grads_w[l]",
          replacement: "weights[l] = weights[l] + 0.05 * grads_w[l]"),
        .init(
          mistake: "bias-averaged", text: "grads_b[l] = delta.sum(axis=0)",
          replacement: "grads_b[l] = delta.mean(axis=0)"),
      ]),
    PlantedProgram(
      style: "functions, samples in columns", network: "2 4:relu 3:softmax",
      source: #"""
        import numpy as np
        rng = np.random.RandomState(5)
        X = rng.randn(2, 6)
        Y = np.eye(3)[:, [0, 2, 1, 1, 0, 2]]
        W1 = rng.randn(4, 2)
        b1 = rng.randn(4, 1)
        W2 = rng.randn(3, 4)
        b2 = rng.randn(3, 1)
        def forward(X, W1, b1, W2, b2):
            Z1 = np.dot(W1, X) + b1
            A1 = np.maximum(Z1, 0)
            Z2 = np.dot(W2, A1) + b2
            A2 = np.exp(Z2) / np.sum(np.exp(Z2), axis=0, keepdims=True)
            cache = (Z1, A1, Z2, A2)
            return A2, cache
        def backward(X, Y, cache, W2):
            Z1, A1, Z2, A2 = cache
            m = X.shape[1]
            dZ2 = A2 - Y
            dW2 = (1 / m) * np.dot(dZ2, A1.T)
            db2 = (1 / m) * np.sum(dZ2, axis=1, keepdims=True)
            dZ1 = np.dot(W2.T, dZ2) * (Z1 > 0)
            dW1 = (1 / m) * np.dot(dZ1, X.T)
            db1 = (1 / m) * np.sum(dZ1, axis=1, keepdims=True)
            return dW1, db1, dW2, db2
        A2, cache = forward(X, W1, b1, W2, b2)
        dW1, db1, dW2, db2 = backward(X, Y, cache, W2)
        W1 = W1 - 0.1 * dW1
        b1 = b1 - 0.1 * db1
        W2 = W2 - 0.1 * dW2
        b2 = b2 - 0.1 * db2

        """#,
      plants: [
        .init(
          mistake: "missing-mean", text: "dW2 = (1 / m) * np.dot(dZ2, A1.T)",
          replacement: "dW2 = np.dot(dZ2, A1.T)"),
        .init(mistake: "wrong-sign", text: "dZ2 = A2 - Y", replacement: "dZ2 = Y - A2"),
        .init(
          mistake: "missing-activation-derivative", text: "dZ1 = np.dot(W2.T, dZ2) * (Z1 > 0)",
          replacement: "dZ1 = np.dot(W2.T, dZ2)"),
        .init(
          mistake: "softmax-wrong-axis", text: "np.sum(np.exp(Z2), axis=0, keepdims=True)",
          replacement: "np.sum(np.exp(Z2), axis=1, keepdims=True)"),
        .init(
          mistake: "wrong-sum-axis", text: "db1 = (1 / m) * np.sum(dZ1, axis=1, keepdims=True)",
          replacement: "db1 = (1 / m) * np.sum(dZ1, axis=0, keepdims=True)"),
        .init(
          mistake: "input-for-activation", text: "dW2 = (1 / m) * np.dot(dZ2, A1.T)",
          replacement: "dW2 = (1 / m) * np.dot(dZ2, Z1.T)"),
      ]),
    PlantedProgram(
      style: "one sample at a time, plain lists", network: "2 4:tanh 3:softmax",
      source: #"""
        import math
        X = [[1.0, 2.0], [0.5, -1.0], [-1.5, 0.3], [0.3, 0.8], [0.6, -0.7]]
        T = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0]]
        W1 = [[0.1, -0.2, 0.3, 0.4], [0.5, 0.6, -0.7, 0.8]]
        b1 = [0.1, 0.2, 0.3, 0.4]
        W2 = [[0.1, 0.2, 0.3], [0.4, -0.5, 0.6], [-0.7, 0.8, 0.9], [0.15, 0.25, -0.35]]
        b2 = [0.1, 0.05, -0.1]
        m = len(X)
        dW1 = [[0.0] * 4 for _ in range(2)]
        dW2 = [[0.0] * 3 for _ in range(4)]
        for s in range(m):
            z1 = [sum(X[s][i] * W1[i][j] for i in range(2)) + b1[j] for j in range(4)]
            a1 = [math.tanh(z) for z in z1]
            z2 = [sum(a1[j] * W2[j][k] for j in range(4)) + b2[k] for k in range(3)]
            e = [math.exp(z) for z in z2]
            p = [v / sum(e) for v in e]
            d2 = [(p[k] - T[s][k]) / m for k in range(3)]
            for j in range(4):
                for k in range(3):
                    dW2[j][k] += a1[j] * d2[k]
            d1 = [sum(d2[k] * W2[j][k] for k in range(3)) * (1 - a1[j] ** 2) for j in range(4)]
            for i in range(2):
                for j in range(4):
                    dW1[i][j] += X[s][i] * d1[j]

        """#,
      plants: [
        .init(
          mistake: "missing-mean", text: "d2 = [(p[k] - T[s][k]) / m for k in range(3)]",
          replacement: "d2 = [(p[k] - T[s][k]) for k in range(3)]"),
        .init(
          mistake: "missing-activation-derivative", text: " * (1 - a1[j] ** 2) for j", replacement: " for j"),
      ]),
    PlantedProgram(
      style: "single precision", network: "3 4:sigmoid 1:sigmoid",
      source: #"""
        import numpy as np
        rng = np.random.default_rng(7)
        X = rng.normal(size=(8, 3)).astype(np.float32)
        t = (rng.random((8, 1)) > 0.5).astype(np.float32)
        W1 = rng.normal(size=(3, 4)).astype(np.float32)
        b1 = rng.normal(size=(1, 4)).astype(np.float32)
        W2 = rng.normal(size=(4, 1)).astype(np.float32)
        b2 = np.zeros((1, 1), np.float32)
        eta = np.float32(0.5)
        sig = lambda z: 1 / (1 + np.exp(-z))
        for it in range(2):
            h = sig(X @ W1 + b1)
            out = sig(h @ W2 + b2)
            loss = -np.mean(t * np.log(out) + (1 - t) * np.log(1 - out))
            delta2 = (out - t) / len(X)
            gW2 = h.T @ delta2
            gb2 = delta2.sum(0, keepdims=True)
            delta1 = delta2 @ W2.T * h * (1 - h)
            gW1 = X.T @ delta1
            gb1 = delta1.sum(0, keepdims=True)
            W1 -= eta * gW1; b1 -= eta * gb1
            W2 -= eta * gW2; b2 -= eta * gb2

        """#,
      plants: [
        .init(mistake: "missing-mean", text: "delta2 = (out - t) / len(X)", replacement: "delta2 = out - t"),
        .init(
          mistake: "missing-activation-derivative", text: "delta1 = delta2 @ W2.T * h * (1 - h)",
          replacement: "delta1 = delta2 @ W2.T"),
        .init(
          mistake: nil, text: "delta2 = (out - t) / len(X)",
          replacement: "delta2 = (out - t) * out * (1 - out) / len(X)"),
      ]),
    PlantedProgram(
      style: "y - out with +=", network: "2 3:sigmoid 1:sigmoid loss=half_sse",
      source: #"""
        import numpy as np
        def sigmoid(x): return 1/(1+np.exp(-x))
        X = np.array([[0,0.1],[0.2,1],[1,0.3],[1,1.2]])
        y = np.array([[0],[1],[1],[0]])
        np.random.seed(1)
        syn0 = 2*np.random.random((2,3)) - 1
        syn1 = 2*np.random.random((3,1)) - 1
        b0 = np.array([0.1, -0.2, 0.3]); bb = np.array([0.05])
        for j in range(2):
            l1 = sigmoid(X @ syn0 + b0)
            l2 = sigmoid(l1 @ syn1 + bb)
            l2_error = y - l2
            l2_delta = l2_error * l2 * (1 - l2)
            l1_error = l2_delta.dot(syn1.T)
            l1_delta = l1_error * l1 * (1 - l1)
            syn1 += l1.T.dot(l2_delta)
            syn0 += X.T.dot(l1_delta)
            bb += l2_delta.sum(0)
            b0 += l1_delta.sum(0)

        """#,
      plants: []),
  ]
}
