import Formulas

/// What makes an operation a loss of targets and predictions.
package struct LossTraits: Sendable {
  package enum Averaging: Sendable { case samples, entries, none }
  package let averaging: Averaging
  /// Below this the argument of log is lifted to it, as the sources do against log(0).
  package static let clip = 1e-15
  /// The sum over all entries before averaging, as it is computed: a template of the targets Y and the predictions P.
  package let total: String
  /// The activation that it is one step with.
  package let fusion: FusionTraits?
  /// The targets are classes: accuracy has a meaning.
  package let isClassification: Bool
  /// Which of the two is the target makes no difference to its value.
  package let isSymmetric: Bool

  package init(
    averaging: Averaging, total: String, isClassification: Bool = false,
    isSymmetric: Bool = false, fusion: FusionTraits? = nil
  ) {
    self.averaging = averaging
    self.total = total
    self.isClassification = isClassification
    self.isSymmetric = isSymmetric
    self.fusion = fusion
  }
}

/// A loss and the activation before it as one function of the logits: its value, and its gradient P - Y, need no
/// division by P.
package struct FusionTraits: Sendable {
  package let activation: Function
  /// "softmax with cross-entropy"
  package let title: String
  /// The sum over all entries, before averaging, a template of the logits Z, the targets Y and `axis`.
  package let total: String
  /// What the targets must meet, to be told where they do not.
  package let needsDistributions: Bool
  /// Ways to derive the gradient of the logits.
  package let derivations: [Route]
}

/// How the backward pass goes through an operation's Jacobian, stored as a step of its own.
package struct JacobianTraits: Sendable {
  /// The step's name.
  package let name: String
  /// The gradient of the operand from that step: `contract(dS, J, axis=axis)`.
  package let contraction: String
  package let title: String
  /// The function of each entry alone whose slope is the Jacobian's diagonal.
  package let diagonal: Function
}
