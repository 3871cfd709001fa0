import Formulas
import LinearAlgebra

extension Operation {
  /// A row for every label, with a 1 at its class.
  package static let onehot: Operation = Operation(
    "onehot(labels, #K?)", title: "constant", note: "a row of K with a 1 at each label",
    cases: [
      Case(is: .formula("Y[i,k<K] = labels[i] == k"), backward: [], if: { $0.ranks.first == 1 }),
      Case(is: .formula("Y[o<1,k<K] = labels == k"), backward: [], if: { $0.ranks.first == 0 }),
      Case(
        is: .formula("Y[i,k<K] = labels[0,i] == k"), backward: [],
        if: { $0.ranks.first == 2 && $0.shapes[0].rows == 1 }),
      Case(
        is: .formula("Y[i,k<K] = labels[i,0] == k"), backward: [],
        if: { $0.ranks.first == 2 && $0.shapes[0].columns <= 1 }),
      Case(is: .formula("Y[…,k<K] = labels[…] == k"), backward: []),
    ],
    kernel: .checked { setting, shape in
      guard let count = setting.shapes.first?.count, shape.count == count * shape.columns else { return nil }
      return { operands, out in
        let rows = UnsafeMutableBufferPointer(start: out, count: shape.count)
        rows.update(repeating: 0)
        return mark(UnsafeBufferPointer(start: operands[0], count: count), shape.columns, rows)
      }
    },
    ranges: { (setting) throws(Diagnostic) in
      _ = try setting.sizesShape()
      // A row of one label is both a row and a column.
      guard let labels = setting.shapes.first, labels.rank == 2, Swift.min(labels.rows, labels.columns) <= 1
      else {
        return [:]
      }
      return ["i": labels.count]
    },
    sizeFromValue: { labels in
      let largest = labels.elements.max() ?? -1
      return Int(exactly: largest.rounded(.down)).flatMap { $0 >= 0 && $0 < 1 << 30 ? $0 + 1 : nil } ?? 0
    })

  /// A 1 in every row of zeros; what is wrong with a label.
  private static func mark(
    _ labels: UnsafeBufferPointer<Double>, _ K: Int, _ rows: UnsafeMutableBufferPointer<Double>
  ) -> Diagnostic? {
    for (row, label) in labels.enumerated() {
      guard let k = Int(exactly: label), k >= 0, k < K else {
        return Diagnostic(
          "label \(Printer.number(label)) at position \(row) is not one of the classes 0 to \(K - 1)",
          hint: "labels are whole numbers that count from 0")
      }
      rows[row * K + k] = 1
    }
    return nil
  }
}
