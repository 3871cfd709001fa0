# net 3 5:sigmoid 1:linear loss=mse
#coding: utf-8

# In[1]:


import numpy as np
np.random.seed(10)


# In[2]:


X = np.random.randn(8, 3)
y = np.sin(X.sum(axis=1, keepdims=True))


# In[3]:


def add_bias(A):
    return np.hstack([A, np.ones((A.shape[0], 1))])

sigma = lambda t: 1.0 / (1.0 + np.exp(-t))

Theta1 = np.random.randn(4, 5) * 0.6
Theta2 = np.random.randn(6, 1) * 0.6


# In[4]:


N = len(X)
for it in range(3):
    a0 = add_bias(X)
    h = sigma(a0 @ Theta1)
    a1 = add_bias(h)
    out = a1 @ Theta2
    J = np.mean((out - y) ** 2)

    d2 = 2 * (out - y) / N
    grad2 = a1.T @ d2
    d1 = (d2 @ Theta2[:-1].T) * h * (1 - h)
    grad1 = a0.T @ d1
    Theta1 = Theta1 - 0.1 * grad1
    Theta2 = Theta2 - 0.1 * grad2


# In[5]:


print(J)

#! missing-factor
#-     d2 = 2 * (out - y) / N
#+     d2 = (out - y) / N

#! missing-activation-derivative
#-     d1 = (d2 @ Theta2[:-1].T) * h * (1 - h)
#+     d1 = d2 @ Theta2[:-1].T

#! activation-for-derivative
#-     d1 = (d2 @ Theta2[:-1].T) * h * (1 - h)
#+     d1 = (d2 @ Theta2[:-1].T) * h

#! missing-mean
#-     d2 = 2 * (out - y) / N
#+     d2 = 2 * (out - y)

#! wrong-sign
#-     Theta2 = Theta2 - 0.1 * grad2
#+     Theta2 = Theta2 + 0.1 * grad2

#!
#-     d1 = (d2 @ Theta2[:-1].T) * h * (1 - h)
#+     d1 = (d2 @ Theta2[1:].T) * h * (1 - h)
