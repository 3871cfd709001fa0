import Testing

/// What a step says of the gradient, and what of the difference quotient.
@Suite struct GivenStepTests {
  @Test(arguments: ["0.1", "0.01", "1e-11", "1e-13"])
  func aRightGradientIsNotWrongByH(_ h: String) throws {
    var c = Conversation("net 3 4:tanh 3:softmax")
    let text = joined(c.text("gradcheck h=\(h)"))
    #expect(
      text.contains("no gradient is wrong") && text.contains("by h") && !text.contains("WRONG"), "\(text)")
  }

  @Test(arguments: ["1e-4", "1e-11", "1e-12"])
  func aWrongOneIsWrongByAnyH(_ h: String) {
    var c = Conversation("hunt dA1 updated-weights")
    let text = joined(c.text("gradcheck h=\(h)"))
    #expect(text.contains("the gradients disagree in dW1"), "\(text)")
  }
}

private func joined(_ text: String) -> String {
  text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
}
