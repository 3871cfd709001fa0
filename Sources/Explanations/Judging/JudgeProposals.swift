import Formulas
import LinearAlgebra
import Operations

// What was meant. Only what is right, here and at other numbers and sizes, is ever proposed.

extension Judge {
  private func isMeant(_ formula: Expression) -> Bool {
    guard Trial(scene, right: right).outcome(formula, question).isRight else { return false }
    let sizes = OtherSizes(scene)
    do throws(Diagnostic) {
      let elsewhere = try Trial(question, in: scene, seed: 0)
      let inSize = try Trial(question, in: scene, seed: 11, shapes: sizes.shapes(changing: sizes.groups))
      return elsewhere.outcome(formula, question).isRight && inSize.outcome(formula, question).isRight
    } catch {
      // What cannot be verified is not proposed.
      return false
    }
  }

  /// What gives an answer of another shape the right one, when it makes it right as well.
  func remedy(for given: GivenValue) -> Verdict.Remedy? {
    guard let formula = given.formula else {
      return given.transposed?.matches(right) == true ? .transpose : nil
    }
    if isMeant("answer.T", formula) { return .transpose }
    return given.value.shape.dimensions.indices.first { axis in
      given.value.shape.reducing(axis: axis) == right.shape && isMeant("sum(answer, axis=\(axis))", formula)
    }.map { .sum(axis: $0) }
  }

  private func isMeant(_ text: String, _ answer: Expression) -> Bool {
    do throws(Diagnostic) {
      return isMeant(try Parser.parse(text).expression.substituting(["answer": answer]))
    } catch {
      return false
    }
  }

  /// The operation that does not fit, with its operands turned or swapped: `A1.T @ dZ2 is (4×3) @ (3×3) = (4×3)`.
  func proposal(for part: Expression, in formula: Expression) -> Prose? {
    guard case .binary(let operation, let a, let b) = part else { return nil }
    let isProduct = operation == .matrixProduct || operation == .multiply
    let orders = isProduct ? [(a, b), (b, a)] : [(a, b)]
    for (x, y) in orders {
      for (left, right) in [(x, y), (x.flipped, y), (x, y.flipped), (x.flipped, y.flipped)] {
        for other in isProduct ? [BinaryOperator.matrixProduct, .multiply] : [operation] {
          let meant = Expression.binary(other, left, right)
          guard isMeant(formula.replacing(part, with: meant)) else { continue }
          return "\(meant)" + shapes(left, other, right, isWhole: part == formula)
        }
      }
    }
    return nil
  }

  private func shapes(_ a: Expression, _ operation: BinaryOperator, _ b: Expression, isWhole: Bool) -> Prose {
    let inference = ShapeInference(scene)
    do throws(Diagnostic) {
      let result = try inference.shape(of: .binary(operation, a, b))
      let operands = "(\(try inference.shape(of: a))) \(operation.rawValue) (\(try inference.shape(of: b)))"
      return " is \(operands) = (\(result))" + (isWhole ? ", the shape of \(question.title)" : "")
    } catch {
      return ""
    }
  }
}

extension AnswerScene {
  /// The innermost operation whose operands have shapes that do not meet.
  func unfitOperation(in formula: Expression) -> Expression? {
    for child in formula.children { if let found = unfitOperation(in: child) { return found } }
    guard case .binary = formula else { return nil }
    do throws(Diagnostic) {
      for child in formula.children { _ = try ShapeInference(self).shape(of: child) }
    } catch {
      return nil
    }
    do throws(Diagnostic) {
      _ = try ShapeInference(self).shape(of: formula)
      return nil
    } catch {
      return formula
    }
  }
}
