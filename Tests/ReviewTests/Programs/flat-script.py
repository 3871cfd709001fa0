# net 2 4:relu 3:softmax
import numpy as np
X = np.array([[1.0, 2.0], [0.5, -1.0], [-1.5, 0.3], [0.7, 0.9], [-0.2, 1.1]])
y_onehot = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0]])
rng = np.random.default_rng(1)
W1 = rng.normal(size=(2, 4)); b1 = rng.normal(size=4)
W2 = rng.normal(size=(4, 3)); b2 = rng.normal(size=3)
lr = 0.1
m = X.shape[0]
for epoch in range(3):
    Z1 = X @ W1 + b1
    A1 = np.maximum(0, Z1)
    scores = A1 @ W2 + b2
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = e / e.sum(axis=1, keepdims=True)
    loss = -np.mean(np.sum(y_onehot * np.log(probs), axis=1))
    dscores = (probs - y_onehot) / m
    dW2 = A1.T @ dscores
    db2 = dscores.sum(axis=0)
    dhidden = dscores @ W2.T
    dhidden[A1 <= 0] = 0
    dW1 = X.T @ dhidden
    db1 = dhidden.sum(axis=0)
    W1 -= lr * dW1
    b1 -= lr * db1
    W2 -= lr * dW2
    b2 -= lr * db2

#! missing-mean
#- dscores = (probs - y_onehot) / m
#+ dscores = probs - y_onehot

#! wrong-sign
#- dscores = (probs - y_onehot) / m
#+ dscores = (y_onehot - probs) / m

#! missing-activation-derivative
#-     dhidden[A1 <= 0] = 0
#+     dhidden = dhidden * 1.0

#! softmax-wrong-axis
#- e / e.sum(axis=1, keepdims=True)
#+ e / e.sum(axis=0, keepdims=True)

#! bias-averaged
#- db2 = dscores.sum(axis=0)
#+ db2 = dscores.mean(axis=0)

#! bias-not-summed
#- db1 = dhidden.sum(axis=0)
#+ db1 = dhidden

#! wrong-sum-axis
#- db1 = dhidden.sum(axis=0)
#+ db1 = dhidden.sum(axis=1)

#! missing-axis
#- db1 = dhidden.sum(axis=0)
#+ db1 = dhidden.sum()

#! double-mean
#- dW2 = A1.T @ dscores
#+ dW2 = A1.T @ dscores / m

#! input-for-activation
#- dW2 = A1.T @ dscores
#+ dW2 = Z1.T @ dscores

#! sigmoid-derivative-on-softmax
#- dscores = (probs - y_onehot) / m
#+ dscores = (probs - y_onehot) * probs * (1 - probs) / m

#! mean-over-classes
#- dscores = (probs - y_onehot) / m
#+ dscores = (probs - y_onehot) / probs.size

#! extra-factor
#- dscores = (probs - y_onehot) / m
#+ dscores = 2 * (probs - y_onehot) / m

#! wrong-layer-mask
#- dhidden[A1 <= 0] = 0
#+ dhidden[dhidden <= 0] = 0

#! wrong-sign
#- W1 -= lr * dW1
#+ W1 += lr * dW1

#!
#- scores = A1 @ W2 + b2
#+ scores = A1 @ W2

#!
#- b2 -= lr * db2
#+ b2 -= lr * b2
