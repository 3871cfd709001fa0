# net 4 6:relu 3:softmax
import numpy as np
def load():
    rng = np.random.default_rng(8)
    X_train = rng.normal(size=(20, 4))
    y_train = rng.integers(0, 3, 20)
    return X_train, y_train
def one_hot(y, k):
    out = np.zeros((y.size, k))
    out[np.arange(y.size), y] = 1
    return out
def softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    ez = np.exp(z)
    return ez / ez.sum(axis=1, keepdims=True)
def main():
    X_train, y_train = load()
    rng = np.random.default_rng(80)
    W1 = rng.normal(size=(4, 6)) * 0.5; b1 = np.zeros(6) + 0.1
    W2 = rng.normal(size=(6, 3)) * 0.5; b2 = np.zeros(3) - 0.1
    batch_size, lr = 5, 0.1
    for epoch in range(2):
        idx = rng.permutation(len(X_train))
        for start in range(0, len(X_train), batch_size):
            batch = idx[start:start + batch_size]
            xb, yb = X_train[batch], one_hot(y_train[batch], 3)
            z1 = xb @ W1 + b1
            a1 = np.maximum(z1, 0)
            z2 = a1 @ W2 + b2
            p = softmax(z2)
            loss = -np.sum(yb * np.log(p + 1e-12)) / batch_size
            dz2 = (p - yb) / batch_size
            dw2 = a1.T @ dz2
            db2 = dz2.sum(axis=0)
            da1 = dz2 @ W2.T
            dz1 = da1.copy()
            dz1[z1 <= 0] = 0
            dw1 = xb.T @ dz1
            db1 = dz1.sum(axis=0)
            W2 -= lr * dw2; b2 -= lr * db2
            W1 -= lr * dw1; b1 -= lr * db1
main()

#!
#-             dz2 = (p - yb) / batch_size
#+             dz2 = (p - yb) / len(X_train)

#! missing-activation-derivative
#-             dz1[z1 <= 0] = 0
#+             dz1[z1 <= -99] = 0

#! input-for-activation
#-             dw2 = a1.T @ dz2
#+             dw2 = z1.T @ dz2

#! wrong-sign
#-             W1 -= lr * dw1; b1 -= lr * db1
#+             W1 += lr * dw1; b1 -= lr * db1

#!
#-             da1 = dz2 @ W2.T
#+             da1 = (p - yb) @ W2.T
