# model rnn
import numpy as np
rng = np.random.default_rng(2)
m, n_in, n_h, n_out, T = 4, 2, 5, 3, 3
x = rng.normal(size=(m, T, n_in))
h0 = rng.normal(size=(m, n_h)) * 0.3
Y = np.eye(n_out)[[0, 2, 1, 1]]
Wx = rng.normal(size=(n_in, n_h)) * 0.5
Wh = rng.normal(size=(n_h, n_h)) * 0.5
b = rng.normal(size=(1, n_h)) * 0.1
Wy = rng.normal(size=(n_h, n_out)) * 0.5
by = rng.normal(size=(1, n_out)) * 0.1

def forward():
    h = [h0]
    for t in range(T):
        h.append(np.tanh(x[:, t] @ Wx + h[-1] @ Wh + b))
    scores = h[-1] @ Wy + by
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return h, p

h, p = forward()
loss = -np.sum(Y * np.log(p)) / m
dscores = (p - Y) / m
dWy = h[-1].T @ dscores
dby = dscores.sum(axis=0, keepdims=True)
dh = dscores @ Wy.T
dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)
for t in reversed(range(T)):
    da = dh * (1 - h[t + 1] ** 2)
    dWx += x[:, t].T @ da
    dWh += h[t].T @ da
    db += da.sum(axis=0, keepdims=True)
    dh = da @ Wh.T
dh0 = dh

#! missing-activation-derivative
#-     da = dh * (1 - h[t + 1] ** 2)
#+     da = dh

#! stale-value
#-     dWh += h[t].T @ da
#+     dWh += h[t + 1].T @ da

#! missing-mean
#- dscores = (p - Y) / m
#+ dscores = (p - Y)

#! transposed
#-     dh = da @ Wh.T
#+     dh = da @ Wh

#! wrong-layer-mask
#-     da = dh * (1 - h[t + 1] ** 2)
#+     da = dh * (1 - h[t] ** 2)
