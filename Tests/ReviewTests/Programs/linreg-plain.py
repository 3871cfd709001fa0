# net 2 1:linear loss=half_mse
X = [[1.0, 2.0], [0.5, -1.5], [2.0, 0.3], [-1.0, 0.7]]
Y = [[3.0], [-1.0], [2.5], [0.2]]
W = [[0.1], [-0.3]]
b = [0.05]
lr = 0.1
n = len(X)
for epoch in range(2):
    pred = [[sum(x * w[0] for x, w in zip(row, W)) + b[0]] for row in X]
    err = [[p[0] - t[0]] for p, t in zip(pred, Y)]
    loss = sum(e[0] ** 2 for e in err) / (2 * n)
    dW = [[sum(X[i][j] * err[i][0] for i in range(n)) / n] for j in range(2)]
    db = [sum(e[0] for e in err) / n]
    W = [[w[0] - lr * g[0]] for w, g in zip(W, dW)]
    b = [b[0] - lr * db[0]]

#! missing-mean
#- dW = [[sum(X[i][j] * err[i][0] for i in range(n)) / n] for j in range(2)]
#+ dW = [[sum(X[i][j] * err[i][0] for i in range(n))] for j in range(2)]

#! wrong-sign
#- W = [[w[0] - lr * g[0]]
#+ W = [[w[0] + lr * g[0]]
