# net 6 5:relu 2:linear loss=sse
import torch

dtype = torch.float
device = torch.device("cpu")

N, D_in, H, D_out = 8, 6, 5, 2
torch.manual_seed(0)
x = torch.randn(N, D_in, device=device, dtype=dtype)
y = torch.randn(N, D_out, device=device, dtype=dtype)
w1 = torch.randn(D_in, H, device=device, dtype=dtype)
c1 = torch.randn(H, device=device, dtype=dtype)
w2 = torch.randn(H, D_out, device=device, dtype=dtype)
c2 = torch.randn(D_out, device=device, dtype=dtype)

learning_rate = 1e-3
for t in range(3):
    h = x.mm(w1) + c1
    h_relu = h.clamp(min=0)
    y_pred = h_relu.mm(w2) + c2
    loss = (y_pred - y).pow(2).sum().item()
    grad_y_pred = 2.0 * (y_pred - y)
    grad_w2 = h_relu.t().mm(grad_y_pred)
    grad_c2 = grad_y_pred.sum(dim=0)
    grad_h_relu = grad_y_pred.mm(w2.t())
    grad_h = grad_h_relu.clone()
    grad_h[h < 0] = 0
    grad_w1 = x.t().mm(grad_h)
    grad_c1 = grad_h.sum(dim=0)
    w1 -= learning_rate * grad_w1
    c1 -= learning_rate * grad_c1
    w2 -= learning_rate * grad_w2
    c2 -= learning_rate * grad_c2

#! missing-factor
#-     grad_y_pred = 2.0 * (y_pred - y)
#+     grad_y_pred = y_pred - y

#! input-for-activation
#-     grad_w2 = h_relu.t().mm(grad_y_pred)
#+     grad_w2 = h.t().mm(grad_y_pred)

#! wrong-sign
#-     w1 -= learning_rate * grad_w1
#+     w1 += learning_rate * grad_w1

#!
#-     grad_c2 = grad_y_pred.sum(dim=0)
#+     grad_c2 = grad_y_pred.sum(dim=1)[:2]
