import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

/// The extents of a model's leaves that can be others: samples, features, units, classes. Axes that the equations tie
/// to one extent change together.
struct OtherSizes {
  struct Group {
    fileprivate let axes: [(name: String, axis: Int)]
    fileprivate let extent: Int
    /// It is what `m` counts.
    let isSamples: Bool

    var names: [String] { Set(axes.map(\.name)).sorted() }
  }

  /// The samples first.
  let groups: [Group]
  private let shapes: [String: Shape]

  init(_ scene: any AnswerScene) {
    let model = scene.model
    let shapes = scene.leaves.mapValues(\.shape).filter { model.leaves.contains($0.key) }
    self.shapes = shapes
    let free = model.leaves.filter { !model.parameters.contains($0) }
    let unification = ExtentUnification(model.equations, shapes: shapes, open: Set(free))
    let samples = scene.roles.sampleAxes
    var tied: [Int: [(name: String, axis: Int)]] = [:]
    for name in shapes.keys.sorted() {
      for (axis, symbol) in (unification.symbols(name) ?? []).enumerated() {
        tied[symbol, default: []].append((name, axis))
      }
    }
    let all = tied.values.compactMap { axes -> Group? in
      guard let first = axes.first, let extent = shapes[first.name]?.dimensions[first.axis] else {
        return nil
      }
      let isSamples = axes.contains { samples[$0.name] == $0.axis }
      // Beside a batch of one, extents of 1 stay: a bias has one row however large the batch.
      guard extent > 1 || (extent == 1 && isSamples) else { return nil }
      return Group(axes: axes, extent: extent, isSamples: isSamples)
    }.sorted { ($0.isSamples ? 0 : 1, $0.names.first ?? "") < ($1.isSamples ? 0 : 1, $1.names.first ?? "") }
    // What is written into the model's own equations as a number cannot change.
    groups = all.reduce([]) { Self.fits(Self.changed(shapes, $0 + [$1]), model) ? $0 + [$1] : $0 }
  }

  /// The same leaves with each group at an extent that nothing else has, so that nothing fits by chance.
  func shapes(changing groups: [Group]) -> [String: Shape] { Self.changed(shapes, groups) }

  private static func changed(_ shapes: [String: Shape], _ groups: [Group]) -> [String: Shape] {
    var used = Set(shapes.values.flatMap(\.dimensions))
    var result = shapes.mapValues(\.dimensions)
    for group in groups {
      var other = group.extent + 1
      // A 2 may be a square's.
      while other == 2 || !used.insert(other).inserted { other += 1 }
      for (name, axis) in group.axes { result[name]?[axis] = other }
    }
    return result.mapValues { Shape($0) }
  }

  private static func fits(_ shapes: [String: Shape], _ model: Model) -> Bool {
    var known = ShapeEnvironment(shapes: shapes) { Diagnostic("there is no '\(name: $0)'") }
    known.shapes[.sampleCount] = .scalar
    known.sampleCount = Roles(model, shapes: shapes).sampleCount
    do throws(Diagnostic) {
      for equation in model.equations {
        known.shapes[equation.name] = try ShapeInference(known).shape(of: equation.expression)
      }
      return true
    } catch {
      return false
    }
  }
}
