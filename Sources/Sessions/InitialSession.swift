import LinearAlgebra
import NeuralNetworks

extension Session {
  /// The words of the network that a session starts with.
  package static let initialNetwork = "2 5:relu 3:softmax"

  /// A small network and a toy batch, with numbers that can be worked by hand. Four samples, two features, five hidden
  /// units and three classes: no two are equal, so that a shape says what it is and a transpose too many does not
  /// fit. Biases are not zero, every unit is dead for some samples, and no pre-activation is near 0, where relu has no
  /// derivative.
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
    let toyBatch: [String: Tensor] = [
      .input: Tensor(unchecked: [4, 2], [1, 2, 2, -1, -1, 1, -2, -3]),
      .target: Tensor(unchecked: [4, 3], [1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0]),
    ]
    let parameters: [String: Tensor] = [
      "W1": Tensor(unchecked: [2, 5], [0.5, -0.2, 0.3, 0.1, -0.4, 0.1, 0.4, -0.3, 0.2, -0.1]),
      "b1": Tensor(unchecked: [1, 5], [0.1, -0.1, 0.2, 0.3, -0.2]),
      "W2": Tensor(
        unchecked: [5, 3], [0.2, -0.1, 0.3, -0.3, 0.2, 0.1, 0.4, 0.1, -0.2, 0.1, -0.4, 0.2, -0.2, 0.3, -0.4]),
      "b2": Tensor(unchecked: [1, 3], [0.1, 0.2, -0.1]),
    ]
    var session = Session(model: model, leaves: toyBatch.merging(parameters) { first, _ in first })
    session.toyBatch = toyBatch
    return session
  }()
}
