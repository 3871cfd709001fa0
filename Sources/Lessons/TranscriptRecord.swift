/// New output under an old pattern of `...`.
enum TranscriptRecord {
  static func lines(_ printed: [String], keeping old: [String]) -> [String] {
    let blanks = old.reversed().prefix { $0.trimmed.isEmpty }.count
    let end = [String](repeating: "", count: blanks)
    let body = old.dropLast(blanks)
    var printed = printed
    for (index, line) in body.enumerated() where index < printed.count && line.hasSuffix(" ...") {
      if TranscriptComparison.same(line, printed[index]) { printed[index] = line }
    }
    guard let first = body.firstIndex(where: { $0.trimmed == "..." }),
      let last = body.lastIndex(where: { $0.trimmed == "..." })
    else { return printed + end }
    // As many lines before the first `...` and behind the last as before; what stood between two is given up.
    let head = first
    let tail = body.count - 1 - last
    guard head + tail < printed.count else { return printed + end }
    return printed.prefix(head) + ["..."] + printed.suffix(tail) + end
  }
}
