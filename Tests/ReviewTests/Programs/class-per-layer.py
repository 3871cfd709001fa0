# net 2 5:relu 3:softmax
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

#! missing-mean
#- grad = (S - Y) / len(X)
#+ grad = S - Y

#! missing-activation-derivative
#-         return g * self.mask
#+         return g * 1.0

#! bias-averaged
#- self.db = g.sum(0)
#+ self.db = g.mean(0)

#! softmax-wrong-axis
#- return E / E.sum(1, keepdims=True)
#+ return E / E.sum(0, keepdims=True)
