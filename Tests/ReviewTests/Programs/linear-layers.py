# model
# Q = X @ Wq
# K = X @ Wk
# V = X @ Wv
# S = Q @ K.T / sqrt(3)
# A = softmax(S)
# O = A @ V
# Y = O @ Wo
# L = mse(T, Y)
# end
# samples none
import math
import torch

class Linear:
    """y = x W^T, as in nn.Linear."""
    def __init__(self, n_in, n_out):
        self.weight = torch.randn(n_out, n_in) / math.sqrt(n_in)
    def forward(self, x):
        self.x = x
        return x @ self.weight.t()
    def backward(self, dy):
        self.grad = dy.t() @ self.x
        return dy @ self.weight

class SelfAttention:
    def __init__(self, n_embd, head_size):
        self.q_proj = Linear(n_embd, head_size)
        self.k_proj = Linear(n_embd, head_size)
        self.v_proj = Linear(n_embd, head_size)
        self.o_proj = Linear(head_size, n_embd)
        self.scale = head_size ** -0.5

    def forward(self, x):
        self.q = self.q_proj.forward(x)
        self.k = self.k_proj.forward(x)
        self.v = self.v_proj.forward(x)
        att = self.q @ self.k.t() * self.scale
        self.att = torch.softmax(att, dim=-1)
        return self.o_proj.forward(self.att @ self.v)

    def backward(self, dy):
        dout = self.o_proj.backward(dy)
        dv = self.att.t() @ dout
        datt = dout @ self.v.t()
        row = (datt * self.att).sum(dim=-1, keepdim=True)
        dscores = self.att * (datt - row) * self.scale
        dq = dscores @ self.k
        dk = dscores.t() @ self.q
        return self.q_proj.backward(dq) + self.k_proj.backward(dk) + self.v_proj.backward(dv)

torch.manual_seed(1337)
torch.set_default_dtype(torch.float64)
x = torch.randn(5, 4)
target = torch.randn(5, 4)
layer = SelfAttention(4, 3)
out = layer.forward(x)
loss = ((out - target) ** 2).mean()
dx = layer.backward(2 * (out - target) / out.numel())
print(loss.item(), dx.norm().item())

#!
#-         dk = dscores.t() @ self.q
#+         dk = dscores @ self.q

#! diagonal-jacobian
#-         dscores = self.att * (datt - row) * self.scale
#+         dscores = self.att * (1 - self.att) * datt * self.scale

#!
#-         dv = self.att.t() @ dout
#+         dv = self.att @ dout

#! missing-factor
#- dx = layer.backward(2 * (out - target) / out.numel())
#+ dx = layer.backward((out - target) / out.numel())
