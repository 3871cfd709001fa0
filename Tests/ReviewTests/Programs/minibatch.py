# net 4 6:sigmoid 3:softmax
import numpy as np
np.random.seed(0)
X_train = np.random.randn(30, 4)
y_train = np.random.randint(0, 3, size=30)
params = {
    "W1": 0.1 * np.random.randn(4, 6), "b1": np.zeros((1, 6)),
    "W2": 0.1 * np.random.randn(6, 3), "b2": np.zeros((1, 3)),
}
def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))
def forward(X, params):
    cache = {"X": X}
    cache["Z1"] = X @ params["W1"] + params["b1"]
    cache["A1"] = sigmoid(cache["Z1"])
    cache["Z2"] = cache["A1"] @ params["W2"] + params["b2"]
    shifted = cache["Z2"] - np.max(cache["Z2"], axis=1, keepdims=True)
    exp_scores = np.exp(shifted)
    cache["P"] = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    return cache
def backward(cache, y, params):
    m = y.shape[0]
    grads = {}
    dZ2 = cache["P"].copy()
    dZ2[np.arange(m), y] -= 1
    dZ2 /= m
    grads["W2"] = cache["A1"].T @ dZ2
    grads["b2"] = np.sum(dZ2, axis=0, keepdims=True)
    dA1 = dZ2 @ params["W2"].T
    dZ1 = dA1 * cache["A1"] * (1 - cache["A1"])
    grads["W1"] = cache["X"].T @ dZ1
    grads["b1"] = np.sum(dZ1, axis=0, keepdims=True)
    return grads
batch_size = 10
for epoch in range(2):
    order = np.random.permutation(30)
    for start in range(0, 30, batch_size):
        idx = order[start:start + batch_size]
        xb, yb = X_train[idx], y_train[idx]
        cache = forward(xb, params)
        grads = backward(cache, yb, params)
        for k in params:
            params[k] -= 0.5 * grads[k]

#! missing-mean
#-     dZ2 /= m
#+     dZ2 /= 1

#! missing-activation-derivative
#- dZ1 = dA1 * cache["A1"] * (1 - cache["A1"])
#+ dZ1 = dA1 * 1.0

#! bias-averaged
#- grads["b1"] = np.sum(dZ1, axis=0, keepdims=True)
#+ grads["b1"] = np.mean(dZ1, axis=0, keepdims=True)

#! wrong-sum-axis
#- grads["b1"] = np.sum(dZ1, axis=0, keepdims=True)
#+ grads["b1"] = np.sum(dZ1, axis=1, keepdims=True)

#! double-mean
#- grads["W1"] = cache["X"].T @ dZ1
#+ grads["W1"] = cache["X"].T @ dZ1 / m

#! activation-derivative-at-wrong-argument
#- dZ1 = dA1 * cache["A1"] * (1 - cache["A1"])
#+ dZ1 = dA1 * cache["Z1"] * (1 - cache["Z1"])

#! softmax-wrong-axis
#- exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
#+ exp_scores / np.sum(exp_scores, axis=0, keepdims=True)

#!
#-     return 1.0 / (1.0 + np.exp(-z))
#+     return 1.0 / (1.0 + np.exp(z))
