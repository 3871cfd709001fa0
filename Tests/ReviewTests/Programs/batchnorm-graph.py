# model batchnorm
import numpy as np

def batchnorm_forward(x, gamma, beta, eps):
    N, D = x.shape
    # step1: calculate mean
    mu = 1./N * np.sum(x, axis = 0)
    # step2: subtract mean vector of every trainings example
    xmu = x - mu
    # step3: following the lower branch - calculation denominator
    sq = xmu ** 2
    # step4: calculate variance
    var = 1./N * np.sum(sq, axis = 0)
    # step5: add eps for numerical stability, then sqrt
    sqrtvar = np.sqrt(var + eps)
    # step6: invert sqrtwar
    ivar = 1./sqrtvar
    # step7: execute normalization
    xhat = xmu * ivar
    # step8: Nor the two transformation steps
    gammax = gamma * xhat
    # step9
    out = gammax + beta
    cache = (xhat,gamma,xmu,ivar,sqrtvar,var,eps)
    return out, cache

def batchnorm_backward(dout, cache):
    # unfold the variables stored in cache
    xhat,gamma,xmu,ivar,sqrtvar,var,eps = cache
    # get the dimensions of the input/output
    N,D = dout.shape
    # step9
    dbeta = np.sum(dout, axis=0)
    dgammax = dout
    # step8
    dgamma = np.sum(dgammax*xhat, axis=0)
    dxhat = dgammax * gamma
    # step7
    divar = np.sum(dxhat*xmu, axis=0)
    dxmu1 = dxhat * ivar
    # step6
    dsqrtvar = -1. /(sqrtvar**2) * divar
    # step5
    dvar = 0.5 * 1. /np.sqrt(var+eps) * dsqrtvar
    # step4
    dsq = 1. /N * np.ones((N,D)) * dvar
    # step3
    dxmu2 = 2 * xmu * dsq
    # step2
    dx1 = (dxmu1 + dxmu2)
    dmu = -1 * np.sum(dxmu1+dxmu2, axis=0)
    # step1
    dx2 = 1. /N * np.ones((N,D)) * dmu
    # step0
    dx = dx1 + dx2
    return dx, dgamma, dbeta

np.random.seed(0)
X = np.random.randn(6, 2)
Y = np.random.randn(6, 3)
W1 = np.random.randn(2, 4)
b1 = np.random.randn(4) * 0.1
gamma = 1 + 0.2 * np.random.randn(4)
beta = 0.2 * np.random.randn(4)
W2 = np.random.randn(4, 3)
b2 = np.random.randn(3) * 0.1

z = X.dot(W1) + b1
bn, bn_cache = batchnorm_forward(z, gamma, beta, 1e-5)
a = np.maximum(bn, 0)
pred = a.dot(W2) + b2
loss = ((pred - Y) ** 2).mean()

dpred = 2 * (pred - Y) / pred.size
dW2 = a.T.dot(dpred)
db2 = dpred.sum(axis=0)
da = dpred.dot(W2.T)
dbn = da * (bn > 0)
dz, dgamma, dbeta = batchnorm_backward(dbn, bn_cache)
dW1 = X.T.dot(dz)
db1 = dz.sum(axis=0)

#! statistics-held-constant
#-     dx = dx1 + dx2
#+     dx = dxmu1

#! one-path-only
#-     dx = dx1 + dx2
#+     dx = dx1

#! unnormalised-in-gamma
#-     dgamma = np.sum(dgammax*xhat, axis=0)
#+     dgamma = np.sum(dgammax, axis=0)

#!
#-     dgamma = np.sum(dgammax*xhat, axis=0)
#+     dgamma = np.sum(dgammax*xmu, axis=0)

#! wrong-sign
#-     dmu = -1 * np.sum(dxmu1+dxmu2, axis=0)
#+     dmu = np.sum(dxmu1+dxmu2, axis=0)

#! missing-factor
#-     dvar = 0.5 * 1. /np.sqrt(var+eps) * dsqrtvar
#+     dvar = 1. /np.sqrt(var+eps) * dsqrtvar

#! missing-activation-derivative
#- dbn = da * (bn > 0)
#+ dbn = da * 1.0

#! wrong-layer-mask
#- dbn = da * (bn > 0)
#+ dbn = da * (z > 0)

#! missing-mean
#-     dsq = 1. /N * np.ones((N,D)) * dvar
#+     dsq = np.ones((N,D)) * dvar

#! missing-mean
#-     dx2 = 1. /N * np.ones((N,D)) * dmu
#+     dx2 = np.ones((N,D)) * dmu
