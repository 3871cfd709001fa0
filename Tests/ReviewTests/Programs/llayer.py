# net 4 5:relu 3:relu 1:sigmoid layout=columns
import numpy as np
def sigmoid(Z):
    A = 1 / (1 + np.exp(-Z))
    return A, Z
def relu(Z):
    A = np.maximum(0, Z)
    return A, Z
def relu_backward(dA, cache):
    Z = cache
    dZ = np.array(dA, copy=True)
    dZ[Z <= 0] = 0
    return dZ
def sigmoid_backward(dA, cache):
    Z = cache
    s = 1 / (1 + np.exp(-Z))
    dZ = dA * s * (1 - s)
    return dZ
def linear_forward(A, W, b):
    Z = W.dot(A) + b
    return Z, (A, W, b)
def linear_activation_forward(A_prev, W, b, activation):
    Z, linear_cache = linear_forward(A_prev, W, b)
    A, activation_cache = sigmoid(Z) if activation == "sigmoid" else relu(Z)
    return A, (linear_cache, activation_cache)
def L_model_forward(X, parameters):
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(1, L):
        A_prev = A
        A, cache = linear_activation_forward(A_prev, parameters['W' + str(l)], parameters['b' + str(l)], "relu")
        caches.append(cache)
    AL, cache = linear_activation_forward(A, parameters['W' + str(L)], parameters['b' + str(L)], "sigmoid")
    caches.append(cache)
    return AL, caches
def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    dW = 1. / m * np.dot(dZ, A_prev.T)
    db = 1. / m * np.sum(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db
def L_model_backward(AL, Y, caches):
    grads = {}
    L = len(caches)
    dAL = -(np.divide(Y, AL) - np.divide(1 - Y, 1 - AL))
    linear_cache, activation_cache = caches[L - 1]
    dZ = sigmoid_backward(dAL, activation_cache)
    grads["dA" + str(L - 1)], grads["dW" + str(L)], grads["db" + str(L)] = linear_backward(dZ, linear_cache)
    for l in reversed(range(L - 1)):
        linear_cache, activation_cache = caches[l]
        dZ = relu_backward(grads["dA" + str(l + 1)], activation_cache)
        grads["dA" + str(l)], grads["dW" + str(l + 1)], grads["db" + str(l + 1)] = linear_backward(dZ, linear_cache)
    return grads
np.random.seed(1)
dims = [4, 5, 3, 1]
parameters = {}
for l in range(1, 4):
    parameters['W' + str(l)] = np.random.randn(dims[l], dims[l - 1]) / np.sqrt(dims[l - 1])
    parameters['b' + str(l)] = np.zeros((dims[l], 1))
X = np.random.randn(4, 6)
Y = np.array([[1, 0, 1, 0, 0, 1]])
for i in range(2):
    AL, caches = L_model_forward(X, parameters)
    cost = (1. / Y.shape[1]) * (-np.dot(Y, np.log(AL).T) - np.dot(1 - Y, np.log(1 - AL).T))
    grads = L_model_backward(AL, Y, caches)
    for l in range(3):
        parameters["W" + str(l + 1)] = parameters["W" + str(l + 1)] - 0.1 * grads["dW" + str(l + 1)]
        parameters["b" + str(l + 1)] = parameters["b" + str(l + 1)] - 0.1 * grads["db" + str(l + 1)]

#! missing-mean
#- dW = 1. / m * np.dot(dZ, A_prev.T)
#+ dW = np.dot(dZ, A_prev.T)

#! missing-activation-derivative
#-     dZ[Z <= 0] = 0
#+     dZ[Z <= -99] = 0

#! missing-activation-derivative
#-     dZ = dA * s * (1 - s)
#+     dZ = dA * 1.0

#! wrong-sum-axis
#- db = 1. / m * np.sum(dZ, axis=1, keepdims=True)
#+ db = 1. / m * np.sum(dZ, axis=0, keepdims=True)

#! wrong-sign
#- dAL = -(np.divide(Y, AL) - np.divide(1 - Y, 1 - AL))
#+ dAL = (np.divide(Y, AL) - np.divide(1 - Y, 1 - AL))
