# net 4 10:relu 3:softmax
from __future__ import print_function
import numpy as np

class TwoLayerNet(object):
    """
    A two-layer fully-connected neural network.
    """

    def __init__(self, input_size, hidden_size, output_size, std=1e-1):
        self.params = {}
        self.params['W1'] = std * np.random.randn(input_size, hidden_size)
        self.params['b1'] = np.zeros(hidden_size)
        self.params['W2'] = std * np.random.randn(hidden_size, output_size)
        self.params['b2'] = np.zeros(output_size)

    def loss(self, X, y=None, reg=0.0):
        W1, b1 = self.params['W1'], self.params['b1']
        W2, b2 = self.params['W2'], self.params['b2']
        N, D = X.shape

        # Compute the forward pass
        scores = None
        z1 = X.dot(W1) + b1
        a1 = np.maximum(0, z1)
        scores = a1.dot(W2) + b2
        if y is None:
            return scores

        # Compute the loss
        shifted = scores - np.max(scores, axis=1, keepdims=True)
        exp_scores = np.exp(shifted)
        probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
        corect_logprobs = -np.log(probs[np.arange(N), y])
        data_loss = np.sum(corect_logprobs) / N
        reg_loss = reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
        loss = data_loss + reg_loss

        # Backward pass: compute gradients
        grads = {}
        dscores = probs.copy()
        dscores[range(N), list(y)] -= 1
        dscores /= N
        grads['W2'] = a1.T.dot(dscores) + 2 * reg * W2
        grads['b2'] = np.sum(dscores, axis=0)
        dhidden = dscores.dot(W2.T)
        dhidden_relu = (z1 > 0) * dhidden
        grads['W1'] = X.T.dot(dhidden_relu) + 2 * reg * W1
        grads['b1'] = np.sum(dhidden_relu, axis=0)
        return loss, grads

    def train(self, X, y, learning_rate=1e-3, reg=0.0, num_iters=3):
        loss_history = []
        for it in range(num_iters):
            loss, grads = self.loss(X, y=y, reg=reg)
            loss_history.append(loss)
            for param in self.params:
                self.params[param] -= learning_rate * grads[param]
        return {'loss_history': loss_history}

def init_toy_model():
    np.random.seed(0)
    return TwoLayerNet(4, 10, 3, std=1e-1)

def init_toy_data():
    np.random.seed(1)
    X = 10 * np.random.randn(5, 4)
    y = np.array([0, 1, 2, 2, 1])
    return X, y

net = init_toy_model()
X, y = init_toy_data()
scores = net.loss(X)
print('Your scores:')
print(scores)
loss, grads = net.loss(X, y, reg=0.0)
stats = net.train(X, y, learning_rate=1e-1, reg=0.0)

#! missing-mean
#- dscores /= N
#+ dscores /= 1

#! missing-activation-derivative
#- dhidden_relu = (z1 > 0) * dhidden
#+ dhidden_relu = dhidden

#! softmax-wrong-axis
#- probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
#+ probs = exp_scores / np.sum(exp_scores, axis=0, keepdims=True)

#! bias-averaged
#- grads['b2'] = np.sum(dscores, axis=0)
#+ grads['b2'] = np.mean(dscores, axis=0)

#! input-for-activation
#- grads['W2'] = a1.T.dot(dscores) + 2 * reg * W2
#+ grads['W2'] = z1.T.dot(dscores) + 2 * reg * W2

#! wrong-sign
#- self.params[param] -= learning_rate * grads[param]
#+ self.params[param] += learning_rate * grads[param]

#! double-mean
#- grads['W1'] = X.T.dot(dhidden_relu) + 2 * reg * W1
#+ grads['W1'] = X.T.dot(dhidden_relu) / N + 2 * reg * W1
