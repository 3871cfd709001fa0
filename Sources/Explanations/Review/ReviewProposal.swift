import LinearAlgebra
import NeuralNetworks

extension ReviewLeaves {
  /// The words of a network of fully connected layers with weights of the shapes that the program has; nil when there
  /// is no such chain.
  package static func proposal(_ trace: ProgramTrace, source: String) -> String? {
    var chain: [Shape] = []
    var seen: Set<String> = []
    for value in trace.values where value.tensor.rank == 2 {
      let name = VariableName(value.variable)
      guard name.kind == "w", !name.isGradient, seen.insert(value.variable + value.holder).inserted,
        !chain.contains(value.tensor.shape) || name.number.map({ $0 > chain.count }) ?? false
      else { continue }
      chain.append(value.tensor.shape)
    }
    guard let first = chain.first else { return nil }
    let isTurned = chain.count > 1 && first.columns != chain[1].rows && first.rows == chain[1].columns
    let widths = [isTurned ? first.columns : first.rows] + chain.map { isTurned ? $0.rows : $0.columns }
    for (shape, pair) in zip(chain, zip(widths, widths.dropFirst())) {
      guard (isTurned ? [shape.columns, shape.rows] : [shape.rows, shape.columns]) == [pair.0, pair.1] else {
        return nil
      }
    }
    let text = source.lowercased()
    func has(_ words: String...) -> Bool { words.contains { text.contains($0) } }
    let hidden =
      has("relu", "maximum(0", "maximum(", "clip(min=0")
      ? "relu" : has("tanh") ? "tanh" : has("sigmoid", "1 / (1", "1/(1") ? "sigmoid" : "linear"
    let output =
      has("softmax", "cross_entropy", "crossentropy") || (has("exp(") && (widths.last ?? 1) > 1 && has("log"))
      ? "softmax" : (widths.last ?? 1) == 1 && has("log(", "sigmoid") ? "sigmoid" : "linear"
    let layers = widths.dropFirst().enumerated().map { index, width in
      "\(width):\(index == widths.count - 2 ? output : hidden)"
    }
    return ([String(widths[0])] + layers).joined(separator: " ")
  }
}
