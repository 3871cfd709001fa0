# net 4 6:relu 5:tanh 3:softmax
import numpy as np

rng = np.random.RandomState(7)

def linear(x, W, b):
    y = x @ W + b
    def back(dy):
        return dy @ W.T, x.T @ dy, dy.sum(axis=0)
    return y, back

def relu(x):
    def back(dy):
        return dy * (x > 0)
    return np.maximum(x, 0), back

def tanh(x):
    t = np.tanh(x)
    def back(dy):
        return dy * (1 - t * t)
    return t, back

def nll(scores, labels):
    n = len(labels)
    s = scores - scores.max(axis=1, keepdims=True)
    logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    value = -logp[np.arange(n), labels].mean()
    def back():
        d = np.exp(logp)
        d[np.arange(n), labels] -= 1
        return d / n
    return value, back

W1, b1 = rng.randn(4, 6) * 0.5, rng.randn(6) * 0.1
W2, b2 = rng.randn(6, 5) * 0.5, rng.randn(5) * 0.1
W3, b3 = rng.randn(5, 3) * 0.5, rng.randn(3) * 0.1
data = rng.randn(7, 4)
labels = rng.randint(0, 3, size=7)

u1, back_l1 = linear(data, W1, b1)
v1, back_r = relu(u1)
u2, back_l2 = linear(v1, W2, b2)
v2, back_t = tanh(u2)
scores, back_l3 = linear(v2, W3, b3)
loss, back_nll = nll(scores, labels)

g = back_nll()
g, gW3, gb3 = back_l3(g)
g = back_t(g)
g, gW2, gb2 = back_l2(g)
g = back_r(g)
_, gW1, gb1 = back_l1(g)
print(loss)

#! activation-derivative-at-wrong-argument
#-         return dy * (1 - t * t)
#+         return dy * (1 - x * x)

#! missing-activation-derivative
#- g = back_t(g)
#+ g = g

#! bias-averaged
#-         return dy @ W.T, x.T @ dy, dy.sum(axis=0)
#+         return dy @ W.T, x.T @ dy, dy.mean(axis=0)

#!
#-         d[np.arange(n), labels] -= 1
#+         d[np.arange(n), labels] += 1

#!
#-         return dy * (x > 0)
#+         return dy * (x < 0)
