# model Q = X @ WQ; K = X @ WK; V = X @ WV; S = Q @ K.T / 2; P = softmax(S); O = P @ V; R = O + X; L = half_sse(T, R)
# samples none
import numpy as np
np.random.seed(12)
n, d = 5, 4
X = np.random.randn(n, d)
T = np.random.randn(n, d)
WQ = np.random.randn(d, d) * 0.5
WK = np.random.randn(d, d) * 0.5
WV = np.random.randn(d, d) * 0.5

def softmax(z):
    z = z - z.max(axis=-1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)

def attention(X):
    q, k, v = X @ WQ, X @ WK, X @ WV
    scores = q @ k.T / np.sqrt(d)
    weights = softmax(scores)
    out = weights @ v
    return out + X, (q, k, v, weights)

def attention_backward(dy, saved):
    q, k, v, weights = saved
    dweights = dy @ v.T
    dv = weights.T @ dy
    tmp = (dweights * weights).sum(axis=-1, keepdims=True)
    dscores = weights * (dweights - tmp)
    dscores /= np.sqrt(d)
    dq = dscores @ k
    dk = dscores.T @ q
    dWQ = X.T @ dq
    dWK = X.T @ dk
    dWV = X.T @ dv
    dx = dq @ WQ.T + dk @ WK.T + dv @ WV.T + dy
    return dx, dWQ, dWK, dWV

y, saved = attention(X)
loss = 0.5 * ((y - T) ** 2).sum()
dy = y - T
dx, dWQ, dWK, dWV = attention_backward(dy, saved)
WQ -= 0.1 * dWQ; WK -= 0.1 * dWK; WV -= 0.1 * dWV

#! one-path-only
#-     dx = dq @ WQ.T + dk @ WK.T + dv @ WV.T + dy
#+     dx = dq @ WQ.T + dk @ WK.T + dv @ WV.T

#! transposed
#-     dk = dscores.T @ q
#+     dk = dscores @ q

#!
#-     dscores = weights * (dweights - tmp)
#+     dscores = weights * (1 - weights) * dweights

#! one-path-only
#-     dx = dq @ WQ.T + dk @ WK.T + dv @ WV.T + dy
#+     dx = dq @ WQ.T + dv @ WV.T + dy

#! missing-scale
#-     scores = q @ k.T / np.sqrt(d)
#+     scores = q @ k.T
