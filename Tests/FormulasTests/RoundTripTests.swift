import Formulas
import Operations
import TestSupport
import Testing

@Suite struct RoundTripTests {
  @Test func whatIsPrintedParsesBackToTheSameFormula() throws {
    var random = RandomExpressions(seed: 1)
    for _ in 0..<3000 {
      let expression = random.any(depth: 5)
      #expect(try Parser.parse(expression.description).expression == expression, "\(expression)")
    }
  }

  @Test(arguments: [
    ("(A @ B).T", "(A @ B).T"), ("-Y / S / m", "-Y / S / m"), ("((a + b)) * c", "(a + b) * c"),
    ("a - (b - c)", "a - (b - c)"), ("a / (b * c)", "a / (b * c)"), ("-a**2", "-a**2"),
    ("(-a)**2", "(-a)**2"),
    ("2**-1", "2**-1"), ("dA1 * (Z1 > 0)", "dA1 * (Z1 > 0)"), ("W1ᵀ", "W1.T"), ("A · B ⊙ C", "A @ B * C"),
    ("∂L/∂W₁", "dW1"), ("∂Z2", "dZ2"), ("np.sum(X, axis=0, keepdims=True)", "sum(X, axis=0)"),
    ("dot(A, B)", "A @ B"), ("zeros((2, 3))", "zeros(2, 3)"), ("X[:, 0]", "X[:,0]"), ("X[-1]", "X[-1]"),
    ("relu'(Z1)", "relu'(Z1)"), ("Z²", "Z**2"), ("1.5e-7", "1.5e-07"), ("a − b", "a - b"), ("2.T", "2.T"),
    // Python takes both from the left; a person would take the product of matrices first.
    ("r * h @ U", "(r * h) @ U"), ("r / h @ U.T", "(r / h) @ U.T"), ("r * (h @ U)", "r * (h @ U)"),
    ("A @ B * C", "A @ B * C"), ("A @ (B * C)", "A @ (B * C)"), ("A @ B @ C", "A @ B @ C"),
    ("A @ (B @ C)", "A @ (B @ C)"), ("2 * X.T @ Z / m", "2 * X.T @ Z / m"), ("Z / m @ W", "Z / m @ W"),
    ("dS / sqrt(2) @ K", "dS / sqrt(2) @ K"), ("dS * M / sqrt(2) @ K", "(dS * M / sqrt(2)) @ K"),
    ("a * b * c @ D @ E", "(a * b * c) @ D @ E"),
  ])
  func spellings(_ typed: String, _ printed: String) throws {
    #expect(try Parser.parse(typed).expression.description == printed)
  }
}
