# model attention
import numpy as np

def softmax(x):
    x = x - x.max(axis=-1, keepdims=True)
    e = np.exp(x)
    return e / e.sum(axis=-1, keepdims=True)

rng = np.random.default_rng(11)
T, d_model, d_k, d_v = 6, 4, 3, 2
X = rng.standard_normal((T, d_model))
W_q = rng.standard_normal((d_model, d_k)) * 0.4
W_k = rng.standard_normal((d_model, d_k)) * 0.4
W_v = rng.standard_normal((d_model, d_v)) * 0.4
target = rng.standard_normal((T, d_v))

# forward
Q = X @ W_q
K = X @ W_k
V = X @ W_v
scores = Q @ K.T / np.sqrt(d_k)
weights = softmax(scores)
out = weights @ V
loss = ((out - target) ** 2).mean()

# backward
d_out = 2 * (out - target) / out.size
d_weights = d_out @ V.T
d_V = weights.T @ d_out
d_scores = weights * (d_weights - (d_weights * weights).sum(axis=-1, keepdims=True))
d_scores = d_scores / np.sqrt(d_k)
d_Q = d_scores @ K
d_K = d_scores.T @ Q
dW_q = X.T @ d_Q
dW_k = X.T @ d_K
dW_v = X.T @ d_V
dX = d_Q @ W_q.T + d_K @ W_k.T + d_V @ W_v.T

#! missing-scale
#- d_Q = d_scores @ K
#+ d_Q = d_scores @ K * np.sqrt(d_k)

#! diagonal-jacobian
#- d_scores = weights * (d_weights - (d_weights * weights).sum(axis=-1, keepdims=True))
#+ d_scores = weights * (1 - weights) * d_weights

#! transposed
#- d_K = d_scores.T @ Q
#+ d_K = d_scores @ Q

#! one-path-only
#- dX = d_Q @ W_q.T + d_K @ W_k.T + d_V @ W_v.T
#+ dX = d_Q @ W_q.T + d_K @ W_k.T

#! missing-factor
#- d_out = 2 * (out - target) / out.size
#+ d_out = (out - target) / out.size
