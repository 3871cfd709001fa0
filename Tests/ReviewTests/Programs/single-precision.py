# net 3 4:sigmoid 1:sigmoid
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

#! missing-mean
#- delta2 = (out - t) / len(X)
#+ delta2 = out - t

#! missing-activation-derivative
#- delta1 = delta2 @ W2.T * h * (1 - h)
#+ delta1 = delta2 @ W2.T

#!
#- delta2 = (out - t) / len(X)
#+ delta2 = (out - t) * out * (1 - out) / len(X)
