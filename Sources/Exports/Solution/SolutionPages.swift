import Formulas
import LinearAlgebra

// A page as LaTeX, HTML with MathML, Markdown.

extension Page {
  /// The parts of a value: `Z1 = X W1 + b1 = [matrix]`.
  private func parts(
    _ left: MathNode, _ value: Tensor, _ decimals: Int, limit: (rows: Int, columns: Int)?
  ) -> [MathNode] {
    if value.rank == 0, let x = value.scalarValue {
      let digits = SolutionNumbers.text(x, isWhole: x == x.rounded() && abs(x) < 1e9, decimals: decimals)
      return [
        .row([
          left, .sign("="),
          digits.contains("e") || digits.contains("n") ? .matrix([[digits]]) : .number(digits),
        ])
      ]
    }
    let matrices = SolutionNumbers.matrices(value, decimals: decimals, limit: limit)
    return matrices.map { index, node in
      index.isEmpty
        ? .row([left, .sign("="), node])
        : .row([left, .words(" at [\(index.map(String.init).joined(separator: ", "))] "), .sign("="), node])
    }
  }

  // MARK: LaTeX

  package var latex: String {
    var lines = [
      "% \(origin)", "\\documentclass[11pt,a4paper]{article}",
      "\\usepackage[utf8]{inputenc}", "\\usepackage[T1]{fontenc}", "\\usepackage{amsmath,amssymb,graphicx}",
      "\\usepackage[margin=2cm]{geometry}", "\\setlength{\\parindent}{0pt}", "\\setlength{\\parskip}{6pt}",
      "\\setcounter{MaxMatrixCols}{64}", "\\allowdisplaybreaks", "\\sloppy",
      // Set smaller where it would be wider than the page.
      "\\newsavebox{\\fitbox}",
      "\\newcommand{\\fit}[1]{\\par\\smallskip\\sbox{\\fitbox}{$\\displaystyle #1$}\\ifdim\\wd\\fitbox>\\linewidth\\resizebox{\\linewidth}{!}{\\usebox{\\fitbox}}\\else\\usebox{\\fitbox}\\fi\\par\\smallskip}",
      "\\begin{document}",
    ]
    for block in blocks {
      switch block {
      case .heading(let level, let words):
        let command = level == 1 ? "section*" : level == 2 ? "subsection*" : "subsubsection*"
        lines.append("\\\(command){\(inline(words))}")
      case .paragraph(let words): lines += [inline(words), ""]
      case .display(let node, let reason):
        lines.append(
          "\\fit{\(LaTeXPrinter.text(node))\(reason.isEmpty ? "" : "\\qquad\\text{\(inline(reason))}")}")
      case .item(let words): lines += ["\\textbullet{} \(inline(words))", ""]
      case .gaps(let gaps): lines.append(gaps.latex)
      case .value(let left, let value, let decimals):
        for part in parts(left, value, decimals, limit: (30, 20)) {
          lines.append("\\fit{\(LaTeXPrinter.text(part))}")
        }
      }
    }
    return (lines + ["\\end{document}"]).joined(separator: "\n") + "\n"
  }

  private func inline(_ words: [MathWriter.Inline]) -> String {
    words.map { item in
      switch item {
      case .words(let words): LaTeXPrinter.escaped(words)
      case .code(let text): "\\texttt{\(LaTeXPrinter.escaped(text))}"
      case .math(let node): "\\ensuremath{\(LaTeXPrinter.text(node))}"
      }
    }.joined()
  }

  // MARK: HTML

  package var html: String {
    var lines = [
      "<!DOCTYPE html>", "<!-- \(origin) -->", "<html lang=\"en\">",
      "<head>",
      "<meta charset=\"utf-8\">", "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
      "<title>\(MathMLPrinter.escaped(title))</title>", "<style>",
      ":root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --rule: #ccc; --reason: #555 }",
      "@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --paper: #16181c; --rule: #444; --reason: #aaa } }",
      "body { margin: 0 auto; max-width: 52rem; padding: 1rem; font: 1rem/1.5 Georgia, serif; color: var(--ink); background: var(--paper); overflow-wrap: anywhere }",
      "h2 { border-bottom: 1px solid var(--rule); margin-top: 2rem } h3 { margin-bottom: 0 }",
      "p { margin: 0.4rem 0 } p, h3, .line { overflow-x: auto; padding: 0.2rem 0 } .reason { color: var(--reason); margin-left: 2em }",
      // A matrix that is wider than a telephone becomes smaller before it is to be scrolled.
      "@media screen { .line[style] { font-size: clamp(0.5rem, calc((100vw - 2rem) / var(--width)), 1rem) } }",
      // A number or formula that is broken would be another one.
      "math { overflow-wrap: normal; white-space: nowrap }",
      "mtd { text-align: right; text-align: -webkit-right; padding: 0.2em 0.4em }",
      "@media print { body { max-width: none; font-size: 10pt } .line { overflow: visible; break-inside: avoid; font-size: calc(10pt * min(1, 48 / var(--width, 1))) } }",
    ]
    if hasGaps { lines += Gaps.style }
    lines += ["</style>", "</head>", "<body>"]
    for block in blocks {
      switch block {
      case .heading(let level, let words): lines.append("<h\(level)>\(markup(words))</h\(level)>")
      case .paragraph(let words): lines.append("<p>\(markup(words))</p>")
      case .display(let node, let reason):
        let why = reason.isEmpty ? "" : "<span class=\"reason\">\(markup(reason))</span>"
        lines.append("<div class=\"line\">\(math(node))\(why)</div>")
      case .item(let words): lines.append("<p class=\"item\">• \(markup(words))</p>")
      case .gaps(let gaps): lines += gaps.html
      case .value(let left, let value, let decimals):
        let width = Self.width(left, value, decimals)
        for part in parts(left, value, decimals, limit: nil) {
          lines.append("<div class=\"line\" style=\"--width: \(width)\">\(math(part))</div>")
        }
      }
    }
    if hasGaps, let student { lines += Gaps.saving(student: student, title: title) }
    return (lines + ["</body>", "</html>"]).joined(separator: "\n") + "\n"
  }

  /// About how many times its own size a line with a matrix is wide.
  private static func width(_ left: MathNode, _ value: Tensor, _ decimals: Int) -> Int {
    var (letters, isTag) = (0, false)
    for byte in MathMLPrinter.text(left).utf8 {
      if byte == UInt8(ascii: "<") { isTag = true }
      if !isTag { letters += 1 }
      if byte == UInt8(ascii: ">") { isTag = false }
    }
    let isWhole = value.elements.allSatisfy { $0 == $0.rounded() }
    let largest = value.elements.reduce(0) { max($0, abs($1)) }
    let digits = "\(Int(clamping: largest))".count + (isWhole ? 1 : decimals + 2)
    let size = 0.65 * Double(letters) + Double(value.shape.columns) * (0.5 * Double(digits) + 0.8) + 3
    return Int(clamping: size.rounded(.up))
  }

  private func math(_ node: MathNode) -> String {
    "<math xmlns=\"http://www.w3.org/1998/Math/MathML\" displaystyle=\"true\">\(MathMLPrinter.text(node))</math>"
  }

  private func markup(_ words: [MathWriter.Inline]) -> String {
    words.map { item in
      switch item {
      case .words(let words): MathMLPrinter.escaped(words)
      case .code(let text): "<code>\(MathMLPrinter.escaped(text))</code>"
      case .math(let node):
        "<math xmlns=\"http://www.w3.org/1998/Math/MathML\">\(MathMLPrinter.text(node))</math>"
      }
    }.joined()
  }

  // MARK: Markdown

  package var markdown: String {
    var lines = ["<!-- \(origin) -->", ""]
    for block in blocks {
      switch block {
      case .heading(let level, let words):
        lines += [String(repeating: "#", count: level) + " " + markdown(words), ""]
      case .paragraph(let words): lines += [markdown(words), ""]
      case .display(let node, let reason):
        lines += ["$$" + LaTeXPrinter.text(node) + "$$", ""]
        if !reason.isEmpty { lines += [markdown(reason), ""] }
      case .item(let words): lines += ["- " + markdown(words), ""]
      case .gaps(let gaps): lines += gaps.markdown + [""]
      case .value(let left, let value, let decimals):
        for part in parts(left, value, decimals, limit: (30, 20)) {
          lines += ["$$" + LaTeXPrinter.text(part) + "$$", ""]
        }
      }
    }
    return lines.joined(separator: "\n")
  }

  private func markdown(_ words: [MathWriter.Inline]) -> String {
    words.map { item in
      switch item {
      case .words(let words):
        // What Markdown would take for emphasis, a link or a formula.
        words.map { "*_[]`$<>#|\\".contains($0) ? "\\\($0)" : String($0) }.joined()
      case .code(let text): "`" + text.filter { $0 != "`" } + "`"
      case .math(let node): "$" + LaTeXPrinter.text(node) + "$"
      }
    }.joined()
  }
}
