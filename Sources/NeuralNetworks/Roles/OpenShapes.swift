import Formulas
import LinearAlgebra

/// Shapes that follow from the equations where values are missing: numbers as far as something with a value shows them,
/// letters for what is open.
package struct OpenShapes {
  /// One extent: a number, the letter of one that nothing shows yet, or several of them behind each other.
  package enum Extent: Sendable, Equatable, CustomStringConvertible {
    case size(Int), letter(String)
    indirect case sum([Extent])

    package var description: String {
      switch self {
      case .size(let size): "\(size)"
      case .letter(let letter): letter
      case .sum(let parts): "(" + parts.map(\.description).joined(separator: "+") + ")"
      }
    }

    var letters: [String] {
      switch self {
      case .size: []
      case .letter(let letter): [letter]
      case .sum(let parts): parts.flatMap(\.letters)
      }
    }

    /// With numbers for the letters; nil where one has none.
    func size(_ letters: [String: Int]) -> Int? {
      switch self {
      case .size(let size): return size
      case .letter(let letter): return letters[letter]
      case .sum(let parts):
        var result = 0
        for part in parts {
          guard let size = part.size(letters), case (let sum, false) = result.addingReportingOverflow(size)
          else {
            return nil
          }
          result = sum
        }
        return result
      }
    }
  }

  /// Extents of leaves and steps; a name of which not even the number of axes is known is not here.
  package let extents: [String: [Extent]]
  /// Leaves without a value, in the order of the equations.
  package let missing: [String]
  private let added: Set<String>

  /// - Parameter shapes: of the leaves that have a value.
  package init(_ model: Model, shapes: [String: Shape]) {
    let leaves = model.leaves
    missing = leaves.filter { shapes[$0] == nil }
    let free = leaves.filter { !model.parameters.contains($0) }
    let unification = ExtentUnification(
      model.equations, shapes: shapes, open: Set(free + missing))
    // What is only added or multiplied entry by entry is one row for all samples.
    added = unification.assumed
    let rows = Set(missing.filter { unification.assumed.contains($0) && model.parameters.contains($0) })
    let choice = SampleChoice(
      unification, parameters: model.parameters.filter { !rows.contains($0) }, free: free,
      targets: free.filter { model.equations.last?.expression.names.contains($0) == true }, loss: nil)
    let samples: Int? =
      switch model.samples {
      case nil: choice.symbol
      case .some(let samples): choice.symbol(samples)
      }
    var letters: [Int: String] = [:]
    let taken = Set(leaves + model.equations.map(\.name))
    var unused = Self.letters.filter { !taken.contains($0) }[...]
    if let samples { letters[samples] = .sampleCount }
    var result: [String: [Extent]] = [:]
    func open(_ symbol: Int, depth: Int = 0) -> Extent {
      if let size = unification.size(symbol) { return .size(size) }
      // Joined and joined again it would be a long sum.
      if depth == 0, let parts = unification.summands(symbol), parts.count < 4 {
        return .sum(parts.map { open($0, depth: 1) })
      }
      let symbol = unification.root(symbol)
      if let letter = letters[symbol] { return .letter(letter) }
      let letter = unused.popFirst() ?? "n\(letters.count)"
      letters[symbol] = letter
      return .letter(letter)
    }
    for name in leaves + model.equations.map(\.name) {
      guard let own = unification.extents[name] else { continue }
      let isRow = rows.contains(name)
      let sampleAxis = own.firstIndex { unification.root($0.symbol) == samples } ?? (own.count == 2 ? 0 : nil)
      result[name] = own.enumerated().map { axis, extent in
        if isRow, axis == sampleAxis { return .size(1) }
        return open(extent.symbol)
      }
      // One row of one column is a number.
      if isRow, result[name]?.allSatisfy({ $0 == .size(1) }) == true { result[name] = [] }
    }
    extents = result
  }

  private static let letters = ["h", "k", "p", "q", "r", "s", "u", "v", "a", "b", "c", "d", "e"]

  /// Whether a name without a value is only added or multiplied entry by entry, so that any of its axes may be 1.
  package func isAdded(_ name: String) -> Bool { added.contains(name) }

  /// `2×h`; nil where not even the number of axes is known.
  package func text(_ name: String) -> String? {
    extents[name].map { $0.isEmpty ? "scalar" : $0.map(\.description).joined(separator: "×") }
  }

  /// `W1 (2×h)`, as far as it is known.
  package func titled(_ name: String) -> Prose {
    text(name).map { "\(name: name) (\($0))" } ?? "\(name: name)"
  }

  /// The shape with numbers for its letters; nil where one has none.
  package func shape(_ name: String, letters: [String: Int]) -> Shape? {
    guard let own = extents[name] else { return nil }
    var dimensions: [Int] = []
    for extent in own {
      guard let size = extent.size(letters) else { return nil }
      dimensions.append(size)
    }
    return Shape(dimensions)
  }

  /// The letters' numbers where extents are these sizes, beside those that are known; nil where they cannot be.
  package static func letters(
    in extents: [Extent], as sizes: [Int], _ known: [String: Int]
  ) -> [String: Int]? {
    guard extents.count == sizes.count else { return nil }
    var result = known
    for (extent, size) in zip(extents, sizes) {
      switch extent {
      case .size(let own): if own != size { return nil }
      case .letter(let letter):
        if result[letter].map({ $0 != size }) ?? false { return nil }
        result[letter] = size
      case .sum: if let known = extent.size(result), known != size { return nil }
      }
    }
    return result
  }

  /// Letters in the shape of a name.
  package func openLetters(_ name: String) -> [String] {
    (extents[name] ?? []).flatMap(\.letters)
  }

  /// What to say where values are missing: all of them at once.
  package var request: Prose? {
    guard !missing.isEmpty else { return nil }
    return
      "without a value yet: \(missing.map(titled).joined(separator: ", ")); 'init' draws what is trained, 'param NAME = …' (trained) and 'set NAME = …' give a value"
  }
}
