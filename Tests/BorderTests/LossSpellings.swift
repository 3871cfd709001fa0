/// Ways to type one loss of logits Z and targets Y, four samples in rows.
enum LossSpellings {
  static let crossEntropy = [
    "S = softmax(Z); L = cross_entropy(Y, S)",
    "S = softmax(Z); L = -sum(Y*log(S))/m",
    "S = softmax(Z); L = -sum(Y * log(S)) / 4",
    "S = softmax(Z); L = -1/m * sum(Y*log(S))",
    "S = softmax(Z); L = (1/m)*sum(-sum(Y*log(S), axis=1))",
    "S = softmax(Z); L = mean(-sum(Y*log(S), axis=1))",
    "S = softmax(Z); ell = -sum(Y*log(S), axis=1); L = sum(ell)/m",
    "S = softmax(Z); G = log(S); L = -sum(Y*G)/m",
    "S = softmax(Z, axis=1); H = Y * log(S); c = sum(H); L = -c / m",
    "E = exp(Z); S = E / sum(E, axis=1); L = -sum(Y*log(S))/m",
    "E = exp(Z - max(Z, axis=1)); S = E / sum(E, axis=1); L = -mean(sum(Y*log(S), axis=1))",
    "S = exp(Z) / sum(exp(Z), axis=1); L = cross_entropy(Y, S)",
    "L = cross_entropy(Y, softmax(Z))",
    "L = -sum(Y * log(softmax(Z))) / m",
    "L = -sum(Y * log(exp(Z) / sum(exp(Z), axis=1))) / m",
    "L = sum(logsumexp(Z, axis=1) - sum(Y*Z, axis=1))/m",
    "L = mean(logsumexp(Z) - sum(Y*Z, axis=1))",
    "L = -mean(sum(Y * (Z - logsumexp(Z)), axis=1))",
    "L = (sum(log(sum(exp(Z), axis=1))) - sum(Y*Z)) / m",
  ]

  static let binary = [
    "P = sigmoid(Z); L = binary_cross_entropy(Y, P)",
    "P = sigmoid(Z); L = -mean(Y*log(P) + (1 - Y)*log(1 - P))",
    "P = sigmoid(Z); L = -sum(Y*log(P) + (1 - Y)*log(1 - P)) / (3*m)",
    "P = 1 / (1 + exp(-Z)); L = -mean(Y*log(P) + (1 - Y)*log(1 - P))",
    "P = sigmoid(Z); ell = -Y*log(P) - (1 - Y)*log(1 - P); L = mean(ell)",
    "L = mean(softplus(Z) - Y*Z)",
    "L = mean(maximum(Z, 0) - Z*Y + log(1 + exp(-abs(Z))))",
  ]
}
