# net 3 4:tanh 2:softmax
import torch
import torch.nn.functional as F
torch.manual_seed(1)
X = torch.randn(7, 3, dtype=torch.float64)
y = torch.tensor([0, 1, 1, 0, 1, 0, 0])
W1 = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
b1 = torch.zeros(4, dtype=torch.float64, requires_grad=True)
W2 = torch.randn(4, 2, dtype=torch.float64, requires_grad=True)
b2 = torch.zeros(2, dtype=torch.float64, requires_grad=True)
for step in range(2):
    a1 = torch.tanh(X @ W1 + b1)
    logits = a1 @ W2 + b2
    loss = F.cross_entropy(logits, y)
    loss.backward()
    with torch.no_grad():
        for p in (W1, b1, W2, b2):
            p -= 0.1 * p.grad
            p.grad.zero_()

#! softmax-twice
#-     loss = F.cross_entropy(logits, y)
#+     loss = F.cross_entropy(torch.softmax(logits, 1), y)

#!
#- a1 = torch.tanh(X @ W1 + b1)
#+ a1 = torch.sigmoid(X @ W1 + b1)

#! missing-mean
#- F.cross_entropy(logits, y)
#+ F.cross_entropy(logits, y, reduction='sum')

#! wrong-sign
#- p -= 0.1 * p.grad
#+ p += 0.1 * p.grad
