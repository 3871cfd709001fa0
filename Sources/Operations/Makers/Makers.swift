import Formulas
import LinearAlgebra

// Values made from sizes: they have no gradient.

extension Operation {
  package static let zeros: Operation = Operation(
    "zeros(#sizes…)", title: "constant", note: "all entries 0",
    cases: [Case(is: .filled(0) { (s) throws(Diagnostic) in try s.sizesShape() }, backward: [])])

  package static let ones: Operation = Operation(
    "ones(#sizes…)", title: "constant", note: "all entries 1",
    cases: [Case(is: .filled(1) { (s) throws(Diagnostic) in try s.sizesShape() }, backward: [])])

  package static let eye: Operation = Operation(
    "eye(#n, #m?)", title: "constant", note: "identity matrix",
    cases: [
      Case(is: .formula("I[i<n,j<m] = δ(i,j)"), backward: [], if: { $0.sizes.count == 2 }),
      Case(is: .formula("I[i<n,j<n] = δ(i,j)"), backward: []),
    ],
    ranges: { (setting) throws(Diagnostic) in
      _ = try setting.sizesShape()
      return [:]
    })

  package static let arange: Operation = Operation(
    "arange(#n)", title: "constant", note: "0, 1, … n-1", is: "v[i<n] = i", backward: [],
    ranges: { (setting) throws(Diagnostic) in
      _ = try setting.sizesShape()
      return [:]
    })

  package static let linspace: Operation = Operation(
    "linspace(a, b, #n)", note: "n numbers from a to b, both included",
    is: "v[i<n] = a + (b - a)·i / max(1, n - 1)",
    backward: ["da = sum(dv * linspace(1, 0, n))", "db = sum(dv * linspace(0, 1, n))"],
    ranges: { (setting) throws(Diagnostic) in
      _ = try setting.sizesShape()
      return [:]
    })

  package static let randn: Operation = Operation(
    "randn(#sizes…, seed=0)", title: "constant",
    note: "standard normal numbers; typed without seed= they are others every time ('help seed')",
    cases: [Case(is: .made { (s) throws(Diagnostic) in try s.sizesShape() }, backward: [])],
    value: { (_, setting) throws(Diagnostic) in
      var generator = setting.generator
      let shape = try setting.sizesShape()
      return shape.checkedCount == nil ? nil : generator.normal(shape: shape)
    })

  package static let rand: Operation = Operation(
    "rand(#sizes…, seed=0)", title: "constant",
    note: "uniform numbers in [0, 1); typed without seed= they are others every time ('help seed')",
    cases: [Case(is: .made { (s) throws(Diagnostic) in try s.sizesShape() }, backward: [])],
    value: { (_, setting) throws(Diagnostic) in
      var generator = setting.generator
      let shape = try setting.sizesShape()
      return shape.checkedCount == nil ? nil : generator.uniform(shape: shape, 0, 1)
    })
}

extension Expression {
  /// Random numbers that are typed without a seed get the next one each: a formula is data, and says which numbers it draws.
  package func seeded(from next: inout Int) -> Expression {
    let whole = mapChildren { $0.seeded(from: &next) }
    guard case .call(let f, let sizes, var options) = whole, options.seed == nil,
      let operation = Operation.of(f), operation === Operation.randn || operation === Operation.rand
    else { return whole }
    options["seed"] = .integer(next)
    // No negative one is ever typed.
    next = next == .max ? 0 : next + 1
    return .call(f, sizes, options)
  }
}

extension Parsed {
  package func seeded(from next: inout Int) -> Parsed {
    Parsed(expression: expression.seeded(from: &next), ranges: ranges)
  }
}

extension Operation.Setting {
  fileprivate var generator: RandomGenerator {
    RandomGenerator(seed: UInt64(bitPattern: Int64(options.seed ?? 0)))
  }

  /// The sizes among the operands as a shape.
  func sizesShape() throws(Diagnostic) -> Shape {
    let given = sizes.compactMap { $0 }
    if let negative = given.first(where: { $0 < 0 }) {
      throw Diagnostic("a size is a whole number, 0 or more, and this is \(negative)")
    }
    return Shape(given)
  }
}
