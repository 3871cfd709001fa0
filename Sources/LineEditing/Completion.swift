import Platform

/// What could stand at the cursor in place of the word that ends there.
package struct Completion {
  /// The offset, in characters of the line, where the completed word starts.
  package var replaceFrom: Int
  /// Whole words, in the order they are listed.
  package var candidates: [String]
  /// What is listed in place of the candidates, if anything: a file's name without its directory.
  package var labels: [String]?

  package init(replaceFrom: Int, candidates: [String], labels: [String]? = nil) {
    self.replaceFrom = replaceFrom
    self.candidates = candidates
    self.labels = labels
  }

  static let none = Completion(replaceFrom: 0, candidates: [])

  /// The text to put in place of `word`: the only candidate, or what all of them begin with.
  func replacement(of word: String) -> String {
    guard let first = candidates.first else { return word }
    if candidates.count == 1 {
      return "/(=,\"'".contains(first.last ?? " ") ? first : first + " "
    }
    var prefix = Array(first)
    for candidate in candidates.dropFirst() {
      let length = zip(prefix, candidate).prefix { $0 == $1 }.count
      prefix.removeSubrange(length...)
    }
    // Candidates that spell the word differently may have less in common than was typed.
    return prefix.count < word.count ? word : String(prefix)
  }

  /// The candidates in columns, read downwards, no line wider than `width`. At most `rows` lines.
  func listing(width: Int, rows: Int) -> [String] {
    let names = (labels ?? candidates).map(VisibleText.of)
    let widths = names.map(TextWidth.of)
    let cell = (widths.max() ?? 0) + 2
    // The last column needs no gap, and the last cell of the window would wrap.
    let columns = max(1, (width + 1) / max(1, cell))
    let height = (names.count + columns - 1) / columns
    var lines: [String] = []
    for row in 0..<min(height, max(1, rows)) {
      var line = ""
      for index in stride(from: row, to: names.count, by: height) {
        line += names[index]
        if index + height < names.count { line += String(repeating: " ", count: cell - widths[index]) }
      }
      lines.append(line)
    }
    let hidden = names.indices.filter { $0 % max(1, height) >= lines.count }.count
    if hidden > 0 { lines.append("… and \(hidden) more") }
    return lines
  }
}
