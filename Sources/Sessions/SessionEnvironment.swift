import Differentiation
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

/// What names mean in a session: leaves, steps behind the cursor, the student's own names, and values that are no
/// step but follow from steps (J, and gradients that the fused step leaves out).
package struct SessionEnvironment: Environment {
  package let session: Session

  /// Names that are kept back: without a shape and a value.
  private let hidden: Set<String>

  package init(_ session: Session, showsHidden: Bool = false) {
    self.session = session
    hidden = showsHidden ? [] : session.hidden
  }

  package var format: NumberFormat { session.settings.format }

  package func shape(of name: String) -> Shape? {
    let name = session.model.resolve(name)
    if let own = session.scratch[name] { return own.shape }
    if let leaf = session.leaves[name] { return leaf.shape }
    if name == .sampleCount, sampleCount != nil { return .scalar }
    if name == .learningRate { return .scalar }
    return value(of: name)?.shape
  }

  package func value(of name: String) -> Tensor? {
    let name = session.model.resolve(name)
    if let own = session.scratch[name] { return own }
    if let leaf = session.leaves[name] { return leaf }
    // Why there is none, `missing` says.
    if let file = FileReference(name) { return try? FileValues.array(file).tensor }
    if hidden.contains(name) { return nil }
    if name == .sampleCount { return sampleCount.map { Tensor(Double($0)) } }
    if name == .learningRate { return Tensor(session.settings.learningRate) }
    if let step = session.computed(name) { return step }
    if let memory = session.optimizerState?.memory[name] { return memory }
    // Why there is none, `missing` says.
    guard let equation = offTrace(name) else { return nil }
    return try? Evaluator(self).value(of: equation.expression)
  }

  private var sampleCount: Int? { session.roles.sampleCount }

  /// The equation of a name: the step's, or that of a value which is not a step.
  package func equation(of name: String) -> Equation? {
    let name = session.model.resolve(name)
    guard case .success(let program) = session.program else { return nil }
    return program.position(of: name).map { program.steps[$0] } ?? offTrace(name)
  }

  /// J, dL, and gradients of values that the list of steps passes over: dS when softmax and cross-entropy are one
  /// step, dY. Known as soon as the forward pass is done.
  package func offTrace(_ name: String) -> Equation? { try? derivedOffTrace(name) }

  private func derivedOffTrace(_ name: String) throws(Diagnostic) -> Equation? {
    guard case .success(let program) = session.program else { return nil }
    if name == session.jacobianName { return jacobian(named: name) }
    guard let target = name.gradientOf, session.cursor >= program.forward.count else { return nil }
    if program.shapes[target] != nil, let reason = program.missingLoss { throw reason }
    if target == session.model.lossName {
      var seed = Equation(name, 1)
      seed.rules = ["seed"]
      return seed
    }
    guard program.shapes[target] != nil, target != .sampleCount,
      program.position(of: name) == nil
    else {
      return nil
    }
    return try program.derive(output: session.model.lossName, targets: [target], isFused: false)
      .last { $0.name == name }
  }

  /// The Jacobian of the last step that has one for every sample; nil before that step.
  package func jacobian(named name: String) -> Equation? {
    session.lastJacobian.flatMap {
      session.computed($0.name) == nil ? nil : Equation(name, $0.step.jacobian)
    }
  }

  /// Every name that has a value now, for completion and "did you mean".
  package var names: [String] {
    var result = Array(session.leaves.keys) + Array(session.scratch.keys)
    if case .success(let program) = session.program {
      result += program.steps.prefix(session.cursor).map(\.name)
      if let name = session.jacobianName, value(of: name) != nil { result.append(name) }
    }
    if sampleCount != nil { result.append(.sampleCount) }
    result += session.model.aliases.filter { value(of: $0.value) != nil }.map(\.key)
    return Set(result).subtracting(hidden).sorted()
  }

  /// Those, and the names of values that are still to come.
  package var knownNames: [String] {
    names + ((try? session.program.get())?.steps.map(\.name) ?? []) + session.model.leaves
  }

  package func missing(_ name: String) -> Diagnostic {
    let resolved = session.model.resolve(name)
    if hidden.contains(resolved), let refusal = session.withheld?.refusal(of: resolved) { return refusal }
    if let file = FileReference(name) {
      do throws(Diagnostic) { _ = try FileValues.array(file) } catch { return error }
    }
    if name == .sampleCount {
      return Diagnostic(
        "the number of samples is not known: no input has a sample in every row",
        hint: "give it: set m = 4")
    }
    if case .success(let program) = session.program {
      if let index = program.position(of: resolved) {
        let away = index + 1 - session.cursor
        let command = index < program.forward.count ? "forward" : "backward"
        return Diagnostic(
          "\(name: name) is not computed yet: run '\(command)' (\(away) step\(away == 1 ? "" : "s") away)")
      }
      if resolved.gradientOf.map({ program.shapes[$0] != nil }) ?? false, let reason = program.missingLoss {
        return reason
      }
      if resolved == session.jacobianName || resolved.gradientOf.map({ program.shapes[$0] != nil }) ?? false {
        do throws(Diagnostic) {
          if let equation = try derivedOffTrace(resolved) {
            _ = try Evaluator(self).value(of: equation.expression)
          }
        } catch {
          return error
        }
        return Diagnostic("\(name: name) is not computed yet: run 'forward' first")
      }
    } else if case .failure(let reason) = session.program,
      session.model.equations.contains(where: { $0.name == resolved })
        || session.model.equations.contains(where: { $0.name.gradientName == resolved })
        || session.model.leaves.contains(where: { $0.gradientName == resolved })
    {
      return reason
    }
    if session.model.leaves.contains(resolved) {
      return Diagnostic("\(name: name) has no value yet", hint: session.openShapes.request)
    }
    if ["pi", "π"].contains(name) {
      return Diagnostic("there is no '\(name: name)'", hint: "the number is np.pi")
    }
    let guess = session.naming.nearest(to: name, in: knownNames)
    return Diagnostic(
      "there is no '\(name: name)'",
      hint: guess.map { "did you mean \(name: $0)?" } ?? "'info' lists the names of this session")
  }

  package func example(ofShape shape: Shape) -> String? {
    session.model.parameters.first { session.leaves[$0]?.shape == shape }
      ?? (try? session.program.get())?.forward.map(\.name).first { session.computed($0)?.shape == shape }
  }
}
