# net 2 3:sigmoid 3:sigmoid 1:sigmoid loss=half_mse
# coding: utf-8

# ## XOR with two hidden layers

# In[1]:


import numpy as np


# In[2]:


inputs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
expected = np.array([[0], [1], [1], [0]])


# In[3]:


np.random.seed(8)
w0 = np.random.uniform(-1, 1, size=(2, 3)); bias0 = np.random.uniform(size=(1, 3))
w1 = np.random.uniform(-1, 1, size=(3, 3)); bias1 = np.random.uniform(size=(1, 3))
w2 = np.random.uniform(-1, 1, size=(3, 1)); bias2 = np.random.uniform(size=(1, 1))


# In[4]:


def logistic(v):
    return 1 / (1 + np.exp(-v))


def slope(a):
    return a * (1 - a)


# In[5]:


for epoch in range(2):
    layer1 = logistic(np.dot(inputs, w0) + bias0)
    layer2 = logistic(np.dot(layer1, w1) + bias1)
    predicted = logistic(np.dot(layer2, w2) + bias2)

    error = expected - predicted
    d_predicted = error * slope(predicted) / 4
    error2 = d_predicted.dot(w2.T)
    d_layer2 = error2 * slope(layer2)
    error1 = d_layer2.dot(w1.T)
    d_layer1 = error1 * slope(layer1)

    w2 += layer2.T.dot(d_predicted) * 0.5
    bias2 += np.sum(d_predicted, axis=0, keepdims=True) * 0.5
    w1 += layer1.T.dot(d_layer2) * 0.5
    bias1 += np.sum(d_layer2, axis=0, keepdims=True) * 0.5
    w0 += inputs.T.dot(d_layer1) * 0.5
    bias0 += np.sum(d_layer1, axis=0, keepdims=True) * 0.5

#! missing-activation-derivative
#-     d_layer2 = error2 * slope(layer2)
#+     d_layer2 = error2

#! activation-derivative-at-wrong-argument
#-     return a * (1 - a)
#+     return logistic(a) * (1 - logistic(a))

#!
#-     error1 = d_layer2.dot(w1.T)
#+     error1 = error2.dot(w1.T)

#! transposed
#-     error1 = d_layer2.dot(w1.T)
#+     error1 = d_layer2.dot(w1)

#!
#-     w0 += inputs.T.dot(d_layer1) * 0.5
#+     w0 -= inputs.T.dot(d_layer1) * 0.5

#!
#-     bias1 += np.sum(d_layer2, axis=0, keepdims=True) * 0.5
#+     bias1 += np.sum(d_layer2, axis=1, keepdims=True)[:3].T * 0.5
