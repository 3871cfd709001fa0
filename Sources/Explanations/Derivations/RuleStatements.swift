import Differentiation
import Formulas
import Operations

/// What to say about a rule that a backward equation names.
package enum RuleStatements {
  package static func statement(of rule: String) -> String? {
    byName[rule]
  }

  /// The rule of a backward equation, with the statement of what it says there: of the operands through which the loss
  /// depends on the value, at the shapes that they have.
  package static func reason(
    _ rule: String, of equation: Equation, from origins: [Equation], in environment: any Environment
  ) -> String {
    applied(rule, of: equation, from: origins, in: environment).map { "\(rule) [\($0)]" } ?? rule
  }

  package static func applied(
    _ rule: String, of equation: Equation, from origins: [Equation], in environment: any Environment
  ) -> String? {
    if let step = steps[rule] { return step }
    guard let operation = Operation.all.first(where: { $0.title == rule }),
      let target = equation.name.gradientOf
    else { return nil }
    let inference = ShapeInference(environment)
    var application: Application?
    var positions: Set<Int> = []
    for origin in origins {
      _ = origin.expression.contains { part in
        guard let call = OperationCall(part), call.operation.title == rule else { return false }
        for (i, operand) in call.operands.enumerated() where operand.contains(name: target) {
          positions.insert(i)
          // What has no shape yet is said of the first case.
          if application == nil { application = try? inference.application(of: call).application }
        }
        return false
      }
    }
    let isSummed = equation.expression.contains { if case .call("sum", _, _) = $0 { true } else { false } }
    let statement = operation.statement(
      of: positions.isEmpty ? nil : positions, isSummed: isSummed, in: application)
    return application.map { settled(statement, $0.setting.options, operation) } ?? statement
  }

  /// With the options of a call where a statement hands them on: `sum(dS * S, axis=1)` for `axis=axis`.
  private static func settled(_ statement: String, _ options: CallOptions, _ operation: Operation) -> String {
    operation.signature.options.reduce(statement) { text, option in
      let own =
        options.texts.first { $0.hasPrefix("\(option.name)=") }.map {
          String($0.dropFirst(option.name.count + 1))
        } ?? (option.name == "axis" ? Int(option.usual).map(String.init) : nil)
      return text.replacing(
        ", \(option.name)=\(option.name)", with: own.map { ", \(option.name)=\($0)" } ?? "")
    }
  }

  /// Whether a rule is a step of its own and not that of an operation.
  static func isStep(_ rule: String) -> Bool { steps[rule] != nil }

  private static let steps = [
    "copy": "A = B: dB = dA",
    "seed": "∂L/∂L = 1",
    BackwardPass.unreached: "the loss does not depend on it: every derivative is 0",
    "softmax with cross-entropy":
      "both at once, the classes of every target sum to 1 ('derive softmax_cross_entropy')",
    "sigmoid with binary cross-entropy": "both at once: dZ = A - Y, over the count of the mean",
    "softmax Jacobian": "dZ[i] = dS[i] @ J[i] for every sample i ('derive softmax')",
  ]

  /// Those, copies and the fused losses, and the rules of all operations.
  private static let byName: [String: String] = {
    var result = steps
    for operation in Operation.all where result[operation.title] == nil {
      result[operation.title] = operation.statement
    }
    return result
  }()
}
