/// Marks that open in a line of prose and do not close, or that mean something else than their author thought.
enum MarkupCheck {
  static func faults(_ text: String, line: Int) -> [LessonFault] {
    var said: [String] = []
    if !text.count(where: { $0 == "`" }).isMultiple(of: 2) { said.append("a ` opens here and is not closed") }
    let outside = text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset.isMultiple(of: 2) }.map { String($0.element) }
    if !outside.reduce(0, { $0 + $1.ranges(of: "**").count }).isMultiple(of: 2) {
      said.append("a ** opens here and is not closed")
    }
    if outside.contains(where: { $0.contains("<!--") }) {
      said.append("a comment begins in the middle of a line: it stands alone, or it is shown")
    }
    return said.map { LessonFault(line, $0) }
  }
}
