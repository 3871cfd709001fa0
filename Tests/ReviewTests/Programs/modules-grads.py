# net 5 6:relu 4:relu 3:softmax
import numpy as np

class Module:
    def __init__(self):
        self.params, self.grads = {}, {}
    def zero_grad(self):
        for k in self.params:
            self.grads[k] = np.zeros_like(self.params[k])
    def step(self, lr):
        for k in self.params:
            self.params[k] -= lr * self.grads[k]

class Dense(Module):
    def __init__(self, n_in, n_out, rng):
        super().__init__()
        self.params["W"] = rng.normal(0, np.sqrt(2.0 / n_in), (n_in, n_out))
        self.params["b"] = np.zeros((1, n_out))
        self.zero_grad()
    def __call__(self, x):
        self.input = x
        self.output = x @ self.params["W"] + self.params["b"]
        return self.output
    def backward(self, grad_output):
        self.grads["W"] += self.input.T @ grad_output
        self.grads["b"] += grad_output.sum(axis=0, keepdims=True)
        return grad_output @ self.params["W"].T

class Relu(Module):
    def __call__(self, x):
        self.input = x
        return x * (x > 0)
    def backward(self, grad_output):
        return grad_output * (self.input > 0).astype(float)

class SoftmaxCrossEntropy(Module):
    def __call__(self, logits, labels):
        self.labels = labels
        shifted = logits - logits.max(axis=1, keepdims=True)
        log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.probs = np.exp(log_probs)
        return -log_probs[np.arange(len(labels)), labels].mean()
    def backward(self):
        grad = self.probs.copy()
        grad[np.arange(len(self.labels)), self.labels] -= 1.0
        return grad / len(self.labels)

class Sequential(Module):
    def __init__(self, *layers):
        self.layers = layers
    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
    def backward(self, grad):
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        return grad
    def zero_grad(self):
        for layer in self.layers:
            layer.zero_grad()
    def step(self, lr):
        for layer in self.layers:
            layer.step(lr)

rng = np.random.default_rng(42)
model = Sequential(Dense(5, 6, rng), Relu(), Dense(6, 4, rng), Relu(), Dense(4, 3, rng))
criterion = SoftmaxCrossEntropy()
x_train = rng.normal(size=(8, 5))
y_train = rng.integers(0, 3, size=8)
for epoch in range(3):
    model.zero_grad()
    logits = model(x_train)
    loss = criterion(logits, y_train)
    model.backward(criterion.backward())
    model.step(0.1)
    print(f"epoch {epoch} loss {loss:.4f}")
