# model Z1 = X @ W1 + b1; A1 = relu(Z1); Z2 = A1 @ W2 + b2; S = softmax(Z2); L = cross_entropy(Y, S) + 0.05 * (sum(W1**2) + sum(W2**2))
# param W1 = randn(6, 4); param b1 = randn(1, 4); param W2 = randn(4, 3); param b2 = randn(1, 3); set X = randn(5, 6); set Y = onehot([0, 2, 1, 1, 0], 3)
import numpy as np


def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1).dot(w) + b
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    x, w, b = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


def relu_forward(x):
    out = np.maximum(0, x)
    cache = x
    return out, cache


def relu_backward(dout, cache):
    x = cache
    dx = dout * (x > 0)
    return dx


def affine_relu_forward(x, w, b):
    a, fc_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(a)
    cache = (fc_cache, relu_cache)
    return out, cache


def affine_relu_backward(dout, cache):
    fc_cache, relu_cache = cache
    da = relu_backward(dout, relu_cache)
    dx, dw, db = affine_backward(da, fc_cache)
    return dx, dw, db


def softmax_loss(x, y):
    shifted_logits = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted_logits), axis=1, keepdims=True)
    log_probs = shifted_logits - np.log(Z)
    probs = np.exp(log_probs)
    N = x.shape[0]
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


class TwoLayerNet(object):
    def __init__(self, input_dim=6, hidden_dim=4, num_classes=3, weight_scale=0.5, reg=0.0):
        self.params = {}
        self.reg = reg
        self.params["W1"] = weight_scale * np.random.randn(input_dim, hidden_dim)
        self.params["b1"] = np.zeros(hidden_dim)
        self.params["W2"] = weight_scale * np.random.randn(hidden_dim, num_classes)
        self.params["b2"] = np.zeros(num_classes)

    def loss(self, X, y=None):
        hidden, cache1 = affine_relu_forward(X, self.params["W1"], self.params["b1"])
        scores, cache2 = affine_forward(hidden, self.params["W2"], self.params["b2"])
        if y is None:
            return scores
        grads = {}
        loss, dscores = softmax_loss(scores, y)
        loss += 0.5 * self.reg * (np.sum(self.params["W1"] ** 2) + np.sum(self.params["W2"] ** 2))
        dhidden, dW2, db2 = affine_backward(dscores, cache2)
        dx, dW1, db1 = affine_relu_backward(dhidden, cache1)
        grads["W2"] = dW2 + self.reg * self.params["W2"]
        grads["b2"] = db2
        grads["W1"] = dW1 + self.reg * self.params["W1"]
        grads["b1"] = db1
        return loss, grads


np.random.seed(231)
X = np.random.randn(5, 6)
y = np.array([0, 2, 1, 1, 0])
model = TwoLayerNet(reg=0.1)
for it in range(3):
    loss, grads = model.loss(X, y)
    for p in model.params:
        model.params[p] -= 0.1 * grads[p]
    print(it, loss)

#! missing-mean
#-     dx /= N
#+     dx /= 1

#! missing-activation-derivative
#-     dx = dout * (x > 0)
#+     dx = dout * 1.0

#! bias-averaged
#-     db = np.sum(dout, axis=0)
#+     db = np.mean(dout, axis=0)

#!
#-         grads["W2"] = dW2 + self.reg * self.params["W2"]
#+         grads["W2"] = dW2

#!
#-         grads["W1"] = dW1 + self.reg * self.params["W1"]
#+         grads["W1"] = dW1 + 2 * self.reg * self.params["W1"]

#! wrong-sign
#-     dx[np.arange(N), y] -= 1
#+     dx[np.arange(N), y] += 1

#!
#-     dw = x.reshape(x.shape[0], -1).T.dot(dout)
#+     dw = x.reshape(x.shape[0], -1).T.dot(dout) * 2
