# net 2 4:relu 3:softmax
import numpy as np
rng = np.random.RandomState(5)
X = rng.randn(2, 6)
Y = np.eye(3)[:, [0, 2, 1, 1, 0, 2]]
W1 = rng.randn(4, 2)
b1 = rng.randn(4, 1)
W2 = rng.randn(3, 4)
b2 = rng.randn(3, 1)
def forward(X, W1, b1, W2, b2):
    Z1 = np.dot(W1, X) + b1
    A1 = np.maximum(Z1, 0)
    Z2 = np.dot(W2, A1) + b2
    A2 = np.exp(Z2) / np.sum(np.exp(Z2), axis=0, keepdims=True)
    cache = (Z1, A1, Z2, A2)
    return A2, cache
def backward(X, Y, cache, W2):
    Z1, A1, Z2, A2 = cache
    m = X.shape[1]
    dZ2 = A2 - Y
    dW2 = (1 / m) * np.dot(dZ2, A1.T)
    db2 = (1 / m) * np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = np.dot(W2.T, dZ2) * (Z1 > 0)
    dW1 = (1 / m) * np.dot(dZ1, X.T)
    db1 = (1 / m) * np.sum(dZ1, axis=1, keepdims=True)
    return dW1, db1, dW2, db2
A2, cache = forward(X, W1, b1, W2, b2)
dW1, db1, dW2, db2 = backward(X, Y, cache, W2)
W1 = W1 - 0.1 * dW1
b1 = b1 - 0.1 * db1
W2 = W2 - 0.1 * dW2
b2 = b2 - 0.1 * db2

#! missing-mean
#- dW2 = (1 / m) * np.dot(dZ2, A1.T)
#+ dW2 = np.dot(dZ2, A1.T)

#! wrong-sign
#- dZ2 = A2 - Y
#+ dZ2 = Y - A2

#! missing-activation-derivative
#- dZ1 = np.dot(W2.T, dZ2) * (Z1 > 0)
#+ dZ1 = np.dot(W2.T, dZ2)

#! softmax-wrong-axis
#- np.sum(np.exp(Z2), axis=0, keepdims=True)
#+ np.sum(np.exp(Z2), axis=1, keepdims=True)

#! wrong-sum-axis
#- db1 = (1 / m) * np.sum(dZ1, axis=1, keepdims=True)
#+ db1 = (1 / m) * np.sum(dZ1, axis=0, keepdims=True)

#! input-for-activation
#- dW2 = (1 / m) * np.dot(dZ2, A1.T)
#+ dW2 = (1 / m) * np.dot(dZ2, Z1.T)
