import DataSets
import Formulas
import Sessions

/// The batch in words: how many rows, as they are typed, and which ones X holds.
enum BatchWords {
  static func size(_ text: String, at range: Range<Int>) throws(Diagnostic) -> Int {
    guard let size = Int(text), size >= 1 else {
      throw Diagnostic(
        "'\(text.prefix(20))' is not a batch: next, all, test, rows or a number of rows", at: [range],
        hint: "for example batch 16")
    }
    return size
  }

  /// What X holds.
  static func text(_ session: Session) -> String {
    guard let data = session.data else { return "no data set is loaded" }
    guard let rows = session.chosenRows else {
      return "X holds rows of its own, not the set's: 'batch next' takes the set's"
    }
    let shapes = ["X", session.model.targetName ?? "Y"].compactMap { name in
      session.leaves[name].map { "\(name) \($0.shape)" }
    }.joined(separator: ", ")
    let isAll = rows == data.set.trainingIndices
    let what: String
    if isAll {
      what = "all \(rows.count) training rows"
    } else if rows == data.set.testIndices {
      what = "the \(rows.count) test rows"
    } else if rows.count <= 8 {
      what = "row\(rows.count == 1 ? "" : "s") \(rows.map(String.init).joined(separator: ", "))"
    } else {
      what = "\(rows.count) rows: \(rows.prefix(4).map(String.init).joined(separator: ", ")), …"
    }
    return "the batch is \(what) (\(shapes))"
  }
}
