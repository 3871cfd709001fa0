import DataSets
import Formulas
import Sessions

/// The batch in words: how many rows, as they are typed, and which ones the input holds.
enum BatchWords {
  static func size(_ text: String, at range: Range<Int>) throws(Diagnostic) -> Int {
    guard let size = Int(text), size >= 1 else {
      throw Diagnostic(
        "'\(text.prefix(20))' is not a batch: next, all, test, rows or a number of rows", at: [range],
        hint: "for example batch 16")
    }
    return size
  }

  /// What the input holds.
  static func text(_ session: Session) -> Prose {
    guard let data = session.data else { return "no data set is loaded" }
    guard let rows = session.chosenRows else {
      let name = session.roles.fed?.input ?? "the input"
      return "\(name) holds rows of its own, not the set's: 'batch next' takes the set's"
    }
    let form = BatchForm(session, data.set)
    let shapes = (form?.leaves ?? []).compactMap { leaf in
      session.leaves[leaf.name].map { "\(name: leaf.name) \($0.shape)" as Prose }
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
