import Explanations
import Formulas
import LinearAlgebra
import Operations
import Sessions

/// Where a gradient is a convention: of several largest entries one has it, and where no entry differs a deviation has none.
enum TieNotes {
  static func note(_ equation: Equation, _ environment: SessionEnvironment) -> Prose? {
    var found: Prose?
    func visit(_ part: Expression) {
      if found == nil, case .call(let f, let arguments, let options) = part {
        if f.name == Operation.first.name { found = tie(arguments, options, environment) }
        if f.name == Operation.maxpoolGradient.name { found = pooledTie(arguments, options, environment) }
        if f.name == Operation.where.name { found = flat(arguments, environment) }
      }
      part.children.forEach(visit)
    }
    visit(equation.expression)
    return found
  }

  static let isTakenAsZero: Prose =
    "what it is the deviation of is all equal; there it has no slope, and the gradient is taken as 0, as in PyTorch"

  /// A gradient of std divides by `where(s > 0, s, inf)`.
  private static func flat(_ arguments: [Expression], _ environment: SessionEnvironment) -> Prose? {
    guard arguments.count == 3, arguments[2] == .number(.infinity), isDeviation(arguments[1], environment),
      let marks = try? Evaluator(environment).value(of: arguments[0]),
      let at = marks.elements.firstIndex(of: 0)
    else { return nil }
    return "\(arguments[1].entry(marks.index(at: at))) is 0: \(isTakenAsZero)"
  }

  static func isDeviation(_ value: Expression, _ environment: SessionEnvironment) -> Bool {
    switch value {
    case .call(let f, let arguments, _):
      f.name == Operation.standardDeviation.name
        || f.name == Operation.reshape.name && arguments.first.map { isDeviation($0, environment) } ?? false
    case .name(let name):
      environment.equation(of: name).map { equation in
        if case .call(let f, _, _) = equation.expression {
          f.name == Operation.standardDeviation.name
        } else {
          false
        }
      } ?? false
    default: false
    }
  }

  private static func sentence(_ name: Expression, _ first: [Int], _ other: [Int], _ value: Double) -> Prose {
    "a tie: \(name.entry(first)) and \(name.entry(other)) are both \(Printer.number(value)); the first, \(name.entry(first)), has the gradient"
  }

  /// Of `first(A == c)` the first two equal entries of a line.
  private static func tie(
    _ arguments: [Expression], _ options: CallOptions, _ environment: SessionEnvironment
  ) -> Prose? {
    guard case .binary(.equal, let a, _)? = arguments.first,
      let A = try? Evaluator(environment).value(of: a),
      let marks = try? Evaluator(environment).value(of: arguments[0]), marks.shape == A.shape
    else { return nil }
    let axes = options.axes.map { $0.compactMap { A.shape.axis($0) } } ?? Array(0..<A.rank)
    var firsts: [[Int]: [Int]] = [:]
    for (position, mark) in marks.elements.enumerated() where mark != 0 {
      let index = A.index(at: position)
      let line = index.enumerated().filter { !axes.contains($0.offset) }.map(\.element)
      guard let first = firsts[line] else {
        firsts[line] = index
        continue
      }
      return sentence(a, first, index, A.elements[position])
    }
    return nil
  }

  /// The first window with two largest entries, and how many more there are.
  private static func pooledTie(
    _ arguments: [Expression], _ options: CallOptions, _ environment: SessionEnvironment
  ) -> Prose? {
    guard arguments.count == 3, let dY = try? Evaluator(environment).value(of: arguments[0]),
      let X = try? Evaluator(environment).value(of: arguments[1]), X.rank == 4, dY.rank == 4,
      let size = (try? Evaluator(environment).value(of: arguments[2]))?.scalarValue.flatMap({
        Int(exactly: $0)
      }),
      size > 0
    else { return nil }
    let stride = options.stride ?? size
    var found: (sentence: Prose, count: Int)?
    for window in 0..<dY.count {
      let at = dY.index(at: window)
      var best: (index: [Int], value: Double)?
      var other: [Int]?
      for r in 0..<size {
        for s in 0..<size {
          let index = [at[0], at[1], at[2] * stride + r, at[3] * stride + s]
          guard let position = X.position(of: index) else { continue }
          let value = X.elements[position]
          if let known = best, value <= known.value {
            if value == known.value { other = other ?? index }
          } else {
            (best, other) = ((index, value), nil)
          }
        }
      }
      if let best, let other {
        found =
          found.map { ($0.sentence, $0.count + 1) }
          ?? (sentence(arguments[1], best.index, other, best.value), 1)
      }
    }
    return found.map {
      $0.count == 1
        ? $0.sentence : $0.sentence + "; so in \($0.count - 1) more window\($0.count == 2 ? "" : "s")"
    }
  }
}
