# model multihead
import numpy as np

class MultiHeadAttention:
    def __init__(self, d_model, n_heads, d_k, d_v, rng):
        self.h, self.d_k = n_heads, d_k
        self.Wq = [rng.normal(size=(d_model, d_k)) * 0.5 for _ in range(n_heads)]
        self.Wk = [rng.normal(size=(d_model, d_k)) * 0.5 for _ in range(n_heads)]
        self.Wv = [rng.normal(size=(d_model, d_v)) * 0.5 for _ in range(n_heads)]
        self.Wo = rng.normal(size=(n_heads * d_v, d_model)) * 0.5

    def softmax(self, s):
        e = np.exp(s - s.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    def forward(self, x):
        self.x = x
        self.q, self.k, self.v, self.a, heads = [], [], [], [], []
        for i in range(self.h):
            q = x @ self.Wq[i]
            k = x @ self.Wk[i]
            v = x @ self.Wv[i]
            a = self.softmax(q @ k.T / np.sqrt(self.d_k))
            heads.append(a @ v)
            self.q.append(q); self.k.append(k); self.v.append(v); self.a.append(a)
        self.concat = np.concatenate(heads, axis=1)
        return self.concat @ self.Wo

    def backward(self, dout):
        self.dWo = self.concat.T @ dout
        dconcat = dout @ self.Wo.T
        dheads = np.split(dconcat, self.h, axis=1)
        self.dWq, self.dWk, self.dWv = [], [], []
        dx = np.zeros_like(self.x)
        for i in range(self.h):
            q, k, v, a = self.q[i], self.k[i], self.v[i], self.a[i]
            dhead = dheads[i]
            da = dhead @ v.T
            dv = a.T @ dhead
            ds = a * (da - np.sum(da * a, axis=-1, keepdims=True))
            ds = ds / np.sqrt(self.d_k)
            dq = ds @ k
            dk = ds.T @ q
            self.dWq.append(self.x.T @ dq)
            self.dWk.append(self.x.T @ dk)
            self.dWv.append(self.x.T @ dv)
            dx += dq @ self.Wq[i].T + dk @ self.Wk[i].T + dv @ self.Wv[i].T
        return dx

rng = np.random.default_rng(4)
x = rng.normal(size=(4, 5))
target = rng.normal(size=(4, 5))
attn = MultiHeadAttention(5, 2, 3, 2, rng)
y = attn.forward(x)
loss = np.mean((y - target) ** 2)
dy = 2 * (y - target) / y.size
dx = attn.backward(dy)

#! missing-scale
#-             ds = ds / np.sqrt(self.d_k)
#+             ds = ds / 1.0

#! diagonal-jacobian
#-             ds = a * (da - np.sum(da * a, axis=-1, keepdims=True))
#+             ds = a * (1 - a) * da

#! softmax-wrong-axis
#-             ds = a * (da - np.sum(da * a, axis=-1, keepdims=True))
#+             ds = a * (da - np.sum(da * a, axis=0, keepdims=True))

#! transposed
#-             dk = ds.T @ q
#+             dk = ds @ q

#! transposed
#-             dv = a.T @ dhead
#+             dv = a @ dhead

#!
#-             dx += dq @ self.Wq[i].T + dk @ self.Wk[i].T + dv @ self.Wv[i].T
#+             dx += dq @ self.Wq[i].T + dk @ self.Wk[i].T

#! missing-mean
#- dy = 2 * (y - target) / y.size
#+ dy = 2 * (y - target)

#! wrong-sign
#- dy = 2 * (y - target) / y.size
#+ dy = 2 * (target - y) / y.size

#! missing-scale
#-             a = self.softmax(q @ k.T / np.sqrt(self.d_k))
#+             a = self.softmax(q @ k.T)
