import LinearAlgebra

extension Interruption {
  /// For loops that may throw.
  package static func check() throws(Diagnostic) {
    if isRequested { throw Diagnostic("stopped; the session is as before") }
  }
}
