import Differentiation
import Explanations
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Platform

/// A pass as a worked solution: the model, every equation with its matrix, every gradient with its reasons.
package struct Solution {
  package private(set) var blocks: [Page.Block] = []

  package var page: Page {
    Page(
      title: "A forward and a backward pass", origin: "A worked solution, written by stepgrad's 'export'.",
      blocks: blocks)
  }

  /// More numbers are nothing to read.
  static let largestCount = 1 << 14

  private let writer: MathWriter
  private let pass: FinishedPass

  /// - Throws: where there are too many numbers, or a gradient cannot be derived.
  package init(_ pass: FinishedPass) throws(Diagnostic) {
    var memory = Memory()
    try self.init(pass, &memory)
  }

  /// Derivations by the equations and shapes that they follow from, for many passes with other numbers.
  package struct Memory {
    fileprivate var derivations: [String: [Page.Block]] = [:]
    /// More are not kept.
    fileprivate static let most = 200

    package init() {}
  }

  package init(_ pass: FinishedPass, _ memory: inout Memory) throws(Diagnostic) {
    guard pass.entryCount <= Self.largestCount else {
      throw Diagnostic(
        "the values of this pass are \(pass.entryCount) numbers, too many to be read (\(Self.largestCount))",
        hint: "a smaller batch ('batch size=8') or network, or a file of numbers: export pass.npz")
    }
    self.pass = pass
    writer = MathWriter(pass.bindings, pass.naming)
    if let remark = pass.formatRemark { blocks.append(.paragraph(writer.inline("\(remark)"))) }
    model()
    say(2, "The forward pass")
    for step in pass.forward { value(step) }
    say(2, "The backward pass")
    blocks.append(
      .paragraph(
        writer.inline(
          "A d before a name stands for the gradient of \(name: pass.model.lossName) by it. Each line follows from a forward equation by the rule that is named."
        )
      ))
    for step in pass.backward {
      reason(step)
      value(step)
    }
    let key =
      pass.steps.map { "\($0.equation) \($0.value.shape)" }
      + pass.leaves.map { "\($0.name) \($0.value.shape)" }
    let name = key.joined(separator: "; ")
    if let known = memory.derivations[name] {
      blocks += known
      return
    }
    let start = blocks.count
    try gradients()
    if memory.derivations.count < Memory.most { memory.derivations[name] = Array(blocks[start...]) }
  }

  private mutating func say(_ level: Int, _ words: Prose) {
    blocks.append(.heading(level, writer.inline(words)))
  }

  // MARK: The model

  private mutating func model() {
    let roles = pass.program.roles
    say(1, "A forward and a backward pass")
    var words: [Prose] = []
    if !roles.inputs.isEmpty { words.append("input \(names: roles.inputs)") }
    if !roles.targets.isEmpty { words.append("target \(names: roles.targets)") }
    if !pass.model.parameters.isEmpty { words.append("parameters \(names: pass.model.parameters)") }
    if let m = pass.program.sampleCount {
      words.append("\(name: .sampleCount) = \(m) sample\(m == 1 ? "" : "s")")
    }
    say(2, "The model")
    for equation in pass.program.forward {
      let shape = pass.program.shapes[equation.name] ?? .scalar
      blocks.append(
        .display(
          .row([writer.name(equation.name), .sign("="), writer.written(equation.expression)]),
          reason: shape.isScalar ? [] : [.words("\(shape)")]))
    }
    if !words.isEmpty { blocks.append(.paragraph(writer.inline(words.joined(separator: "; ") + "."))) }
    say(2, "What is given")
    for (name, value) in pass.leaves { blocks.append(.value(writer.name(name), value)) }
  }

  private mutating func value(_ step: FinishedPass.Step) {
    let equation = step.equation
    var left: [MathNode] = [writer.name(equation.name), .sign("="), writer.written(equation.expression)]
    if let computed = equation.computedAs { left += [.sign("="), writer.written(computed)] }
    blocks.append(.value(.row(left), step.value))
  }

  /// From which equation, by which rule.
  private mutating func reason(_ step: FinishedPass.Step) {
    let equation = step.equation
    let origins = equation.origins.compactMap { origin in pass.forward.last { $0.equation.name == origin } }
    var line = writer.inline("\(name: equation.name)")
    for (i, origin) in origins.enumerated() {
      line.append(.words(i == 0 ? ", from " : " and "))
      line.append(
        .math(
          .row([
            writer.name(origin.equation.name), .sign("="), writer.written(origin.equation.expression),
          ])))
    }
    line.append(.words(": " + equation.rules.joined(separator: "; ")))
    blocks.append(.heading(3, writer.inline("\(name: equation.name)")))
    blocks.append(.paragraph(line))
    for rule in Set(equation.rules).sorted() {
      if let statement = RuleStatements.applied(
        rule, of: equation, from: origins.map(\.equation), in: pass.bindings)
      {
        blocks.append(.paragraph([.words("\(rule): \(statement)")]))
      }
    }
  }

  // MARK: Derivations

  /// For every leaf the chain of factors from the loss to it, and the product in indices.
  private mutating func gradients() throws(Diagnostic) {
    let leaves = pass.leaves.map(\.name).filter { leaf in
      pass.backward.contains { $0.equation.name == leaf.gradientName }
    }
    guard !leaves.isEmpty else { return }
    say(2, "Each gradient from the loss down")
    for leaf in leaves {
      try Interruption.check()
      let derivation: GradientDerivation
      do throws(Diagnostic) {
        derivation = try GradientDerivation(
          of: leaf, loss: pass.model.lossName, forward: pass.program.forward, backward: pass.program.backward,
          environment: pass.bindings, counting: pass.program.counting, isChecked: false)
      } catch {
        say(3, "\(name: leaf.gradientName)")
        blocks.append(.paragraph(writer.inline("by the lines above; in indices: " + error.message)))
        continue
      }
      say(3, "\(name: leaf.gradientName)")
      for path in derivation.paths { blocks.append(.paragraph(writer.inline(path))) }
      if !derivation.fitted.isEmpty { blocks.append(.paragraph(writer.inline(derivation.fitted + "."))) }
      guard let form = derivation.indexForm, let chain = form.derivation.chains.first else { continue }
      let hidden = form.derivation.hidden
      for (i, line) in chain.lines.enumerated() {
        let right = writer.written(line.formula, hiding: hidden)
        blocks.append(
          .display(
            .row((i == 0 ? [writer.written(chain.left, hiding: hidden)] : []) + [.sign("="), right]),
            reason: writer.inline(line.reason)))
      }
    }
  }
}

/// Numbers of a page: four decimals, whole numbers as they are, none that is not 0 as 0.
package enum SolutionNumbers {
  /// The fewest decimals, up to four, that say each number of a value as exactly as four do.
  package static func decimals(_ value: Tensor) -> Int {
    let texts = value.elements.map { text($0, isWhole: false) }.filter {
      !$0.contains("e") && $0.contains(".")
    }
    return texts.reduce(1) { most, text in
      max(most, 4 - text.reversed().prefix { $0 == "0" }.prefix(4).count)
    }
  }

  /// The number that a page says.
  package static func printed(_ x: Double) -> Double { Double(text(x, isWhole: false)) ?? x }

  static func text(_ x: Double, isWhole: Bool, decimals: Int = 4) -> String {
    if x.isNaN { return "nan" }
    if x.isInfinite { return x < 0 ? "-inf" : "inf" }
    if isWhole { return "\(Int(clamping: x))" }
    let rounded = formatted(x, "%.\(decimals)f")
    guard x != 0, rounded.allSatisfy({ "-0.".contains($0) }) || abs(x) >= 1e9 else {
      return rounded.allSatisfy { "-0.".contains($0) } ? rounded.filter { $0 != "-" } : rounded
    }
    return formatted(x, "%.1e")
  }

  private static func formatted(_ x: Double, _ pattern: String) -> String {
    withVaList([x]) { list in
      var buffer = [CChar](repeating: 0, count: 64)
      let length = Int(vsnprintf(&buffer, buffer.count, pattern, list))
      return String(
        decoding: buffer.prefix(max(0, min(63, length))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// The matrices of a value: itself, or the last two axes at each index of the others.
  /// - Parameter limit: rows and columns of which more are left out in the middle; nil for none.
  static func matrices(
    _ value: Tensor, decimals: Int = 4, limit: (rows: Int, columns: Int)?
  ) -> [(index: [Int], node: MathNode)] {
    let isWhole = value.elements.allSatisfy { $0 == $0.rounded() && abs($0) < 1e9 }
    let (rows, columns) =
      value.rank == 0 ? (1, 1) : value.rank == 1 ? (1, value.count) : (value.shape.rows, value.shape.columns)
    let outer = Shape(Array(value.shape.dimensions.dropLast(2)))
    if value.rank == 0 {
      return [([], .matrix([[text(value.elements.first ?? 0, isWhole: isWhole, decimals: decimals)]]))]
    }
    func kept(_ count: Int, _ limit: Int?) -> [Int?] {
      guard let limit, count > limit else { return Array(0..<count) }
      return Array(0..<limit - 3) + [nil] + Array(count - 2..<count)
    }
    var result: [(index: [Int], node: MathNode)] = []
    for slice in 0..<max(1, value.rank > 2 ? outer.count : 1) {
      let start = slice * rows * columns
      let lines = kept(rows, limit?.rows).map { row -> [String?] in
        kept(columns, limit?.columns).map { column -> String? in
          guard let row else { return "⋮" }
          guard let column else { return nil }
          return text(value.elements[start + row * columns + column], isWhole: isWhole, decimals: decimals)
        }
      }
      result.append((value.rank > 2 ? outer.index(at: slice) : [], .matrix(lines)))
    }
    return value.count == 0 ? [([], .words("(\(value.shape), empty)"))] : result
  }
}
