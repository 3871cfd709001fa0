import LinearAlgebra

/// A value and its rate of change along one direction: a tensor of dual numbers a + bε, ε² = 0. A nil tangent is zero.
package struct DualTensor: Sendable {
  package var value: Tensor
  package var tangent: Tensor?

  package init(_ value: Tensor, _ tangent: Tensor? = nil) {
    self.value = value
    self.tangent = tangent
  }

  package var tangentOrZero: Tensor { tangent ?? Tensor(repeating: 0, shape: value.shape) }
}
