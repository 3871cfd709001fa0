import Formulas

/// What stands before the cursor at a terminal.
package enum PromptStyle: Sendable, Equatable {
  /// Where one is: `[forward 2/13] > `.
  case place
  /// `stepgrad> `.
  case plain
  case words(String)

  /// A line without the prompt of a place that was pasted with it; nil where it has none. A list may begin in the same
  /// way, so only the words that prompts have count.
  static func stripping(_ line: Substring) -> Substring? {
    guard line.first == "[", let end = line.range(of: "] > ") else { return nil }
    let inside = line[..<end.lowerBound].dropFirst()
    let word = inside.prefix { $0.isLetter }
    guard Session.phases.contains(String(word)) || ["lesson", "practice", "tour", "hunt"].contains(word),
      inside.dropFirst(word.count).allSatisfy({ $0.isNumber || $0.isLetter || " /,".contains($0) })
    else { return nil }
    return line[end.upperBound...]
  }
}

extension Session {
  static let phases = ["forward", "backward", "no", "shapes"]

  /// `forward 2/13`: how many steps of how many are done, and in which half the last one lies.
  package var shortPlace: String {
    guard case .success(let program) = program else {
      return model.leaves.allSatisfy { leaves[$0] != nil } ? "shapes do not fit" : "no values yet"
    }
    let format = settings.format == .float64 ? "" : ", \(settings.format.rawValue)"
    return
      "\(cursor > program.forward.count ? "backward" : "forward") \(cursor)/\(program.steps.count)\(format)"
  }
}

extension Workspace {
  /// Below this a lesson's place stands without that of the pass.
  private static let wideEnough = 60

  /// The prompt of a line that is not part of an open block.
  package var promptText: String {
    switch prompt {
    case .plain: return "stepgrad> "
    case .words(let text): return text + " "
    case .place:
      let around = [activity?.place, session.withheld?.place].compactMap { $0 }
      let isWide = around.isEmpty || outside.width >= Self.wideEnough
      return "[" + (around + (isWide ? [session.shortPlace] : [])).joined(separator: ", ") + "] > "
    }
  }
}

extension Substring {
  /// Where a text stands first.
  fileprivate func range(of text: String) -> Range<Index>? {
    let characters = Array(text)
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) {
        return start..<index(start, offsetBy: characters.count)
      }
      formIndex(after: &start)
    }
    return nil
  }
}
