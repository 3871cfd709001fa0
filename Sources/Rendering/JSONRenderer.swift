import Formulas
import LinearAlgebra
import Platform
import Reports

/// One JSON object a command, in one line without a newline. Source: RFC 8259.
package struct JSONRenderer: Sendable {
  package init() {}

  package func render(command: String, _ report: Report, text: String) -> String {
    var json = "{\"command\":" + string(command) + ",\"ok\":true,\"tensors\":["
    var isFirst = true
    for block in report.blocks {
      guard case .tensor(let block) = block, block.isData else { continue }
      if !isFirst { json += "," }
      isFirst = false
      json += "{\"name\":" + string(block.name) + ",\"shape\":["
      json += block.value.shape.dimensions.map(String.init).joined(separator: ",") + "],\"data\":"
      append(block.value, to: &json)
      json += "}"
    }
    json += "],\"scalars\":{"
    // A name that was given twice keeps its last value: keys of an object are unique.
    var last: [String: Double] = [:]
    for scalar in report.scalars { last[scalar.name] = scalar.value }
    var members: [String] = []
    for scalar in report.scalars {
      guard let value = last.removeValue(forKey: scalar.name) else { continue }
      members.append(string(scalar.name) + ":" + number(value))
    }
    json += members.joined(separator: ",") + "},\"text\":" + string(text)
    if let ids = report.diagnosis {
      json += ",\"diagnosis\":[" + ids.map(string).joined(separator: ",") + "]"
    }
    if let review = report.review {
      json += ",\"first_wrong\":" + (review.firstWrong.map(String.init) ?? "null")
      json += ",\"review\":[" + review.lines.map(object).joined(separator: ",") + "]"
    }
    return json + "}"
  }

  private func object(_ line: Report.Review.Line) -> String {
    "{\"line\":\(line.line),\"function\":" + string(line.function) + ",\"variable\":" + string(line.variable)
      + ",\"name\":" + (line.name.map(string) ?? "null") + ",\"verdict\":" + string(line.verdict)
      + ",\"mistakes\":[" + line.mistakes.map(string).joined(separator: ",") + "],\"follows\":"
      + (line.follows.map(String.init) ?? "null") + "}"
  }

  /// `line` is the line of the script, or 1; `column` counts from 1 and is null when the place is not known.
  package func render(command: String, error: Diagnostic) -> String {
    let column = error.marks.first.map { String(max(0, min($0.lowerBound, Int.max - 1)) + 1) } ?? "null"
    return "{\"command\":" + string(command) + ",\"ok\":false,\"error\":{\"message\":"
      + string(error.message.text())
      + ",\"line\":\(error.line ?? 1),\"column\":" + column + ",\"hint\":"
      + (error.hint.map { string($0.text()) } ?? "null")
      + (error.file.map { ",\"file\":" + string($0) } ?? "")
      + (error.notRun.isEmpty ? "" : ",\"not_run\":[" + error.notRun.map(string).joined(separator: ",") + "]")
      + "}}"
  }

  /// The shortest digits that read back as the same double; what JSON has no number for is a string.
  func number(_ value: Double) -> String {
    if value.isNaN { return "\"nan\"" }
    if value.isInfinite { return value < 0 ? "\"-inf\"" : "\"inf\"" }
    return value.description
  }

  /// Nested arrays, row-major; a bare number for a scalar.
  private func append(_ value: Tensor, to json: inout String) {
    let shape = value.shape.dimensions
    guard let innermost = shape.last else {
      json += number(value.elements.first ?? 0)
      return
    }
    // Without elements the extents have no bound of their own: `zeros(1000000000000, 0)`.
    if value.elements.isEmpty,
      shape.prefix(while: { $0 > 0 }).reduce(1, { $0 > 1_000_000 ? $0 : $0 * $1 }) > 1_000_000
    {
      json += "[]"
      return
    }
    var position = 0
    func level(_ axis: Int) {
      json += "["
      if axis == shape.count - 1 {
        for index in 0..<innermost where !Interruption.isRequested {
          if index > 0 { json += "," }
          json += number(value.elements[position])
          position += 1
        }
      } else {
        for index in 0..<shape[axis] where !Interruption.isRequested {
          if index > 0 { json += "," }
          level(axis + 1)
        }
      }
      json += "]"
    }
    level(0)
  }

  package func string(_ text: String) -> String {
    var bytes: [UInt8] = [UInt8(ascii: "\"")]
    bytes.reserveCapacity(text.utf8.count + 2)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": bytes += [UInt8(ascii: "\\"), UInt8(truncatingIfNeeded: scalar.value)]
      case "\n": bytes += Array("\\n".utf8)
      case "\r": bytes += Array("\\r".utf8)
      case "\t": bytes += Array("\\t".utf8)
      case _ where VisibleText.isControl(scalar):
        let hexadecimal = String(scalar.value, radix: 16)
        bytes += Array(("\\u" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal).utf8)
      default: bytes += Array(UTF8.encode(scalar) ?? .init())
      }
    }
    bytes.append(UInt8(ascii: "\""))
    return String(decoding: bytes, as: UTF8.self)
  }
}
