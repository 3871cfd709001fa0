# model f = sigmoid(x @ Wf + h0 @ Uf + bf); i = sigmoid(x @ Wi + h0 @ Ui + bi); o = sigmoid(x @ Wo + h0 @ Uo + bo); g = tanh(x @ Wc + h0 @ Uc + bc); c = f * c0 + i * g; h = o * tanh(c); L = half_sse(y, h)
# samples rows
import numpy as np
np.random.seed(3)
def sigmoid(v): return 1 / (1 + np.exp(-v))
n, d, k = 4, 3, 5
x, h0, c0, y = np.random.randn(n, d), np.random.randn(n, k), np.random.randn(n, k), np.random.randn(n, k)
Wf, Wi, Wo, Wc = [np.random.randn(d, k) * 0.5 for _ in range(4)]
Uf, Ui, Uo, Uc = [np.random.randn(k, k) * 0.5 for _ in range(4)]
bf, bi, bo, bc = [np.random.randn(1, k) * 0.1 for _ in range(4)]
f = sigmoid(x @ Wf + h0 @ Uf + bf)
i = sigmoid(x @ Wi + h0 @ Ui + bi)
o = sigmoid(x @ Wo + h0 @ Uo + bo)
g = np.tanh(x @ Wc + h0 @ Uc + bc)
c = f * c0 + i * g
tc = np.tanh(c)
h = o * tc
loss = 0.5 * np.sum((h - y) ** 2)
dh = h - y
do = dh * tc
dc = dh * o * (1 - tc ** 2)
df = dc * c0
di = dc * g
dg = dc * i
dc0 = dc * f
af = df * f * (1 - f)
ai = di * i * (1 - i)
ao = do * o * (1 - o)
ag = dg * (1 - g ** 2)
dWf, dUf, dbf = x.T @ af, h0.T @ af, af.sum(0, keepdims=True)
dWi, dUi, dbi = x.T @ ai, h0.T @ ai, ai.sum(0, keepdims=True)
dWo, dUo, dbo = x.T @ ao, h0.T @ ao, ao.sum(0, keepdims=True)
dWc, dUc, dbc = x.T @ ag, h0.T @ ag, ag.sum(0, keepdims=True)

#! wrong-gate-derivative
#- ai = di * i * (1 - i)
#+ ai = di * (1 - i ** 2)

#! missing-activation-derivative
#- dc = dh * o * (1 - tc ** 2)
#+ dc = dh * o

#!
#- df = dc * c0
#+ df = dc * c

#! wrong-gate-derivative
#- ag = dg * (1 - g ** 2)
#+ ag = dg * g * (1 - g)

#!
#- do = dh * tc
#+ do = dh * c

#!
#- dWi, dUi, dbi = x.T @ ai, h0.T @ ai, ai.sum(0, keepdims=True)
#+ dWi, dUi, dbi = x.T @ ai, h0.T @ af, ai.sum(0, keepdims=True)
