import Formulas
import LinearAlgebra

/// A session as the commands that make it.
package enum SessionScript {
  package static func text(_ session: Session) -> String {
    // Names are the program's own, in whatever notation the file is read.
    var lines = ["# stepgrad session: load this file to go on", "notation default"]
    // The rows of a set are named, not written out; whatever else X holds is.
    let rows = session.data?.source == nil ? nil : session.chosenRows
    let form = session.data.flatMap { BatchForm(session, $0.set) }
    let named = rows != nil && (rows?.count ?? 0) <= 1024 ? (form?.leaves.map(\.name) ?? []) : []
    if let data = session.data, let source = data.source {
      lines.append("data \(source)")
      if let seed = data.orderSeed { lines.append("shuffle seed=\(seed)") }
    }
    if let words = session.model.specification {
      lines.append("net \(words)")
    } else {
      lines.append("model " + session.model.equations.map(\.text).joined(separator: "; "))
    }
    if let samples = session.model.samples { lines.append("samples \(samples.rawValue)") }
    for name in session.leaves.keys.sorted() where !named.contains(name) {
      guard let value = session.leaves[name] else { continue }
      let verb = session.model.parameters.contains(name) ? "param" : "set"
      lines.append("\(verb) \(name) = \(literal(value))")
    }
    if let rows, !named.isEmpty {
      lines.append("batch rows " + rows.map(String.init).joined(separator: " "))
    }
    for name in session.scratch.keys.sorted() {
      if let value = session.scratch[name] { lines.append("let \(name) = \(literal(value))") }
    }
    if !session.isFused { lines.append("fused off") }
    lines.append("set lr = \(session.settings.learningRate)")
    lines.append("precision \(session.settings.precision)")
    if session.cursor > 0, case .success(let program) = session.program {
      lines.append("until \(program.steps[session.cursor - 1].name)")
    }
    if session.settings.notation != .default {
      lines.append("notation \(session.settings.notation.rawValue)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A value as an expression that reads back to the last bit.
  package static func literal(_ value: Tensor) -> String {
    func number(_ x: Double) -> String {
      if x.isNaN { return "(0/0)" }
      if x.isInfinite { return x < 0 ? "(-1/0)" : "(1/0)" }
      return Printer.number(x)
    }
    func nested(_ elements: ArraySlice<Double>, _ dimensions: ArraySlice<Int>) -> String {
      guard let extent = dimensions.first else { return elements.first.map(number) ?? "0" }
      let rest = dimensions.dropFirst()
      let size = rest.reduce(1, &*)
      if rest.isEmpty { return "[" + elements.map(number).joined(separator: ", ") + "]" }
      let parts = (0..<extent).map { i in
        nested(elements[elements.startIndex + i * size..<elements.startIndex + (i + 1) * size], rest)
      }
      return "[" + parts.joined(separator: ", ") + "]"
    }
    if value.count == 0 {
      return value.rank == 0
        ? "0" : "zeros(\(value.shape.dimensions.map(String.init).joined(separator: ", ")))"
    }
    return nested(value.elements[...], value.shape.dimensions[...])
  }
}
