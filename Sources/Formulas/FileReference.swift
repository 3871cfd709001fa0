/// `load("f.npz")["W1"]` in a formula: an array of a file, as a name that holds the text.
package struct FileReference: Hashable, Sendable {
  package let path: String
  /// The array, or the column of a table; nil for all there is.
  package let key: String?

  package init(path: String, key: String?) {
    self.path = path
    self.key = key
  }

  static let function = "load"

  /// As it is typed, and as the name of the value.
  package var name: String {
    "\(Self.function)(\"\(path)\")" + (key.map { "[\"\($0)\"]" } ?? "")
  }

  /// Nil for other names.
  package init?(_ name: String) {
    guard name.hasPrefix("\(Self.function)(\""),
      let tokens = try? Lexer.tokens(of: name), case .name(let read)? = tokens.first?.kind, read == name,
      let reference = Lexer.reference(name)
    else { return nil }
    self = reference
  }
}

extension Expression {
  /// Files that its value is read from.
  package var files: [FileReference] { names.compactMap { FileReference($0) } }
}
