# model cnn
import numpy as np
rng = np.random.RandomState(2)
m = 3
X = rng.randn(m, 1, 6, 6)
Y = np.eye(5)[[1, 4, 0]]
W1 = rng.randn(2, 1, 3, 3) * 0.5
b1 = rng.randn(2) * 0.1
W2 = rng.randn(8, 5) * 0.5
b2 = rng.randn(5) * 0.1

def im2col(x, k):
    n, c, h, w = x.shape
    oh, ow = h - k + 1, w - k + 1
    cols = np.zeros((n, oh, ow, c, k, k))
    for i in range(oh):
        for j in range(ow):
            cols[:, i, j] = x[:, :, i:i + k, j:j + k]
    return cols.reshape(n * oh * ow, c * k * k)

cols = im2col(X, 3)
Z1 = (cols @ W1.reshape(2, -1).T + b1).reshape(m, 4, 4, 2).transpose(0, 3, 1, 2)
A1 = np.maximum(Z1, 0)
windows = A1.reshape(m, 2, 2, 2, 2, 2)
P1 = windows.max(axis=(3, 5))
F = P1.reshape(m, 8)
Z2 = F @ W2 + b2
E = np.exp(Z2 - Z2.max(1, keepdims=True))
S = E / E.sum(1, keepdims=True)
dZ2 = (S - Y) / m
dW2 = F.T @ dZ2
db2 = dZ2.sum(0)
dF = dZ2 @ W2.T
dP1 = dF.reshape(m, 2, 2, 2)
mask = (windows == P1[:, :, :, None, :, None])
dA1 = (mask * dP1[:, :, :, None, :, None]).reshape(m, 2, 4, 4)
dZ1 = dA1 * (Z1 > 0)
dflat = dZ1.transpose(0, 2, 3, 1).reshape(-1, 2)
dW1 = (dflat.T @ cols).reshape(2, 1, 3, 3)
db1 = dflat.sum(0)
lr = 0.1
W1 -= lr * dW1
b1 -= lr * db1
W2 -= lr * dW2
b2 -= lr * db2

#! missing-mean
#- dZ2 = (S - Y) / m
#+ dZ2 = S - Y

#! bias-averaged
#- db1 = dflat.sum(0)
#+ db1 = dflat.mean(0)

#! wrong-sign
#- dZ2 = (S - Y) / m
#+ dZ2 = (Y - S) / m

#! double-mean
#- dW2 = F.T @ dZ2
#+ dW2 = F.T @ dZ2 / m

#! double-mean
#- dW1 = (dflat.T @ cols).reshape(2, 1, 3, 3)
#+ dW1 = (dflat.T @ cols).reshape(2, 1, 3, 3) / m
