# net 3 7:tanh 4:tanh 2:linear loss=half_sse
# samples rows
import numpy as np

def loss_and_grads(theta, x, y):
    w1, c1, w2, c2, w3, c3 = theta
    # i: sample, j: input, k: hidden
    pre1 = np.einsum("ij,jk->ik", x, w1) + c1
    act1 = np.tanh(pre1)
    pre2 = np.einsum("ij,jk->ik", act1, w2) + c2
    act2 = np.tanh(pre2)
    yhat = np.einsum("ij,jk->ik", act2, w3) + c3
    err = yhat - y
    loss = 0.5 * np.einsum("ik,ik->", err, err)
    g_w3 = np.einsum("ij,ik->jk", act2, err)
    g_c3 = np.einsum("ik->k", err)
    back2 = np.einsum("ik,jk->ij", err, w3) * (1.0 - np.square(act2))
    g_w2 = np.einsum("ij,ik->jk", act1, back2)
    g_c2 = np.einsum("ik->k", back2)
    back1 = np.einsum("ik,jk->ij", back2, w2) * (1.0 - np.square(act1))
    g_w1 = np.einsum("ij,ik->jk", x, back1)
    g_c1 = np.einsum("ik->k", back1)
    return loss, [g_w1, g_c1, g_w2, g_c2, g_w3, g_c3]

rng = np.random.default_rng(0)
theta = [rng.standard_normal(s) * 0.4 for s in [(3, 7), 7, (7, 4), 4, (4, 2), 2]]
x, y = rng.standard_normal((5, 3)), rng.standard_normal((5, 2))
for step in range(4):
    loss, grads = loss_and_grads(theta, x, y)
    theta = [p - 0.02 * g for p, g in zip(theta, grads)]
print(loss)

#! missing-activation-derivative
#-     back2 = np.einsum("ik,jk->ij", err, w3) * (1.0 - np.square(act2))
#+     back2 = np.einsum("ik,jk->ij", err, w3)

#! activation-derivative-at-wrong-argument
#-     back1 = np.einsum("ik,jk->ij", back2, w2) * (1.0 - np.square(act1))
#+     back1 = np.einsum("ik,jk->ij", back2, w2) * (1.0 - np.square(pre1))

#! mean-for-sum
#-     err = yhat - y
#+     err = (yhat - y) / len(x)

#! wrong-sign
#-     theta = [p - 0.02 * g for p, g in zip(theta, grads)]
#+     theta = [p + 0.02 * g for p, g in zip(theta, grads)]

#! bias-averaged
#-     g_c2 = np.einsum("ik->k", back2)
#+     g_c2 = np.einsum("ik->k", back2) / len(x)
