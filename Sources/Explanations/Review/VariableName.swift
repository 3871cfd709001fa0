import Formulas

extension ProgramTrace.Value {
  /// What a function gives back without a name, or a part of it.
  var isReturned: Bool { variable == "return" || variable.hasPrefix("return[") }

  /// By its variable, or by the function that gives it back: `relu_backward`, `cost_derivative`.
  var isCalledGradient: Bool {
    let called = function.lowercased()
    return VariableName(variable).isGradient
      || (isReturned
        && ["grad", "deriv", "back", "delta", "prime"].contains(where: called.contains))
  }
}

/// What a program's variable is called, taken apart, so that `self.params["W1"]`, `weights_1` and `w1` are one name.
struct VariableName {
  /// "w", "b", "z", "a", "x", "y", "s", "loss", or the word itself.
  let kind: String
  let number: Int?
  let isGradient: Bool
  /// In lower case without separators.
  let plain: String

  init(_ variable: String) {
    var parts = Self.parts(variable)
    var isGradient = false
    if parts.count > 1, let last = parts.last, ["grad", "gradient"].contains(last.lowercased()) {
      isGradient = true
      parts.removeLast()
    }
    var isMarked = isGradient
    // `grads["W1"]` is a gradient too.
    let holders = parts.dropLast().map { $0.lowercased() }
    if holders.contains(where: { ["g", "grad", "grads", "gradient", "gradients", "dparams"].contains($0) }) {
      isGradient = true
    }
    // `W[0]` is the first: it goes by 1.
    var index: Int?
    if parts.count > 1, let last = parts.last, let at = Int(last) {
      index = at + 1
      parts.removeLast()
      if parts.last.map({ $0 == "*" || $0.allSatisfy(\.isNumber) }) ?? false { parts.removeLast() }
    }
    let segments = Self.ascii(parts.last ?? variable).lowercased().split(separator: "_").map(String.init)
    var word = segments.joined().filter { $0 != "'" }
    let trailing = String(word.reversed().prefix { $0.isNumber }.reversed())
    word.removeLast(trailing.count)
    plain = word + trailing
    for mark in Self.marks where !isMarked {
      if word.hasPrefix(mark) {
        let rest = String(word.dropFirst(mark.count))
        if mark == "delta", rest.isEmpty {
          (word, isGradient, isMarked) = ("z", true, true)
        } else if !rest.isEmpty,
          Self.kinds[rest] != nil || rest.count == 1 || (segments.count > 1 && segments[0] == mark)
        {
          (word, isGradient, isMarked) = (rest, true, true)
        }
      } else if word.hasSuffix(mark), mark.count > 3, word.count > mark.count {
        (word, isGradient, isMarked) = (String(word.dropLast(mark.count)), true, true)
      }
    }
    // `hidden_weights`, `W_out`: one part of several says what it is.
    if Self.kinds[word] == nil, segments.count > 1 {
      for segment in segments {
        let own =
          segment.first == "d" && Self.parameters[segment] == nil ? String(segment.dropFirst()) : segment
        guard let kind = Self.parameters[own] else { continue }
        isGradient = isGradient || own != segment
        word = kind
        break
      }
    }
    kind = Self.kinds[word] ?? word
    number = Int(trailing) ?? index
    self.isGradient = isGradient
  }

  private static func parts(_ variable: String) -> [String] {
    variable.split(whereSeparator: { ".[]\"' ".contains($0) }).map(String.init)
  }

  private static let greek: [Character: String] = [
    "δ": "delta", "Δ": "delta", "∂": "d", "σ": "sigma", "θ": "theta", "Θ": "theta", "η": "eta", "α": "alpha",
    "ŷ": "yhat", "∇": "grad",
  ]
  private static func ascii(_ word: String) -> String { word.map { greek[$0] ?? String($0) }.joined() }

  private static let marks = [
    "gradients", "gradient", "grads", "grad", "nabla", "dldelta", "dld", "dl", "delta", "del", "d", "g",
  ]

  /// Words for parameters.
  private static let parameters = [
    "w": "w", "ws": "w", "weight": "w", "weights": "w", "kernel": "w", "wt": "w", "b": "b", "bs": "b",
    "bias": "b",
    "biases": "b",
  ]

  private static let kinds: [String: String] = {
    var result: [String: String] = [:]
    let words: [(String, String)] = [
      ("w", "w ws weight weights kernel theta wt"), ("b", "b bs bias biases"),
      ("z", "z zs pre pres preact preactivation net u"),
      ("a", "a as h hs act acts activation activations hidden out o output"),
      ("x", "x input inputs xtrain xb data features xs"),
      ("y", "y t target targets yonehot onehot label labels ytrain yb ytrue ys"),
      ("s", "s p probs prob yhat ypred pred softmax prediction"), ("logits", "logits scores score"),
      ("loss", "loss l j cost"),
    ]
    for (kind, names) in words { for name in names.split(separator: " ") { result[String(name)] = kind } }
    return result
  }()

  /// How well a variable's name goes with a name of the model: 3 for the name itself, 0 where they have nothing in
  /// common, less where one speaks against the other.
  /// - Parameter fromZero: kinds of which the program's first has the number 0.
  static func likeness(_ variable: String, _ name: String, fromZero: Set<String> = []) -> Int {
    VariableName(variable).likeness(VariableName(name), name, fromZero: fromZero)
  }

  /// The same of names that were taken apart before.
  func likeness(_ other: VariableName, _ name: String, fromZero: Set<String> = []) -> Int {
    let own = self
    if fromZero.contains(own.kind), own.kind == other.kind, let number = own.number {
      return own.isGradient == (name.gradientOf != nil) && number + 1 == other.number ? 2 : -1
    }
    let gradient = name.gradientOf != nil
    if own.plain == name.lowercased().filter({ $0 != "_" }) { return 3 }
    if own.isGradient != gradient { return own.kind == other.kind ? -1 : 0 }
    guard own.kind == other.kind else { return 0 }
    if own.number == other.number { return 2 }
    // Counted from 0 it says nothing.
    return own.number == nil || other.number == nil ? 1 : own.number == 0 ? 0 : -1
  }

  /// Whether one variable is called the gradient of another: `grad_w_h` of `w_h`, `grads["W1"]` of `W1`.
  static func isGradient(_ variable: String, of other: String) -> Bool {
    VariableName(variable).isGradient(of: VariableName(other))
  }

  /// The same of names that were taken apart before.
  func isGradient(of parameter: VariableName) -> Bool {
    guard !parameter.isGradient else { return false }
    return (isGradient && plain == parameter.plain && number == parameter.number)
      || Self.marks.contains { plain == $0 + parameter.plain }
  }

  /// `gradient`, of whatever there is.
  var isGradientAlone: Bool { ["gradient", "grad", "gradients", "grads"].contains(plain) }

  /// Whether a word says what a value is.
  static func isKnown(_ word: String) -> Bool { kinds[word] != nil }

  /// What a learning rate is called.
  static func isLearningRate(_ variable: String) -> Bool {
    ["lr", "learningrate", "alpha", "eta", "stepsize", "rate"].contains(VariableName(variable).plain)
  }
}
