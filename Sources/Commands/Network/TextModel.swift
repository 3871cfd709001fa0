import Formulas
import NeuralNetworks
import Reports
import Sessions

/// `model gpt text="…" width=16 heads=2 seed=1`.
enum TextModel {
  /// With every token before it each one has as many scores: more than this is more than anyone waits for.
  private static let longest = 2000
  private static let widest = 1024

  static let usage = "model gpt text=\"…\" width=16 heads=2 seed=1"

  /// What to say of options behind the name of a ready model that has none; nil where there are none.
  static func refusal(_ line: CommandLine) -> Diagnostic? {
    let words = line.words
    guard let first = words.first, let ready = ReadyModel.named(first.text), words.count > 1,
      words.dropFirst().allSatisfy({ $0.text.contains("=") && $0.text.first != "=" })
    else { return nil }
    return Diagnostic(
      "\(ready.name) has no options", at: words.dropFirst().map(\.range),
      hint: ready.name == "gpt"
        ? "of another size it is made for a text: \(usage)"
        : "'model \(ready.name)' gives it, and 'equations' what to type for another one")
  }

  /// Nil where no such model is asked for.
  static func read(_ line: CommandLine) throws(Diagnostic) -> ReadyModel? {
    guard line.rest.hasPrefix("gpt "), let mark = line.rest.firstRange(of: "text=") else { return nil }
    var text: [Character]
    var others = line.rest[..<mark.lowerBound].dropFirst(4).split(separator: " ")
    let rest = line.rest[mark.upperBound...]
    if let quote = rest.first, quote == "\"" || quote == "'" {
      guard let end = rest.dropFirst().firstIndex(of: quote) else {
        throw Diagnostic("the text has no closing \(quote)", at: [line.restRange])
      }
      text = Array(rest[..<end].dropFirst())
      others += rest[end...].dropFirst().split(separator: " ")
    } else {
      let words = rest.split(separator: " ")
      text = Array(try FileAccess.read(words.first.map(String.init) ?? ""))
      others += words.dropFirst()
      while text.last?.isNewline == true { text.removeLast() }
    }
    guard (2...longest).contains(text.count) else {
      throw Diagnostic(
        "a text of 2 to \(longest) characters is learnt, and this one has \(text.count)",
        at: [line.restRange],
        hint: "every character looks at all before it")
    }
    var sizes = ["width": 16, "heads": 2, "seed": 1]
    for word in others {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, sizes[parts[0]] != nil, let value = Int(parts[1]),
        (parts[0] == "seed" ? 0 : 1)...(parts[0] == "seed" ? 1 << 31 : widest) ~= value
      else {
        throw Diagnostic(
          "'\(word.prefix(20))' is no option here", at: [line.restRange],
          hint: "\(usage)")
      }
      sizes[parts[0]] = value
    }
    let (width, heads) = (sizes["width"] ?? 16, sizes["heads"] ?? 2)
    guard width % heads == 0 else {
      throw Diagnostic(
        "the heads share the width: \(width) is not a multiple of \(heads)", at: [line.restRange])
    }
    return .gpt(of: text, width: width, heads: heads, seed: (sizes["seed"] ?? 1) * 1000)
  }
}
