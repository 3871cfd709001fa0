# model cnn
import numpy as np
np.random.seed(8)
def conv_forward(x, w, b):
    n, c, h, wd = x.shape
    f, _, k, _ = w.shape
    out = np.zeros((n, f, h - k + 1, wd - k + 1))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            patch = x[:, :, i:i+k, j:j+k]
            out[:, :, i, j] = np.tensordot(patch, w, axes=([1, 2, 3], [1, 2, 3])) + b
    return out
def conv_backward(dout, x, w):
    dw = np.zeros_like(w)
    dx = np.zeros_like(x)
    k = w.shape[2]
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            patch = x[:, :, i:i+k, j:j+k]
            dw += np.tensordot(dout[:, :, i, j], patch, axes=(0, 0))
            dx[:, :, i:i+k, j:j+k] += np.tensordot(dout[:, :, i, j], w, axes=(1, 0))
    db = dout.sum(axis=(0, 2, 3))
    return dx, dw, db
images = np.random.randn(4, 1, 6, 6)
labels = np.array([0, 3, 2, 4])
kernel = np.random.randn(2, 1, 3, 3) / 3
kbias = np.zeros(2)
W = np.random.randn(8, 5) / 3
b = np.zeros(5)
conv = conv_forward(images, kernel, kbias)
act = np.maximum(conv, 0)
pooled = np.zeros((4, 2, 2, 2))
where = np.zeros_like(act)
for i in range(2):
    for j in range(2):
        block = act[:, :, 2*i:2*i+2, 2*j:2*j+2]
        pooled[:, :, i, j] = block.max(axis=(2, 3))
flat = pooled.reshape(4, -1)
logits = flat @ W + b
p = np.exp(logits); p /= p.sum(axis=1, keepdims=True)
dlogits = p.copy()
dlogits[np.arange(4), labels] -= 1
dlogits /= 4
dW = flat.T @ dlogits
db = dlogits.sum(axis=0)
dflat = dlogits @ W.T
dpool = dflat.reshape(pooled.shape)
dact = np.zeros_like(act)
for i in range(2):
    for j in range(2):
        block = act[:, :, 2*i:2*i+2, 2*j:2*j+2]
        top = block.reshape(4, 2, 4).argmax(axis=2)
        for n in range(4):
            for c in range(2):
                dact[n, c, 2*i + top[n, c] // 2, 2*j + top[n, c] % 2] = dpool[n, c, i, j]
dconv = dact * (conv > 0)
dx, dkernel, dkbias = conv_backward(dconv, images, kernel)

#! missing-mean
#- dlogits /= 4
#+ dlogits /= 1

#! missing-activation-derivative
#- dconv = dact * (conv > 0)
#+ dconv = dact * 1.0

#!
#- db = dout.sum(axis=(0, 2, 3))
#+ db = dout.sum(axis=(0, 2, 3)) / dout.shape[0]

#! input-for-activation
#- dW = flat.T @ dlogits
#+ dW = (flat * 0.5).T @ dlogits
