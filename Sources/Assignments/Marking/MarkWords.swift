import Formulas
import Platform
import Reports

/// What a report says in words, for pages and files: values that it draws are left out.
enum MarkWords {
  static func of(_ report: Report, _ naming: Naming) -> [String] {
    report.blocks.compactMap { block -> String? in
      switch block {
      case .text(let prose, _), .paragraph(let prose, _): return clean(prose.text(naming))
      case .failure(let diagnostic, _): return clean(diagnostic.message.text(naming))
      case .tensor, .table, .blackboard, .preformatted, .plot, .graph, .blank, .naming: return nil
      }
    }.filter { !$0.isEmpty }
  }

  static func clean(_ text: String) -> String {
    let visible = VisibleText.of(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    return visible.count > 600 ? visible.prefix(600) + "…" : visible
  }
}
