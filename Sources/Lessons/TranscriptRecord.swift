/// New output under an old pattern of `...`.
enum TranscriptRecord {
  /// - Returns: `lost`, what stood between two `...` and is not printed any more.
  static func lines(_ printed: [String], keeping old: [String]) -> (lines: [String], lost: [String]) {
    let blanks = old.reversed().prefix { $0.trimmed.isEmpty }.count
    let end = [String](repeating: "", count: blanks)
    let body = old.dropLast(blanks)
    var printed = printed
    for (index, line) in body.enumerated() where index < printed.count && line.hasSuffix(" ...") {
      if TranscriptComparison.same(line, printed[index]) { printed[index] = line }
    }
    var parts = body.split(omittingEmptySubsequences: false) { $0.trimmed == "..." }.map { Array($0) }
    guard parts.count > 1 else { return (printed + end, []) }
    // As many lines before the first `...` and behind the last as before; between them those that are still printed.
    let head = parts.removeFirst().count
    let tail = parts.removeLast().count
    guard head + tail < printed.count else { return (printed + end, []) }
    let latest = printed.count - tail
    var result = printed.prefix(head) + ["..."]
    var lost: [String] = []
    var position = head
    for part in parts where !part.isEmpty {
      // The same words, and of several places the one with the most of its numbers: epoch 20 stays epoch 20.
      var best: (start: Int, likeness: Int)?
      for start in position...max(position, latest - part.count) where start + part.count <= latest {
        let pairs = zip(part, printed[start...])
        guard pairs.allSatisfy({ TranscriptComparison.sameWords($0, $1) }) else { continue }
        let likeness = pairs.reduce(0) { $0 + TranscriptComparison.likeness($1.0, $1.1) }
        if likeness > best?.likeness ?? -1 { best = (start, likeness) }
      }
      guard let start = best?.start else {
        lost += part
        continue
      }
      position = start + part.count
      result += printed[start..<position] + ["..."]
    }
    return (result + printed.suffix(tail) + end, lost)
  }
}
