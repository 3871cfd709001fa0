# net 3 4:relu 2:linear
import numpy as np
np.random.seed(42)
inputs = np.random.rand(5, 3)
targets = np.random.rand(5, 2)
weights1 = np.random.randn(3, 4)
bias1 = np.zeros((1, 4))
weights2 = np.random.randn(4, 2)
bias2 = np.zeros((1, 2))
learning_rate = 0.01
for i in range(2):
    hidden_in = np.dot(inputs, weights1) + bias1
    hidden_out = np.maximum(0, hidden_in)
    prediction = np.dot(hidden_out, weights2) + bias2
    error = prediction - targets
    loss = (error ** 2).mean()
    grad_prediction = 2 * error / error.size
    grad_w2 = hidden_out.T.dot(grad_prediction)
    grad_b2 = grad_prediction.sum(axis=0, keepdims=True)
    grad_hidden = grad_prediction.dot(weights2.T)
    grad_hidden[hidden_in < 0] = 0
    grad_w1 = inputs.T.dot(grad_hidden)
    grad_b1 = grad_hidden.sum(axis=0, keepdims=True)
    weights2 -= learning_rate * grad_w2
    bias2 -= learning_rate * grad_b2
    weights1 -= learning_rate * grad_w1
    bias1 -= learning_rate * grad_b1

#! missing-factor
#- grad_prediction = 2 * error / error.size
#+ grad_prediction = error / error.size

#!
#- grad_prediction = 2 * error / error.size
#+ grad_prediction = 2 * error / len(error)

#! missing-activation-derivative
#-     grad_hidden[hidden_in < 0] = 0
#+     grad_hidden[hidden_in < -99] = 0

#! wrong-sign
#- error = prediction - targets
#+ error = targets - prediction

#! wrong-sign
#- weights1 -= learning_rate
#+ weights1 += learning_rate

#! bias-not-summed
#- grad_b1 = grad_hidden.sum(axis=0, keepdims=True)
#+ grad_b1 = grad_hidden

#! updated-weights
#-     grad_hidden = grad_prediction.dot(weights2.T)
#+     weights2 -= learning_rate * grad_w2; grad_hidden = grad_prediction.dot(weights2.T)
