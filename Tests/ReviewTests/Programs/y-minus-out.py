# net 2 3:sigmoid 1:sigmoid loss=half_sse
import numpy as np
def sigmoid(x): return 1/(1+np.exp(-x))
X = np.array([[0,0.1],[0.2,1],[1,0.3],[1,1.2]])
y = np.array([[0],[1],[1],[0]])
np.random.seed(1)
syn0 = 2*np.random.random((2,3)) - 1
syn1 = 2*np.random.random((3,1)) - 1
b0 = np.array([0.1, -0.2, 0.3]); bb = np.array([0.05])
for j in range(2):
    l1 = sigmoid(X @ syn0 + b0)
    l2 = sigmoid(l1 @ syn1 + bb)
    l2_error = y - l2
    l2_delta = l2_error * l2 * (1 - l2)
    l1_error = l2_delta.dot(syn1.T)
    l1_delta = l1_error * l1 * (1 - l1)
    syn1 += l1.T.dot(l2_delta)
    syn0 += X.T.dot(l1_delta)
    bb += l2_delta.sum(0)
    b0 += l1_delta.sum(0)
