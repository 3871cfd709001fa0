import Commands
import Explanations
import Formulas
import LinearAlgebra
import NeuralNetworks
import Platform
import Sessions
import Testing

/// `check` over models that nobody chose: every row of the table of mistakes planted in them, right formulas written
/// otherwise, right matrices rounded. A few of them; STEPGRAD_CHECK_MODELS=60 for as many random networks, each ready
/// model and ten thousand right answers (minutes).
@Suite struct RandomModelTests {
  static let large = getenv("STEPGRAD_CHECK_MODELS").flatMap { Int(String(cString: $0)) }

  /// Commands that make a model, with a seed for what is drawn in it.
  static let models: [(seed: Int, command: String)] = {
    var generator = RandomGenerator(seed: 20_26)
    let networks = (0..<(large ?? 3)).map { seed in (seed, network(&generator)) }
    let ready = ReadyModel.all.map(\.name).filter { large != nil || ["layernorm", "rnn"].contains($0) }
    return networks + ready.enumerated().map { (1000 + $0.offset, "model \($0.element)") }
  }()

  private static func network(_ generator: inout RandomGenerator) -> String {
    func pick(_ words: [String]) -> String { words[generator.integer(below: words.count)] }
    var widths = [2, 3, 4, 5, 6]
    func width() -> Int { widths.remove(at: generator.integer(below: widths.count)) }
    let inputs = width()
    let hidden = (0..<(1 + generator.integer(below: 3))).map { _ in
      "\(width()):\(pick(["relu", "tanh", "sigmoid", "leaky_relu", "elu", "softplus", "gelu"]))"
    }
    let outputs = width()
    let output = pick(["softmax", "sigmoid", "", ":mse", ":sse", ":half_mse", "sigmoid:mse"])
    let parts = output.split(separator: ":", omittingEmptySubsequences: false)
    let activation = parts.first.map { $0.isEmpty ? "" : ":\($0)" } ?? ""
    let loss = parts.count > 1 ? " loss=\(parts[1])" : ""
    let layout = pick(["", " layout=columns"])
    return "net \(inputs) \(hidden.joined(separator: " ")) \(outputs)\(activation)\(loss)\(layout)"
  }

  /// A session of the model with biases and weights that hide nothing.
  static func conversation(_ model: (seed: Int, command: String)) -> Conversation {
    var c = Conversation(model.command)
    guard model.seed < 1000 else { return c }
    var generator = RandomGenerator(seed: UInt64(model.seed) + 7)
    for name in c.workspace.session.model.parameters {
      guard let shape = c.workspace.session.leaves[name]?.shape else { continue }
      c.run("set \(name) = \(typed(generator.normal(shape: shape).rows))")
    }
    return c
  }

  static func text(_ tensor: Tensor, digits: Int) -> String {
    func entry(_ value: Double) -> String {
      guard value != 0 else { return "0" }
      let unit = pow(10, floor(log10(abs(value))) + 1 - Double(digits))
      let mantissa = Int((abs(value) / unit).rounded())
      return "\(value < 0 ? "-" : "")\(mantissa)e\(Int(floor(log10(abs(value)))) + 1 - digits)"
    }
    func list(_ dimensions: ArraySlice<Int>, _ entries: ArraySlice<Double>) -> String {
      guard let extent = dimensions.first else { return entry(entries[entries.startIndex]) }
      let size = entries.count / extent
      let parts = (0..<extent).map { i in
        let start = entries.startIndex + i * size
        return list(dimensions.dropFirst(), entries[start..<(start + size)])
      }
      return "[\(parts.joined(separator: ", "))]"
    }
    return list(tensor.shape.dimensions[...], tensor.elements[...])
  }

  /// Named in 95 of 100, typed as a formula and as numbers of six digits, and by no name that does not fit.
  @Test func everyRowIsNamed() throws {
    var (tried, named) = (0, 0)
    var misnamed: [String] = []
    var unnamed: [String: Int] = [:]
    for model in Self.models {
      var c = Self.conversation(model)
      let session = c.workspace.session
      let program = try session.program.get()
      let plants = try Plant.all(
        model: session.model, leaves: session.leaves, steps: program.backward.map(\.name),
        learningRate: session.settings.learningRate, isFused: session.isFused,
        mayFuse: session.targetsAreDistributions)
      var generator = RandomGenerator(seed: UInt64(model.seed))
      for plant in plants where Self.large != nil || generator.integer(below: 8) == 0 {
        c.run("backward")
        c.run("let planted = \(plant.wrong)")
        let value = c.workspace.session.scratch["planted"]
        let answers = ["\(plant.wrong)"] + (value.map { [Self.text($0, digits: 6)] } ?? [])
        for answer in answers where answer.count < 20_000 {
          guard let ids = c.diagnosis("check \(plant.step) = \(answer)") else { continue }
          tried += 1
          if ids.contains(where: plant.ids.contains) {
            named += 1
          } else {
            unnamed[plant.ids.joined(separator: " "), default: 0] += 1
            if Self.large != nil {
              print("unnamed: \(model.command): \(plant.step) = \(plant.wrong), \(plant.ids), got \(ids)")
            }
            if !ids.isEmpty { misnamed.append("\(model.command): \(plant.step) = \(plant.wrong): \(ids)") }
          }
        }
      }
    }
    print("\(named) of \(tried) planted mistakes named, \(misnamed.count) misnamed; not named: \(unnamed)")
    #expect(Double(named) >= 0.95 * Double(tried))
    #expect(misnamed.isEmpty, "\(misnamed.prefix(5))")
  }

  /// Right formulas in other words, and right matrices rounded to 2 to 8 digits: none is accused.
  @Test func whatIsRightIsNotAccused() throws {
    var tried = 0
    let wanted = Self.large == nil ? 60 : 10_000
    var generator = RandomGenerator(seed: 5)
    while tried < wanted {
      let model = Self.models[generator.integer(below: Self.models.count)]
      var c = Self.conversation(model)
      c.run("backward")
      let steps = try c.workspace.session.program.get().steps
      for step in steps.shuffled(using: &generator).prefix(Self.large == nil ? 6 : 40) {
        let isFormula = generator.integer(below: 2) == 0
        var answer = ""
        if isFormula {
          var rewriting = Rewriting(steps: steps, generator: generator)
          answer = "\(rewriting.otherwise(step.expression))"
          generator = rewriting.generator
        } else if let value = SessionEnvironment(c.workspace.session).value(of: step.name) {
          answer = Self.text(value, digits: 2 + generator.integer(below: 7))
        }
        guard !answer.isEmpty, answer.count < 20_000, let report = c.run("check \(step.name) = \(answer)")
        else { continue }
        tried += 1
        #expect(scalar("correct", report) != 0, "\(model.command): \(step.name) = \(answer)")
        #expect(report.diagnosis ?? [] == [], "\(model.command): \(step.name) = \(answer)")
      }
    }
    if Self.large != nil { print("\(tried) right answers") }
  }
}

/// A formula written otherwise, by identities of real numbers.
private struct Rewriting {
  let steps: [Equation]
  var generator: RandomGenerator

  private mutating func chance(_ of: Int) -> Bool { generator.integer(below: of) == 0 }

  mutating func otherwise(_ formula: Expression, depth: Int = 0) -> Expression {
    if case .name(let name) = formula, depth < 4, chance(4),
      let step = steps.first(where: { $0.name == name })
    {
      return otherwise(step.expression, depth: depth + 1)
    }
    guard case .binary(let op, let a, let b) = formula else {
      var copy = self
      let result = formula.mapChildren { copy.otherwise($0, depth: depth + 1) }
      self = copy
      return result
    }
    let (x, y) = (otherwise(a, depth: depth + 1), otherwise(b, depth: depth + 1))
    let same = Expression.binary(op, x, y)
    switch op {
    case .add, .multiply:
      return chance(2) ? .binary(op, y, x) : same
    case .subtract:
      return chance(3) ? x + .negative(y) : chance(2) ? .negative(y - x) : same
    case .divide:
      return chance(3) ? x * (1 / y) : chance(2) ? 2 * x / (2 * y) : same
    case .matrixProduct:
      return chance(3) ? .transpose(.transpose(y).times(.transpose(x))) : same
    default: return same
    }
  }
}
