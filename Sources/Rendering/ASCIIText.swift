import Formulas

/// Text in ASCII, to the byte. What is read back has the spelling that can be typed: `dL/dW1` for ∂L/∂W1, `*` for ⊙,
/// `.T` for ᵀ.
package enum ASCIIText {
  package static func of(_ text: String, _ naming: Naming = .standard) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var result = ""
    var isRaised = false
    for scalar in PartialText.of(text, naming).unicodeScalars {
      if scalar.isASCII {
        result.unicodeScalars.append(scalar)
        isRaised = false
      } else if let power = powers[scalar] {
        result += isRaised || power == "-1" ? power : "**" + power
        isRaised = true
      } else {
        result += spellings[scalar] ?? other(scalar)
        isRaised = false
      }
    }
    return result
  }

  /// A string of JSON may hold any character as its number.
  package static func escaped(json text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        result.unicodeScalars.append(scalar)
      } else {
        for unit in UTF16.encode(scalar) ?? .init() {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      }
    }
    return result
  }

  private static func other(_ scalar: Unicode.Scalar) -> String {
    switch scalar.value {
    // Pictures of control characters.
    case 0x2400...0x241F: "^" + String(Unicode.Scalar(UInt8(scalar.value - 0x2400 + 0x40)))
    case 0x0300...0x036F: ""
    case 0x2500...0x257F: "+"
    case 0x2580...0x259F: "#"
    case 0x2800...0x28FF: "."
    default: "\\u{" + String(scalar.value, radix: 16) + "}"
    }
  }

  /// Whether a character stands raised behind another.
  static func isRaised(_ c: Character) -> Bool { c.unicodeScalars.allSatisfy { powers[$0] != nil } }

  private static let powers: [Unicode.Scalar: String] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9",
    "ᵏ": "k",
    "ⁿ": "n", "ⁱ": "i", "⁻": "-",
  ]

  private static let spellings: [Unicode.Scalar: String] = [
    "×": "x", "·": "*", "⊙": "*", "÷": "/", "−": "-", "–": "-", "—": "-", "±": "+-", "Σ": "sum",
    "∑": "sum", "Π": "prod", "∏": "prod", "√": "sqrt", "ᵀ": ".T", "′": "'", "∞": "inf", "½": "1/2", "∘": "o",
    "⊗": "(x)", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "∈": "in", "∇": "grad", "→": "->", "←": "<-",
    "›": ">", "↔": "<->", "↦": "->", "↑": "up", "↓": "down", "…": "...", "⋮": ":", "⋱": ".", "⋯": "...",
    "⌊": "floor(",
    "⌋": ")", "‖": "||", "“": "\"", "”": "\"", "„": "\"", "‘": "'", "’": "'", "•": "-", "°": " degrees",
    "\u{A0}": " ", "\u{2009}": " ", "µ": "u", "§": "section ", "✓": "ok", "✗": "no", "␡": "^?",
    "⎡": "[", "⎢": "[", "⎣": "[", "⎤": "]", "⎥": "]", "⎦": "]", "│": "|", "─": "-", "├": "|", "└": "`",
    "┤": "|",
    "╰": "`", "╯": "'", "╭": ",", "╮": ".", "▸": ">", "▾": "v", "●": "*", "○": "o", "▶": ">", "□": "#",
    "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8", "₉": "9",
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho",
    "σ": "sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta",
    "Θ": "Theta", "Λ": "Lambda", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega", "ŷ": "yhat", "Ŷ": "Yhat",
    "à": "a", "á": "a", "â": "a", "ä": "ae", "å": "a", "ç": "c", "è": "e", "é": "e", "ê": "e", "ë": "e",
    "í": "i", "ï": "i", "ñ": "n", "ó": "o", "ô": "o", "ö": "oe", "ø": "o", "ú": "u", "ü": "ue", "ß": "ss",
    "Ä": "Ae", "É": "E", "Ö": "Oe", "Ü": "Ue",
  ]
}
