import Commands
import Formulas
import LinearAlgebra
import Reports

/// A tensor from literal elements; a NaN scalar shows up in the comparison when the shape is wrong.
func tensor(_ shape: Shape, _ elements: [Double]) -> Tensor {
  Tensor(shape: shape, elements: elements) ?? Tensor(.nan)
}

func block(
  _ title: Prose, _ value: Tensor, formula: Prose? = nil,
  _ change: (inout Report.TensorBlock) -> Void = { _ in }
) -> Report {
  var block = Report.TensorBlock(title, value, formula: formula)
  change(&block)
  return Report([.tensor(block)])
}

func lines(_ text: String) -> [String] {
  text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
}

/// Cells of a line without wide or combining characters, escape sequences taken out.
func plain(_ text: String) -> String {
  var result = ""
  var isEscape = false
  for scalar in text.unicodeScalars {
    if scalar == "\u{1B}" { isEscape = true }
    if !isEscape { result.unicodeScalars.append(scalar) }
    if isEscape && scalar == "m" { isEscape = false }
  }
  return result
}
