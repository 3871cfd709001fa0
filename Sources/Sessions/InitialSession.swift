import LinearAlgebra
import NeuralNetworks

extension Session {
  /// The words of the network that a session starts with.
  package static let initialNetwork = "2 4:relu 3:softmax"

  /// A small network and a toy batch, with numbers that can be worked by hand. Biases are not zero, some units are
  /// dead for some samples, and no pre-activation is near 0, where relu has no derivative.
  package static let initial: Session = {
    // These words are known to be a network.
    let words = initialNetwork.split(separator: " ").map {
      NetworkParser.Word(text: String($0), range: 0..<0)
    }
    guard let specification = try? NetworkParser.parse(words),
      let builder = try? NetworkBuilder(specification)
    else { return Session(model: Model(equations: [], parameters: []), leaves: [:]) }
    var model = builder.model
    model.specification = initialNetwork
    return Session(
      model: model,
      leaves: [
        .input: Tensor(unchecked: [3, 2], [1, 2, 2, -1, -1, 1]),
        .target: Tensor(unchecked: [3, 3], [1, 0, 0, 0, 0, 1, 0, 1, 0]),
        "W1": Tensor(unchecked: [2, 4], [0.5, -0.2, 0.3, 0.1, 0.1, 0.4, -0.3, 0.2]),
        "b1": Tensor(unchecked: [1, 4], [0.1, -0.1, 0.2, 0.3]),
        "W2": Tensor(unchecked: [4, 3], [0.2, -0.1, 0.3, -0.3, 0.2, 0.1, 0.4, 0.1, -0.2, 0.1, -0.4, 0.2]),
        "b2": Tensor(unchecked: [1, 3], [0.1, 0.2, -0.1]),
      ])
  }()
}
