import Formulas
import Operations

extension Session {
  /// A name that the model defines, whether or not it has a value yet.
  package func isKnown(_ name: String) -> Bool {
    let name = model.resolve(name)
    let planned = (try? program.get())?.shapes.keys.contains(name) ?? false
    return planned || model.equations.contains { $0.name == name } || model.leaves.contains(name)
      || name == jacobianName
      || name.gradientOf.map { value in
        model.leaves.contains(value) || model.equations.contains { $0.name == value }
      } ?? false
  }

  /// Names that `set` gives a value.
  package var settable: [String] { model.leaves + [.learningRate] }

  /// What the Jacobian for every sample of a softmax goes by: J, or J_S where the model calls something else so. Nil
  /// without such a step.
  package var jacobianName: String? {
    func isTaken(_ name: String) -> Bool {
      model.leaves.contains(name) || model.equations.contains { $0.name == name }
    }
    guard let (value, step) = lastJacobian else { return nil }
    let name = step.name(of: value, isTaken: isTaken)
    return isTaken(name) ? nil : name
  }

  /// The last step that has a Jacobian for every sample.
  package var lastJacobian: (name: String, step: JacobianStep)? {
    func last(_ equations: [Equation]) -> (name: String, step: JacobianStep)? {
      equations.reversed().firstResult { equation in
        JacobianStep(equation.expression).map { (equation.name, $0) }
      }
    }
    // exp(Z) / sum(exp(Z), axis=1) is a softmax too.
    return last(model.equations) ?? (try? readyProgram()).flatMap { last($0.recognised) }
  }

  /// What a name is, in words; nil for a step.
  package func role(of name: String) -> String? {
    if scratch[name] != nil { return "yours" }
    if model.parameters.contains(name) { return "parameter" }
    if roles.targets.contains(name) { return "target" }
    if name == .sampleCount { return "number of samples" }
    if name == .learningRate { return "learning rate" }
    if roles.constants.contains(name) { return "constant" }
    return leaves[name] == nil ? nil : "input"
  }

  /// How many samples there are and where they lie: `3 samples, in the rows of X and Y`.
  package var samplesInWords: Prose {
    let names = (model.leaves).filter { roles.sampleAxes[$0] != nil }
    let count = roles.sampleCount.map { "\($0) sample\($0 == 1 ? "" : "s")" } ?? "samples"
    guard !names.isEmpty else {
      return roles.sampleCount == 1
        ? "one sample: no axis of an input counts samples, m = 1"
        : "nothing shows how many samples there are: 'set m = …' says so"
    }
    func places(_ axis: Int, _ word: String) -> Prose? {
      let own = names.filter { roles.sampleAxes[$0] == axis && (roles.ranks[$0] ?? 2) > 1 }
      return own.isEmpty ? nil : "the \(word) of \(names: own)"
    }
    let entries = names.filter { roles.ranks[$0] == 1 }
    let vectors: Prose? = entries.isEmpty ? nil : "the entries of \(names: entries)"
    return "\(count), in "
      + [places(0, "rows"), places(1, "columns"), vectors].compactMap { $0 }.joined(separator: " and ")
  }

  /// What to say where a loss takes the samples for classes; nil where it does not.
  package var misplacedClasses: Prose? {
    guard roles.takesSamplesForClasses, let loss = roles.loss, let axis = roles.lossAxis,
      let classes = roles.classAxis
    else { return nil }
    let f = loss.function.name
    let activation = loss.logits == nil ? nil : Operation.loss(loss.function)?.loss?.fusion?.activation
    let both: Prose = activation.map { "\($0.name) and \(f) run" } ?? "\(f) runs"
    let samples = axis == 0 ? "rows" : "columns"
    return
      "the samples lie in the \(samples) of \(loss.predictions), and \(both) along them: the classes of one sample lie along axis=\(classes)"
  }

  /// What to say where a loss is given its predictions first; nil where it is not.
  package var turnedLoss: Prose? {
    guard let loss = roles.loss, Operation.loss(loss.function)?.loss?.isSymmetric == false,
      case .call(let f, _, _) = loss.term, f == loss.function, case .name(let given) = loss.predictions,
      model.leaves.contains(given), !model.parameters.contains(given),
      !loss.target.names.allSatisfy(model.leaves.contains)
    else { return nil }
    return
      "\(f.name)(targets, predictions) is given \(loss.target) as targets and \(name: given), which nothing computes, as predictions: \(f.name)(\(name: given), \(loss.target))"
  }

  /// What to say where the shortcut does not hold for the targets; nil where it does.
  package var brokenShortcut: Prose? {
    guard let target = improperTarget else { return nil }
    return roles.takesSamplesForClasses
      ? "\(target) does not sum to 1 along its samples, which the loss takes for classes"
      : "the classes of \(target) do not sum to 1 for every sample"
  }

  /// The names of formulas that are whole forward equations.
  package var namedFormulas: [Expression: String] {
    Dictionary(
      ((try? readyProgram())?.forward ?? []).map { ($0.expression, $0.name) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The title of the part of the model that begins with a step; nil where it goes on, or has no parts. Behind the loss
  /// a part is that of the equation that a gradient comes back from.
  package func title(ofStep index: Int) -> Prose? {
    guard !model.headings.isEmpty, case .success(let program) = program, program.steps.indices.contains(index)
    else { return nil }
    let step = program.steps[index]
    guard index >= program.forward.count else { return model.headings[step.name].map { "\($0)" } }
    func part(_ step: Equation) -> String? {
      guard let origin = step.origins.last,
        let place = model.equations.firstIndex(where: { $0.name == origin })
      else { return nil }
      return model.equations[...place].last { model.headings[$0.name] != nil }
        .flatMap { model.headings[$0.name] }
    }
    guard let title = part(step) else { return nil }
    if index > program.forward.count, part(program.steps[index - 1]) == title { return nil }
    return "\(title), backward"
  }

  /// Where in the pass the session is.
  package var place: Prose {
    guard case .success(let program) = program else { return "the pass is not ready" }
    guard cursor > 0 else { return "at the start of the pass" }
    return "step \(cursor) of \(program.steps.count), after \(name: program.steps[cursor - 1].name)"
  }

  /// Throws when the value of a name is kept back.
  package func demandShown(_ name: String) throws(Diagnostic) {
    let name = model.resolve(name)
    if hidden.contains(name) { throw SessionEnvironment(self).missing(name) }
  }
}
