/// Mathematics → LaTeX, with amsmath.
package struct LaTeXPrinter {
  static func text(_ node: MathNode) -> String {
    switch node {
    case .row(let parts): return parts.map(text).joined(separator: " ")
    case .number(let digits):
      return digits == "inf" ? "\\infty" : digits == "nan" ? "\\mathrm{nan}" : digits
    case .variable(let name):
      if let greek = greek[name] { return greek }
      return name.count == 1 && name.allSatisfy(\.isASCII) ? name : "\\mathit{\(escaped(name))}"
    case .function(let name): return "\\operatorname{\(escaped(name))}"
    case .sign(let sign): return signs[sign] ?? sign
    case .words(let words): return "\\text{\(escaped(words))}"
    case .below(let a, let b): return "\(held(a))_\(held(b))"
    case .above(let a, .sign("′")): return "\(held(a))'"
    case .above(let a, let b): return "\(held(a))^\(held(b))"
    case .fraction(let a, let b): return "\\frac{\(text(a))}{\(text(b))}"
    case .root(let a): return "\\sqrt{\(text(a))}"
    case .bracketed(let a): return "\\left(\(text(a))\\right)"
    case .over(let sign, let below):
      let operation = sign == "Σ" ? "\\sum" : sign == "argmax" ? "\\operatorname*{argmax}" : "\\\(sign)"
      return "\(operation)_{\(text(below))}"
    case .matrix(let rows):
      let lines = rows.map { row in row.map { $0.map(cell) ?? "\\cdots" }.joined(separator: " & ") }
      return "\\begin{bmatrix} \(lines.joined(separator: " \\\\ ")) \\end{bmatrix}"
    }
  }

  /// In braces where it is more than one letter.
  private static func held(_ node: MathNode) -> String {
    let text = text(node)
    return text.count == 1 ? text : "{\(text)}"
  }

  private static func cell(_ text: String) -> String {
    if text == "⋮" { return "\\vdots" }
    if text.hasSuffix("inf") { return text.hasPrefix("-") ? "-\\infty" : "\\infty" }
    if text == "nan" { return "\\mathrm{nan}" }
    guard let e = text.firstIndex(of: "e"), let power = Int(text[text.index(after: e)...]) else {
      return text
    }
    return "\(text[..<e])\\cdot 10^{\(power)}"
  }

  /// Whether pdflatex has a letter for each of these words'.
  package static func isPrintable(_ words: String) -> Bool {
    words.allSatisfy { c in
      c.isASCII || latin(c) != nil || inText[c] != nil || greek[String(c)] != nil || signs[String(c)] != nil
    }
  }

  /// A letter of the T1 encoding, in one piece; nil for another.
  private static func latin(_ c: Character) -> Character? {
    guard !"ĦħĸĿŀŉŦŧſ".contains(c) else { return nil }
    return (0xC0..<0x180).lazy.compactMap { UnicodeScalar($0).map(Character.init) }.first { $0 == c }
  }

  /// Words as LaTeX's text takes them; what pdflatex has no letter for by its code.
  static func escaped(_ words: String) -> String {
    var result = ""
    for c in words {
      if let known = inText[c] {
        result += known
      } else if let greek = greek[String(c)] {
        result += "\\ensuremath{\(greek)}"
      } else if let sign = signs[String(c)], !c.isASCII {
        result += "\\ensuremath{\(sign)}"
      } else if let letter = c.isASCII ? c : latin(c) {
        result.append(letter)
      } else {
        result += c.unicodeScalars.map { "u" + String($0.value, radix: 16) }.joined()
      }
    }
    return result
  }

  private static let inText: [Character: String] = [
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "_": "\\_", "%": "\\%", "#": "\\#", "&": "\\&",
    "$": "\\$",
    "^": "\\textasciicircum{}", "~": "\\textasciitilde{}", "…": "\\ldots{}", "²": "\\textsuperscript{2}",
    "³": "\\textsuperscript{3}", "'": "'", "–": "--", "ᵀ": "\\ensuremath{^\\top}", "<": "\\ensuremath{<}",
    ">": "\\ensuremath{>}", "|": "\\ensuremath{|}", "\"": "''", "’": "'", "‘": "`", "“": "``", "”": "''",
    "—": "---", "\u{A0}": "~",
  ]

  private static let signs: [String: String] = [
    "⊙": "\\odot", "·": "\\cdot", "⊤": "\\top", "∂": "\\partial", "≤": "\\le", "≥": "\\ge", "≠": "\\ne",
    "′": "'",
    " ": "\\,", "d": "\\mathrm{d}", "×": "\\times", "−": "-", "Σ": "\\Sigma", "√": "\\surd", "∞": "\\infty",
    "→": "\\to", "⊗": "\\otimes", "∈": "\\in",
  ]

  static let greek: [String: String] = [
    "α": "\\alpha", "β": "\\beta", "γ": "\\gamma", "δ": "\\delta", "ε": "\\varepsilon", "ζ": "\\zeta",
    "η": "\\eta",
    "θ": "\\theta", "ι": "\\iota", "κ": "\\kappa", "λ": "\\lambda", "μ": "\\mu", "ν": "\\nu", "ξ": "\\xi",
    "π": "\\pi",
    "ρ": "\\rho", "σ": "\\sigma", "τ": "\\tau", "υ": "\\upsilon", "φ": "\\varphi", "χ": "\\chi", "ψ": "\\psi",
    "ω": "\\omega", "Γ": "\\Gamma", "Δ": "\\Delta", "Θ": "\\Theta", "Λ": "\\Lambda", "Ξ": "\\Xi", "Π": "\\Pi",
    "Φ": "\\Phi", "Ψ": "\\Psi", "Ω": "\\Omega",
  ]
}

/// Mathematics → MathML Core.
struct MathMLPrinter {
  static func text(_ node: MathNode) -> String {
    switch node {
    case .row(let parts): return "<mrow>\(parts.map(text).joined())</mrow>"
    case .number(let digits): return "<mn>\(escaped(digits))</mn>"
    case .variable(let name): return "<mi>\(escaped(name))</mi>"
    case .function(let name): return "<mi mathvariant=\"normal\">\(escaped(name))</mi>"
    case .sign(" "): return "<mo>&#x2062;</mo><mspace width=\"0.17em\"></mspace>"
    case .sign("d"): return "<mi mathvariant=\"normal\">d</mi>"
    case .sign("-"): return "<mo>−</mo>"
    case .sign(let sign): return "<mo>\(escaped(sign))</mo>"
    case .words(let words): return "<mtext>\(escaped(words))</mtext>"
    case .below(let a, let b): return "<msub>\(text(a))\(text(b))</msub>"
    case .above(let a, let b): return "<msup>\(text(a))\(text(b))</msup>"
    case .fraction(let a, let b): return "<mfrac>\(text(a))\(text(b))</mfrac>"
    case .root(let a): return "<msqrt>\(text(a))</msqrt>"
    case .bracketed(let a): return "<mrow><mo>(</mo>\(text(a))<mo>)</mo></mrow>"
    case .over(let sign, let below):
      let operation = sign == "Σ" ? "<mo>∑</mo>" : "<mi mathvariant=\"normal\">\(escaped(sign))</mi>"
      return "<munder>\(operation)\(text(below))</munder>"
    case .matrix(let rows):
      let lines = rows.map { row in
        "<mtr>"
          + row.map {
            "<mtd><mn>\(escaped(($0 ?? "…").map { $0 == "-" ? "−" : String($0) }.joined()))</mn></mtd>"
          }.joined()
          + "</mtr>"
      }
      return "<mrow><mo>[</mo><mtable>\(lines.joined())</mtable><mo>]</mo></mrow>"
    }
  }

  static func escaped(_ words: String) -> String {
    var result = ""
    for c in words {
      switch c {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(c)
      }
    }
    return result
  }
}
