# net 3 4:tanh 1:sigmoid layout=columns
import numpy as np

def layer_sizes(X, Y):
    n_x = X.shape[0]
    n_h = 4
    n_y = Y.shape[0]
    return (n_x, n_h, n_y)

def initialize_parameters(n_x, n_h, n_y):
    np.random.seed(2)
    W1 = np.random.randn(n_h, n_x) * 0.5
    b1 = np.zeros((n_h, 1))
    W2 = np.random.randn(n_y, n_h) * 0.5
    b2 = np.zeros((n_y, 1))
    parameters = {"W1": W1,
                  "b1": b1,
                  "W2": W2,
                  "b2": b2}
    return parameters

def sigmoid(x):
    return 1/(1+np.exp(-x))

def forward_propagation(X, parameters):
    W1 = parameters["W1"]
    b1 = parameters["b1"]
    W2 = parameters["W2"]
    b2 = parameters["b2"]
    Z1 = np.dot(W1, X) + b1
    A1 = np.tanh(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = sigmoid(Z2)
    assert(A2.shape == (1, X.shape[1]))
    cache = {"Z1": Z1,
             "A1": A1,
             "Z2": Z2,
             "A2": A2}
    return A2, cache

def compute_cost(A2, Y):
    m = Y.shape[1]
    logprobs = np.multiply(np.log(A2), Y) + np.multiply((1 - Y), np.log(1 - A2))
    cost = - np.sum(logprobs) / m
    cost = float(np.squeeze(cost))
    return cost

def backward_propagation(parameters, cache, X, Y):
    m = X.shape[1]
    W1 = parameters["W1"]
    W2 = parameters["W2"]
    A1 = cache["A1"]
    A2 = cache["A2"]
    dZ2 = A2 - Y
    dW2 = (1/m) * np.dot(dZ2, A1.T)
    db2 = (1/m) * np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = np.multiply(np.dot(W2.T, dZ2), 1 - np.power(A1, 2))
    dW1 = (1/m) * np.dot(dZ1, X.T)
    db1 = (1/m) * np.sum(dZ1, axis=1, keepdims=True)
    grads = {"dW1": dW1,
             "db1": db1,
             "dW2": dW2,
             "db2": db2}
    return grads

def update_parameters(parameters, grads, learning_rate=1.2):
    W1 = parameters["W1"]
    b1 = parameters["b1"]
    W2 = parameters["W2"]
    b2 = parameters["b2"]
    dW1 = grads["dW1"]
    db1 = grads["db1"]
    dW2 = grads["dW2"]
    db2 = grads["db2"]
    W1 = W1 - learning_rate * dW1
    b1 = b1 - learning_rate * db1
    W2 = W2 - learning_rate * dW2
    b2 = b2 - learning_rate * db2
    parameters = {"W1": W1,
                  "b1": b1,
                  "W2": W2,
                  "b2": b2}
    return parameters

def nn_model(X, Y, n_h, num_iterations=10000, print_cost=False):
    np.random.seed(3)
    n_x = layer_sizes(X, Y)[0]
    n_y = layer_sizes(X, Y)[2]
    parameters = initialize_parameters(n_x, n_h, n_y)
    for i in range(0, num_iterations):
        A2, cache = forward_propagation(X, parameters)
        cost = compute_cost(A2, Y)
        grads = backward_propagation(parameters, cache, X, Y)
        parameters = update_parameters(parameters, grads)
        if print_cost and i % 1000 == 0:
            print("Cost after iteration %i: %f" % (i, cost))
    return parameters

np.random.seed(1)
X = np.random.randn(3, 7)
Y = (np.random.randn(1, 7) > 0).astype(int)
parameters = nn_model(X, Y, 4, num_iterations=4, print_cost=True)

#! missing-activation-derivative
#-     dZ1 = np.multiply(np.dot(W2.T, dZ2), 1 - np.power(A1, 2))
#+     dZ1 = np.dot(W2.T, dZ2)

#! missing-mean
#-     dW2 = (1/m) * np.dot(dZ2, A1.T)
#+     dW2 = np.dot(dZ2, A1.T)

#! missing-mean
#-     db1 = (1/m) * np.sum(dZ1, axis=1, keepdims=True)
#+     db1 = np.sum(dZ1, axis=1, keepdims=True)

#! wrong-sign
#-     dZ2 = A2 - Y
#+     dZ2 = Y - A2

#! missing-axis
#-     db1 = (1/m) * np.sum(dZ1, axis=1, keepdims=True)
#+     db1 = (1/m) * np.sum(dZ1)

#! wrong-sign
#-     b1 = b1 - learning_rate * db1
#+     b1 = b1 + learning_rate * db1

#! activation-derivative-at-wrong-argument
#-     dZ1 = np.multiply(np.dot(W2.T, dZ2), 1 - np.power(A1, 2))
#+     dZ1 = np.multiply(np.dot(W2.T, dZ2), 1 - np.power(np.tanh(A1), 2))
