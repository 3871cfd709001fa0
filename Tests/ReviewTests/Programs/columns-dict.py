# net 3 4:tanh 1:sigmoid layout=columns
import numpy as np
def initialize(nx, nh, ny):
    np.random.seed(2)
    return {"W1": np.random.randn(nh, nx) * 0.1, "b1": np.zeros((nh, 1)), "W2": np.random.randn(ny, nh) * 0.1, "b2": np.zeros((ny, 1))}
def sigmoid(z):
    s = 1 / (1 + np.exp(-z))
    return s
def forward_propagation(X, parameters):
    W1 = parameters["W1"]; b1 = parameters["b1"]
    W2 = parameters["W2"]; b2 = parameters["b2"]
    Z1 = np.dot(W1, X) + b1
    A1 = np.tanh(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = sigmoid(Z2)
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}
def compute_cost(A2, Y):
    m = Y.shape[1]
    logprobs = np.multiply(np.log(A2), Y) + np.multiply(1 - Y, np.log(1 - A2))
    cost = -np.sum(logprobs) / m
    return float(np.squeeze(cost))
def backward_propagation(parameters, cache, X, Y):
    m = X.shape[1]
    W2 = parameters["W2"]
    A1 = cache["A1"]
    A2 = cache["A2"]
    dZ2 = A2 - Y
    dW2 = np.dot(dZ2, A1.T) / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dZ1 = np.multiply(np.dot(W2.T, dZ2), 1 - np.power(A1, 2))
    dW1 = np.dot(dZ1, X.T) / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}
def update_parameters(parameters, grads, learning_rate=1.2):
    for key in ["W1", "b1", "W2", "b2"]:
        parameters[key] = parameters[key] - learning_rate * grads["d" + key]
    return parameters
np.random.seed(1)
X = np.random.randn(3, 7)
Y = (np.random.rand(1, 7) > 0.5).astype(float)
parameters = initialize(3, 4, 1)
for i in range(3):
    A2, cache = forward_propagation(X, parameters)
    cost = compute_cost(A2, Y)
    grads = backward_propagation(parameters, cache, X, Y)
    parameters = update_parameters(parameters, grads)

#! missing-mean
#- dW1 = np.dot(dZ1, X.T) / m
#+ dW1 = np.dot(dZ1, X.T)

#! wrong-sign
#- dZ2 = A2 - Y
#+ dZ2 = Y - A2

#! activation-derivative-at-wrong-argument
#- 1 - np.power(A1, 2))
#+ 1 - np.power(cache["Z1"], 2))

#! wrong-sum-axis
#- db2 = np.sum(dZ2, axis=1, keepdims=True) / m
#+ db2 = np.sum(dZ2, axis=0, keepdims=True) / m

#!
#- cost = -np.sum(logprobs) / m
#+ cost = np.sum(logprobs) / m

#! wrong-sign
#- parameters[key] = parameters[key] - learning_rate
#+ parameters[key] = parameters[key] + learning_rate

#! input-for-activation
#- dW2 = np.dot(dZ2, A1.T) / m
#+ dW2 = np.dot(dZ2, cache["Z1"].T) / m

#!
#-     s = 1 / (1 + np.exp(-z))
#+     s = 1 / (1 + np.exp(-z)) ** 2
