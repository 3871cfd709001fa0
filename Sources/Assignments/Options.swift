import Formulas
import Sessions

/// The words behind `assign` and `grade`: files, and options with their values.
package struct Options {
  private(set) var files: [String] = []
  private var values: [String: String] = [:]

  /// - Throws: for an option that there is none of, or that has no value.
  package init(_ words: [String], known: [String], usage: String) throws(Diagnostic) {
    var words = words[...]
    while var word = words.popFirst() {
      guard word.hasPrefix("--") else {
        files.append(FileAccess.expand(word))
        continue
      }
      if let equals = word.firstIndex(of: "=") {
        words.insert(String(word[word.index(after: equals)...]), at: words.startIndex)
        word = String(word[..<equals])
      }
      let name = String(word.dropFirst(2))
      guard known.contains(name) else { throw Self.wrong("there is no option '\(word)'", usage) }
      guard let value = words.popFirst() else { throw Self.wrong("\(word) needs a value", usage) }
      values[name] = FileAccess.expand(value)
    }
  }

  subscript(name: String) -> String? { values[name] }

  static func wrong(_ message: Prose, _ usage: String) -> Diagnostic {
    var diagnostic = Diagnostic(message, hint: "usage: \(usage)")
    diagnostic.isUsage = true
    return diagnostic
  }

  /// Words of a typed line; blanks stand between quotation marks.
  package static func words(_ line: String) -> [String] {
    var result: [String] = []
    var word: String?
    var mark: Character?
    for c in line {
      if let open = mark {
        if c == open { mark = nil } else { word?.append(c) }
      } else if c == "\"" || c == "'" {
        mark = c
        word = word ?? ""
      } else if c.isWhitespace {
        if let whole = word { result.append(whole) }
        word = nil
      } else {
        word = (word ?? "") + String(c)
      }
    }
    return result + [word].compactMap { $0 }
  }
}
