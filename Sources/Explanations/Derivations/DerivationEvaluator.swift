import LinearAlgebra
import Operations
import Platform

/// Index formula → number, at one choice of its free indices. Derivatives that are still to be worked out are taken
/// in dual numbers through the definitions, which no line of a derivation does by itself.
package struct DerivationEvaluator {
  private let tensors: [String: Tensor]
  private let definitions: [String: DerivationDefinition]
  private let extents: [String: Int]
  /// The names that a defined name depends on, directly or through others.
  private let ancestors: [String: Set<String>]

  typealias Bindings = [(name: String, value: Int)]

  /// The entry that is varied: by a unit of dual numbers, or by a step.
  private struct Seed {
    var name: String
    var position: [Int]
    var step: Double
  }

  package init(tensors: [String: Tensor], definitions: [DerivationDefinition], extents: [String: Int]) {
    self.tensors = tensors
    self.extents = extents
    self.definitions = Dictionary(
      definitions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var ancestors: [String: Set<String>] = [:]
    for definition in definitions { ancestors[definition.name] = definition.body.names }
    for _ in definitions {
      for (name, names) in ancestors {
        ancestors[name] = names.reduce(names) { $0.union(ancestors[$1] ?? []) }
      }
    }
    self.ancestors = ancestors
  }

  func value(_ expression: IndexExpression, _ bindings: Bindings) -> Double {
    evaluate(expression, bindings, nil).value
  }

  func isTrue(_ condition: IndexCondition, _ bindings: Bindings) -> Bool {
    switch condition {
    case .equal(let a, let b): position(a, bindings) == position(b, bindings)
    case .notEqual(let a, let b): position(a, bindings) != position(b, bindings)
    case .value(let a, let wanted): value(a, bindings) == wanted
    }
  }

  private func position(_ term: IndexTerm, _ bindings: Bindings) -> Int {
    var result = term.constant
    for part in term.parts {
      let value = bindings.last { $0.name == part.name }?.value ?? 0
      result = result &+ part.factor &* value
    }
    return result
  }

  private typealias Dual = (value: Double, tangent: Double)

  private func evaluate(_ expression: IndexExpression, _ bindings: Bindings, _ seed: Seed?) -> Dual {
    switch expression {
    case .number(let value): return (value, 0)
    case .delta(let a, let b): return (position(a, bindings) == position(b, bindings) ? 1 : 0, 0)
    case .entry(let name, let indices):
      return entry(name, indices.map { position($0, bindings) }, seed)
    case .sum(let index, let body):
      var total: Dual = (0, 0)
      var inner = bindings
      inner.append((index, 0))
      for value in 0..<(extents[index] ?? 0) {
        inner[inner.count - 1].value = value
        let term = evaluate(body, inner, seed)
        total.value += term.value
        total.tangent += term.tangent
      }
      return total
    case .negative(let a):
      let a = evaluate(a, bindings, seed)
      return (-a.value, -a.tangent)
    case .add(let a, let b):
      let (a, b) = (evaluate(a, bindings, seed), evaluate(b, bindings, seed))
      return (a.value + b.value, a.tangent + b.tangent)
    case .subtract(let a, let b):
      let (a, b) = (evaluate(a, bindings, seed), evaluate(b, bindings, seed))
      return (a.value - b.value, a.tangent - b.tangent)
    case .multiply(let a, let b):
      let a = evaluate(a, bindings, seed)
      // Most terms of a sum with δ vanish: the other factor need not be known, as long as it is finite.
      if a.value == 0, a.tangent == 0 { return (0, 0) }
      let b = evaluate(b, bindings, seed)
      return (a.value * b.value, a.tangent * b.value + a.value * b.tangent)
    case .divide(let a, let b):
      let (a, b) = (evaluate(a, bindings, seed), evaluate(b, bindings, seed))
      let quotient = a.value / b.value
      return (quotient, (a.tangent - quotient * b.tangent) / b.value)
    case .square(let a):
      let a = evaluate(a, bindings, seed)
      return (a.value * a.value, 2 * a.value * a.tangent)
    case .exp(let a):
      let a = evaluate(a, bindings, seed)
      let e = Platform.exp(a.value)
      return (e, e * a.tangent)
    case .log(let a):
      let a = evaluate(a, bindings, seed)
      return (Platform.log(a.value), a.tangent / a.value)
    case .partial(let a, let name, let indices):
      let seed = Seed(name: name, position: indices.map { position($0, bindings) }, step: 0)
      return (evaluate(a, bindings, seed).tangent, 0)
    case .difference(let a, let name, let indices, let h):
      var seed = Seed(name: name, position: indices.map { position($0, bindings) }, step: h)
      let above = evaluate(a, bindings, seed).value
      seed.step = -h
      return ((above - evaluate(a, bindings, seed).value) / (2 * h), 0)
    }
  }

  private func entry(_ name: String, _ index: [Int], _ seed: Seed?) -> Dual {
    let tensor = tensors[name]
    if let tensor, tensor.position(of: index) == nil { return (0, 0) }
    if let seed, let definition = definitions[name], ancestors[name]?.contains(seed.name) ?? false {
      return evaluate(definition.body, Array(zip(definition.indices, index)), seed)
    }
    guard let tensor, let position = tensor.position(of: index) else {
      guard let definition = definitions[name] else { return (.nan, 0) }
      return evaluate(definition.body, Array(zip(definition.indices, index)), seed)
    }
    let value = tensor.elements[position]
    guard let seed, seed.name == name, seed.position == index else { return (value, 0) }
    return (value + seed.step, 1)
  }
}
