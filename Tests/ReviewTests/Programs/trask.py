# net 3 4:sigmoid 1:sigmoid loss=half_sse
import numpy as np
def nonlin(x, deriv=False):
    if deriv:
        return x * (1 - x)
    return 1 / (1 + np.exp(-x))
X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
y = np.array([[0], [1], [1], [0]])
np.random.seed(1)
syn0 = 2 * np.random.random((3, 4)) - 1
b0 = 0.1 * np.random.random((1, 4))
syn1 = 2 * np.random.random((4, 1)) - 1
b1 = 0.1 * np.random.random((1, 1))
for j in range(3):
    l0 = X
    l1 = nonlin(np.dot(l0, syn0) + b0)
    l2 = nonlin(np.dot(l1, syn1) + b1)
    l2_error = y - l2
    l2_delta = l2_error * nonlin(l2, deriv=True)
    l1_error = l2_delta.dot(syn1.T)
    l1_delta = l1_error * nonlin(l1, deriv=True)
    syn1 += l1.T.dot(l2_delta)
    syn0 += l0.T.dot(l1_delta)
    b1 += l2_delta.sum(axis=0)
    b0 += l1_delta.sum(axis=0)

#! missing-activation-derivative
#- l1_delta = l1_error * nonlin(l1, deriv=True)
#+ l1_delta = l1_error

#! missing-activation-derivative
#- l2_delta = l2_error * nonlin(l2, deriv=True)
#+ l2_delta = l2_error

#! wrong-sign
#-     l2_error = y - l2
#+     l2_error = l2 - y

#!
#-         return x * (1 - x)
#+         return x

#! wrong-sign
#- syn1 += l1.T.dot(l2_delta)
#+ syn1 -= l1.T.dot(l2_delta)

#! bias-averaged
#- b0 += l1_delta.sum(axis=0)
#+ b0 += l1_delta.mean(axis=0)
