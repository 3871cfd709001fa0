# model layernorm
import numpy as np

def layernorm_forward(x, gamma, beta, ln_param):
    out, cache = None, None
    eps = ln_param.get("eps", 1e-5)
    mu = x.mean(axis=1, keepdims=True)
    xmu = x - mu
    var = (xmu ** 2).mean(axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = xmu / std
    out = gamma * xhat + beta
    cache = (xhat, gamma, std)
    return out, cache

def layernorm_backward(dout, cache):
    xhat, gamma, std = cache
    D = dout.shape[1]
    dbeta = dout.sum(axis=0)
    dgamma = (dout * xhat).sum(axis=0)
    dxhat = dout * gamma
    dx = 1.0 / D / std * (D * dxhat - dxhat.sum(axis=1, keepdims=True) - xhat * (dxhat * xhat).sum(axis=1, keepdims=True))
    return dx, dgamma, dbeta

def affine_forward(x, w, b):
    return x.dot(w) + b, (x, w)

def affine_backward(dout, cache):
    x, w = cache
    dx = dout.dot(w.T)
    dw = x.T.dot(dout)
    db = dout.sum(axis=0)
    return dx, dw, db

rng = np.random.RandomState(5)
W1 = rng.randn(2, 4)
b1 = rng.randn(4)
gamma = 1 + 0.1 * rng.randn(4)
beta = 0.1 * rng.randn(4)
W2 = rng.randn(4, 3)
b2 = rng.randn(3)
X = rng.randn(6, 2)
Y = rng.randn(6, 3)

h, c1 = affine_forward(X, W1, b1)
n, c2 = layernorm_forward(h, gamma, beta, {})
a = np.maximum(n, 0)
out, c3 = affine_forward(a, W2, b2)
loss = np.mean((out - Y) ** 2)

dout = 2 * (out - Y) / out.size
da, dW2, db2 = affine_backward(dout, c3)
dn = da * (n > 0)
dh, dgamma, dbeta = layernorm_backward(dn, c2)
dX, dW1, db1 = affine_backward(dh, c1)
print(loss, dgamma)

#! statistics-held-constant
#-     dx = 1.0 / D / std * (D * dxhat - dxhat.sum(axis=1, keepdims=True) - xhat * (dxhat * xhat).sum(axis=1, keepdims=True))
#+     dx = dxhat / std

#! missing-factor
#- dout = 2 * (out - Y) / out.size
#+ dout = (out - Y) / out.size

#! unnormalised-in-gamma
#-     dgamma = (dout * xhat).sum(axis=0)
#+     dgamma = (dout * xhat * std).sum(axis=0)

#! bias-averaged
#-     db = dout.sum(axis=0)
#+     db = dout.mean(axis=0)
