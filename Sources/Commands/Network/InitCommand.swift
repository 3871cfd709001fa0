import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Reports
import Sessions

package enum InitCommand: Command, ChangesValues {
  package static let name = "init"
  package static let shortForms: [String] = []
  package static let usage = "init [NAME…] [init=he|xavier|uniform|zeros] [seed=N] [h=5 …]"
  package static let summary = "first values for parameters, with the shapes that the equations ask for"
  package static let help = [
    "init alone draws every parameter that has no value; init W1 b1 draws these anew. Weights are drawn for the activation behind them (he before relu, else xavier), biases from -0.1 to 0.1, since zeros hide mistakes; gamma begins at 1.",
    "A size that nothing shows yet goes by the letter that 'shapes' gives it: init h=5.",
  ]
  package static let examples = ["init W1 b1", "init W1 init=xavier seed=3"]
  package static let group = CommandGroup.network
  package static let related = ["shapes", "param", "net"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.several([
    .parameters, .words(NetworkSpecification.Initialiser.allCases.map { "init=\($0.rawValue)" } + ["seed="]),
  ])

  /// More entries than this are no model to look at.
  private static let mostEntries = 20_000_000

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let session = workspace.session
    var open = session.openShapes
    let (options, words) = line.options
    let names = try parameters(words, line, session, open)
    // Those that are drawn anew may have another shape than they had.
    let own = Set(words.isEmpty ? [] : names)
    let kept = session.leaves.filter { $0.key != .sampleCount && !own.contains($0.key) }
    if !own.isEmpty { open = OpenShapes(session.model, shapes: kept.mapValues(\.shape)) }
    var kind: NetworkSpecification.Initialiser?
    var seed = session.settings.seed
    var letters: [String: Int] = [:]
    let openLetters = Set(names.flatMap(open.openLetters))
    for (key, value, word) in options {
      switch key {
      case "init":
        guard let known = NetworkSpecification.Initialiser(rawValue: value) else {
          throw line.usageError("there is no initialiser '\(value.prefix(20))'", usage, at: word.range)
        }
        kind = known
      case "seed":
        guard let number = Int(value), number >= 0 else {
          throw Diagnostic("seed is a whole number from 0", at: [word.range])
        }
        seed = number
      default:
        guard openLetters.contains(key) || session.openShapes.missing.isEmpty == false else {
          throw line.usageError("no size is called '\(key)'", usage, at: word.range)
        }
        guard let size = Int(value), (1...mostEntries).contains(size) else {
          throw Diagnostic("\(key) is a size: 1, 2, …", at: [word.range])
        }
        letters[key] = size
      }
    }
    var shapes: [String: Shape] = [:]
    for name in names {
      shapes[name] =
        open.shape(name, letters: letters) ?? (own.contains(name) ? session.leaves[name]?.shape : nil)
    }
    let unknown = names.filter { shapes[$0] == nil }
    guard unknown.isEmpty else { throw question(unknown, open, given: letters, line) }
    guard shapes.values.allSatisfy({ ($0.checkedCount ?? .max) <= mostEntries }) else {
      throw Diagnostic("this would be more than \(mostEntries) entries", at: [line.restRange])
    }
    var generator = RandomGenerator(seed: UInt64(seed))
    var values: [String: Tensor] = [:]
    for name in names {
      guard let shape = shapes[name] else { continue }
      values[name] = drawn(name, shape, kind, session, &generator)
    }
    workspace.session.setLeaves(values)
    var report = Report()
    for name in names {
      guard let value = values[name] else { continue }
      var block = Report.TensorBlock("\(name: name)", value)
      block.labelSlices(parameters: session.model.parameters, own: name)
      report.add(.tensor(block))
    }
    report.note("drawn with seed \(seed): \(names: names)")
    if let request = workspace.session.openShapes.request {
      report.note(request)
    } else if case .failure(let reason) = workspace.session.program {
      report.say(reason.message, .warning)
    }
    return report
  }

  private static func parameters(
    _ words: [CommandLine.Word], _ line: CommandLine, _ session: Session, _ open: OpenShapes
  ) throws(Diagnostic) -> [String] {
    guard !words.isEmpty else {
      let missing = session.model.parameters.filter { session.leaves[$0] == nil }
      guard missing.isEmpty else { return missing }
      throw Diagnostic(
        "every parameter has a value", at: [line.nameRange],
        hint: session.model.parameters.first.map { "'init \(name: $0)' draws one anew" })
    }
    var names: [String] = []
    for word in words {
      let name = session.model.resolve(line.name(word))
      guard session.model.parameters.contains(name) else {
        throw Diagnostic(
          "'\(word.text)' is not a parameter", at: [word.range],
          hint: session.model.leaves.contains(name)
            ? "'param \(name: name)' says that it is trained, 'set' gives it a value"
            : "parameters are \(names: session.model.parameters)")
      }
      names.append(name)
    }
    return names
  }

  /// One message for all sizes that are open.
  private static func question(
    _ unknown: [String], _ open: OpenShapes, given: [String: Int], _ line: CommandLine
  ) -> Diagnostic {
    var seen: Set<String> = []
    let letters = unknown.flatMap(open.openLetters).filter { given[$0] == nil && seen.insert($0).inserted }
    guard !letters.isEmpty else {
      return Diagnostic(
        "the equations do not say what shape \(unknown.map(open.titled).joined(separator: ", ")) must have",
        at: [line.nameRange], hint: "give a value: param \(name: unknown[0]) = …")
    }
    return Diagnostic(
      "a size is open in \(unknown.map(open.titled).joined(separator: ", "))", at: [line.nameRange],
      hint: "give the inputs first, or say how many: init \(letters.map { "\($0)=…" }.joined(separator: " "))"
    )
  }

  private static func drawn(
    _ name: String, _ shape: Shape, _ kind: NetworkSpecification.Initialiser?, _ session: Session,
    _ generator: inout RandomGenerator
  ) -> Tensor {
    let isVector = shape.dimensions.count { $0 > 1 } <= 1
    let isMultiplied = session.model.equations.contains { equation in
      equation.expression.contains { part in
        if case .binary(.matrixProduct, let a, let b) = part {
          a.names.contains(name) || b.names.contains(name)
        } else {
          false
        }
      }
    }
    if name.hasPrefix("gamma") { return Tensor(repeating: 1, shape: shape) }
    guard !isVector || isMultiplied, shape.rank >= 2 else {
      return kind == .zeros
        ? Tensor(repeating: 0, shape: shape)
        : Initialisers.rounded(generator.uniform(shape: shape, -0.1, 0.1))
    }
    let users = session.model.equations.filter { $0.expression.contains(name: name) }
    let feedsReLU = session.model.equations.contains { equation in
      equation.expression.contains { part in
        guard case .call(let f, let operands, _) = part, f.name.contains("relu") else { return false }
        return operands.contains { operand in
          operand.contains(name: name) || users.contains { operand == .name($0.name) }
        }
      }
    }
    let chosen = kind ?? (feedsReLU ? .he : .xavier)
    let columns = session.roles.inputs.contains { session.roles.sampleAxes[$0] == 1 }
    let rest = shape.dimensions.dropFirst(2).reduce(1, *)
    let (first, second) = (shape.dimensions[0], shape.dimensions[1])
    if shape.rank > 2 {
      return Initialisers.weights(
        chosen, shape: shape, inputs: second * rest, outputs: first * rest, using: &generator)
    }
    guard columns else {
      return Initialisers.weights(chosen, shape: shape, inputs: first, outputs: second, using: &generator)
    }
    return Initialisers.weights(
      chosen, shape: shape.transposed, inputs: second, outputs: first, using: &generator
    ).transposed()
  }
}
