import Commands
import Sessions
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Rendering
import Reports
import Testing

/// A person who types lines into a session of their own and reads what comes back.
struct Typist {
  var workspace = Workspace()

  init(_ lines: String..., sourceLocation: SourceLocation = #_sourceLocation) {
    for line in lines { type(line, sourceLocation: sourceLocation) }
  }

  init(_ lines: [String], sourceLocation: SourceLocation = #_sourceLocation) {
    for line in lines { type(line, sourceLocation: sourceLocation) }
  }

  var session: Session { workspace.session }

  /// The report of the last command of a line; a refusal is recorded and gives an empty report.
  @discardableResult mutating func type(
    _ line: String, sourceLocation: SourceLocation = #_sourceLocation
  ) -> Report {
    var last = Report()
    for outcome in Interpreter.run(line, in: &workspace) {
      switch outcome.result {
      case .success(let report): last = report
      case .failure(let error):
        Issue.record("'\(line)' was refused: \(error.message)", sourceLocation: sourceLocation)
      }
    }
    return last
  }

  /// What a line is refused with.
  mutating func refusal(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) -> Diagnostic {
    if case .failure(let error)? = Interpreter.run(line, in: &workspace).last?.result { return error }
    Issue.record("'\(line)' was not refused", sourceLocation: sourceLocation)
    return Diagnostic("")
  }

  /// What the terminal shows for a line, without the line breaks that the window asks for.
  mutating func text(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) -> String {
    let report = type(line, sourceLocation: sourceLocation)
    return TextRenderer(width: 400).render(report)
  }

  /// The entries of a name or formula, row by row; a refusal is recorded and gives none.
  func value(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> Tensor? {
    do {
      return try Evaluator(SessionEnvironment(session)).checkedValue(
        of: Parser.parse(text, naming: session.naming))
    } catch {
      Issue.record("'\(text)' has no value: \(error.message)", sourceLocation: sourceLocation)
      return nil
    }
  }

  /// The equation of a step, as it is printed: `dZ2 = (S - Y) / m`.
  func equation(_ name: String) -> String? {
    (try? session.readyProgram())?.steps.first { $0.name == name }?.text
  }

  /// Names of the steps of the backward pass, in order.
  var backwardNames: [String] { ((try? session.readyProgram())?.backward ?? []).map(\.name) }
}

/// Entries compared with published or separately computed ones, each within 1e-12 of its size (or of 1).
func expect(
  _ value: Tensor?, _ entries: [Double], _ shape: Shape? = nil, _ label: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let value else {
    Issue.record("no value \(label)", sourceLocation: sourceLocation)
    return
  }
  if let shape { #expect(value.shape == shape, "\(label)", sourceLocation: sourceLocation) }
  let isSame =
    value.count == entries.count
    && zip(value.elements, entries).allSatisfy { abs($0 - $1) <= 1e-12 * max(1, abs($1)) }
  #expect(isSame, "\(label) \(value.elements), expected \(entries)", sourceLocation: sourceLocation)
}

extension Report {
  func scalar(_ name: String) -> Double? { scalars.last { $0.name == name }?.value }

  /// Every value of the report under its name.
  var tensors: [String: Tensor] {
    var result: [String: Tensor] = [:]
    for case .tensor(let block) in blocks { result[block.name] = block.value }
    return result
  }
}

extension Report {
  var tensorBlocks: [TensorBlock] {
    blocks.compactMap { if case .tensor(let block) = $0 { block } else { nil } }
  }
}
