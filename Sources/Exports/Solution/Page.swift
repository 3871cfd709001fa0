import LinearAlgebra

/// Words and mathematics as a page: what the printers for LaTeX, HTML and Markdown read.
package struct Page: Sendable {
  package enum Block: Sendable {
    case heading(Int, [MathWriter.Inline])
    case paragraph([MathWriter.Inline])
    case item([MathWriter.Inline])
    /// A line of mathematics by itself, and why it holds.
    case display(MathNode, reason: [MathWriter.Inline])
    /// `Z1 = X W1 + b1 =` a matrix, or several where the value has more than two axes.
    case value(MathNode, Tensor, decimals: Int = 4)
    /// Room for an answer.
    case gaps(Gaps)
  }

  let title: String
  /// What made it, said in the file's first line.
  let origin: String
  /// Whose it is: with it the page of a browser can save what was typed.
  var student: String?
  package private(set) var blocks: [Block]

  package init(title: String, origin: String, student: String? = nil, blocks: [Block]) {
    self.title = title
    self.origin = origin
    self.student = student
    self.blocks = blocks
  }

  var hasGaps: Bool { blocks.contains { if case .gaps = $0 { true } else { false } } }
}

/// Room to write an answer in: on paper, in a browser, in a text.
package struct Gaps: Sendable {
  package enum Kind: Sendable {
    /// One for each entry of a matrix.
    case entries(rows: Int, columns: Int)
    /// A line: a formula, a word.
    case line
    /// One for each extent of a shape.
    case extents(Int)
  }

  let number: Int
  /// What is asked for, as mathematics and as it is typed; nil where it has no name.
  let name: (node: MathNode, text: String)?
  let kind: Kind
  /// Of one gap, in digits: the same for all of them, so that it tells nothing.
  let width: Int

  package init(_ number: Int, _ name: (node: MathNode, text: String)?, _ kind: Kind, width: Int = 9) {
    self.number = number
    self.name = name
    self.kind = kind
    self.width = width
  }

  /// How many gaps stand in a row.
  private var columns: Int {
    switch kind {
    case .entries(_, let columns): columns
    case .line: 4
    case .extents(let count): max(1, count)
    }
  }

  // MARK: LaTeX

  var latex: String {
    let gap = "\\underline{\\hspace{\(Double(width * 6) / 10)em}}"
    let left = name.map { LaTeXPrinter.text($0.node) + (isShape ? "\\colon\\;" : " = ") } ?? ""
    let room: String
    switch kind {
    case .entries(let rows, let columns):
      let row = Array(repeating: gap, count: columns).joined(separator: " & ")
      let rows = Array(repeating: row, count: rows).joined(separator: " \\\\[9pt] ")
      room = "\\begin{bmatrix} \(rows) \\end{bmatrix}"
    case .line: room = "\\underline{\\hspace{10cm}}"
    case .extents(let count):
      room = Array(repeating: "\\underline{\\hspace{3em}}", count: max(1, count)).joined(
        separator: "\\times ")
    }
    return "\\par\\nopagebreak\\bigskip\\fit{\(left)\(room)}\\bigskip"
  }

  private var isShape: Bool { if case .extents = kind { true } else { false } }

  // MARK: HTML

  static let style = [
    ".gaps { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4em; overflow-x: auto; padding: 0.4rem 0; break-inside: avoid }",
    ".gaps input { font: 1em monospace; border: 0; border-bottom: 1px solid var(--ink); background: transparent; color: inherit; text-align: right; padding: 0.1em 0.2em; box-sizing: content-box }",
    ".gaps input.long { text-align: left; flex: 1 1 8ch; min-width: 8ch; max-width: 40rem }",
    ".gaps table { border-collapse: separate; border-spacing: 0.5em 0.3em; border-left: 2px solid; border-right: 2px solid; border-radius: 0.4em; padding: 0 0.2em }",
    // Of a row of gaps that is wider than a telephone each becomes smaller, and none is cut.
    ".gaps table { font-size: clamp(0.5rem, calc((100vw - 7rem) / (var(--columns) * (0.62 * var(--digits) + 1.1))), 1rem) }",
    "button { font: inherit; margin: 1rem 0 }",
    "@page { size: A4; margin: 15mm }",
    // A question stays with its gaps.
    "@media print { p:has(+ .gaps), p:has(+ p + .gaps), p:has(+ p + p + .gaps) { break-after: avoid } }",
    "@media print { h2, h3, h3 + p { break-after: avoid } .gaps table { font-size: inherit } .gaps { overflow: visible; font-size: calc(10pt * min(1, 7.5 / var(--columns, 1))) } .gaps td { padding: 0.35em 0 } button { display: none } }",
  ]

  var html: [String] {
    func input(_ label: String) -> String {
      "<input style=\"width: \(width)ch\" autocomplete=\"off\" spellcheck=\"false\" aria-label=\"question \(number)\(label)\">"
    }
    let left = name.map {
      "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"><mrow>\(MathMLPrinter.text($0.node))<mo>\(isShape ? ":" : "=")</mo></mrow></math>"
    }
    var lines = [
      "<div class=\"gaps\" data-question=\"\(number)\" style=\"--columns: \(columns); --digits: \(width)\">"
    ]
    if let left { lines.append(left) }
    switch kind {
    case .entries(let rows, let columns):
      lines.append("<table>")
      for row in 0..<rows {
        lines.append(
          "<tr>" + (0..<columns).map { "<td>\(input(", row \(row), column \($0)"))</td>" }.joined() + "</tr>")
      }
      lines.append("</table>")
    case .line:
      lines.append(
        "<input class=\"long\" autocomplete=\"off\" spellcheck=\"false\" aria-label=\"question \(number)\">")
    case .extents(let count):
      lines.append((0..<max(1, count)).map { input(", extent \($0)") }.joined(separator: " × "))
    }
    return lines + ["</div>"]
  }

  /// Keeps what was typed in a file that can be handed in. Nothing is sent anywhere.
  static func saving(student: String, title: String) -> [String] {
    [
      "<button type=\"button\" id=\"save\" data-student=\"\(MathMLPrinter.escaped(student))\" data-title=\"\(MathMLPrinter.escaped(title))\">Save my answers as a file to hand in</button>",
      "<script>",
      "document.getElementById('save').onclick = function () {",
      "  const answers = {}, own = this.dataset",
      "  for (const gaps of document.querySelectorAll('.gaps')) {",
      "    const values = (part) => [...part.querySelectorAll('input')].map((input) => input.value.trim())",
      "    const rows = [...gaps.querySelectorAll('tr')].map(values)",
      "    answers[gaps.dataset.question] = rows.length ? rows : values(gaps).join(' x ')",
      "  }",
      "  const text = JSON.stringify({ student: own.student, assignment: own.title, answers }, null, 1)",
      "  const link = document.createElement('a')",
      "  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))",
      "  link.download = 'answers-' + own.student.replace(/[^A-Za-z0-9._-]/g, '_') + '.json'",
      "  link.click()",
      "}",
      "</script>",
    ]
  }

  // MARK: Markdown

  /// A block to write in. What is read back begins at its first line.
  var markdown: [String] {
    let gap = String(repeating: "_", count: width)
    var lines = ["```answer \(number)"]
    switch kind {
    case .entries(let rows, let columns):
      if let name { lines.append("\(name.text) =") }
      let row = Array(repeating: gap, count: columns).joined(separator: "  ")
      lines += Array(repeating: row, count: rows)
    case .line: lines.append((name.map { "\($0.text) = " } ?? "") + String(repeating: "_", count: 30))
    case .extents(let count):
      lines.append(Array(repeating: "____", count: max(1, count)).joined(separator: " × "))
    }
    return lines + ["```"]
  }
}
