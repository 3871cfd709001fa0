import Formulas
import LinearAlgebra

// Words for several steps: a model has each of them as an equation with a name of its own.

extension Operation {
  /// Every row with mean 0 and variance 1, then scaled and moved. The variance is divided by n. Source: Ba, Kiros and
  /// Hinton, "Layer Normalization" (2016).
  package static let layerNorm: Operation = normalisation(
    "layer_norm(X, gamma?, beta?, axis=-1, eps=1e-5)", title: "layer normalisation",
    note: "mean 0 and variance 1 along the last axis, times gamma, plus beta; in a model a step each")

  /// Every feature with mean 0 and variance 1 over the samples of this batch. Source: Ioffe and Szegedy, "Batch
  /// Normalization" (2015).
  package static let batchNorm: Operation = normalisation(
    "batch_norm(X, gamma?, beta?, axis=0, eps=1e-5)", title: "batch normalisation",
    note: "mean 0 and variance 1 over the samples, times gamma, plus beta; in a model a step each")

  private static func normalisation(_ signature: String, title: String, note: String) -> Operation {
    composed(signature, title: title, note: note) { count in
      let last = ["", " * gamma", " * gamma + beta"][Swift.min(Swift.max(count, 1), 3) - 1]
      return [
        "mean = mean(X, axis=axis)", "centred = X - mean", "var = mean(centred**2, axis=axis)",
        "scale = sqrt(var + eps)",
      ] + (last.isEmpty ? ["N = centred / scale"] : ["norm = centred / scale", "N = norm\(last)"])
    }
  }

  /// Entries kept with probability 1 - p and divided by it, the others 0. The mask is a step of its own: drawn anew in
  /// every pass, by the number `draw` of the pass, or always the same with `seed=`. Source: Srivastava and others,
  /// "Dropout" (2014), in the inverted form that PyTorch has.
  package static let dropout: Operation = composed(
    "dropout(H, p=0.5, seed=0)", title: "dropout",
    note:
      "entries are 0 with probability p, the others divided by 1 - p; in a model the mask is a step of its own"
  ) { _ in
    ["mask = dropout_mask(H, draw, p=p, seed=seed)", "D = H * mask / (1 - p)"]
  }

  /// 1 with probability 1 - p, else 0.
  package static let dropoutMask: Operation = Operation(
    "dropout_mask(H, draw, p=0.5, seed=0)", title: "dropout mask",
    note: "for every entry of H 1 with probability 1 - p, else 0; another one for every number draw",
    cases: [
      Case(
        is: .made { (setting) throws(Diagnostic) in
          guard setting.shapes.count == 2, setting.shapes[1].isScalar else {
            throw Application.misfit(.dropoutMask, setting)
          }
          let p = setting.options.number("p") ?? 0.5
          guard p >= 0, p < 1 else {
            throw Diagnostic("p is a probability below 1, and this is \(Printer.number(p))")
          }
          return setting.shapes[0]
        }, backward: [])
    ],
    kernel: .prepared { setting, _ in { setting.drawMask($0, $1) } })

  /// Written as steps of which each has a name; the last is the value. The texts depend on how many operands there are.
  private static func composed(
    _ signature: String, title: String, note: String, _ steps: @escaping @Sendable (Int) -> [String]
  ) -> Operation {
    let operands = Signature(signature).operands
    let counts = operands.count { !$0.isOptional }...operands.count
    return Operation(
      signature, title: title, note: note,
      cases: counts.map { count in
        Case(is: .expression(written(steps(count))), if: { $0.shapes.count == count })
      }, steps: steps)
  }

  /// The last step with the others put in for their names. Outside of a model there is no pass: `draw` is 0.
  private static func written(_ steps: [String]) -> String {
    var texts: [(word: String, text: String)] = [("draw", "0")]
    var result = ""
    for step in steps {
      let parts = step.split(separator: "=", maxSplits: 1).map(String.init)
      let word = parts[0].filter { $0 != " " }
      let text = texts.reduce(String(parts[1].dropFirst())) { $0.replacing(word: $1.word, by: $1.text) }
      texts.append((word, "(\(text))"))
      result = "\(word) = \(text)"
    }
    return result
  }
}

extension Operation.Setting {
  fileprivate func drawMask(
    _ operands: [UnsafeMutablePointer<Double>], _ out: UnsafeMutablePointer<Double>
  ) {
    let p = options.number("p") ?? 0.5
    let draw = operands[1].pointee
    var generator = RandomGenerator(
      seed: draw.bitPattern &* 31 &+ UInt64(bitPattern: Int64(options.seed ?? 0)))
    for i in 0..<shapes[0].count { out[i] = generator.uniform() < p ? 0 : 1 }
  }
}

extension String {
  /// A name replaced where it stands alone and is no function's. Names are ASCII. Byte by byte: every operation that is
  /// made of steps is written so, and characters take ten times as long.
  fileprivate func replacing(word: String, by other: String) -> String {
    var result: [UInt8] = []
    var current: [UInt8] = []
    let word = Array(word.utf8)
    for byte in Array(utf8) + [UInt8(ascii: " ")] {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        current.append(byte)
      default:
        // An option keeps its name: axis=axis.
        let isName = current == word && byte != UInt8(ascii: "(") && byte != UInt8(ascii: "=")
        if isName { result += Array(other.utf8) } else { result += current }
        current = []
        result.append(byte)
      }
    }
    return String(decoding: result.dropLast(), as: UTF8.self)
  }
}
