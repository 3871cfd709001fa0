import Formulas
import LinearAlgebra
import Operations

/// The words behind `net` → a specification. Every message marks the word it is about.
package enum NetworkParser {
  package static let usage =
    "net 2 5:relu 3:softmax [loss=…] [layout=…] [reduction=…] [bias=…] [init=…] [seed=N]"
  /// Wider layers would not fit into memory anyway.
  static let widest = 1 << 20

  /// A word and where it stands in the line.
  package struct Word: Sendable {
    package let text: String
    package let range: Range<Int>
    package init(text: String, range: Range<Int>) {
      self.text = text
      self.range = range
    }
  }

  package static func parse(_ words: [Word]) throws(Diagnostic) -> NetworkSpecification {
    let options = words.filter { $0.text.contains("=") && !$0.text.contains("(") }
    let sizes = words.filter { !($0.text.contains("=") && !$0.text.contains("(")) }
    guard let first = sizes.first else {
      throw Diagnostic("net needs the sizes of its layers", hint: "usage: \(usage)")
    }
    let input = try self.input(first)
    guard sizes.count > 1 else {
      throw Diagnostic(
        "net needs at least one layer after its input size", at: [first.range],
        hint: "for example: net 2 5:relu 3:softmax")
    }
    var layers: [Layer] = []
    for word in sizes.dropFirst() { layers.append(try layer(word, isLast: word.range == sizes.last?.range)) }
    let activation = layers.last?.activation ?? "linear"
    for (word, layer) in zip(sizes.dropFirst(), layers).dropLast() where layer.activation == "softmax" {
      throw Diagnostic(
        "softmax belongs to the last layer of net", at: [word.range],
        hint: "type the equations with 'model' to put it elsewhere")
    }
    var result = NetworkSpecification(
      input: input, layers: layers, loss: NetworkSpecification.usualLoss(for: activation))
    for word in options { try option(word, into: &result) }
    if result.layout == .columns, input.count > 1 || layers.contains(where: { $0.isSpatial }) {
      throw Diagnostic("images come in rows: layout=columns is for dense layers")
    }
    return result
  }

  private static func number(_ text: some StringProtocol, in word: Word) throws(Diagnostic) -> Int {
    guard let value = Int(text), value >= 1, value <= widest else {
      throw Diagnostic(
        "'\(text)' is not a layer's size: a whole number from 1 to \(widest)", at: [word.range],
        hint: "usage: \(usage)")
    }
    return value
  }

  private static func input(_ word: Word) throws(Diagnostic) -> [Int] {
    let parts = word.text.split(whereSeparator: { $0 == "x" || $0 == "×" })
    guard parts.count == 1 || parts.count == 3 else {
      throw Diagnostic(
        "the input is a number of features, or channels x rows x columns of an image", at: [word.range],
        hint: "for example: net 2 … or net 1x8x8 …")
    }
    var result: [Int] = []
    for part in parts { result.append(try number(part, in: word)) }
    return result
  }

  private static func layer(_ word: Word, isLast: Bool) throws(Diagnostic) -> Layer {
    let parts = word.text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2 else {
      throw Diagnostic("a layer is written size:activation", at: [word.range], hint: "for example 4:relu")
    }
    let activation = parts.count == 2 ? parts[1].lowercased() : "linear"
    guard Activations.isOne(activation) else {
      let guess = Suggestions.nearest(to: activation, in: Activations.names)
      throw Diagnostic(
        "there is no activation '\(activation)'", at: [word.range],
        hint: guess.map { "did you mean \($0)?" }
          ?? "activations are \(Activations.names.joined(separator: ", "))")
    }
    let head = parts[0]
    if head == "flatten" { return .flatten }
    if let open = head.firstIndex(of: "("), head.hasSuffix(")") {
      let inner = head[head.index(after: open)...].dropLast()
      let arguments = inner.split(separator: ",").map { String($0.filter { !$0.isWhitespace }) }
      return try spatial(String(head[..<open]), arguments, activation, word)
    }
    return .dense(width: try number(head, in: word), activation: activation)
  }

  private static func spatial(
    _ kind: String, _ arguments: [String], _ activation: String, _ word: Word
  ) throws(Diagnostic) -> Layer {
    var named: [String: Int] = [:]
    var plain: [String] = []
    for argument in arguments {
      let pair = argument.split(separator: "=")
      if pair.count == 2 {
        guard let value = Int(pair[1]),
          (pair[0] == "pad" && value >= 0) || (pair[0] == "stride" && value >= 1),
          value <= 1 << 16
        else {
          throw Diagnostic(
            "'\(argument)' is not an option of \(kind)", at: [word.range],
            hint: "options are stride=1 and pad=0")
        }
        named[String(pair[0])] = value
      } else {
        plain.append(argument)
      }
    }
    switch kind {
    case "conv":
      guard plain.count == 2 else { break }
      let kernel = plain[1].split(whereSeparator: { $0 == "x" || $0 == "×" })
      guard let rows = kernel.first, let columns = kernel.last, kernel.count <= 2 else { break }
      return .convolution(
        channels: try number(plain[0], in: word), rows: try number(rows, in: word),
        columns: try number(columns, in: word), stride: named["stride"] ?? 1, pad: named["pad"] ?? 0,
        activation: activation)
    case "maxpool", "avgpool":
      guard plain.count == 1 else { break }
      let size = try number(plain[0].prefix { $0 != "x" }, in: word)
      return .pooling(isMaximum: kind == "maxpool", size: size, stride: named["stride"] ?? size)
    default: break
    }
    throw Diagnostic(
      "'\(word.text)' is not a layer", at: [word.range],
      hint: "layers are 4:relu, conv(4,3x3,pad=1):relu, maxpool(2), avgpool(2), flatten")
  }

  private static func option(_ word: Word, into result: inout NetworkSpecification) throws(Diagnostic) {
    let parts = word.text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
      String.init)
    let (key, value) = (parts[0], parts.count > 1 ? parts[1] : "")
    func choice<T: RawRepresentable & CaseIterable>(_ type: T.Type) throws(Diagnostic) -> T
    where T.RawValue == String {
      if let found = T(rawValue: value) { return found }
      throw Diagnostic(
        "\(key)=\(value) is not known", at: [word.range],
        hint: "\(key) is one of \(T.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    switch key {
    case "loss":
      guard Operation.loss(Function(value)) != nil else {
        let names = Operation.losses.map(\.name)
        let guess: Prose = Suggestions.nearest(to: value, in: names).map { "did you mean \($0)? " } ?? ""
        throw Diagnostic(
          "there is no loss '\(value)'", at: [word.range],
          hint: guess + "losses are \(names.joined(separator: ", "))")
      }
      result.loss = Function(value)
    case "layout": result.layout = try choice(NetworkSpecification.Layout.self)
    case "reduction":
      result.reduction = try choice(CallOptions.Reduction.self)
    case "bias":
      enum Switch: String, CaseIterable { case on, off }
      result.hasBias = try choice(Switch.self) == .on
    case "init": result.initialiser = try choice(NetworkSpecification.Initialiser.self)
    case "seed":
      guard let seed = Int(value), seed >= 0 else {
        throw Diagnostic("a seed is a whole number, 0 or more", at: [word.range])
      }
      result.seed = seed
    default:
      throw Diagnostic(
        "net has no option '\(key)'", at: [word.range],
        hint: "options are loss, layout, reduction, bias, init, seed")
    }
  }
}

extension Layer {
  fileprivate var isSpatial: Bool {
    switch self {
    case .dense: false
    case .convolution, .pooling, .flatten: true
    }
  }
}
