import Formulas
import LinearAlgebra
import Operations

/// One word of `net`: `4:relu`, `conv(4,3x3,pad=1):relu`, `maxpool(2)`, `flatten`.
package enum Layer: Sendable, Hashable {
  case dense(width: Int, activation: String)
  case convolution(channels: Int, rows: Int, columns: Int, stride: Int, pad: Int, activation: String)
  case pooling(isMaximum: Bool, size: Int, stride: Int)
  case flatten

  package var activation: String? {
    switch self {
    case .dense(_, let activation), .convolution(_, _, _, _, _, let activation): activation
    case .pooling, .flatten: nil
    }
  }
}

/// Activations that `net` knows: the elementwise ones, softmax, and linear for none.
package enum Activations {
  private static let others = ["linear", "softmax"]
  package static var names: [String] { others + Operation.activations.map(\.name) }

  /// Asks one operation, where `names` makes all of them.
  static func isOne(_ name: String) -> Bool {
    others.contains(name) || Operation.named(name)?.isActivation == true
  }
}

/// What the words behind `net` ask for.
package struct NetworkSpecification: Sendable, Hashable {
  package enum Layout: String, Sendable, CaseIterable {
    /// A sample is a row: Z = X @ W + b.
    case rows
    /// A sample is a column: Z = W @ X + b.
    case columns
  }

  package enum Initialiser: String, Sendable, CaseIterable { case he, xavier, uniform, zeros }

  /// Features, or channels, rows and columns of an image.
  package var input: [Int]
  package var layers: [Layer]
  package var loss: Function
  package var layout: Layout = .rows
  package var reduction: CallOptions.Reduction?
  package var hasBias = true
  package var initialiser: Initialiser?
  package var seed = 1

  package init(input: [Int], layers: [Layer], loss: Function) {
    self.input = input
    self.layers = layers
    self.loss = loss
  }

  /// The loss that belongs to a last activation unless another is asked for.
  package static func usualLoss(for activation: String) -> Function {
    let partner = Operation.losses.first { $0.loss?.fusion?.activation.name == activation }
    return Function((partner ?? .mse).name)
  }
}
