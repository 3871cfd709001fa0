# net 3 4:relu 2:softmax
import torch
from torch import nn
torch.manual_seed(3)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(3, 4)
        self.fc2 = nn.Linear(4, 2)
    def forward(self, x):
        h = torch.relu(self.fc1(x))
        return self.fc2(h)
net = Net()
x = torch.randn(5, 3)
target = torch.tensor([1, 0, 0, 1, 1])
opt = torch.optim.SGD(net.parameters(), lr=0.1)
out = net(x)
loss = nn.CrossEntropyLoss()(out, target)
opt.zero_grad()
loss.backward()
opt.step()

#! softmax-twice
#-         return self.fc2(h)
#+         return torch.softmax(self.fc2(h), dim=1)
