import Differentiation
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Reports
import Sessions

/// What hessian and hvp have in common: the pass with the gradients that are differentiated again.
struct SecondOrder {
  let session: Session
  let derivatives: SecondDerivatives

  /// - Parameter names: values whose gradients are wanted.
  init(_ names: [String], _ start: Session) throws(Diagnostic) {
    session = try start.completedExactly(forward: false)
    try session.demandLoss()
    let program = try session.readyProgram()
    var equations = program.steps
    var environment = Overlay([:], over: SessionEnvironment(session))
    for name in names where !equations.contains(where: { $0.name == name.gradientName }) {
      let derived = try program.derive(
        output: session.model.lossName, targets: [name],
        isFused: session.isFused && session.targetsAreDistributions)
      for equation in derived where !equations.contains(where: { $0.name == equation.name }) {
        environment.values[equation.name] = try Evaluator(environment).value(of: equation.expression)
        equations.append(equation)
      }
    }
    derivatives = SecondDerivatives(
      loss: session.model.lossName, equations: equations, environment: environment)
  }

  /// The value of the model that a word names, by itself or as its gradient.
  static func name(_ word: CommandLine.Word, _ line: CommandLine, _ session: Session) throws(Diagnostic)
    -> String
  {
    let program = try session.readyProgram()
    let typed = session.model.resolve(line.name(word))
    for name in [typed, typed.gradientOf ?? ""] {
      if program.shapes[name] != nil, name != .sampleCount,
        name.gradientOf.map({ program.shapes[$0] == nil }) ?? true
      {
        return name
      }
    }
    var diagnostic = SessionEnvironment(session).missing(typed)
    if program.shapes[typed] != nil {
      diagnostic = Diagnostic(
        "\(name: typed) is no value of the model",
        hint: "for example: hessian \(name: session.model.parameters.first ?? "W1")")
    }
    diagnostic.marks = [word.range]
    throw diagnostic
  }

  /// The value that is meant where none is named: the only parameter, or the only input where nothing is trained.
  static func onlyName(_ line: CommandLine, _ usage: String, _ session: Session) throws(Diagnostic) -> String
  {
    let program = try session.readyProgram()
    let names = session.model.parameters.isEmpty ? program.roles.inputs : session.model.parameters
    guard names.count == 1, let name = names.first else {
      throw Diagnostic(
        "the Hessian by what?", at: [line.nameRange],
        hint: names.isEmpty
          ? "usage: \(usage)"
          : "usage: \(usage), with one of \(names.map { "\(name: $0)" as Prose }.joined(separator: ", "))")
    }
    return name
  }

  /// How far two computations of one matrix are apart, against the largest entry.
  static func distance(_ a: Tensor, _ b: Tensor) -> Double {
    guard let difference = a.largestDifference(from: b), !difference.isNaN else { return .infinity }
    return difference / max(1e-300, a.largestMagnitude)
  }
}
