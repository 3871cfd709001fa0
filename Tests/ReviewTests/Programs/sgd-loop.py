# net 2 3:tanh 1:linear loss=half_mse
import numpy as np
rng = np.random.RandomState(1)
data = rng.randn(20, 2)
labels = (data[:, :1] * 2 - data[:, 1:]) + 0.3
W1 = rng.randn(2, 3) * 0.5
b1 = np.zeros(3)
W2 = rng.randn(3, 1) * 0.5
b2 = np.zeros(1)
lr = 0.05
for epoch in range(2):
    for i in range(len(data)):
        x = data[i:i+1]
        y = labels[i:i+1]
        z1 = x @ W1 + b1
        h = np.tanh(z1)
        out = h @ W2 + b2
        err = out - y
        gW2 = h.T @ err
        gb2 = err[0]
        dh = err @ W2.T
        dz1 = dh * (1 - h ** 2)
        gW1 = x.T @ dz1
        gb1 = dz1[0]
        W1 -= lr * gW1
        b1 -= lr * gb1
        W2 -= lr * gW2
        b2 -= lr * gb2

#! wrong-sign
#- err = out - y
#+ err = y - out

#! missing-activation-derivative
#- dz1 = dh * (1 - h ** 2)
#+ dz1 = dh

#! activation-derivative-at-wrong-argument
#- dz1 = dh * (1 - h ** 2)
#+ dz1 = dh * (1 - np.tanh(h) ** 2)

#! wrong-gate-derivative
#- dz1 = dh * (1 - h ** 2)
#+ dz1 = dh * h * (1 - h)

#! extra-factor
#- err = out - y
#+ err = 2 * (out - y)

#! wrong-sign
#-         W1 -= lr * gW1
#+         W1 += lr * gW1

#! updated-weights
#-         dh = err @ W2.T
#+         W2 -= lr * gW2; dh = err @ W2.T
