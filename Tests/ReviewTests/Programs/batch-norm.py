# model batchnorm
import numpy as np

class BatchNorm:
    def __init__(self, d, eps=1e-5):
        self.gamma = 1 + 0.1 * np.random.randn(d)
        self.beta = 0.1 * np.random.randn(d)
        self.eps = eps

    def forward(self, x):
        self.mu = np.mean(x, axis=0)
        self.xc = x - self.mu
        self.var = np.var(x, axis=0)
        self.istd = 1 / np.sqrt(self.var + self.eps)
        self.xn = self.xc * self.istd
        return self.gamma * self.xn + self.beta

    def backward(self, dout):
        N = dout.shape[0]
        self.dbeta = np.sum(dout, axis=0)
        self.dgamma = np.sum(dout * self.xn, axis=0)
        dxn = dout * self.gamma
        dvar = np.sum(dxn * self.xc, axis=0) * -0.5 * self.istd ** 3
        dmu = np.sum(-dxn * self.istd, axis=0) + dvar * np.mean(-2 * self.xc, axis=0)
        dx = dxn * self.istd + dvar * 2 * self.xc / N + dmu / N
        return dx

class Linear:
    def __init__(self, i, o):
        self.W = np.random.randn(i, o) * 0.5
        self.b = np.random.randn(o) * 0.1

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, g):
        self.dW = self.x.T @ g
        self.db = g.sum(0)
        return g @ self.W.T

class ReLU:
    def forward(self, x):
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, g):
        return g * self.mask

np.random.seed(4)
layers = [Linear(2, 4), BatchNorm(4), ReLU(), Linear(4, 3)]
X = np.random.randn(7, 2)
Y = np.random.randn(7, 3)
for step in range(2):
    out = X
    for layer in layers:
        out = layer.forward(out)
    diff = out - Y
    loss = (diff ** 2).mean()
    grad = 2 * diff / diff.size
    for layer in reversed(layers):
        grad = layer.backward(grad)
    for layer in layers:
        if isinstance(layer, Linear):
            layer.W -= 0.1 * layer.dW
            layer.b -= 0.1 * layer.db
        if isinstance(layer, BatchNorm):
            layer.gamma -= 0.1 * layer.dgamma
            layer.beta -= 0.1 * layer.dbeta
