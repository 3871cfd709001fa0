# model
# Z1 = W1 @ X + b1
# A1 = relu(Z1)
# Z2 = W2 @ A1 + b2
# A2 = sigmoid(Z2)
# L = binary_cross_entropy(Y, A2) + 0.35 * (sum(W1**2) + sum(W2**2)) / m
# end
# param W1 = randn(5, 3)
# param b1 = zeros(5, 1)
# param W2 = randn(1, 5)
# param b2 = zeros(1, 1)
import numpy as np

def relu(x):
    return np.maximum(0, x)

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def forward_propagation(X, parameters):
    W1, b1, W2, b2 = (parameters[k] for k in ("W1", "b1", "W2", "b2"))
    Z1 = np.dot(W1, X) + b1
    A1 = relu(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = sigmoid(Z2)
    return A2, (Z1, A1, W1, b1, Z2, A2, W2, b2)

def compute_cost_with_regularization(A2, Y, parameters, lambd):
    m = Y.shape[1]
    cross_entropy_cost = -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / m
    L2_cost = lambd / (2 * m) * (np.sum(np.square(parameters["W1"])) + np.sum(np.square(parameters["W2"])))
    return cross_entropy_cost + L2_cost

def backward_propagation_with_regularization(X, Y, cache, lambd):
    m = X.shape[1]
    (Z1, A1, W1, b1, Z2, A2, W2, b2) = cache
    dZ2 = 1. / m * (A2 - Y)
    dW2 = np.dot(dZ2, A1.T) + lambd / m * W2
    db2 = np.sum(dZ2, axis=1, keepdims=True)
    dA1 = np.dot(W2.T, dZ2)
    dZ1 = np.multiply(dA1, np.int64(A1 > 0))
    dW1 = np.dot(dZ1, X.T) + lambd / m * W1
    db1 = np.sum(dZ1, axis=1, keepdims=True)
    return {"dW2": dW2, "db2": db2, "dW1": dW1, "db1": db1}

np.random.seed(1)
X = np.random.randn(3, 7)
Y = (np.random.rand(1, 7) > 0.5) * 1
parameters = {"W1": np.random.randn(5, 3), "b1": np.random.randn(5, 1) * 0.1,
              "W2": np.random.randn(1, 5), "b2": np.zeros((1, 1))}
A2, cache = forward_propagation(X, parameters)
cost = compute_cost_with_regularization(A2, Y, parameters, 0.7)
grads = backward_propagation_with_regularization(X, Y, cache, 0.7)
for key in parameters:
    parameters[key] = parameters[key] - 0.1 * grads["d" + key]

#!
#-     dW2 = np.dot(dZ2, A1.T) + lambd / m * W2
#+     dW2 = np.dot(dZ2, A1.T) + lambd / (2 * m) * W2

#! one-path-only
#-     dW1 = np.dot(dZ1, X.T) + lambd / m * W1
#+     dW1 = np.dot(dZ1, X.T)

#! bias-averaged
#-     db1 = np.sum(dZ1, axis=1, keepdims=True)
#+     db1 = np.mean(dZ1, axis=1, keepdims=True)

#! missing-activation-derivative
#-     dZ1 = np.multiply(dA1, np.int64(A1 > 0))
#+     dZ1 = dA1

#! missing-mean
#-     dZ2 = 1. / m * (A2 - Y)
#+     dZ2 = A2 - Y
