# net 3 4:sigmoid 5:sigmoid 2:linear
import numpy as np
np.random.seed(3)
sizes = [3, 4, 5, 2]
weights = [np.random.randn(a, b) for a, b in zip(sizes[:-1], sizes[1:])]
biases = [np.random.randn(b) for b in sizes[1:]]
def sigmoid(z):
    return 1 / (1 + np.exp(-z))
inputs = np.random.randn(6, 3)
targets = np.random.randn(6, 2)
activations = [inputs]
zs = []
for l in range(3):
    z = activations[l] @ weights[l] + biases[l]
    zs.append(z)
    activations.append(sigmoid(z) if l < 2 else z)
loss = np.mean((activations[-1] - targets) ** 2)
delta = 2 * (activations[-1] - targets) / targets.size
grads_w = [None] * 3
grads_b = [None] * 3
for l in reversed(range(3)):
    grads_w[l] = activations[l].T @ delta
    grads_b[l] = delta.sum(axis=0)
    if l > 0:
        delta = (delta @ weights[l].T) * activations[l] * (1 - activations[l])
for l in range(3):
    weights[l] = weights[l] - 0.05 * grads_w[l]
    biases[l] = biases[l] - 0.05 * grads_b[l]

#! missing-factor
#- delta = 2 * (activations[-1] - targets) / targets.size
#+ delta = (activations[-1] - targets) / targets.size

#! missing-mean
#- delta = 2 * (activations[-1] - targets) / targets.size
#+ delta = 2 * (activations[-1] - targets)

#! missing-activation-derivative
#- delta = (delta @ weights[l].T) * activations[l] * (1 - activations[l])
#+ delta = delta @ weights[l].T

#! activation-derivative-at-wrong-argument
#- delta = (delta @ weights[l].T) * activations[l] * (1 - activations[l])
#+ delta = (delta @ weights[l].T) * zs[l-1] * (1 - zs[l-1])

#! wrong-sign
#- weights[l] = weights[l] - 0.05 * grads_w[l]
#+ weights[l] = weights[l] + 0.05 * grads_w[l]

#! bias-averaged
#- grads_b[l] = delta.sum(axis=0)
#+ grads_b[l] = delta.mean(axis=0)
