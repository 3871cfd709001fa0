import Formulas
import LinearAlgebra
import Operations

/// A pass as a script in Python: the equations in order, each value compared with the one that was seen.
package struct PythonScript {
  package let text: String
  /// Names that Python does not take, and what they are called there.
  package let renamed: [(name: String, as: String)]

  /// More numbers are no script any more.
  static let largestCount = 1 << 18

  /// - Throws: where a formula has no form in Python, or there are too many numbers.
  package init(_ pass: FinishedPass, _ language: PythonLanguage) throws(Diagnostic) {
    guard pass.entryCount <= Self.largestCount else {
      throw Diagnostic(
        "the values of this pass are \(pass.entryCount) numbers, too many for a script (\(Self.largestCount))",
        hint: "a smaller batch ('batch size=8'), or a file of numbers: export pass.npz")
    }
    let bindings = pass.bindings
    let names = PythonNames(
      pass.leaves.map(\.name) + pass.steps.map(\.equation.name) + [.sampleCount], reserved: language.reserved)
    var writer = PythonWriter(language, names, bindings)
    writer.numbers = [.sampleCount]
    var lines = Lines(language: language)
    let forward = try lines.equations(pass.forward, &writer)
    let backward = try lines.equations(pass.backward, &writer)
    renamed = names.renamed
    let compared = lines.compared(pass, names)
    lines.add(pass, names, forward, backward, compared, writer)
    text = lines.text(renamed, pass.formatRemark)
  }

  fileprivate struct Line {
    let name: String
    let code: String
    let check: [String]
  }
}

/// What a script is put together from.
private struct Lines {
  let language: PythonLanguage
  private var body: [String] = []
  private var helpers: [String] = []

  init(language: PythonLanguage) { self.language = language }

  func equations(
    _ steps: [FinishedPass.Step], _ writer: inout PythonWriter
  ) throws(Diagnostic) -> [PythonScript.Line] {
    var result: [PythonScript.Line] = []
    for step in steps {
      let equation = step.equation
      let piece = try writer.written(equation.evaluated)
      let name = writer.names[equation.name]
      var comment = step.value.shape.isScalar ? "" : step.value.shape.description
      if equation.computedAs != nil { comment += (comment.isEmpty ? "" : ", ") + "\(equation.expression)" }
      // A number of Python's own would not be a value of the language.
      let value =
        piece.kind == .number
        ? language.array(piece.asReal.text + (piece.text.allSatisfy(\.isNumber) ? ".0" : ""))
        : piece.asReal.text
      result.append(
        .init(
          name: name, code: "\(name) = \(value)" + (comment.isEmpty ? "" : "  # \(comment)"),
          check: Self.check(name, step.value)))
    }
    return result
  }

  private static func check(_ name: String, _ value: Tensor) -> [String] {
    let expected =
      value.count == 0 && value.rank > 0
      ? ["check(\"\(name)\", \(name), [], \(PythonWriter.tuple(value.shape.dimensions)))"]
      : literal("check(\"\(name)\", \(name), ", value, ")")
    return expected
  }

  /// A row a line.
  private static func literal(_ start: String, _ value: Tensor, _ end: String) -> [String] {
    guard value.rank > 1, value.count > 0 else { return [start + PythonWriter.literal(value) + end] }
    let text = PythonWriter.literal(value, separator: ",\n    ")
    let inner = text.dropFirst().dropLast()
    return [start + "["] + ("    " + inner + ",").split(separator: "\n").map(String.init) + ["]" + end]
  }

  /// Leaves whose gradients the pass has, which the language's own differentiation gives as well.
  func compared(_ pass: FinishedPass, _ names: PythonNames) -> [(leaf: String, gradient: String)] {
    guard language != .numpy else { return [] }
    let steps = Set(pass.backward.map(\.equation.name))
    return pass.leaves.filter { steps.contains($0.name.gradientName) }
      .map { (names[$0.name], names[$0.name.gradientName]) }
  }

  mutating func add(
    _ pass: FinishedPass, _ names: PythonNames, _ forward: [PythonScript.Line],
    _ backward: [PythonScript.Line],
    _ compared: [(leaf: String, gradient: String)], _ writer: PythonWriter
  ) {
    for helper in writer.helpers { helpers += ["", ""] + helper.lines }
    body.append("# What the equations read")
    for (name, value) in pass.leaves {
      let own = names[name]
      let comment = value.shape.isScalar ? "" : "  # \(value.shape)"
      guard value.count > 0 else {
        body.append(
          "\(own) = \(language.module).zeros(\(PythonWriter.tuple(value.shape.dimensions)))" + comment)
        continue
      }
      var lines = Self.literal("\(own) = ", value, "")
      // Behind the equals sign.
      let open = language.array("\u{1}").split(separator: "\u{1}", omittingEmptySubsequences: false)
      lines[0] = "\(own) = \(open[0])" + lines[0].dropFirst("\(own) = ".count)
      let tracked = language == .torch && compared.contains { $0.leaf == own }
      lines[lines.count - 1] += (tracked ? ", requires_grad=True" : "") + "\(open[1])" + comment
      body += lines
    }
    if let m = pass.countedSamples { body.append("\(names[.sampleCount]) = \(m)  # samples") }
    body.append("")
    body.append("# The forward pass")
    let loss = names[pass.model.lossName]
    switch language {
    case .numpy, .torch:
      for line in forward { body += [line.code] + line.check }
    case .jax:
      let leaves = pass.leaves.map { names[$0.name] }.joined(separator: ", ")
      let values = forward.map(\.name).joined(separator: ", ")
      body += ["def forward(\(leaves)):"] + forward.map { "    " + $0.code }
      body += ["    return \(values)\(forward.count == 1 ? "," : "")", "", ""]
      body.append("\(values)\(forward.count == 1 ? "," : "") = forward(\(leaves))")
      for line in forward { body += line.check }
    }
    body += ["", "# The backward pass"]
    let indent = language == .torch ? "    " : ""
    if language == .torch { body.append("with torch.no_grad():") }
    for line in backward { body += ([line.code] + line.check).map { indent + $0 } }
    if backward.isEmpty, language == .torch { body.append("    pass") }
    let count = forward.count + backward.count
    guard !compared.isEmpty else {
      body += ["", "print(\"all \(count) values agree with those seen\")"]
      return
    }
    body += ["", "# The same gradients by \(language.title)'s own differentiation"]
    switch language {
    case .numpy: break
    case .torch:
      body.append("\(loss).backward()")
      for (leaf, gradient) in compared { body.append("check(\"\(gradient)\", \(leaf).grad, \(gradient))") }
    case .jax:
      let all = pass.leaves.map { names[$0.name] }
      let numbers = compared.compactMap { all.firstIndex(of: $0.leaf) }
      let position = forward.firstIndex { $0.name == loss } ?? forward.count - 1
      body.append(
        "gradients = jax.grad(lambda *leaves: jnp.sum(forward(*leaves)[\(position)]), argnums=\(PythonWriter.tuple(numbers)))(\(all.joined(separator: ", ")))"
      )
      for (i, item) in compared.enumerated() {
        body.append("check(\"\(item.gradient)\", gradients[\(i)], \(item.gradient))")
      }
    }
    body += [
      "",
      "print(\"all \(count) values agree with those seen, and \(compared.count) gradients with \(language.title)'s own\")",
    ]
  }

  func text(_ renamed: [(name: String, as: String)], _ formatRemark: String?) -> String {
    var lines = [
      "\"\"\"A forward and backward pass, written by stepgrad's 'export'.", "",
      "Every value is compared with the one that was seen there; the first that differs ends the program, and is named",
      "with the line that computes it.",
    ]
    if let formatRemark { lines += ["", formatRemark] }
    if !renamed.isEmpty {
      lines += ["", "Renamed: " + renamed.map { "\($0.name) is \($0.as)" }.joined(separator: ", ") + "."]
    }
    lines.append("\"\"\"")
    let all = (helpers + body)
    if all.contains(where: { $0.contains("math.") }) { lines.append("import math") }
    lines += language.imports + ["", language.setting, "", ""]
    lines += check
    lines += helpers + ["", ""] + body
    return lines.joined(separator: "\n") + "\n"
  }

  /// The comparison, in the words of the language.
  private var check: [String] {
    let head = [
      "def check(name, value, expected, shape=None):",
      "    \"\"\"Ends the program where a value is not within 1e-9 of the one that is expected.\"\"\"",
    ]
    let convert =
      language == .torch
      ? [
        "    expected = torch.as_tensor(expected).detach().double()",
        "    # None is the gradient of what no path leads to: an index, a condition.",
        "    value = torch.zeros_like(expected) if value is None else torch.as_tensor(value).detach().double()",
        "    expected = expected if shape is None else expected.reshape(shape)",
        "    same = (value.shape == expected.shape) and torch.isclose(value, expected, rtol=1e-9, atol=1e-9, equal_nan=True)",
      ]
      : [
        "    value, expected = np.asarray(value, dtype=float), np.asarray(expected, dtype=float)",
        "    expected = expected if shape is None else expected.reshape(shape)",
        "    same = (value.shape == expected.shape) and np.isclose(value, expected, rtol=1e-9, atol=1e-9, equal_nan=True)",
      ]
    return head + convert + [
      "    if same is not False and same.all():",
      "        return",
      "    with open(__file__, encoding=\"utf-8\") as source:",
      "        lines = [(n, line.split(\"  #\")[0].strip()) for n, line in enumerate(source, 1)]",
      "    where = [f\"line {n}: {line}\" for n, line in lines if line.startswith(name + \" = \")]",
      "    raise AssertionError(f\"{name} is wrong, {where[0] if where else ''}\\n{value}\\nexpected\\n{expected}\")",
    ]
  }
}
