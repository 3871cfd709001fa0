# net 4 6:tanh 2:linear
#coding: utf-8

# # Regression with a small network
# In[1]:

import numpy as np
get_ipython = lambda: None

# In[2]:

dtype = np.float32
rng = np.random.RandomState(7)
X_train = rng.randn(9, 4).astype(dtype)
y_train = rng.randn(9, 2).astype(dtype)

# In[3]:

hidden_weights = (rng.randn(4, 6) * 0.3).astype(dtype)
hidden_bias = np.zeros((6,), dtype=dtype)
output_weights = (rng.randn(6, 2) * 0.3).astype(dtype)
output_bias = np.zeros((2,), dtype=dtype)

# In[4]:

def forward(X):
    hidden_in = X @ hidden_weights + hidden_bias
    hidden_out = np.tanh(hidden_in)
    predictions = hidden_out @ output_weights + output_bias
    return hidden_in, hidden_out, predictions

hidden_in, hidden_out, predictions = forward(X_train)
predictions.shape

# In[5]:

error = predictions - y_train
loss = np.mean(np.square(error))
print('loss', loss)

# In[6]:

grad_predictions = 2.0 * error / error.size
grad_output_weights = hidden_out.T @ grad_predictions
grad_output_bias = grad_predictions.sum(axis=0)
grad_hidden_out = grad_predictions @ output_weights.T
grad_hidden_in = grad_hidden_out * (1 - hidden_out ** 2)
grad_hidden_weights = X_train.T @ grad_hidden_in
grad_hidden_bias = grad_hidden_in.sum(axis=0)

# In[7]:

lr = dtype(0.05)
hidden_weights = hidden_weights - lr * grad_hidden_weights
hidden_bias = hidden_bias - lr * grad_hidden_bias
output_weights = output_weights - lr * grad_output_weights
output_bias = output_bias - lr * grad_output_bias

# In[8]:

_, _, predictions = forward(X_train)
print('loss', np.mean(np.square(predictions - y_train)))

#! missing-factor
#- grad_predictions = 2.0 * error / error.size
#+ grad_predictions = error / error.size

#! missing-mean
#- grad_predictions = 2.0 * error / error.size
#+ grad_predictions = 2.0 * error

#! missing-activation-derivative
#- grad_hidden_in = grad_hidden_out * (1 - hidden_out ** 2)
#+ grad_hidden_in = grad_hidden_out

#! activation-for-derivative
#- grad_hidden_in = grad_hidden_out * (1 - hidden_out ** 2)
#+ grad_hidden_in = grad_hidden_out * hidden_out

#! bias-averaged
#- grad_hidden_bias = grad_hidden_in.sum(axis=0)
#+ grad_hidden_bias = grad_hidden_in.mean(axis=0)

#! wrong-sign
#- output_weights = output_weights - lr * grad_output_weights
#+ output_weights = output_weights + lr * grad_output_weights
