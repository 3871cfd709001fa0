import Formulas
import Reports

/// A conversation of `why`: the page that is looked at, and those on the way to it.
package struct Inquiry: Sendable {
  package indirect enum Subject: Sendable, Hashable {
    /// An entry or a whole value.
    case value(Expression)
    /// One term of what another is the sum of, from 1.
    case term(Subject, Int)
  }

  package struct Page: Sendable {
    package let subject: Subject
    /// The tree down to the inputs instead of one line.
    package let isDeep: Bool
    /// What a number goes into, from 1.
    package var doors = 0

    package init(_ subject: Subject, isDeep: Bool) {
      self.subject = subject
      self.isDeep = isDeep
    }
  }

  package var pages: [Page]

  package init(_ pages: [Page]) { self.pages = pages }

  /// A number alone goes into the term of that number.
  func meaning(of text: String) -> Phrase.Meaning? {
    guard !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber }), (pages.last?.doors ?? 0) > 0
    else { return nil }
    return .command("why \(text)")
  }
}

extension Workspace {
  /// A number alone, where a conversation of `why` is open and nobody waits for an answer.
  func goesIntoTerm(_ text: String) -> Phrase.Meaning? {
    activity?.asks == true ? nil : inquiry?.meaning(of: text)
  }
}

/// A command that only asks, and that the conversation of `why` outlives.
package protocol Asking {}

extension Report {
  /// The name or formula of the last value that is drawn, in the session's own names.
  var lastShown: String? {
    for block in blocks.reversed() {
      if case .tensor(let tensor) = block, tensor.isDrawn, tensor.isData { return tensor.name }
    }
    return nil
  }
}
