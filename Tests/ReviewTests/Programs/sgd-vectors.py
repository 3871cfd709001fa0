# net 3 4:relu 2:softmax
import numpy as np

def relu(v):
    return np.maximum(0, v)

def softmax(v):
    e = np.exp(v - np.max(v))
    return e / e.sum()

np.random.seed(4)
X = np.random.randn(12, 3)
Y = np.eye(2)[np.random.randint(0, 2, 12)]
w1 = np.random.randn(3, 4)
w2 = np.random.randn(4, 2)
c1 = np.random.randn(4) * 0.1
c2 = np.random.randn(2) * 0.1
eta = 0.1
for i in np.random.permutation(12):
    x, t = X[i], Y[i]
    a = x @ w1 + c1
    h = relu(a)
    o = h @ w2 + c2
    p = softmax(o)
    d_o = p - t
    d_w2 = np.outer(h, d_o)
    d_h = w2 @ d_o
    d_a = d_h * (a > 0)
    d_w1 = np.outer(x, d_a)
    w2 = w2 - eta * d_w2
    c2 = c2 - eta * d_o
    w1 = w1 - eta * d_w1
    c1 = c1 - eta * d_a

#! wrong-sign
#- d_o = p - t
#+ d_o = t - p

#! missing-activation-derivative
#- d_a = d_h * (a > 0)
#+ d_a = d_h * 1.0

#! input-for-activation
#- d_w2 = np.outer(h, d_o)
#+ d_w2 = np.outer(a, d_o)

#! sigmoid-derivative-on-softmax
#- d_o = p - t
#+ d_o = (p - t) * p * (1 - p)

#!
#-     return e / e.sum()
#+     return e
