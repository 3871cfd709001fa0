# model rnn
import numpy as np
class RNN:
    def __init__(self, n_in, n_hidden, n_out, seed=0):
        g = np.random.default_rng(seed)
        self.Wx = g.normal(0, 0.5, (n_in, n_hidden))
        self.Wh = g.normal(0, 0.5, (n_hidden, n_hidden))
        self.b = g.normal(0, 0.1, (1, n_hidden))
        self.Wy = g.normal(0, 0.5, (n_hidden, n_out))
        self.by = g.normal(0, 0.1, (1, n_out))
    def forward(self, inputs):
        h = np.zeros((inputs[0].shape[0], self.Wh.shape[0]))
        self.inputs = inputs
        self.states = [h]
        for x in inputs:
            h = np.tanh(np.dot(x, self.Wx) + np.dot(h, self.Wh) + self.b)
            self.states.append(h)
        logits = h @ self.Wy + self.by
        e = np.exp(logits)
        self.probs = e / e.sum(axis=1, keepdims=True)
        return self.probs
    def backward(self, y):
        dlogits = (self.probs - y) / len(y)
        self.dWy = self.states[-1].T @ dlogits
        self.dby = dlogits.sum(axis=0, keepdims=True)
        self.dWx = np.zeros_like(self.Wx)
        self.dWh = np.zeros_like(self.Wh)
        self.db = np.zeros_like(self.b)
        dh = dlogits @ self.Wy.T
        for t in range(len(self.inputs) - 1, -1, -1):
            dz = dh * (1 - self.states[t + 1] ** 2)
            self.dWx += self.inputs[t].T @ dz
            self.dWh += self.states[t].T @ dz
            self.db += dz.sum(axis=0, keepdims=True)
            dh = dz @ self.Wh.T
g = np.random.default_rng(9)
sequence = [g.normal(size=(4, 2)) for _ in range(3)]
y = np.eye(3)[[2, 0, 1, 1]]
net = RNN(2, 5, 3)
net.forward(sequence)
net.backward(y)
for name in ("Wx", "Wh", "b", "Wy", "by"):
    setattr(net, name, getattr(net, name) - 0.1 * getattr(net, "d" + name))

#! missing-activation-derivative
#- dz = dh * (1 - self.states[t + 1] ** 2)
#+ dz = dh * 1.0

#! wrong-layer-mask
#- dz = dh * (1 - self.states[t + 1] ** 2)
#+ dz = dh * (1 - self.states[t] ** 2)

#! stale-value
#- self.dWh += self.states[t].T @ dz
#+ self.dWh += self.states[t + 1].T @ dz

#! wrong-sign
#- dlogits = (self.probs - y) / len(y)
#+ dlogits = (y - self.probs) / len(y)
