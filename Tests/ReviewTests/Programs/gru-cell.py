# model
# z = sigmoid(x @ Wz + h0 @ Uz + bz)
# r = sigmoid(x @ Wr + h0 @ Ur + br)
# n = tanh(x @ Wn + (r * h0) @ Un + bn)
# h = (1 - z) * n + z * h0
# o = h @ V + c
# L = cross_entropy(t, softmax(o))
# end
# samples rows
import numpy as np

def sigmoid(a):
    return 1.0 / (1.0 + np.exp(-a))

class GRUCell:
    def __init__(self, n_in, n_hid, rng):
        self.Wz, self.Wr, self.Wn = (rng.normal(0, 0.4, (n_in, n_hid)) for _ in range(3))
        self.Uz, self.Ur, self.Un = (rng.normal(0, 0.4, (n_hid, n_hid)) for _ in range(3))
        self.bz, self.br, self.bn = (rng.normal(0, 0.1, n_hid) for _ in range(3))

    def forward(self, x, h0):
        self.x, self.h0 = x, h0
        self.z = sigmoid(x @ self.Wz + h0 @ self.Uz + self.bz)
        self.r = sigmoid(x @ self.Wr + h0 @ self.Ur + self.br)
        self.rh = self.r * h0
        self.n = np.tanh(x @ self.Wn + self.rh @ self.Un + self.bn)
        return (1 - self.z) * self.n + self.z * h0

    def backward(self, dh):
        dz = dh * (self.h0 - self.n)
        dn = dh * (1 - self.z)
        dh0 = dh * self.z
        dan = dn * (1 - self.n ** 2)
        self.dWn = self.x.T @ dan
        self.dUn = self.rh.T @ dan
        self.dbn = dan.sum(axis=0)
        drh = dan @ self.Un.T
        dr = drh * self.h0
        dh0 = dh0 + drh * self.r
        dar = dr * self.r * (1 - self.r)
        self.dWr = self.x.T @ dar
        self.dUr = self.h0.T @ dar
        self.dbr = dar.sum(axis=0)
        dh0 = dh0 + dar @ self.Ur.T
        daz = dz * self.z * (1 - self.z)
        self.dWz = self.x.T @ daz
        self.dUz = self.h0.T @ daz
        self.dbz = daz.sum(axis=0)
        dh0 = dh0 + daz @ self.Uz.T
        return dh0

rng = np.random.default_rng(4)
x, h0 = rng.normal(size=(6, 3)), rng.normal(size=(6, 5))
t = np.eye(4)[rng.integers(0, 4, 6)]
cell = GRUCell(3, 5, rng)
V, c = rng.normal(0, 0.5, (5, 4)), np.zeros(4)

h = cell.forward(x, h0)
o = h @ V + c
e = np.exp(o - o.max(axis=1, keepdims=True))
p = e / e.sum(axis=1, keepdims=True)
loss = -(t * np.log(p)).sum() / len(x)
do = (p - t) / len(x)
dV = h.T @ do
dc = do.sum(axis=0)
dh0 = cell.backward(do @ V.T)

#!
#-         dz = dh * (self.h0 - self.n)
#+         dz = dh * (self.n - self.h0)

#! one-path-only
#-         dh0 = dh0 + drh * self.r
#+         dh0 = drh * self.r

#!
#-         dr = drh * self.h0
#+         dr = drh * self.n

#! wrong-gate-derivative
#-         dan = dn * (1 - self.n ** 2)
#+         dan = dn * self.n * (1 - self.n)

#!
#-         self.dUn = self.rh.T @ dan
#+         self.dUn = self.h0.T @ dan

#! missing-mean
#- do = (p - t) / len(x)
#+ do = p - t
