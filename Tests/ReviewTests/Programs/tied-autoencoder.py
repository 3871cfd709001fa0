# model
# Z1 = X @ W + b
# H = sigmoid(Z1)
# Z2 = H @ W.T + c
# R = sigmoid(Z2)
# L = sum((R - X)**2) / (2 * m)
# end
# samples rows
import numpy as np

class TiedAutoencoder(object):
    def __init__(self, visible, hidden):
        rng = np.random.RandomState(123)
        self.W = rng.uniform(-0.7, 0.7, (visible, hidden))
        self.hbias = rng.uniform(-0.1, 0.1, hidden)
        self.vbias = rng.uniform(-0.1, 0.1, visible)

    def sigmoid(self, v):
        return 1. / (1. + np.exp(-v))

    def encode(self, x):
        return self.sigmoid(np.dot(x, self.W) + self.hbias)

    def decode(self, hid):
        return self.sigmoid(np.dot(hid, self.W.T) + self.vbias)

    def train(self, x, lr):
        n = x.shape[0]
        y = self.encode(x)
        z = self.decode(y)
        cost = np.sum((z - x) ** 2) / (2 * n)
        L_vbias = (z - x) / n * z * (1 - z)
        L_hbias = np.dot(L_vbias, self.W) * y * (1 - y)
        L_W = np.dot(x.T, L_hbias) + np.dot(L_vbias.T, y)
        self.W -= lr * L_W
        self.hbias -= lr * np.sum(L_hbias, axis=0)
        self.vbias -= lr * np.sum(L_vbias, axis=0)
        return cost

X = np.random.RandomState(8).uniform(size=(6, 5))
da = TiedAutoencoder(5, 3)
for epoch in range(3):
    print('cost', da.train(X, 0.5))

#! one-path-only
#-         L_W = np.dot(x.T, L_hbias) + np.dot(L_vbias.T, y)
#+         L_W = np.dot(x.T, L_hbias)

#! missing-activation-derivative
#-         L_vbias = (z - x) / n * z * (1 - z)
#+         L_vbias = (z - x) / n

#! activation-for-derivative
#-         L_hbias = np.dot(L_vbias, self.W) * y * (1 - y)
#+         L_hbias = np.dot(L_vbias, self.W) * y

#! wrong-sign
#-         self.hbias -= lr * np.sum(L_hbias, axis=0)
#+         self.hbias += lr * np.sum(L_hbias, axis=0)

#! bias-averaged
#-         self.vbias -= lr * np.sum(L_vbias, axis=0)
#+         self.vbias -= lr * np.mean(L_vbias, axis=0)
