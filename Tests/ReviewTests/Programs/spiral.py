# net 2 6:relu 3:softmax
import numpy as np
np.random.seed(0)
N, D, K = 10, 2, 3
X = np.zeros((N * K, D))
y = np.zeros(N * K, dtype='uint8')
for j in range(K):
    ix = range(N * j, N * (j + 1))
    r = np.linspace(0.0, 1, N)
    t = np.linspace(j * 4, (j + 1) * 4, N) + np.random.randn(N) * 0.2
    X[ix] = np.c_[r * np.sin(t), r * np.cos(t)]
    y[ix] = j
h = 6
W = 0.5 * np.random.randn(D, h)
b = np.zeros((1, h))
W2 = 0.5 * np.random.randn(h, K)
b2 = np.zeros((1, K))
step_size = 1e-0
num_examples = X.shape[0]
for i in range(3):
    hidden_layer = np.maximum(0, np.dot(X, W) + b)
    scores = np.dot(hidden_layer, W2) + b2
    exp_scores = np.exp(scores)
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    correct_logprobs = -np.log(probs[range(num_examples), y])
    data_loss = np.sum(correct_logprobs) / num_examples
    dscores = probs
    dscores[range(num_examples), y] -= 1
    dscores /= num_examples
    dW2 = np.dot(hidden_layer.T, dscores)
    db2 = np.sum(dscores, axis=0, keepdims=True)
    dhidden = np.dot(dscores, W2.T)
    dhidden[hidden_layer <= 0] = 0
    dW = np.dot(X.T, dhidden)
    db = np.sum(dhidden, axis=0, keepdims=True)
    W += -step_size * dW
    b += -step_size * db
    W2 += -step_size * dW2
    b2 += -step_size * db2

#! missing-mean
#-     dscores /= num_examples
#+     dscores /= 1

#! missing-activation-derivative
#-     dhidden[hidden_layer <= 0] = 0
#+     dhidden[hidden_layer <= -9] = 0

#! bias-averaged
#- db = np.sum(dhidden, axis=0, keepdims=True)
#+ db = np.mean(dhidden, axis=0, keepdims=True)

#! wrong-sign
#-     W += -step_size * dW
#+     W += step_size * dW

#! wrong-layer-mask
#- dhidden[hidden_layer <= 0] = 0
#+ dhidden[dhidden <= 0] = 0

#!
#- scores = np.dot(hidden_layer, W2) + b2
#+ scores = np.dot(hidden_layer, W2)
