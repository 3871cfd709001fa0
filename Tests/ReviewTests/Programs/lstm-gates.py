# model lstm
import numpy as np

rng = np.random.default_rng(8)

def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))

N, D, H, O, T = 3, 2, 4, 5, 2
Wi, Wf, Wo, Wg = [rng.normal(size=(D, H)) * 0.6 for _ in range(4)]
Ui, Uf, Uo, Ug = [rng.normal(size=(H, H)) * 0.6 for _ in range(4)]
bi, bo, bg = [rng.normal(size=H) * 0.1 for _ in range(3)]
bf = np.ones(H)
Wy = rng.normal(size=(H, O)) * 0.5
by = rng.normal(size=O) * 0.1
xs = rng.normal(size=(T, N, D))
Y = rng.normal(size=(N, O))
h0 = rng.normal(size=(N, H)) * 0.3
c0 = rng.normal(size=(N, H)) * 0.3

# forward
hs, cs, gates = [h0], [c0], []
for t in range(T):
    x, h, c = xs[t], hs[-1], cs[-1]
    i = sigmoid(x @ Wi + h @ Ui + bi)
    f = sigmoid(x @ Wf + h @ Uf + bf)
    o = sigmoid(x @ Wo + h @ Uo + bo)
    g = np.tanh(x @ Wg + h @ Ug + bg)
    c_next = f * c + i * g
    h_next = o * np.tanh(c_next)
    gates.append((i, f, o, g))
    cs.append(c_next)
    hs.append(h_next)
P = hs[-1] @ Wy + by
loss = np.mean((P - Y) ** 2)

# backward
dP = 2 * (P - Y) / P.size
dWy = hs[-1].T @ dP
dby = dP.sum(axis=0)
dh = dP @ Wy.T
dc = np.zeros((N, H))
dWi, dWf, dWo, dWg = [np.zeros((D, H)) for _ in range(4)]
dUi, dUf, dUo, dUg = [np.zeros((H, H)) for _ in range(4)]
dbi, dbf, dbo, dbg = [np.zeros(H) for _ in range(4)]
for t in reversed(range(T)):
    i, f, o, g = gates[t]
    tc = np.tanh(cs[t + 1])
    do = dh * tc
    dc = dc + dh * o * (1 - tc ** 2)
    df = dc * cs[t]
    di = dc * g
    dg = dc * i
    dai = di * i * (1 - i)
    daf = df * f * (1 - f)
    dao = do * o * (1 - o)
    dag = dg * (1 - g ** 2)
    dWi += xs[t].T @ dai
    dWf += xs[t].T @ daf
    dWo += xs[t].T @ dao
    dWg += xs[t].T @ dag
    dUi += hs[t].T @ dai
    dUf += hs[t].T @ daf
    dUo += hs[t].T @ dao
    dUg += hs[t].T @ dag
    dbi += dai.sum(axis=0)
    dbf += daf.sum(axis=0)
    dbo += dao.sum(axis=0)
    dbg += dag.sum(axis=0)
    dh = dai @ Ui.T + daf @ Uf.T + dao @ Uo.T + dag @ Ug.T
    dc = dc * f

#! wrong-gate-derivative
#-     dao = do * o * (1 - o)
#+     dao = do * (1 - o ** 2)

#! missing-activation-derivative
#-     dag = dg * (1 - g ** 2)
#+     dag = dg

#! one-path-only
#-     dc = dc + dh * o * (1 - tc ** 2)
#+     dc = dh * o * (1 - tc ** 2)

#! one-path-only
#-     dh = dai @ Ui.T + daf @ Uf.T + dao @ Uo.T + dag @ Ug.T
#+     dh = dai @ Ui.T + daf @ Uf.T + dag @ Ug.T

#! last-step-only
#-     dWf += xs[t].T @ daf
#+     dWf = xs[t].T @ daf

#! missing-factor
#- dP = 2 * (P - Y) / P.size
#+ dP = (P - Y) / P.size

#! missing-activation-derivative
#-     dc = dc + dh * o * (1 - tc ** 2)
#+     dc = dc + dh * o

#!
#-     df = dc * cs[t]
#+     df = dc * cs[t + 1]

#! mean-over-classes
#- dP = 2 * (P - Y) / P.size
#+ dP = 2 * (P - Y) / N
