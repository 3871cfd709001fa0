import Formulas
import LinearAlgebra
import Operations

/// What was repeated for one chunk is there for the next, which has as many copies.
final class Tiles {
  var values: [String: Tensor] = [:]
}

/// Values with every perturbed copy below the other. What belongs to samples and is not perturbed is repeated.
final class StackedEnvironment: Environment {
  private let base: any Environment
  private let m: Int
  private let copies: Int
  var values: [String: Tensor]
  private let tiles: Tiles

  init(base: any Environment, m: Int, copies: Int, tiles: Tiles, values: [String: Tensor]) {
    self.tiles = tiles
    self.base = base
    self.m = m
    self.copies = copies
    self.values = values
  }

  func value(of name: String) -> Tensor? {
    if let own = values[name] { return own }
    guard let value = base.value(of: name) else { return nil }
    guard value.rank == 2, value.shape.rows == m else { return value }
    if let known = tiles.values[name], known.shape.rows == copies * m { return known }
    var elements: [Double] = []
    elements.reserveCapacity(copies * value.count)
    for _ in 0..<copies { elements += value.elements }
    let repeated = Tensor(unchecked: [copies * m, value.shape.columns], elements)
    tiles.values[name] = repeated
    return repeated
  }

  func shape(of name: String) -> Shape? { value(of: name)?.shape }
  func missing(_ name: String) -> Diagnostic { base.missing(name) }
  func example(ofShape shape: Shape) -> String? { nil }
  var format: NumberFormat { base.format }
}
