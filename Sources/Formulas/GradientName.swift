/// The gradient of a value has a name of its own, made from the value's. The lexer reads every way to write it
/// (`dW1`, `∂W1`, `dL/dW1`, `∂L/∂W1`) as this one; whoever asks what a name is the gradient of asks here.
extension String {
  /// `dW1` for `W1`.
  package var gradientName: String { "\(Lexer.gradientLetter)\(self)" }

  /// `W1` for `dW1`; nil for what cannot be read as a gradient. Whether there is a value of that name is for the
  /// program to say: `delta` would be the gradient of `elta`.
  package var gradientOf: String? {
    first == Lexer.gradientLetter && count > 1 ? String(dropFirst()) : nil
  }
}
