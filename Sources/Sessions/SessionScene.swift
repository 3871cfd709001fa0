import Explanations
import Formulas
import LinearAlgebra
import NeuralNetworks

/// A session as answers are judged in it.
package struct SessionScene: AnswerScene {
  private let session: Session
  private let environment: SessionEnvironment

  /// The session as far as its pass was run.
  package init(_ session: Session) {
    self.session = session
    environment = SessionEnvironment(session)
  }

  package var model: Model { session.model }
  package var leaves: [String: Tensor] { session.leaves }
  package var ownNames: Set<String> { Set(session.scratch.keys) }
  package var learningRate: Double { session.settings.learningRate }
  package var isFused: Bool { session.isFused }
  package var mayFuse: Bool { session.targetsAreDistributions }

  package func equation(of name: String) -> Equation? { environment.equation(of: name) }

  package func with(leaves: [String: Tensor]) throws(Diagnostic) -> any AnswerScene {
    var other = session
    other.withheld = nil
    other.replaceModel(session.model, leaves: leaves)
    try other.run(to: session.cursor)
    return SessionScene(other)
  }

  package func shape(of name: String) -> Shape? { value(of: name)?.shape ?? environment.shape(of: name) }
  package func value(of name: String) -> Tensor? {
    // What an optimiser remembers has the shape that its parameter has there.
    session.memory(name) ?? environment.value(of: name)
  }
  package func missing(_ name: String) -> Diagnostic { environment.missing(name) }
  package var format: NumberFormat { environment.format }
  package func example(ofShape shape: Shape) -> String? { environment.example(ofShape: shape) }
}
