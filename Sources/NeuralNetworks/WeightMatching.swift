import Formulas
import LinearAlgebra

/// Which array of a file is the value of which parameter: by what a person says, by its name, else in the order of both
/// among those whose shapes fit.
package struct WeightMatching {
  /// How a file lays out the matrix between two layers.
  package enum Layout: String, Sendable, CaseIterable {
    /// Outputs × inputs, as PyTorch's Linear has it.
    case torch
    /// As the equations here have it.
    case here
  }

  package struct Match {
    package let name: String
    package let key: String
    package let isTransposed: Bool
    package let value: Tensor
  }

  /// An array of a file: its shape is known before its numbers are read.
  package struct Candidate {
    /// Empty where the file holds one array without a name.
    package let key: String
    package let shape: Shape
    package let load: () throws(Diagnostic) -> Tensor

    package init(_ key: String, _ shape: Shape, load: @escaping () throws(Diagnostic) -> Tensor) {
      (self.key, self.shape, self.load) = (key, shape, load)
    }

    var title: String { key.isEmpty ? "the array" : key }
  }

  package private(set) var matches: [Match] = []
  package private(set) var unused: [String] = []

  private let model: Model
  private let shapes: [String: Shape]
  private let arrays: [Candidate]
  private let layout: Layout?

  /// - Parameters:
  ///   - shapes: of the leaves that have a value.
  ///   - arrays: in the order of the file.
  /// - Throws: where an array does not fit, or where it cannot be seen which is meant.
  package init(
    _ model: Model, shapes: [String: Shape], arrays: [Candidate],
    asked: [(name: String, key: String)], layout: Layout?
  ) throws(Diagnostic) {
    self.model = model
    self.shapes = shapes
    self.arrays = arrays.sorted { Self.natural($0.key).lexicographicallyPrecedes(Self.natural($1.key)) }
    self.layout = layout
    for (name, key) in asked {
      guard let array = arrays.first(where: { $0.key == key || $0.key.isEmpty }) else {
        throw Diagnostic(
          "there is no array '\(key)' in the file",
          hint: Suggestions.nearest(to: key, in: arrays.map(\.key)).map { "did you mean \($0)?" }
            ?? "it holds \(arrays.prefix(20).map(\.key).joined(separator: ", "))")
      }
      try add(name, array)
    }
    for array in self.arrays where !array.key.isEmpty && !isUsed(array.key) {
      let key = array.key
      let last = key.split(separator: ".").last.map(String.init) ?? key
      guard
        let name = [key, last].compactMap({ word in
          model.parameters.first { $0 == word }
            ?? model.parameters.first { $0.lowercased() == word.lowercased() }
        }).first(where: { !isMatched($0) })
      else { continue }
      try add(name, array)
    }
    try addInOrder()
    unused = arrays.map(\.key).filter { !isUsed($0) }
    if matches.isEmpty { throw nothingFits() }
  }

  private func isUsed(_ key: String) -> Bool { matches.contains { $0.key == key } }
  private func isMatched(_ name: String) -> Bool { matches.contains { $0.name == name } }

  /// `10.weight` comes behind `2.weight`.
  private static func natural(_ key: String) -> [String] {
    var parts: [String] = []
    for c in key {
      if c.isNumber, let last = parts.last, last.allSatisfy(\.isNumber), !last.isEmpty {
        parts[parts.count - 1] = last + String(c)
      } else if let last = parts.last, !c.isNumber, !last.allSatisfy(\.isNumber) {
        parts[parts.count - 1] = last + String(c)
      } else {
        parts.append(String(c))
      }
    }
    // As many places as the largest number has that a file could count to.
    return parts.map {
      $0.allSatisfy(\.isNumber) ? String(repeating: "0", count: max(0, 12 - $0.count)) + $0 : $0
    }
  }

  // MARK: Shapes

  private enum Fit {
    /// With axes of extent 1 added or left out.
    case asIs(Shape)
    case transposed
    /// Square: both ways fit.
    case either
  }

  private func fit(_ name: String, _ array: Candidate) -> Fit? {
    let (key, own) = (array.key, array.shape)
    let isMatrix = own.rank == 2
    // With one input or unit their shapes alone do not tell them apart.
    guard !key.hasSuffix("bias") || !isFactor(name) else { return nil }
    guard let shape = shapes[name] else {
      guard isMatrix, isRightFactor(name), layout == .torch || layout == nil && key.hasSuffix(".weight")
      else {
        return .asIs(own)
      }
      return .transposed
    }
    if own == shape {
      guard isMatrix, shape.rows == shape.columns, shape.rows > 1, isRightFactor(name) else {
        return .asIs(own)
      }
      switch layout {
      case .torch?: return .transposed
      case .here?: return .asIs(own)
      case nil: return key.hasSuffix("weight") || hasTransposed ? .either : .asIs(own)
      }
    }
    if isMatrix, own.dimensions.reversed() == shape.dimensions, min(shape.rows, shape.columns) > 1 {
      return .transposed
    }
    let solid = { (s: Shape) in s.dimensions.filter { $0 != 1 } }
    return solid(own) == solid(shape) ? .asIs(shape) : nil
  }

  private var hasTransposed: Bool { matches.contains(where: \.isTransposed) }

  private func isFactor(_ name: String) -> Bool {
    model.equations.contains { equation in
      equation.expression.contains { part in
        if case .binary(.matrixProduct, let a, let b) = part {
          a == .name(name) || b == .name(name)
        } else {
          false
        }
      }
    }
  }

  /// `X @ W`: inputs × outputs, where PyTorch keeps the transpose of it.
  private func isRightFactor(_ name: String) -> Bool {
    model.equations.contains { equation in
      equation.expression.contains { part in
        if case .binary(.matrixProduct, _, .name(name)) = part { true } else { false }
      }
    }
  }

  private mutating func add(_ name: String, _ array: Candidate) throws(Diagnostic) {
    switch fit(name, array) {
    case .asIs(let shape)?:
      let value = try array.load()
      matches.append(
        .init(name: name, key: array.key, isTransposed: false, value: value.reshaped(shape) ?? value))
    case .transposed?:
      let value = try array.load().transposed()
      matches.append(.init(name: name, key: array.key, isTransposed: true, value: value))
    case .either?:
      throw Diagnostic(
        "\(array.title) is \(array.shape), and nothing shows whether it lies as outputs × inputs, as PyTorch has it, or as \(name: name) here",
        hint: "layout=torch transposes it, layout=here takes it as it is")
    case nil:
      throw Diagnostic(
        "\(array.title) is \(array.shape), and \(name: name) is \(shapes[name] ?? .scalar)",
        hint:
          "\(array.key.isEmpty ? "" : "another array is named with \(name)=KEY; ")'net' or 'model' makes a network of these sizes"
      )
    }
  }

  // MARK: Order

  private mutating func addInOrder() throws(Diagnostic) {
    let open = model.parameters.filter { !isMatched($0) }
    let free = arrays.filter { !isUsed($0.key) }
    guard !open.isEmpty, !free.isEmpty else { return }
    if free.count == 1, let array = free.first, array.key.isEmpty {
      let fitting = open.filter { shapes[$0] != nil && fit($0, array) != nil }
      guard fitting.count < 2 else {
        throw Diagnostic(
          "the array fits \(fitting.joined(separator: " and "))",
          hint: "say which behind the file: \(fitting[0])")
      }
      if let name = fitting.first { return try add(name, array) }
    }
    var chosen: [Int] = []
    var tries = 0
    func search(_ position: Int) -> Bool {
      if position == open.count { return true }
      tries += 1
      guard tries < 10_000 else { return false }
      for i in free.indices
      where !chosen.contains(i) && fit(open[position], free[i]) != nil {
        chosen.append(i)
        if search(position + 1) { return true }
        chosen.removeLast()
      }
      return false
    }
    guard search(0) else {
      if matches.isEmpty { throw nothingFits() }
      return
    }
    for (name, i) in zip(open, chosen) {
      let rivals = free.indices.filter {
        $0 != i && free[$0].shape == free[i].shape
          && Self.places(free[$0].key) == Self.places(free[i].key)
      }
      if let rival = rivals.first {
        throw Diagnostic(
          "both \(free[i].key) and \(free[rival].key) fit \(name: name)",
          hint: "say which: \(name)=\(free[i].key)")
      }
      try add(name, free[i])
    }
  }

  /// The numbers in a key, by which a file's layers are in order.
  private static func places(_ key: String) -> [String] {
    natural(key).filter { $0.allSatisfy(\.isNumber) }
  }

  private func nothingFits() -> Diagnostic {
    func list(_ items: [(String, Shape?)]) -> String {
      items.prefix(12).map { "\($0.0) (\($0.1.map { "\($0)" } ?? "no value yet"))" }.joined(separator: ", ")
        + (items.count > 12 ? ", …" : "")
    }
    return Diagnostic(
      "the arrays do not fit the parameters: the file has \(list(arrays.map { ($0.key.isEmpty ? "one array" : $0.key, $0.shape) })), the model \(list(model.parameters.map { ($0, shapes[$0]) }))",
      hint:
        "a network of these sizes ('net', 'model')\(arrays.allSatisfy(\.key.isEmpty) ? "" : ", or single ones by name: W1=KEY")"
    )
  }
}
