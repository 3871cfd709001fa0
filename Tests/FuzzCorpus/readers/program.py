import numpy as np
X = np.array([[0.5, -1.0], [1.5, 0.2], [-0.3, 0.8]])
Y = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
W1 = np.array([[0.2, -0.4, 0.1], [0.7, 0.3, -0.6]])
b1 = np.array([0.1, -0.2, 0.05])
W2 = np.array([[0.3, -0.1], [0.4, 0.2], [-0.5, 0.6]])
b2 = np.zeros(2)
for epoch in range(2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(0, Z1)
    Z2 = A1 @ W2 + b2
    S = np.exp(Z2) / np.exp(Z2).sum(axis=1, keepdims=True)
    loss = -(Y * np.log(S)).sum() / len(X)
    dZ2 = (S - Y) / len(X)
    dW2 = A1.T @ dZ2
    db2 = dZ2.sum(axis=0)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)
    dW1 = X.T @ dZ1
    db1 = dZ1.sum(axis=1)
    for p, g in ((W1, dW1), (W2, dW2), (b2, db2)):
        p -= 0.1 * g
