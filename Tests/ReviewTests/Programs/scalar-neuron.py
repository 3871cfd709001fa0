# net 2 1:sigmoid loss=half_sse
import math
x1, x2 = 0.5, -0.3
target = 1.0
w1, w2, b = 0.4, 0.7, 0.1
X = [[0.5, -0.3]]
Y = [[1.0]]
W = [[0.4], [0.7]]
z = x1 * w1 + x2 * w2 + b
a = 1 / (1 + math.exp(-z))
loss = 0.5 * (a - target) ** 2
da = a - target
dz = da * a * (1 - a)
dW = [[x1 * dz], [x2 * dz]]
db = dz

#! missing-activation-derivative
#- dz = da * a * (1 - a)
#+ dz = da
