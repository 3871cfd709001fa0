# model
# P = sigmoid(X @ theta)
# L = binary_cross_entropy(y, P)
# end
# param theta = randn(4, 1)
import numpy as np

class LogisticRegression:
    def __init__(self, lr=0.1, num_iter=3, fit_intercept=True):
        self.lr = lr
        self.num_iter = num_iter
        self.fit_intercept = fit_intercept

    def __add_intercept(self, X):
        intercept = np.ones((X.shape[0], 1))
        return np.concatenate((intercept, X), axis=1)

    def __sigmoid(self, z):
        return 1 / (1 + np.exp(-z))

    def __loss(self, h, y):
        return (-y * np.log(h) - (1 - y) * np.log(1 - h)).mean()

    def fit(self, X, y):
        if self.fit_intercept:
            X = self.__add_intercept(X)
        self.theta = np.full((X.shape[1], 1), 0.2)
        for i in range(self.num_iter):
            z = np.dot(X, self.theta)
            h = self.__sigmoid(z)
            gradient = np.dot(X.T, (h - y)) / y.size
            self.theta -= self.lr * gradient
            loss = self.__loss(h, y)

np.random.seed(3)
data = np.random.randn(11, 3)
target = (data[:, :1] + 0.3 * np.random.randn(11, 1) > 0).astype(float)
model = LogisticRegression()
model.fit(data, target)

#! missing-mean
#-             gradient = np.dot(X.T, (h - y)) / y.size
#+             gradient = np.dot(X.T, (h - y))

#! wrong-sign
#-             self.theta -= self.lr * gradient
#+             self.theta += self.lr * gradient

#! sigmoid-derivative-on-softmax
#-             gradient = np.dot(X.T, (h - y)) / y.size
#+             gradient = np.dot(X.T, (h - y) * h * (1 - h)) / y.size

#!
#-             h = self.__sigmoid(z)
#+             h = np.tanh(z)
