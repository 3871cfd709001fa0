import Explanations
import Testing

/// The table of mistakes.
@Suite struct MistakeTableTests {
  /// The vocabulary of the manual, each with a sentence.
  @Test func everyIdIsThere() {
    let wanted = """
      transposed swapped-factors missing-mean double-mean wrong-sign missing-activation-derivative activation-for-derivative \
      activation-derivative-at-wrong-argument wrong-layer-mask softmax-wrong-axis bias-not-summed bias-averaged updated-weights \
      sum-for-mean hadamard-for-product diagonal-jacobian sigmoid-derivative-on-softmax missing-factor extra-factor \
      wrong-sum-axis missing-axis mean-over-classes mean-for-sum softmax-twice log-of-logits one-path-only last-step-only \
      statistics-held-constant unnormalised-in-gamma missing-scale mask-after-softmax mask-forgotten-in-backward \
      dropout-not-scaled wrong-gate-derivative unflipped-kernel wrong-padding stride-ignored argmax-spread \
      input-for-activation activation-for-preactivation stale-value gradient-of-sum-loss shape-broadcast \
      missing-brackets exponent-not-lowered missing-inner-derivative variance-count mask-forgotten \
      embedding-overwritten regularised-bias decay-in-loss-and-update adam-without-bias-correction epsilon-placement
      """.split(separator: " ").map(String.init)
    #expect(Set(Mistake.all.map(\.id)) == Set(wanted))
    for mistake in Mistake.all {
      #expect(mistake.explanation.hasSuffix(".") || mistake.explanation.hasSuffix(".)"))
    }
  }
}
