/// What a call names. What the name means stands in the table of operations.
package struct Function: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  package let name: String

  package init(_ name: String) { self.name = name }
  package init(stringLiteral value: String) { name = value }

  package var description: String { name }
}

/// How a function is called: `conv2d(X, W, stride=1, pad=0)`, read from that text.
package struct Signature: Sendable, Hashable {
  package struct Operand: Sendable, Hashable {
    package let name: String
    /// A whole number that decides a shape, written `#size`: it must be known before values are.
    package let isSize: Bool
    package let isOptional: Bool
    /// Any number of them, written with `…` behind the name.
    package let isRepeated: Bool
  }

  package struct Option: Sendable, Hashable {
    package let name: String
    /// As written behind `=`.
    package let usual: String

    var isTruth: Bool { usual == "True" || usual == "False" }
    var isNumber: Bool { Int(usual) == nil && Double(usual) != nil }
  }

  package let name: String
  package let operands: [Operand]
  package let options: [Option]
  /// A text in quotes comes first, as in `einsum("ij,jk->ik", A, B)`; here an example of one.
  package let example: String?
  package var takesText: Bool { example != nil }

  package init(_ text: String) {
    let open = text.firstIndex(of: "(") ?? text.endIndex
    name = String(text[..<open])
    let quoted = text.split(separator: "\"", omittingEmptySubsequences: false)
    example = quoted.count == 3 ? String(quoted[1]) : nil
    let parts = quoted.count == 3 ? "(" + quoted[2].drop { ", ".contains($0) } : String(text[open...])
    var operands: [Operand] = []
    var options: [Option] = []
    for part in parts.dropFirst().prefix(while: { $0 != ")" }).split(separator: ",") {
      let word = part.filter { $0 != " " }
      if let equals = word.firstIndex(of: "=") {
        options.append(
          Option(name: String(word[..<equals]), usual: String(word[word.index(after: equals)...])))
      } else {
        operands.append(
          Operand(
            name: word.filter { !"#?…".contains($0) }, isSize: word.contains("#"),
            isOptional: word.contains("?"), isRepeated: word.contains("…")))
      }
    }
    self.operands = operands
    self.options = options
  }

  /// How many values it takes.
  package var count: ClosedRange<Int> {
    let least = operands.count { !$0.isOptional && !$0.isRepeated }
    return least...(operands.contains(where: \.isRepeated) ? 1 << 20 : operands.count)
  }

  /// As help shows it.
  package var usage: String {
    // Names that only a table needs are none to read.
    let shown = takesText && operands.count > 3 ? operands.prefix(2).map(\.name) + ["…"] : nil
    let values =
      (example.map { ["\"\($0)\""] } ?? [])
      + (shown ?? operands.map { $0.isRepeated ? "\($0.name), …" : $0.name })
    return "\(name)(\((values + options.map { "\($0.name)=\($0.usual)" }).joined(separator: ", ")))"
  }

  /// The operand at a position; the last one stands for all that follow it when it is repeated.
  package func operand(_ i: Int) -> Operand? {
    operands.indices.contains(i) ? operands[i] : operands.last.flatMap { $0.isRepeated ? $0 : nil }
  }
}

/// The functions that a parser knows.
package struct Vocabulary: Sendable {
  package let signature: @Sendable (String) -> Signature?
  /// Whether `name'` has a meaning.
  package let hasPrime: @Sendable (String) -> Bool
  package let names: @Sendable () -> [String]
  /// What is wrong with the text in quotes of a call, and where in it.
  package let faultInText:
    @Sendable (_ name: String, _ text: String, _ operands: Int) -> (Diagnostic, Range<Int>)?

  package init(
    signature: @escaping @Sendable (String) -> Signature?, hasPrime: @escaping @Sendable (String) -> Bool,
    names: @escaping @Sendable () -> [String],
    faultInText:
      @escaping @Sendable (_ name: String, _ text: String, _ operands: Int) -> (Diagnostic, Range<Int>)?
  ) {
    self.faultInText = faultInText
    self.signature = signature
    self.hasPrime = hasPrime
    self.names = names
  }
}
