import Exports
import Lessons

/// The words of a paragraph of Markdown, without its marks; what stands in backticks is as it is typed.
enum InlineText {
  static func inline(_ text: String) -> [MathWriter.Inline] {
    Markdown.plain(text).split(separator: "`", omittingEmptySubsequences: false).enumerated().compactMap {
      i, part in
      part.isEmpty ? nil : i % 2 == 0 ? .words(String(part)) : .code(String(part))
    }
  }
}
