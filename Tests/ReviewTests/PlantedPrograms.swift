import Formulas
import Platform
import Sessions
import Testing

/// A program as people write them, from the folder Programs, with mistakes to be made in it by an edit of its text.
///
/// The comments that it begins with are the commands that make the model. Behind the program stand the edits, each a line `#!` with the
/// mistake that is to be named (without one the line alone is asked for), lines `#-` as they stand there and `#+` as they
/// are to read.
struct PlantedProgram: Sendable, CustomTestStringConvertible {
  struct Plant: Sendable {
    let mistake: String?
    let text: String
    let replacement: String
    /// The line that is wrong then.
    let line: Int
  }

  let name: String
  let model: String
  let source: String
  let plants: [Plant]

  var testDescription: String { name }
  var needsTorch: Bool { source.contains("import torch") }

  init(_ name: String, _ text: String) {
    self.name = name
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let end = lines.firstIndex { $0.hasPrefix("#!") } ?? lines.count
    model = lines.prefix { $0.hasPrefix("# ") }.map { String($0.dropFirst(2)) }.joined(separator: "\n")
    let program = Array(lines[..<end])
    source = program.joined(separator: "\n") + "\n"
    var plants: [Plant] = []
    var at = end
    while at < lines.count {
      guard lines[at].hasPrefix("#!") else {
        at += 1
        continue
      }
      let id = String(lines[at].dropFirst(3))
      let rest = lines[(at + 1)...].prefix { !$0.hasPrefix("#!") }
      let before = rest.filter { $0.hasPrefix("#- ") }.map { String($0.dropFirst(3)) }
      let after = rest.filter { $0.hasPrefix("#+ ") }.map { String($0.dropFirst(3)) }
      let same = zip(before, after).prefix { $0 == $1 }.count
      let text = before.joined(separator: "\n")
      plants.append(
        Plant(
          mistake: id.isEmpty ? nil : id, text: text, replacement: after.joined(separator: "\n"),
          line: Self.line(of: text, in: source) + same))
      at += 1
    }
    self.plants = plants
  }

  private static func line(of text: String, in source: String) -> Int {
    guard let range = source.firstRange(of: text) else { return 0 }
    return source[..<range.lowerBound].count { $0 == "\n" } + 1
  }

  func planted(_ plant: Plant) -> String { source.replacingFirst(plant.text, by: plant.replacement) }

  /// The programs that read a file of a folder, by name.
  static let all: [PlantedProgram] = {
    let folder = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Programs"
    return names.compactMap { name in
      (try? FileAccess.read("\(folder)/\(name).py")).map { PlantedProgram(name, $0) }
    }
  }()

  static let names = [
    "flat-script", "columns-functions", "columns-dict", "class-cache", "class-per-layer", "layers-list",
    "lists-of-layers", "per-sample-lists", "sgd-loop", "sgd-vectors", "minibatch", "mse-out", "trask",
    "y-minus-out", "greek", "single-precision", "f32-torchlike", "rnn-class", "cnn-im2col",
    "cnn-loops", "scalar-neuron", "spiral", "logreg", "llayer", "linreg-plain",
    "torch-manual", "torch-autograd", "torch-module",
    "two-layer-net", "planar-caches", "layer-norm", "batch-norm", "attention-head", "exported-notebook",
    "lists-and-pairs", "modules-grads", "digits-columns", "mini-batch-network", "adam-dictionary",
    "micrograd",
    "rnn-state", "backprop-ninja", "batchnorm-graph", "attention-heads", "lstm-gates", "layer-utils",
    "xor-notebook", "batches-main", "lstm-step", "attention-residual", "closures", "gru-cell", "einsum",
    "regularised", "log-fit", "torch-steps", "bias-row", "tied-autoencoder", "linear-layers",
  ]

  static func named(_ name: String) -> PlantedProgram? { all.first { $0.name == name } }
}

extension String {
  func replacingFirst(_ text: String, by other: String) -> String {
    guard let range = firstRange(of: text) else { return self }
    return self[..<range.lowerBound] + other + self[range.upperBound...]
  }
}
