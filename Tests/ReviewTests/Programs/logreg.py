# net 3 1:sigmoid layout=columns
import numpy as np
def sigmoid(z):
    return 1 / (1 + np.exp(-z))
def propagate(w, b, X, Y):
    m = X.shape[1]
    A = sigmoid(np.dot(w.T, X) + b)
    cost = -1 / m * np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    dw = 1 / m * np.dot(X, (A - Y).T)
    db = 1 / m * np.sum(A - Y)
    return {"dw": dw, "db": db}, cost
def optimize(w, b, X, Y, num_iterations, learning_rate):
    for i in range(num_iterations):
        grads, cost = propagate(w, b, X, Y)
        dw = grads["dw"]
        db = grads["db"]
        w = w - learning_rate * dw
        b = b - learning_rate * db
    return w, b
np.random.seed(1)
w = np.random.randn(3, 1) * 0.1
b = 0.0
X = np.random.randn(3, 6)
Y = np.array([[1, 0, 1, 1, 0, 0]])
w, b = optimize(w, b, X, Y, 3, 0.01)

#! missing-mean
#- dw = 1 / m * np.dot(X, (A - Y).T)
#+ dw = np.dot(X, (A - Y).T)

#! wrong-sign
#- dw = 1 / m * np.dot(X, (A - Y).T)
#+ dw = 1 / m * np.dot(X, (Y - A).T)

#! wrong-sign
#-         w = w - learning_rate * dw
#+         w = w + learning_rate * dw
