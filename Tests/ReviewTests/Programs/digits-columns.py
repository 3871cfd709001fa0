# net 8 6:relu 4:softmax layout=columns
import numpy as np

np.random.seed(10)
data = np.hstack([np.random.randint(0, 4, size=(9, 1)), np.random.randint(0, 256, size=(9, 8))])
m, n = data.shape
data_train = data.T
Y_train = data_train[0].astype(int)
X_train = data_train[1:n]
X_train = X_train / 255.
_, m_train = X_train.shape

def init_params():
    W1 = np.random.rand(6, 8) - 0.5
    b1 = np.random.rand(6, 1) - 0.5
    W2 = np.random.rand(4, 6) - 0.5
    b2 = np.random.rand(4, 1) - 0.5
    return W1, b1, W2, b2

def ReLU(Z):
    return np.maximum(Z, 0)

def softmax(Z):
    A = np.exp(Z) / sum(np.exp(Z))
    return A

def forward_prop(W1, b1, W2, b2, X):
    Z1 = W1.dot(X) + b1
    A1 = ReLU(Z1)
    Z2 = W2.dot(A1) + b2
    A2 = softmax(Z2)
    return Z1, A1, Z2, A2

def ReLU_deriv(Z):
    return Z > 0

def one_hot(Y):
    one_hot_Y = np.zeros((Y.size, 4))
    one_hot_Y[np.arange(Y.size), Y] = 1
    one_hot_Y = one_hot_Y.T
    return one_hot_Y

def backward_prop(Z1, A1, Z2, A2, W1, W2, X, Y):
    one_hot_Y = one_hot(Y)
    dZ2 = A2 - one_hot_Y
    dW2 = 1 / m * dZ2.dot(A1.T)
    db2 = 1 / m * np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = W2.T.dot(dZ2) * ReLU_deriv(Z1)
    dW1 = 1 / m * dZ1.dot(X.T)
    db1 = 1 / m * np.sum(dZ1, axis=1, keepdims=True)
    return dW1, db1, dW2, db2

def update_params(W1, b1, W2, b2, dW1, db1, dW2, db2, alpha):
    W1 = W1 - alpha * dW1
    b1 = b1 - alpha * db1
    W2 = W2 - alpha * dW2
    b2 = b2 - alpha * db2
    return W1, b1, W2, b2

def get_predictions(A2):
    return np.argmax(A2, 0)

def get_accuracy(predictions, Y):
    return np.sum(predictions == Y) / Y.size

def gradient_descent(X, Y, alpha, iterations):
    W1, b1, W2, b2 = init_params()
    for i in range(iterations):
        Z1, A1, Z2, A2 = forward_prop(W1, b1, W2, b2, X)
        dW1, db1, dW2, db2 = backward_prop(Z1, A1, Z2, A2, W1, W2, X, Y)
        W1, b1, W2, b2 = update_params(W1, b1, W2, b2, dW1, db1, dW2, db2, alpha)
        if i % 10 == 0:
            print("Iteration: ", i)
            predictions = get_predictions(A2)
            print(get_accuracy(predictions, Y))
    return W1, b1, W2, b2

W1, b1, W2, b2 = gradient_descent(X_train, Y_train, 0.10, 5)

#! missing-activation-derivative
#-     dZ1 = W2.T.dot(dZ2) * ReLU_deriv(Z1)
#+     dZ1 = W2.T.dot(dZ2)

#! wrong-sign
#-     dZ2 = A2 - one_hot_Y
#+     dZ2 = one_hot_Y - A2

#! softmax-wrong-axis
#-     A = np.exp(Z) / sum(np.exp(Z))
#+     A = np.exp(Z) / np.sum(np.exp(Z), axis=1, keepdims=True)

#! missing-mean
#-     dW1 = 1 / m * dZ1.dot(X.T)
#+     dW1 = dZ1.dot(X.T)

#! input-for-activation
#-     dW2 = 1 / m * dZ2.dot(A1.T)
#+     dW2 = 1 / m * dZ2.dot(Z1.T)
