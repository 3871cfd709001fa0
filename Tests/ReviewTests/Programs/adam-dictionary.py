# net 3 5:tanh 2:softmax
# optimizer adam
import numpy as np

rng = np.random.default_rng(8)
X = rng.normal(size=(6, 3))
y = rng.integers(0, 2, size=6)
params = {
    "W1": rng.normal(size=(3, 5)) * 0.5,
    "b1": np.zeros(5),
    "W2": rng.normal(size=(5, 2)) * 0.5,
    "b2": np.zeros(2),
}
m = {k: np.zeros_like(v) for k, v in params.items()}
v = {k: np.zeros_like(p) for k, p in params.items()}
beta1, beta2, eps, lr = 0.9, 0.999, 1e-8, 1e-2

def loss_and_grads(params):
    n = len(X)
    h = np.tanh(X @ params["W1"] + params["b1"])
    logits = h @ params["W2"] + params["b2"]
    e = np.exp(logits - logits.max(1, keepdims=True))
    p = e / e.sum(1, keepdims=True)
    loss = -np.log(p[np.arange(n), y]).mean()
    d = p.copy()
    d[np.arange(n), y] -= 1
    d /= n
    grads = {"W2": h.T @ d, "b2": d.sum(0)}
    dh = (d @ params["W2"].T) * (1 - h ** 2)
    grads["W1"] = X.T @ dh
    grads["b1"] = dh.sum(0)
    return loss, grads

for t in range(1, 6):
    loss, grads = loss_and_grads(params)
    for k in params:
        g = grads[k]
        m[k] = beta1 * m[k] + (1 - beta1) * g
        v[k] = beta2 * v[k] + (1 - beta2) * g ** 2
        mhat = m[k] / (1 - beta1 ** t)
        vhat = v[k] / (1 - beta2 ** t)
        params[k] -= lr * mhat / (np.sqrt(vhat) + eps)
    print(t, loss)
