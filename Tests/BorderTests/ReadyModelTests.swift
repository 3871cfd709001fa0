import Commands
import Formulas
import LinearAlgebra
import NeuralNetworks
import Rendering
import Reports
import Sessions
import Testing

/// Every ready model does all that a network of `net` does.
@Suite struct ReadyModelTests {
  /// Steps fit a terminal, gradients agree with finite differences and with dual numbers, gradients have
  /// derivations and entries their sums, a saved session is the session, and training goes downhill.
  @Test(arguments: ReadyModel.all.map(\.name)) func aReadyModel(_ name: String) throws {
    let ready = try #require(ReadyModel.named(name))
    var typist = Typist("model \(name)")
    let model = typist.session.model
    #expect(model.parameters.sorted() == ready.parameters.map(\.key).sorted())
    #expect(Set(model.leaves) == Set(typist.session.leaves.keys))
    #expect(!ready.source.isEmpty && !ready.conventions.isEmpty)

    for command in ["forward", "backward", "equations", "models"] {
      let lines = TextRenderer(width: 80).render(typist.type(command)).split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= 80 }, "\(command)")
    }
    for method in ["central", "dual"] {
      let error = typist.type("gradcheck method=\(method)").scalar("max_relative_error")
      #expect(try #require(error) < 1e-6, "\(method)")
    }
    // The first parameter is the farthest from the loss: its derivation goes through most of the pass.
    for parameter in Set([model.parameters.first, model.parameters.last].compactMap { $0 }) {
      let report = typist.type("derive d\(parameter)")
      #expect(try #require(report.scalar("max_difference")) < 1e-8, "\(parameter)")
    }
    for parameter in model.parameters {
      let shape = try #require(typist.session.leaves[parameter]).shape
      let index = shape.dimensions.map { String($0 - 1) }.joined(separator: ",")
      let why = typist.type("why d\(parameter)" + (index.isEmpty ? "" : "[\(index)]"))
      #expect(try abs(#require(why.scalar("difference"))) < 1e-12, "\(parameter)")
    }

    var loaded = Workspace()
    _ = try Script.run(SessionScript.text(typist.session), file: "saved", in: &loaded)
    #expect(loaded.session.model.equations == model.equations)
    #expect(loaded.session.model.lines.count == model.lines.count)
    #expect(loaded.session.leaves == typist.session.leaves)
    #expect(loaded.session.trace == typist.session.trace)

    let before = try #require(typist.value(model.lossName)?.scalarValue)
    let after = typist.type("train epochs=5 lr=0.001").scalar("loss")
    #expect(try #require(after) < before)
  }

  @Test func aNameThatIsNearlyOneIsSuggested() {
    var typist = Typist()
    #expect(typist.refusal("model atention").hint?.text() == "did you mean attention?")
  }

  /// Behind the equations of a model a ; goes on with them, behind the name of one it ends the command.
  @Test func commandsStandBehindTheNameOfAModel() {
    var workspace = Workspace(commands: .standard)
    for line in [
      "model attention; forward; backward", "model Z = X @ W; L = sum(Z**2)", "model Z=X @ W; L=sum(Z)",
    ] {
      let outcomes = Interpreter.run(line, in: &workspace)
      #expect(outcomes.allSatisfy { if case .success = $0.result { true } else { false } }, "\(line)")
      #expect(outcomes.count == (line.hasPrefix("model a") ? 3 : 1))
    }
  }

  /// A person who asks the help for a kind of network finds the ready one, and how it takes a text of one's own.
  @Test func theHelpLeadsToReadyModels() {
    var typist = Typist()
    for (word, model) in [("lstm", "lstm"), ("skip-gram", "embedding"), ("transformer", "transformer")] {
      #expect(typist.text("help \(word)").contains("model \(model) "))
    }
    #expect(typist.text("model gpt").contains("text="))
    #expect(typist.text("equations").contains("-inf"))
    // A number is not told twice.
    typist.type("model hessian")
    #expect(typist.text("backward").contains("db = -1\n"))
  }
}
