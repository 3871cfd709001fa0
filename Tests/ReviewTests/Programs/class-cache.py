# net 2 5:tanh 3:softmax
import numpy as np
class Net:
    def __init__(self, n, h, k):
        r = np.random.RandomState(0)
        self.params = {}
        self.params["W1"] = r.randn(n, h)
        self.params["b1"] = r.randn(h) * 0.1
        self.params["W2"] = r.randn(h, k)
        self.params["b2"] = r.randn(k) * 0.1
    def forward(self, X):
        p = self.params
        Z1 = X.dot(p["W1"]) + p["b1"]
        A1 = np.tanh(Z1)
        Z2 = A1.dot(p["W2"]) + p["b2"]
        Z2 = Z2 - Z2.max(axis=1, keepdims=True)
        S = np.exp(Z2) / np.exp(Z2).sum(axis=1, keepdims=True)
        self.cache = {"X": X, "A1": A1,
                      "S": S}
        return S
    def backward(self, y):
        c = self.cache
        m = len(y)
        dZ = c["S"].copy()
        dZ[range(m), y] -= 1
        dZ /= m
        grads = {}
        grads["dW2"] = c["A1"].T.dot(dZ)
        grads["db2"] = dZ.sum(axis=0)
        dA = dZ.dot(self.params["W2"].T)
        dZ1 = dA * (1 - c["A1"] ** 2)
        grads["dW1"] = c["X"].T.dot(dZ1)
        grads["db1"] = dZ1.sum(axis=0)
        return grads
X = np.array([[1.0, 2.0], [0.5, -1.0], [-1.5, 0.3], [0.2, 0.1]])
y = np.array([0, 1, 2, 1])
net = Net(2, 5, 3)
for i in range(2):
    S = net.forward(X)
    g = net.backward(y)
    for name in net.params:
        net.params[name] -= 0.1 * g["d" + name]

#! missing-mean
#-         dZ /= m
#+         dZ /= 1

#! missing-activation-derivative
#- dZ1 = dA * (1 - c["A1"] ** 2)
#+ dZ1 = dA * 1.0

#! activation-derivative-at-wrong-argument
#- dZ1 = dA * (1 - c["A1"] ** 2)
#+ dZ1 = dA * (1 - np.tanh(c["A1"]) ** 2)

#!
#- dZ1 = dA * (1 - c["A1"] ** 2)
#+ dZ1 = dA * (1 - c["A1"])

#!
#- dA = dZ.dot(self.params["W2"].T)
#+ dA = (self.params["W2"].dot(dZ.T)).T * 2

#! bias-averaged
#- grads["db1"] = dZ1.sum(axis=0)
#+ grads["db1"] = dZ1.mean(axis=0)
