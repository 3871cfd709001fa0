import Differentiation
import Formulas
import LinearAlgebra
import Operations
import Sessions

/// What makes drawn numbers nice to work with.
enum DrawCondition: String, Sendable, CaseIterable {
  /// No argument of relu, abs, … within a hundredth of where it has no derivative, so that no rounding on paper gets there.
  case noKinks = "no kinks"
  /// No line in which two entries are largest, and no two operands of a maximum that are equal.
  case noTies = "no ties"
  /// Nothing that hides a mistake by cancelling: classes are not all equally frequent, no matrix that is given or comes out
  /// is symmetric, and no gradient is 0 throughout, or an entry what is left of a difference.
  case notBalanced = "not balanced"

  /// - Parameter session: with its pass run to the end.
  func holds(in session: Session) throws(Diagnostic) -> Bool {
    let program = try session.readyProgram()
    let environment = SessionEnvironment(session, showsHidden: true)
    switch self {
    case .noKinks:
      for source in program.forward.flatMap({ KinkSource.sources(in: $0.expression) }) {
        let value = try Evaluator(environment).value(of: source.argument)
        let isNear = value.elements.contains { x in source.points.contains { abs(x - $0) < 0.01 } }
        if isNear { return false }
      }
      return true
    case .noTies:
      var chosen: [Expression] = []
      if let output = session.roles.loss?.output { chosen.append(.name(output)) }
      for equation in program.forward { Self.chosen(in: equation.expression, &chosen) }
      for part in chosen where Self.hasTie(try Evaluator(environment).value(of: part)) { return false }
      return true
    case .notBalanced:
      let values = session.leaves.values + session.trace
      let isSymmetric = values.contains {
        $0.rank == 2 && $0.count > 1 && $0.isIdentical(to: $0.transposed())
      }
      // What cancels on paper, and not quite in binary, is printed as neither.
      let isNothing = session.trace.contains {
        $0.elements.allSatisfy { $0 == 0 } || $0.elements.contains { $0 != 0 && abs($0) < 1e-12 }
      }
      let isEven = session.roles.targets.contains { name in
        guard let target = session.leaves[name], target.rank == 2, target.shape.columns > 1,
          target.shape.rows > 1
        else { return false }
        let counts = target.sum(axis: session.roles.sampleAxes[name] ?? 0).elements
        return counts.allSatisfy { $0 == counts[0] }
      }
      return !isSymmetric && !isNothing && !isEven
    }
  }

  /// What a largest entry is chosen from.
  private static func chosen(in expression: Expression, _ result: inout [Expression]) {
    if case .call(let f, let arguments, _) = expression,
      ["max", "min", "argmax", "argmin", "maxpool"].contains(f.name),
      let first = arguments.first
    {
      result.append(first)
    }
    for child in expression.children { chosen(in: child, &result) }
  }

  /// Two entries that are largest in their line, to four decimals as they are printed.
  private static func hasTie(_ value: Tensor) -> Bool {
    guard let width = value.shape.dimensions.last, width > 1 else { return false }
    return stride(from: 0, to: value.count, by: width).contains { start in
      let line = value.elements[start..<start + width].sorted(by: >)
      return line[0] - line[1] < 1e-4
    }
  }
}
