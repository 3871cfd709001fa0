# net 3 2:softmax
from math import exp, log

def softmax(z):
    top = max(z)
    e = [exp(v - top) for v in z]
    total = sum(e)
    return [v / total for v in e]

def matvec(x, W, b):
    return [sum(x[i] * W[i][j] for i in range(len(x))) + b[j] for j in range(len(b))]

data = [([0.5, 1.2, -0.3], 0), ([1.5, -0.4, 0.8], 1), ([-0.7, 0.1, 1.1], 1), ([0.2, 0.9, 0.4], 0)]
W = [[0.1, -0.2], [0.3, 0.4], [-0.5, 0.25]]
b = [0.05, -0.1]
rate = 0.5
n = len(data)
for epoch in range(3):
    dW = [[0.0, 0.0] for _ in range(3)]
    db = [0.0, 0.0]
    loss = 0.0
    for x, label in data:
        z = matvec(x, W, b)
        p = softmax(z)
        loss -= log(p[label]) / n
        dz = [pj - (1.0 if j == label else 0.0) for j, pj in enumerate(p)]
        dz = [d / n for d in dz]
        for i in range(3):
            for j in range(2):
                dW[i][j] += x[i] * dz[j]
        for j in range(2):
            db[j] += dz[j]
    for i in range(3):
        for j in range(2):
            W[i][j] -= rate * dW[i][j]
    for j in range(2):
        b[j] -= rate * db[j]
    print(epoch, loss)
