# net 4 5:tanh 3:softmax
import numpy as np
g = np.random.default_rng(11)
f = np.float32
x = g.standard_normal((16, 4), dtype=f)
y = g.integers(0, 3, 16)
w1 = (g.standard_normal((4, 5), dtype=f) * f(0.5)); bias1 = np.zeros(5, f)
w2 = (g.standard_normal((5, 3), dtype=f) * f(0.5)); bias2 = np.zeros(3, f)
def log_softmax(z):
    z = z - z.max(1, keepdims=True)
    return z - np.log(np.exp(z).sum(1, keepdims=True))
hpre = x @ w1 + bias1
hact = np.tanh(hpre)
logits = hact @ w2 + bias2
logp = log_softmax(logits)
loss = -logp[np.arange(16), y].mean()
dlogits = np.exp(logp)
dlogits[np.arange(16), y] -= 1
dlogits /= 16
dhact = dlogits @ w2.T
dw2 = hact.T @ dlogits
dbias2 = dlogits.sum(0)
dhpre = (1 - hact ** 2) * dhact
dw1 = x.T @ dhpre
dbias1 = dhpre.sum(0)
for p_, d_ in ((w1, dw1), (bias1, dbias1), (w2, dw2), (bias2, dbias2)):
    p_ -= f(0.1) * d_

#! missing-mean
#- dlogits /= 16
#+ dlogits /= 1

#! activation-for-derivative
#- dhpre = (1 - hact ** 2) * dhact
#+ dhpre = hact * dhact

#! wrong-sum-axis
#- dbias1 = dhpre.sum(0)
#+ dbias1 = dhpre.sum(1)
