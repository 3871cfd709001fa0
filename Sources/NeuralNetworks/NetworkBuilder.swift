import Formulas
import LinearAlgebra
import Operations

/// Writes the equations of a network and gives its parameters their first values.
package struct NetworkBuilder {
  package private(set) var model: Model
  package private(set) var parameters: [String: Tensor] = [:]
  /// Width of the output: classes, or regression targets.
  package private(set) var outputWidth = 1

  package let specification: NetworkSpecification
  private var generator: RandomGenerator
  private var equations: [Equation] = []
  private var trained: [String] = []
  /// The value that the next layer reads, and its extents for one sample.
  private var current = Expression.name(.input)
  private var extents: [Int]
  private var index = 0

  private let progress: ((String) -> Void)?

  /// - Parameter progress: told what is being drawn, where that takes long.
  package init(
    _ specification: NetworkSpecification, progress: ((String) -> Void)? = nil
  ) throws(Diagnostic) {
    self.progress = progress
    self.specification = specification
    generator = RandomGenerator(seed: UInt64(specification.seed))
    extents = specification.input
    model = Model(equations: [], parameters: [])
    for layer in specification.layers { try add(layer) }
    guard extents.count == 1 else {
      throw Diagnostic(
        "the last layer still gives images of \(extents.map(String.init).joined(separator: "×"))",
        hint: "put flatten and a dense layer behind it: … flatten 10:softmax")
    }
    outputWidth = extents[0]
    close()
  }

  private var columns: Bool { specification.layout == .columns }

  private mutating func add(_ layer: Layer) throws(Diagnostic) {
    switch layer {
    case .dense(let width, let activation):
      guard extents.count == 1 else {
        throw Diagnostic(
          "a dense layer reads rows of numbers, and here come images of \(extents.map(String.init).joined(separator: "×"))",
          hint: "put flatten before it")
      }
      let shape: Shape = columns ? [width, extents[0]] : [extents[0], width]
      guard shape.checkedCount != nil else { throw Diagnostic("a weight matrix of \(shape) is too large") }
      index += 1
      let W = try parameter("W", shape, inputs: extents[0], outputs: width, activation)
      var Z = columns ? W.times(current) : current.times(W)
      if specification.hasBias { Z = Z + bias(columns ? [width, 1] : [1, width]) }
      finish(Z, activation)
      extents = [width]
    case .convolution(let channels, let rows, let columns, let stride, let pad, let activation):
      guard extents.count == 3 else { throw needsImages("conv") }
      guard
        let height = WindowCount.of(extent: extents[1], window: rows, stride: stride, pad: pad),
        let width = WindowCount.of(extent: extents[2], window: columns, stride: stride, pad: pad)
      else { throw doesNotFit(rows, columns) }
      index += 1
      let W = try parameter(
        "W", [channels, extents[0], rows, columns], inputs: extents[0] * rows * columns,
        outputs: channels * rows * columns, activation)
      let options = CallOptions(stride: stride == 1 ? nil : stride, pad: pad == 0 ? nil : pad)
      var Z = Expression.call("conv2d", [current, W], options)
      if specification.hasBias { Z = Z + bias([1, channels, 1, 1]) }
      finish(Z, activation)
      extents = [channels, height, width]
    case .pooling(let isMaximum, let size, let stride):
      guard extents.count == 3 else { throw needsImages("pooling") }
      guard let height = WindowCount.of(extent: extents[1], window: size, stride: stride, pad: 0),
        let width = WindowCount.of(extent: extents[2], window: size, stride: stride, pad: 0)
      else { throw doesNotFit(size, size) }
      let options = CallOptions(stride: stride == size ? nil : stride)
      define(
        "P\(index)",
        .call(isMaximum ? "maxpool" : "avgpool", [current, .number(Double(size))], options))
      extents = [extents[0], height, width]
    case .flatten:
      define("F\(index)", .call("flatten", current))
      extents = [extents.reduce(1, &*)]
    }
  }

  private func needsImages(_ layer: String) -> Diagnostic {
    Diagnostic(
      "\(layer) reads images, and here come rows of numbers",
      hint: "begin with an image: net 1x8x8 conv(4,3x3):relu …")
  }

  private func doesNotFit(_ rows: Int, _ columns: Int) -> Diagnostic {
    Diagnostic(
      "a \(rows)×\(columns) window does not fit the \(extents[1])×\(extents[2]) images that reach it")
  }

  /// Of the equations so far.
  private var names: Set<String> = []

  private mutating func define(_ wanted: String, _ expression: Expression) {
    // Two poolings of one layer: P1, P1_2.
    var name = wanted
    var number = 2
    while !names.insert(name).inserted {
      name = "\(wanted)_\(number)"
      number += 1
    }
    equations.append(Equation(name, expression))
    current = .name(name)
  }

  private mutating func finish(_ Z: Expression, _ activation: String) {
    define("Z\(index)", Z)
    switch activation {
    case "linear": model.aliases["A\(index)"] = "Z\(index)"
    case "softmax":
      define("S", .call("softmax", current, axis: columns ? 0 : nil))
      model.aliases["A\(index)"] = "S"
    default:
      define("A\(index)", .call(Function(activation), current))
    }
  }

  private mutating func close() {
    let loss = specification.loss
    let traits = Operation.loss(loss)?.loss
    let isUsual = specification.reduction == (traits?.averaging == LossTraits.Averaging.none ? .sum : .mean)
    let options = CallOptions(
      axis: columns && traits?.averaging == .samples ? 0 : nil,
      reduction: isUsual ? nil : specification.reduction)
    equations.append(Equation(.loss, .call(loss, [.name(.target), current], options)))
    model.equations = equations
    if case .name(let output) = current { model.addAliases(input: .input, output: output) }
    model.parameters = trained
  }

  private mutating func parameter(
    _ letter: String, _ shape: Shape, inputs: Int, outputs: Int, _ activation: String
  ) throws(Diagnostic) -> Expression {
    let name = "\(letter)\(index)"
    trained.append(name)
    // Drawn as rows have it: the same seed gives the same network in both layouts.
    let isTurned = columns && shape.rank == 2
    let weights = Initialisers.weights(
      specification.initialiser ?? (activation.contains("relu") ? .he : .xavier),
      shape: isTurned ? shape.transposed : shape, inputs: inputs, outputs: outputs, using: &generator,
      progress: progress.map { progress in { progress("\(name): \(Int(clamping: $0 * 100)) % drawn") } })
    parameters[name] = isTurned ? weights.transposed() : weights
    return .name(name)
  }

  /// Not zero unless zeros are asked for: a bias of 0 hides mistakes.
  private mutating func bias(_ shape: Shape) -> Expression {
    let name = "b\(index)"
    trained.append(name)
    parameters[name] =
      specification.initialiser == .zeros
      ? Tensor(repeating: 0, shape: shape) : Initialisers.rounded(generator.uniform(shape: shape, -0.1, 0.1))
    return .name(name)
  }
}
