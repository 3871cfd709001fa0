# net 2 3:sigmoid 2:softmax
import numpy as np
σ = lambda z: 1 / (1 + np.exp(-z))
rng = np.random.RandomState(7)
X = rng.randn(6, 2)
Y = np.eye(2)[rng.randint(0, 2, 6)]
W_1, b_1 = rng.randn(2, 3), rng.randn(3)
W_2, b_2 = rng.randn(3, 2), rng.randn(2)
η = 0.1
z_1 = X @ W_1 + b_1
a_1 = σ(z_1)
z_2 = a_1 @ W_2 + b_2
ŷ = np.exp(z_2) / np.exp(z_2).sum(axis=1)[:, None]
δ_2 = (ŷ - Y) / len(X)
δ_1 = (δ_2 @ W_2.T) * a_1 * (1 - a_1)
ΔW_2 = a_1.T @ δ_2
ΔW_1 = X.T @ δ_1
Δb_2 = δ_2.sum(axis=0)
Δb_1 = δ_1.sum(axis=0)
W_1 = W_1 - η * ΔW_1
W_2 = W_2 - η * ΔW_2

#! missing-mean
#- δ_2 = (ŷ - Y) / len(X)
#+ δ_2 = ŷ - Y

#! missing-activation-derivative
#- δ_1 = (δ_2 @ W_2.T) * a_1 * (1 - a_1)
#+ δ_1 = δ_2 @ W_2.T

#! bias-averaged
#- Δb_2 = δ_2.sum(axis=0)
#+ Δb_2 = δ_2.mean(axis=0)
