# net 3 4:relu 2:linear
import torch
torch.manual_seed(0)
N, D_in, H, D_out = 6, 3, 4, 2
x = torch.randn(N, D_in)
y = torch.randn(N, D_out)
w1 = torch.randn(D_in, H)
b1 = torch.zeros(H)
w2 = torch.randn(H, D_out)
b2 = torch.zeros(D_out)
for t in range(2):
    h = x.mm(w1) + b1
    h_relu = h.clamp(min=0)
    y_pred = h_relu.mm(w2) + b2
    loss = (y_pred - y).pow(2).mean()
    grad_y_pred = 2.0 * (y_pred - y) / y.numel()
    grad_w2 = h_relu.t().mm(grad_y_pred)
    grad_b2 = grad_y_pred.sum(0)
    grad_h_relu = grad_y_pred.mm(w2.t())
    grad_h = grad_h_relu.clone()
    grad_h[h < 0] = 0
    grad_w1 = x.t().mm(grad_h)
    grad_b1 = grad_h.sum(0)
    w1 -= 1e-3 * grad_w1
    w2 -= 1e-3 * grad_w2
    b1 -= 1e-3 * grad_b1
    b2 -= 1e-3 * grad_b2

#! missing-factor
#- grad_y_pred = 2.0 * (y_pred - y) / y.numel()
#+ grad_y_pred = (y_pred - y) / y.numel()

#! missing-activation-derivative
#-     grad_h[h < 0] = 0
#+     grad_h[h < -99] = 0

#! bias-averaged
#- grad_b1 = grad_h.sum(0)
#+ grad_b1 = grad_h.mean(0)

#! input-for-activation
#- grad_w2 = h_relu.t().mm(grad_y_pred)
#+ grad_w2 = h.t().mm(grad_y_pred)
