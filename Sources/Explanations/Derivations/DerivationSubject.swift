import Differentiation
import Formulas
import LinearAlgebra
import Operations

/// The numbers that a function's derivation is checked on: those of the session where it uses the function, else a
/// small example. Of a large batch the first samples: one sample's derivative does not know the others.
package struct DerivationSubject: Sendable {
  /// Printed names.
  package var logits = "Z"
  package var output = "S"
  package var target = "Y"
  /// Samples in rows: axis of the classes 1; in columns: 0.
  package var classAxis = 1
  package var Z: Tensor
  package var S: Tensor
  package var Y: Tensor
  /// What the loss is divided by; nil when it is summed.
  package var divisor: Double?
  package var remarks: [String] = []

  static let mostSamples = 3

  package var sampleCount: Int { Z.shape.dimensions[1 - classAxis] }
  package var classCount: Int { Z.shape.dimensions[classAxis] }
  package var targetsAreDistributions: Bool {
    Y.sum(axis: classAxis).elements.allSatisfy { abs($0 - 1) < 1e-9 }
  }

  func at(_ name: String, _ sample: IndexTerm, _ k: IndexTerm) -> IndexExpression {
    .entry(name, classAxis == 1 ? [sample, k] : [k, sample])
  }

  func position(_ sample: IndexTerm, _ k: IndexTerm) -> [IndexTerm] {
    classAxis == 1 ? [sample, k] : [k, sample]
  }

  /// - Parameter needsSoftmax: false for the loss alone, whose prediction may come from anything.
  package static func find(
    in equations: [Equation], _ environment: any Environment, needsSoftmax: Bool, needsLoss: Bool
  ) -> DerivationSubject {
    let softmax = equations.last { $0.softmaxArgument != nil }
    var loss: (targets: Expression, predictions: Expression, options: CallOptions)?
    for equation in equations {
      equation.expression.forEachCrossEntropy { targets, predictions, options in
        if !needsSoftmax || predictions == softmax.map({ .name($0.name) }) {
          loss = (targets, predictions, options)
        }
      }
    }
    func value(_ expression: Expression) -> Tensor? {
      guard let value = try? Evaluator(environment).value(of: expression) else { return nil }
      return value.rank == 1 ? value.reshaped([1, value.count]) : value.rank == 2 ? value : nil
    }
    func name(_ expression: Expression?, _ standard: String) -> String {
      if case .name(let name) = expression { name } else { standard }
    }
    guard !needsSoftmax || softmax != nil, !needsLoss || loss != nil else {
      return example(needsSoftmax ? (needsLoss ? "softmax with cross_entropy" : "softmax") : "cross_entropy")
    }
    let inner = softmax?.softmaxArgument
    let z = inner.flatMap { value($0.argument) }
    let s = needsSoftmax ? softmax.flatMap { value(.name($0.name)) } : loss.flatMap { value($0.predictions) }
    let options = needsLoss ? loss?.options : inner?.options
    guard let s, s.count > 0, !needsSoftmax || z?.shape == s.shape else {
      return example("softmax of a matrix")
    }
    let y = loss.flatMap { value($0.targets) }
    guard !needsLoss || y?.shape == s.shape else { return example("cross_entropy of a matrix") }
    let axis = s.shape.axis(options?.axis ?? -1) ?? 1
    let total = s.shape.dimensions[1 - axis]
    let kept = min(total, s.shape.dimensions[axis] > 50 ? 1 : mostSamples)
    func part(_ tensor: Tensor?) -> Tensor {
      (tensor ?? s).prefix(kept, axis: 1 - axis)
    }
    var result = DerivationSubject(Z: part(z), S: part(s), Y: part(y))
    result.classAxis = axis
    result.logits = name(inner?.argument, "Z")
    result.output = needsSoftmax ? softmax?.name ?? "S" : name(loss?.predictions, "S")
    result.target = name(loss?.targets, "Y")
    if let loss {
      result.divisor = Operation.crossEntropy.divisor(s.shape, loss.options).map(Double.init)
    }
    if result.logits == "Z", let argument = inner?.argument, needsSoftmax, argument != .name("Z") {
      result.remarks.append("Z = \(argument)")
    }
    if kept < total { result.remarks.append("evaluated on \(kept) of the \(total) samples") }
    // exp(710) overflows; softmax does not change when every logit of a sample is lowered by the same number.
    if needsSoftmax, result.Z.elements.contains(where: { abs($0) > 300 }) {
      result.Z = result.Z.combined(with: result.Z.maximum(axis: axis), -) ?? result.Z
      result.remarks.append(
        "evaluated on \(result.logits) less the maximum of each sample, which leaves S as it is")
    }
    return result
  }

  private static func example(_ missing: String) -> DerivationSubject {
    let Z = Tensor(unchecked: [2, 3], [2, 1, 0.1, -0.5, 0.3, 1.2])
    var result = DerivationSubject(
      Z: Z, S: Z.softmax(axis: 1), Y: Tensor(unchecked: [2, 3], [1, 0, 0, 0, 0, 1]), divisor: 2)
    result.remarks = ["this model has no \(missing): evaluated on an example of 2 samples and 3 classes"]
    return result
  }

  /// A derivation over this subject with its tensors, extents and definitions of softmax.
  func derivation(_ title: String, source: String, hidesSample: Bool) -> Derivation {
    var result = Derivation(title, source: source)
    result.remarks = remarks
    result.tensors = [output: S, target: Y]
    if let divisor { result.tensors["m"] = Tensor(divisor) }
    result.extents = [
      "k": classCount, "j": classCount, "n": classCount, "p": classCount, "a": classCount,
      "c": classCount, "i": sampleCount, "b": sampleCount, "e": sampleCount,
    ]
    if hidesSample {
      result.hidden = ["i"]
      result.remarks.insert(
        "for each sample i: \(output)[k] is \(classAxis == 1 ? "\(output)[i,k]" : "\(output)[k,i]")", at: 0)
    }
    return result
  }

  /// `S[k] = exp(Z[k]) / T`, `T = Σ_n exp(Z[n])` for sample i.
  func softmaxDefinitions(sample: String, index k: String) -> [DerivationDefinition] {
    let indices = classAxis == 1 ? [sample, k] : [k, sample]
    return [
      DerivationDefinition(
        output, indices, .exp(at(logits, IndexTerm(sample), IndexTerm(k))) / .entry("T", [IndexTerm(sample)])),
      DerivationDefinition("T", [sample], .sum("n", .exp(at(logits, IndexTerm(sample), "n")))),
    ]
  }

  /// ∂S/∂Z by forward mode, shape of S followed by shape of Z.
  func softmaxReference() throws(Diagnostic) -> Tensor {
    try Jacobian.byForwardMode(
      of: "S", by: "Z", equations: [Equation("S", .call("softmax", .name("Z"), axis: classAxis))],
      environment: Bindings(["Z": Z]))
  }

  /// ∂L/∂Z or ∂L/∂S by forward mode.
  func lossReference(throughSoftmax: Bool) throws(Diagnostic) -> Tensor {
    let P = throughSoftmax ? Expression.call("softmax", "Z", axis: classAxis) : "Z"
    // The loss lifts what log takes to 1e-15; where a probability lies below, log-sum-exp has the derivative.
    let isClipped = throughSoftmax && S.elements.contains { $0 < 1e-14 }
    let total =
      isClipped
      ? Expression.call("sum", "Y" * (.call("logsumexp", "Z", axis: classAxis) - "Z"))
      : .call("cross_entropy", ["Y", P], CallOptions(axis: classAxis, reduction: .sum))
    return try Jacobian.byForwardMode(
      of: "L", by: "Z", equations: [Equation("L", divisor.map { total / .number($0) } ?? total)],
      environment: Bindings(["Z": throughSoftmax ? Z : S, "Y": Y]))
  }

  /// Divided by m where the loss is a mean.
  func averaged(_ expression: IndexExpression) -> IndexExpression {
    divisor == nil ? expression : expression / .entry("m", [])
  }
}

extension Equation {
  fileprivate var softmaxArgument: (argument: Expression, options: CallOptions)? {
    guard case .call("softmax", let arguments, let options) = expression, let z = arguments.first
    else { return nil }
    return (z, options)
  }
}

extension Expression {
  fileprivate func forEachCrossEntropy(_ body: (Expression, Expression, CallOptions) -> Void) {
    if case .call("cross_entropy", let arguments, let options) = self, arguments.count == 2 {
      body(arguments[0], arguments[1], options)
    }
    for child in children { child.forEachCrossEntropy(body) }
  }
}

extension Tensor {
  /// The first entries along an axis of a matrix.
  func prefix(_ count: Int, axis: Int) -> Tensor {
    guard rank == 2, count < shape.dimensions[axis], count >= 0 else { return self }
    if axis == 0 {
      return Tensor(unchecked: [count, shape.columns], Array(elements.prefix(count * shape.columns)))
    }
    let rows = (0..<shape.rows).flatMap { elements[$0 * shape.columns..<$0 * shape.columns + count] }
    return Tensor(unchecked: [shape.rows, count], rows)
  }
}
