# net 2 4:tanh 3:softmax
import math
X = [[1.0, 2.0], [0.5, -1.0], [-1.5, 0.3], [0.3, 0.8], [0.6, -0.7]]
T = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0]]
W1 = [[0.1, -0.2, 0.3, 0.4], [0.5, 0.6, -0.7, 0.8]]
b1 = [0.1, 0.2, 0.3, 0.4]
W2 = [[0.1, 0.2, 0.3], [0.4, -0.5, 0.6], [-0.7, 0.8, 0.9], [0.15, 0.25, -0.35]]
b2 = [0.1, 0.05, -0.1]
m = len(X)
dW1 = [[0.0] * 4 for _ in range(2)]
dW2 = [[0.0] * 3 for _ in range(4)]
for s in range(m):
    z1 = [sum(X[s][i] * W1[i][j] for i in range(2)) + b1[j] for j in range(4)]
    a1 = [math.tanh(z) for z in z1]
    z2 = [sum(a1[j] * W2[j][k] for j in range(4)) + b2[k] for k in range(3)]
    e = [math.exp(z) for z in z2]
    p = [v / sum(e) for v in e]
    d2 = [(p[k] - T[s][k]) / m for k in range(3)]
    for j in range(4):
        for k in range(3):
            dW2[j][k] += a1[j] * d2[k]
    d1 = [sum(d2[k] * W2[j][k] for k in range(3)) * (1 - a1[j] ** 2) for j in range(4)]
    for i in range(2):
        for j in range(4):
            dW1[i][j] += X[s][i] * d1[j]

#! missing-mean
#- d2 = [(p[k] - T[s][k]) / m for k in range(3)]
#+ d2 = [(p[k] - T[s][k]) for k in range(3)]

#! missing-activation-derivative
#-  * (1 - a1[j] ** 2) for j
#+  for j
