# net 3 5:relu 4:relu 2:softmax
import numpy as np
class Layer:
    def __init__(self, fan_in, fan_out, last=False):
        self.weights = np.random.normal(0, 0.6, (fan_in, fan_out))
        self.biases = np.random.normal(0, 0.1, (1, fan_out))
        self.last = last
    def __call__(self, inputs):
        self.inputs = inputs
        self.pre = inputs @ self.weights + self.biases
        if self.last:
            e = np.exp(self.pre - self.pre.max(axis=-1, keepdims=True))
            self.output = e / e.sum(axis=-1, keepdims=True)
        else:
            self.output = np.maximum(self.pre, 0.0)
        return self.output
    def backward(self, upstream):
        delta = upstream if self.last else upstream * (self.pre > 0)
        self.grad_w = self.inputs.T @ delta
        self.grad_b = np.sum(delta, axis=0, keepdims=True)
        return delta @ self.weights.T
np.random.seed(5)
layers = [Layer(3, 5), Layer(5, 4), Layer(4, 2, last=True)]
x = np.random.normal(size=(9, 3))
labels = np.random.randint(0, 2, 9)
for step in range(2):
    out = x
    for layer in layers:
        out = layer(out)
    onehot = np.zeros_like(out)
    onehot[np.arange(len(labels)), labels] = 1
    loss = -np.log(out[np.arange(len(labels)), labels]).mean()
    g = (out - onehot) / len(labels)
    for layer in layers[::-1]:
        g = layer.backward(g)
    for layer in layers:
        layer.weights -= 0.1 * layer.grad_w
        layer.biases -= 0.1 * layer.grad_b

#! missing-mean
#- g = (out - onehot) / len(labels)
#+ g = out - onehot

#! missing-activation-derivative
#- upstream * (self.pre > 0)
#+ upstream * 1.0

#! bias-averaged
#- self.grad_b = np.sum(delta, axis=0, keepdims=True)
#+ self.grad_b = np.mean(delta, axis=0, keepdims=True)

#! double-mean
#- self.grad_w = self.inputs.T @ delta
#+ self.grad_w = self.inputs.T @ delta / len(labels)

#! wrong-layer-mask
#- upstream * (self.pre > 0)
#+ upstream * (upstream > 0)

#!
#- self.output = np.maximum(self.pre, 0.0)
#+ self.output = np.abs(self.pre)
