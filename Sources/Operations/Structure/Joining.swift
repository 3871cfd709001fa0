import Formulas
import LinearAlgebra

extension Operation {
  /// Values one behind the other along an axis that they have.
  package static let concat: Operation = Operation(
    "concat(A…, axis=0)", title: "joining",
    note: "values one behind the other along an axis: concat(A, B, axis=1)",
    cases: [
      Case(
        is: .move { (setting) throws(Diagnostic) in
          let joint = try Joint(setting)
          return Move(joint.shape) { index in joint.source(index) }
        }, backward: ["dA = dC[:n]", "dB = dC[n:]"],
        rules: { (setting) throws(Diagnostic) in try Joint(setting).slices.map { "dA = dC\($0)" } })
    ],
    kernel: .prepared { setting, _ in
      guard let joint = try? Joint(setting) else { return nil }
      return { joint.copy($0, $1) }
    })

  /// Values of one shape, one behind the other along an axis of their own.
  package static let stack: Operation = Operation(
    "stack(A…, axis=0)", title: "stacking", note: "values of one shape along a new axis: stack(A, B, axis=0)",
    cases: [
      Case(
        is: .move { (setting) throws(Diagnostic) in
          let stack = try Stack(setting)
          return Move(stack.shape) { index in
            index[stack.axis].fixed.map { operand in
              var rest = index
              rest.remove(at: stack.axis)
              return (operand, rest)
            }
          }
        }, backward: ["dA = dC[0]", "dB = dC[1]"],
        rules: { (setting) throws(Diagnostic) in
          let stack = try Stack(setting)
          let before = String(repeating: ":, ", count: stack.axis)
          return setting.shapes.indices.map { "dA = dC[\(before)\($0)]" }
        })
    ],
    kernel: .prepared { setting, _ in
      guard let stack = try? Stack(setting) else { return nil }
      return { stack.joint.copy($0, $1) }
    })
}

/// Values side by side along an axis.
private struct Joint {
  let shape: Shape
  let axis: Int
  private let extents: [Int]

  init(_ setting: Operation.Setting) throws(Diagnostic) {
    let first = setting.shapes.first ?? .scalar
    let asked = setting.options.axis ?? 0
    guard let axis = first.axis(asked) else {
      throw Diagnostic(
        "\(ShapeMessages.size(first)) has no axis \(asked)",
        hint: first.isScalar
          ? "numbers become a list with stack(a, b)" : "its axes are 0 to \(first.rank - 1)")
    }
    for shape in setting.shapes where shape.reducing(axis: axis) != first.reducing(axis: axis) {
      throw Diagnostic(
        "cannot join \(ShapeMessages.size(first)) and \(ShapeMessages.size(shape)) along axis \(axis)",
        hint: "all other extents are equal")
    }
    self.init(first, setting.shapes.map { $0.dimensions[axis] }, axis)
  }

  init(_ first: Shape, _ extents: [Int], _ axis: Int) {
    self.axis = axis
    self.extents = extents
    var dimensions = first.dimensions
    dimensions[axis] = extents.reduce(0, +)
    shape = Shape(dimensions)
  }

  private var starts: [Int] { extents.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) } }

  /// `[:, 2:5]` for every part.
  var slices: [String] {
    let before = String(repeating: ":, ", count: axis)
    let starts = starts
    return extents.indices.map { "[\(before)\(starts[$0]):\(starts[$0 + 1])]" }
  }

  func source(_ index: [Index]) -> (operand: Int, index: [Index])? {
    guard let at = index[axis].fixed, let part = starts.lastIndex(where: { $0 <= at }), part < extents.count
    else { return extents.count == 1 ? (0, index) : nil }
    var own = index
    own[axis] = Index(at - starts[part])
    return (part, own)
  }

  func copy(_ operands: [UnsafeMutablePointer<Double>], _ out: UnsafeMutablePointer<Double>) {
    let outer = shape.dimensions[..<axis].reduce(1, *)
    let inner = shape.dimensions[(axis + 1)...].reduce(1, *)
    var target = out
    for o in 0..<outer {
      for (operand, extent) in zip(operands, extents) {
        let count = extent * inner
        target.update(from: operand + o * count, count: count)
        target += count
      }
    }
  }
}

/// Values along a new axis: side by side, each with an extent of 1 there.
private struct Stack {
  let shape: Shape
  let axis: Int
  let joint: Joint

  init(_ setting: Operation.Setting) throws(Diagnostic) {
    let first = setting.shapes.first ?? .scalar
    let asked = setting.options.axis ?? 0
    let axis = asked < 0 ? asked + first.rank + 1 : asked
    guard (0...first.rank).contains(axis) else {
      throw Diagnostic(
        "a stack of \(ShapeMessages.size(first)) has no axis \(asked)",
        hint: "its axes are 0 to \(first.rank)")
    }
    for shape in setting.shapes where shape != first {
      throw Diagnostic(
        "cannot stack \(ShapeMessages.size(first)) and \(ShapeMessages.size(shape))",
        hint: "a stack takes values of one shape; concat joins along an axis")
    }
    var dimensions = first.dimensions
    dimensions.insert(1, at: axis)
    joint = Joint(Shape(dimensions), setting.shapes.map { _ in 1 }, axis)
    self.axis = axis
    shape = joint.shape
  }
}
